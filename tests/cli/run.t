## One network or file on one engine.
## The null engine reads no file and computes nothing: what is left is the cost of measuring.
$ doubt run resnet50 --engine null --restarts 5 --iterations 40 --warm-up 1ms --seed 5eed -q
here               *, null *, batch 1*

ResNet-50          *MACs, *parameters
engine             null *

*ms*95 % interval*
mean *
p50 *
...
measured           5 restarts × 40 iterations · measuring cost * ns each · took * s · seed 5eed
...
kept               series 1: doubt history 1

## A program that is known: gamma-distributed, mean 2 ms.
$ doubt run resnet50 --engine synthetic --restarts 5 --iterations 40 --warm-up 1ms --no-store -q | grep '^kept'
? 1

$ doubt run data/tiny.onnx --engine ref --restarts 5 --iterations 40 --warm-up 1ms -q
here               *, ref *, batch 1*

tiny.onnx          f32 *, * MACs, * parameters
engine             ref *, f32, boundary call

...
start              *opening the model *, first inference *
memory             * at the peak of a worker
outputs            ref, relative error 0.0e+00
...
kept               series 2: doubt history 2

## JSON is one document, and nothing else on standard output.
$ doubt run data/tiny.onnx --engine ref --restarts 5 --iterations 40 --warm-up 1ms --json 2>/dev/null | grep -E '"(id|network|engine|reference|restarts|iterations|batch|verdict|state)":'
    "id": 3,
    "state": "finished",
      "network": "data/tiny.onnx",
      "engine": "ref",
      "batch": 1,
      "state": "*",
      "restarts": 5,
      "iterations": 40,
      "reference": "ref",
      "verdict": null*

## Progress is plain and sparse where there is no terminal.
$ doubt run data/tiny.onnx --engine ref --restarts 5 --iterations 40 --warm-up 1ms --no-store 2>&1 >/dev/null
...
pilot 0/* · 1 s
...
measuring * · * s, about * left*
...

## Sizes that the file leaves open.
$ doubt run data/tiny_batch.onnx --engine ref
doubt: input "*" of data/tiny_batch.onnx leaves sizes open (*?*): give them, for example --size *=1*
? 2

$ doubt run data/tiny_batch.onnx --engine ref $(doubt run data/tiny_batch.onnx --engine ref 2>&1 | grep -o -- '--size [^ ]*') --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | grep '^tiny'
tiny_batch.onnx    f32 *, sizes given, *

## An interrupt keeps what was measured.
$ timeout --preserve-status -s INT 3 doubt run resnet50 --engine null --restarts 1000 --iterations 1000 --warm-up 1s -q | grep -E '^(interrupted|kept)'
interrupted        the figures rest on what was measured until then
kept               series 4: doubt history 4

## A budget without room for a single restart is refused, and the sentence says what would do.
$ doubt run data/copy.onnx --engine ref --budget 1ms -q --no-store
doubt: --budget: 1 ms is over before a restart can end: what comes before the first one takes about * here; the smallest useful budget is about *
? 2
