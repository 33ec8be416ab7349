## Bad input gets a sentence that names the thing, the value and what is accepted; status 2; and
## nothing is left half-written.
$ doubt run
doubt: nothing to run: name a network (doubt networks lists them) or an ONNX file
? 2

$ doubt run resnet51
doubt: *"resnet51"*resnet50*; a file is written as FILE.onnx or ./FILE
? 2

$ doubt run resnet50 pose
doubt: "pose" is one word too many; doubt run --help lists what it takes
? 2

$ doubt run resnet50 --engine openvina
doubt: *"openvina"*openvino*
? 2

$ doubt run resnet50 --engine ./no-such.so
doubt: *no-such.so*
? 2

$ doubt run resnet50 --engine null --precision f61
doubt: --precision "f61" is unknown; accepted: any, f32, tf32, bf16, f16; doubt run --help lists what it takes
? 2

$ doubt run resnet50 --engine ref --precision bf16
doubt: engine ref does not compute in bf16 here; accepted: f32, any
? 2

$ doubt run resnet50 --engine ref --device GPU
doubt: --device "GPU" is unknown to engine ref; it has: CPU
? 2

$ doubt run resnet50 --library x.so
doubt: --library x.so belongs to one engine: name it with --engine
? 2

$ doubt run resnet50 --engine synthetic --option zzz=1
doubt: *zzz*
? 2

$ doubt run resnet50 --engine synthetic --option zzz
doubt: --option "zzz" is not NAME=VALUE; doubt engines NAME lists the options of an engine
? 2

$ doubt run resnet50 --size data=1x3x10x10
doubt: --size belongs to ONNX files: the sizes of resnet50 are fixed, but for --batch
? 2

$ doubt run resnet50 --no-nms
doubt: --no-nms belongs to ssd-mobilenet-v2: resnet50 has no such post-processing
? 2

$ doubt run resnet50 --restarts 1
doubt: --restarts "1" is not a whole number from 2 to 1000; doubt run --help lists what it takes
? 2

$ doubt run resnet50 --budget 3
doubt: --budget: "3" is not a duration: write a number and ns, us, ms, s, m or h, for example 90s or 3m; doubt run --help lists what it takes
? 2

$ doubt run resnet50 --restart 5
doubt: unknown option --restart: did you mean "--restarts"? doubt run --help lists what it takes
? 2

## Nothing where something is needed, and far too much.
$ doubt run resnet50 --engine ''
doubt: --engine has an empty NAME; doubt run --help lists what it takes
? 2

$ doubt run data/tiny.onnx --db ''
doubt: --db has an empty FILE; doubt run --help lists what it takes
? 2

$ doubt networks --export resnet50 -o ''
doubt: --output has an empty FILE; doubt networks --help lists what it takes
? 2

$ doubt run $(head -c 3000 /dev/zero | tr '\0' x)
doubt: there is no network "xxx*xxx"; built in are *; a file is written as FILE.onnx or ./FILE
? 2

$ doubt run $(head -c 3000 /dev/zero | tr '\0' x).onnx --engine ref
doubt: cannot read xxx*xxx…: File name too long
? 2

$ doubt run x.onnx --$(head -c 3000 /dev/zero | tr '\0' x)
doubt: unknown option --xxx*xxx; doubt run --help lists what it takes
? 2

## Files
$ doubt run no-such.onnx --engine ref
doubt: *no-such.onnx*: No such file or directory
? 2

$ doubt run ./data --engine ref
doubt: ./data is not a file
? 2

$ echo 'this is no model' >text.onnx; doubt run text.onnx --engine ref
doubt: *text.onnx*
? 2

$ : >empty.onnx; doubt run empty.onnx --engine ref
doubt: *empty.onnx*
? 2

$ head -c 100 data/tiny.onnx >cut.onnx; doubt run cut.onnx --engine ref
doubt: *cut.onnx*
? 2

$ head -c 100000 /dev/zero | tr '\0' '\377' >hostile.onnx; doubt run hostile.onnx --engine ref
doubt: *hostile.onnx*
? 2

