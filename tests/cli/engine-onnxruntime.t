@need engine onnxruntime

## A real engine on a tiny file: read back, checked against ref.
$ doubt run data/tiny.onnx --engine onnxruntime --restarts 5 --iterations 40 --warm-up 10ms -q --no-store
here               *, onnxruntime 1.*, batch 1*

tiny.onnx          f32 *, * MACs, * parameters
engine             onnxruntime 1.*, CPU, CPUExecutionProvider, f32, boundary call

...
mean *
...
outputs            ref, relative error *
...

$ doubt run data/tiny.onnx --engine onnxruntime --threads 1 --restarts 5 --iterations 40 --warm-up 10ms -q --no-store | sed -n '1,1p'
here               *, 1 thread

$ doubt run data/tiny.onnx --engine onnxruntime --option arena=2
doubt: option arena of engine onnxruntime is "2"; accepted: 0 or 1
? 2

$ doubt run data/tiny.onnx --engine onnxruntime --precision bf16
doubt: engine onnxruntime does not compute in bf16 here; accepted: f32, any
? 2

## A variable that names no library leaves its engine out, and that is said and kept.
$ DOUBT_OPENVINO=/nope doubt run data/tiny.onnx -q --restarts 2 --iterations 20 --warm-up 1ms | grep -A1 '^left out'
left out           openvino: $DOUBT_OPENVINO names /nope, which is not there: give the path of the shared object
*

$ DOUBT_OPENVINO=/nope doubt run data/tiny.onnx -q --no-store --restarts 2 --iterations 20 --warm-up 1ms --json | grep left_out
    "left_out": "openvino: $DOUBT_OPENVINO names /nope, which is not there: give the path of the shared object itself"*

## The library's telemetry is off: nothing of it is left in the user's home.
$ doubt engines onnxruntime >/dev/null; find ../home -ipath '*microsoft*'
