## ONNX Runtime with CUDA, on stand-ins for library and driver: what is there, what is measured.
$ DOUBT_LIBCUDA=$(realpath engines/../standin/ort/libcuda.so.1) doubt engines onnxruntime --library $(realpath engines/../standin/ort/onnxruntime/capi/libonnxruntime.so.1.99.0) | grep -E '^ +(providers|device)'
              providers CUDAExecutionProvider *
              device CPU (CPUExecutionProvider): f32
              device cuda:0 (Stand-in GPU): f32, tf32, f16

$ DOUBT_LIBCUDA=$(realpath engines/../standin/ort/libcuda.so.1) doubt run data/tiny.onnx --engine onnxruntime --library $(realpath engines/../standin/ort/onnxruntime/capi/libonnxruntime.so.1.99.0) --device cuda:0 --precision tf32 --boundary device --restarts 5 --iterations 40 --warm-up 1ms -q --no-store
here               *, onnxruntime 1.99.0, batch 1*

tiny.onnx          f32 1x1x6x6, 288 MACs, 18 parameters
engine             onnxruntime 1.99.0, cuda:0, Stand-in GPU, CUDAExecutionProvider, tf32, boundary device

*
mean   0.4000 *
p50    0.4000 *

boundaries         call *, host * from pinned memory, host * from pageable, device 0.4000 one by
                   one, device 0.4000 back to back ms (medians)
computed           CUDA graph, TF32 on, CUDA 13.0; 272 B of the device's memory
start              loading the library *, opening the model *, first inference *
memory             *
outputs            ref, relative error *
...

$ DOUBT_LIBCUDA=$(realpath engines/../standin/ort/libcuda.so.1) doubt run data/tiny.onnx --engine onnxruntime --library $(realpath engines/../standin/ort/onnxruntime/capi/libonnxruntime.so.1.99.0) --device cuda:0 --option graph=0 --protocol trtexec-8 --iterations 40 --boundary device --restarts 5 --layers --warm-up 1ms -q --no-store --json 2>/dev/null | grep -E '"(device|provider|precision|engine_detail|engine_notes|device_ns|device_train_ns|vendor_figure|kind)"'
      "device": "cuda:0, Stand-in GPU",
      "provider": "CUDAExecutionProvider",
      "precision": "f32",
      "boundary": "device",
      "engine_notes": *,
      "engine_detail": "no CUDA graph, TF32 off, CUDA 13.0",
      "device_ns": 1000000.0,
      "device_train_ns": 1000000.0,
      "vendor_figure": "1.0000 ms, mean of \"GPU Compute Time\"; median 1.0000, 90 % 1.0000, 95 % 1.0000, 99 % 1.0000 ms",
      "vendor_boundary": "device",
      "kind": "Conv",
      "precision": null,

$ FAKE_CUDA_DRIVER=12040 DOUBT_LIBCUDA=$(realpath engines/../standin/ort/libcuda.so.1) doubt run data/tiny.onnx --engine onnxruntime --library $(realpath engines/../standin/ort/onnxruntime/capi/libonnxruntime.so.1.99.0) --device cuda:0
doubt: --device "cuda:0" is unknown to engine onnxruntime; it has: CPU (providers CUDAExecutionProvider * CPUExecutionProvider; no CUDA here: the driver* serves CUDA 12.4, but this ONNX Runtime was built for CUDA 13: update the driver to 580 or later, or pip install onnxruntime-gpu==1.26.0 (built for CUDA 12); a stand-in)
? 2

$ DOUBT_LIBCUDA=$(realpath engines/../standin/ort/libcuda.so.1) doubt run data/tiny.onnx --engine onnxruntime --library $(realpath engines/../standin/ort/onnxruntime/capi/libonnxruntime.so.1.99.0) --boundary device --restarts 2 --iterations 10 -q --no-store | grep '^failed'
failed             engine onnxruntime: the boundary device needs events of a GPU: name one with --device cuda:0, or

## trtexec launches kernel by kernel: its replay does so too, and is set beside our graph.
$ DOUBT_LIBCUDA=$(realpath engines/../standin/ort/libcuda.so.1) doubt run data/tiny.onnx --engine onnxruntime --library $(realpath engines/../standin/ort/onnxruntime/capi/libonnxruntime.so.1.99.0) --device cuda:0 --protocol trtexec-5 --boundary device --restarts 5 --iterations 40 --warm-up 1ms -q --no-store --json 2>/dev/null | grep -E '"(mean_ns|vendor_ns|vendor_remark)"'
      "mean_ns": 400000.0,
      "vendor_ns": 1000000.0,
      "vendor_remark": "150.0 % above our mean, outside its interval: so much is the method, which launches without a graph, or one process's luck",

## A built-in network is written with f16 weights for it; another file must hold them.
$ DOUBT_LIBCUDA=$(realpath engines/../standin/ort/libcuda.so.1) doubt run data/tiny.onnx --engine onnxruntime --library $(realpath engines/../standin/ort/onnxruntime/capi/libonnxruntime.so.1.99.0) --device cuda:0 --precision f16 --restarts 2 --iterations 10 -q --no-store | grep -A 2 '^failed'
failed             engine onnxruntime: the file's weights are f32, and ONNX Runtime computes in what the file holds:
                   f16 needs a file of f16 weights (doubt networks NAME --precision f16 writes one), f32 and tf32 one
                   of f32