$ cp data/tiny.onnx resnet51; doubt run resnet51
doubt: "resnet51" is not a built-in network; to measure the file of that name, write ./resnet51
? 2

$ doubt run data/tiny.onnx --engine ref --size zzz=1x2
doubt: --size: data/tiny.onnx has no input "zzz"; its inputs: *
? 2

$ doubt run data/tiny.onnx --engine ref --size zzz
doubt: --size "zzz" is not NAME=SIZES: *
? 2

## Sizes that no engine can hold are bad input, and not "open".
$ doubt run data/huge_size.onnx --engine ref
doubt: input "x" of data/huge_size.onnx is 2147483648x2147483648x4: the size 2147483648 is not accepted, each may be from 1 to 2147483647
? 2

$ doubt run data/huge_product.onnx --engine ref
doubt: input "x" of data/huge_product.onnx is 2147483647x2147483647x2147483647: with it, inputs and outputs take more than 9000 PB, and this machine has * of memory; smaller sizes are accepted
? 2

$ doubt run data/huge_output.onnx --engine ref
doubt: output "y" of data/huge_output.onnx is 2000000x2000000: with it, inputs and outputs take 16 TB, and this machine has * of memory; smaller sizes are accepted
? 2

$ doubt run data/tiny_batch.onnx --engine ref --size x=2147483648x1x6x6
doubt: --size "x=2147483648x1x6x6" is not NAME=SIZES: write the input's name and at most 8 sizes from 1 to 2147483647, for example data=1x3x224x224
? 2

## A limit that leaves no engine any room.
$ doubt run data/tiny.onnx --engine ref --memory-limit 10MB
doubt: --memory-limit 10 MB is below 64 MB, which a worker's own program, samples and stacks can take: nothing would be left for an engine
? 2

$ doubt run data/tiny.onnx --engine ref --budget 0
doubt: --budget: "0" is out of range: 1ns to 2400h are accepted, for example 90s or 3m; doubt run --help lists what it takes
? 2

$ doubt run data/tiny.onnx --engine ref --budget -5s
doubt: --budget: "-5s" is out of range: 1ns to 2400h are accepted, for example 90s or 3m; doubt run --help lists what it takes
? 2

$ doubt run data/tiny.onnx --engine ref --budget 1e99s
doubt: --budget: "1e99s" is out of range: 1ns to 2400h are accepted, for example 90s or 3m; doubt run --help lists what it takes
? 2

$ doubt run data/tiny.onnx --engine ref --batch 7
doubt: --batch 7 does not fit: the inputs of data/tiny.onnx hold 1; *
? 2

## The store
$ doubt run data/tiny.onnx --engine ref --db /proc/nowhere/x.db
doubt: */proc/nowhere*; --db FILE keeps the samples elsewhere, --no-store nowhere
? 2

$ echo 'this is no store, however long it may be: no, not at all. No, not at all. No, not at all. No.' >text.db; doubt run data/tiny.onnx --engine ref --db text.db
doubt: *text.db*; --db FILE keeps the samples elsewhere, --no-store nowhere
? 2

$ doubt run data/tiny.onnx --engine ref --db x.db --no-store
doubt: --db x.db and --no-store exclude each other
? 2

## No engine at all
$ PATH="$PWD/../bin:/bin" DOUBT_PRIVATE=/nowhere DOUBT_ONNXRUNTIME=/no/such.so DOUBT_OPENVINO=/no/such.so doubt run resnet50
doubt: no engine can be used here: *. script/engines brings the engines; --engine ref measures doubt's own slow reference instead
? 2

## A precision that no engine here has.
$ DOUBT_ENGINE_PATH=engines PATH="$PWD/../bin:/bin" DOUBT_PRIVATE=/nowhere DOUBT_ONNXRUNTIME= DOUBT_OPENVINO= doubt run data/tiny.onnx --precision tf32
doubt: no engine *
? 2

## Nothing was written.
$ find ../home -type f; ls *.db x.*
ls: cannot access 'x.*': No such file or directory
text.db
? 2

## What contradicts itself is refused before any work.
$ doubt run resnet50 --soak 10s --no-soak
doubt: --soak and --no-soak contradict each other: give one of them
? 2
