@need engine onnxruntime

@need engine openvino

@need small-address-space

## Too little memory is called that.
$ doubt run data/tiny.onnx -q --no-store --engine onnxruntime --memory-limit 64MB --restarts 2 --iterations 20 | grep '^failed'
failed             the memory limit of 64 MB of address space is too small for this engine and network: *

$ doubt run data/tiny.onnx -q --no-store --engine openvino --memory-limit 100MB --restarts 2 --iterations 20 | grep '^failed'
failed             the memory limit of 100 MB of address space is too small for this engine and network: *
