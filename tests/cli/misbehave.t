## Engines that misbehave become records with a sentence; the status says that a measurement failed.
$ DOUBT_ENGINE_PATH=engines doubt run data/copy.onnx --engine crash --restarts 2 --iterations 10 -q | grep -E '^(failed|void|kept)'
failed             *signal 11*
kept               series 1: doubt history 1

$ DOUBT_ENGINE_PATH=engines doubt run data/copy.onnx --engine crash --restarts 2 --iterations 10 -q >/dev/null
? 4

$ DOUBT_ENGINE_PATH=engines doubt run data/copy.onnx --engine exit-zero --restarts 2 --iterations 10 -q | grep '^failed'
failed             *exit*

$ DOUBT_ENGINE_PATH=engines doubt run data/copy.onnx --engine fails --restarts 2 --iterations 10 -q | grep '^failed'
failed             *

$ DOUBT_ENGINE_PATH=engines doubt run data/copy.onnx --engine hang --deadline 1s --restarts 2 --iterations 10 -q | grep '^failed'
failed             *

## A wrong answer voids the figure and says which output and where.
$ DOUBT_ENGINE_PATH=engines doubt run data/copy.onnx --engine wrong-output --restarts 2 --iterations 10 -q | grep -E '^(mean|void)'
void               *output*

$ DOUBT_ENGINE_PATH=engines doubt run data/copy.onnx --engine nan-output --restarts 2 --iterations 10 -q | grep -E '^(mean|void)'
void               *output*

$ DOUBT_ENGINE_PATH=engines doubt run data/copy.onnx --engine late-wrong --restarts 2 --iterations 10 -q | grep -E '^(mean|void)'
void               *output*

## A plug-in by its path.
$ doubt run data/copy.onnx --engine engines/doubt-engine-crash.so --restarts 2 --iterations 10 -q --no-store | grep '^failed'
failed             *

$ DOUBT_ENGINE_PATH=engines doubt run data/copy.onnx --engine memory --memory-limit 1GB --restarts 2 --iterations 10 -q --no-store | grep '^failed'
failed             *memory*
...

## A megabyte of noise is no failure.
$ DOUBT_ENGINE_PATH=engines doubt run data/copy.onnx --engine noisy --restarts 2 --iterations 10 --warm-up 1ms -q --no-store | grep -E '^(failed|mean|outputs)'
mean *
outputs            ref, relative error 0.0e+00

## The template engine.
$ DOUBT_ENGINE_PATH=engines doubt run data/copy.onnx --engine skeleton --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | grep -E '^(failed|mean|outputs)'
mean *
outputs            ref, relative error 0.0e+00
