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
