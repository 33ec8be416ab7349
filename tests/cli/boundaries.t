## An engine with a device: every boundary is in the record, whichever was asked for.
$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --boundary device --restarts 5 --iterations 40 --warm-up 1ms -q --no-store
here               *, device 1, batch 1, 1 thread

copy.onnx          f32 1024, 0 MACs, 0 parameters
engine             device 1, dev:0, a test's device, f32, boundary device

*
mean   2.0000   2.0000 … 2.0000   500.00   500.00 … 500.00
p50    2.0000   2.0000 … 2.0000

boundaries         call *, host * from pinned memory, host * from pageable, device 2.0000 one by
                   one, device 1.0000 back to back ms (medians)
computed           no graph; 3 MB of the device's memory
...

## A missing CUDA graph is told where the times by events differ by more than 2 %, and left out where the engine fails.
$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --option graph-ns=862100 --boundary device --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | grep -A 2 '^no graph'
no graph           without a CUDA graph the times by events hold the host's launching: 1.0000 ms back to back, 0.8621
                   ms as a graph (16 % longer)
computed           no graph; 3 MB of the device's memory

$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --option graph-ns=990000 --boundary device --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | grep -E '^(boundaries|no graph|computed)'
boundaries *
computed *

$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --option graph-ns=fails --boundary device --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | grep -E '^(boundaries|no graph|computed)'
boundaries *
computed *

$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --option graph-ns=862100 --boundary device --restarts 5 --iterations 40 --warm-up 1ms -q --no-store --json 2>/dev/null | grep -E '"device_(train|graph)_ns"'
      "device_train_ns": 1000000.0,
      "device_graph_ns": 862100.0

$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --option graph-ns=crash --boundary device --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | grep -E '^(mean|no graph|failed|engine says)'
mean   2.0000   2.0000 … 2.0000   500.00   500.00 … 500.00

## All of it in the document; device times are those of the engine's events.
$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --restarts 5 --iterations 40 --warm-up 1ms -q --no-store --json 2>/dev/null | grep -E '"(boundary|call_ns|host_ns|host_pageable_ns|device_ns|device_train_ns|device_memory_bytes|engine_build_ns|engine_detail|flushed)"' | sed 's/, *$//; s/: [1-9][0-9.]*$/: number/'
      "boundary": "call"
      "engine_build_ns": number
      "engine_detail": "no graph"
      "device_memory_bytes": number
      "call_ns": number
      "host_ns": number
      "host_pageable_ns": number
      "device_ns": number
      "device_train_ns": number
      "flushed": null

## The cache is flushed before every sample: the engine would tell if it was not.
$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --flush-cache --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | grep -E '^(computed|engine says)'
computed           no graph; the device's cache was flushed before each sample; 3 MB of the device's memory

$ doubt run data/tiny.onnx --engine ref --flush-cache --restarts 2 --iterations 10 --warm-up 1ms -q --no-store | grep '^failed'
failed             engine ref cannot flush the caches between samples: leave --flush-cache out

## A model that lacks what its engine's table has: the rest is timed, and what was asked for is refused.
$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --option lacks=events --restarts 5 --iterations 40 --warm-up 1ms -q --no-store --json 2>/dev/null | grep -E '"(call_ns|host_ns|host_pageable_ns|device_ns|device_train_ns)"' | sed 's/, *$//; s/: [1-9][0-9.]*$/: number/'
      "call_ns": number
      "host_ns": number
      "host_pageable_ns": number
      "device_ns": null
      "device_train_ns": null

$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --option lacks=events --boundary device --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | grep -A 1 '^failed'
failed             engine device, with this model on "dev:0, a test's device", has no events of a device to time with:
                   the boundaries call and host are accepted

$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --option lacks=flush --flush-cache --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | grep -A 1 '^failed'
failed             engine device, with this model on "dev:0, a test's device", cannot flush the caches between
                   samples: leave --flush-cache out

$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --option lacks=layers --layers --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | grep '^no layers'
no layers          engine device, with this model on "dev:0, a test's device", does not tell the times of layers: leave --layers out

## Layers of the engine's own profile, slowest first.
$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --layers --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | sed -n '/^layer/,$p'
layer    kind       precision       ms     time
copy     Reformat               0.0060   60.0 %
Conv_0   Conv       f16         0.0030   30.0 %
Relu_1   Relu                   0.0010   10.0 %

$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --layers --restarts 5 --iterations 40 --warm-up 1ms -q --no-store --json 2>/dev/null | grep -A 9 '"layers"'
  "layers": [
    {
      "name": "copy",
      "kind": "Reformat",
      "precision": null,
      "ns": 6000.0,
      "share": 0.6,
      "macs": null,
      "macs_share": null
    },

$ doubt run data/tiny.onnx --engine ref --layers --restarts 2 --iterations 10 --warm-up 1ms -q --no-store | grep '^no layers'
no layers          engine ref does not tell the times of layers: leave --layers out
