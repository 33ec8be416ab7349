@need engine onnxruntime
@need engine openvino

## A file whose operator the reference does not know is checked against another engine.
$ doubt run data/unknown_operator.onnx --engine openvino --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | grep '^outputs'
outputs            agreement with onnxruntime 1.*, relative error *

## Nothing to compare with: measured all the same, and said.
$ DOUBT_OPENVINO=/no/such.so doubt run data/unknown_operator.onnx --engine onnxruntime --restarts 5 --iterations 40 --warm-up 1ms --no-store 2>&1 | grep -E '^(outputs|the outputs)'
the outputs cannot be compared with anything: *LpNormalization*
outputs            none: only finite values were asked for

$ doubt run data/unknown_operator.onnx --engine ref --restarts 5 --iterations 40 -q --no-store | grep '^failed'
failed             engine ref: *LpNormalization*
