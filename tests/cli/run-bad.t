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

## Nothing was written.
$ find ../home -type f; ls *.db x.*
ls: cannot access 'x.*': No such file or directory
text.db
? 2
