@need engine openvino

## A real engine on a tiny file: read back, checked against ref.
$ doubt run data/tiny.onnx --engine openvino --restarts 5 --iterations 40 --warm-up 10ms -q --no-store
here               *, openvino 20*, batch 1*

tiny.onnx          f32 *, * MACs, * parameters
engine             openvino 20*, CPU*, f32, boundary call

...
mean *
...
outputs            ref, relative error *
...

$ doubt run data/tiny.onnx --engine openvino --device NPU7
doubt: --device "NPU7" is unknown to engine openvino; it has: *CPU*
? 2

## A variable that names no library leaves its engine out, and that is said and kept.
$ DOUBT_ONNXRUNTIME=/nope doubt run data/tiny.onnx -q --restarts 2 --iterations 20 --warm-up 1ms | grep -A1 '^left out'
left out           onnxruntime: $DOUBT_ONNXRUNTIME names /nope, which is not there: give the path of the shared object
*

$ DOUBT_ONNXRUNTIME=/nope doubt run data/tiny.onnx -q --no-store --restarts 2 --iterations 20 --warm-up 1ms --json | grep left_out
    "left_out": "onnxruntime: $DOUBT_ONNXRUNTIME names /nope, which is not there: give the path of the shared object itself"*

## Where no engine can, each one's reason is given, and none is named twice.
$ doubt run data/tiny.onnx --boundary device -q --no-store --restarts 2 --iterations 20 --warm-up 1ms 2>&1 | grep -c 'onnxruntime: engine onnxruntime'
0
? 1

$ doubt run data/tiny.onnx --boundary device -q --no-store --restarts 2 --iterations 20 --warm-up 1ms 2>&1 | grep -v '^doubt: no engine can run these networks: .*engine openvino has no events' | grep '^doubt: no engine'
? 1
