## A value that an engine's option does not accept is wrong usage, whatever the engine and whether its
## library is here: no worker starts for it.
$ doubt run resnet50 --engine synthetic --option mean=-3ms
doubt: option mean of engine synthetic is "-3ms"; accepted: a duration from 1us
? 2

$ doubt run resnet50 --engine synthetic --option mean=3
doubt: option mean of engine synthetic is "3"; accepted: a duration from 1us
? 2

$ doubt run resnet50 --engine synthetic --option distribution=normale
doubt: option distribution of engine synthetic is "normale"; accepted: const, normal, lognormal, exponential, two-mode
? 2

$ doubt run resnet50 --engine synthetic --option ar=1
doubt: option ar of engine synthetic is "1"; accepted: a number above -1 and below 1
? 2

$ doubt run resnet50 --engine synthetic --option seed=1.5
doubt: option seed of engine synthetic is "1.5"; accepted: a whole number from 0
? 2

$ doubt run resnet50 --engine synthetic --option men=3ms
doubt: engine synthetic has no option "men": did you mean "mean"? it has: mean, sd, *
? 2

$ doubt run resnet50 --engine null --option mean=3ms
doubt: engine null has no option "mean"; it has: none
? 2

$ doubt run resnet50 --engine ref --option threads=1
doubt: engine ref has no option "threads"; it has: none
? 2

$ doubt run resnet50 --engine onnxruntime --option arena=yes
doubt: option arena of engine onnxruntime is "yes"; accepted: 0 or 1
? 2

$ doubt run resnet50 --engine onnxruntime --option optimization=most
doubt: option optimization of engine onnxruntime is "most"; accepted: none, basic, extended, all
? 2

$ doubt run resnet50 --engine onnxruntime --option provider-options=fast
doubt: option provider-options of engine onnxruntime is "fast"; accepted: KEY=VALUE,KEY=VALUE
? 2

$ doubt run resnet50 --engine openvino --option streams=0
doubt: option streams of engine openvino is "0"; accepted: a whole number from 1 to 1024
? 2

$ DOUBT_ENGINE_PATH=engines doubt run data/tiny.onnx --engine skeleton --option elements=0
doubt: option elements of engine skeleton is "0"; accepted: a whole number from 1 to 1048576
? 2

## The last one counts, and all of them are looked at; so are those of one network of a set.
$ doubt run resnet50 --engine synthetic --option mean=1 --option mean=3ms
doubt: option mean of engine synthetic is "1"; accepted: a duration from 1us
? 2

$ doubt check --engine synthetic --option mean=3ms --option mean@resnet50=0 --as-is --budget 5s
doubt: option mean of engine synthetic is "0"; accepted: a duration from 1us
? 2

$ doubt compare resnet50 --engine synthetic --option mean=3ms --b option:sd=x
doubt: *option sd of engine synthetic is "x"; accepted: a duration from 0
? 2

$ doubt engines openvino --option hint=fast
doubt: option hint of engine openvino is "fast"; accepted: latency, throughput
? 2

## For a program
$ doubt run resnet50 --engine synthetic --option mean=-3ms --json 2>/dev/null
{
  "error": {
    "code": "E_USAGE",
    "sentence": "option mean of engine synthetic is \"-3ms\"; accepted: a duration from 1us"
  }
}
? 2

## The help says the same.
$ doubt engines synthetic | grep -E -- '--option (mean|ar|distribution)='
              --option mean=a duration from 1us: true mean of the time of one inference [1ms]
              --option distribution=const, normal, lognormal, exponential, two-mode: of the times
              --option ar=a number above -1 and below 1: correlation of neighbours' normal scores,

## What only the engine can know is its failure.
$ doubt run resnet50 --engine synthetic --option distribution=normal --option mean=1ms --option sd=1ms --restarts 2 -q
...
failed *would give negative times with*
...
? 4
