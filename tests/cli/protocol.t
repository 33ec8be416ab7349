## Another tool's procedure beside ours: 10 x 10 runs, cold, by events.
$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --protocol trtexec-5 --boundary device --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | grep -A 2 '^protocol'
protocol           trtexec-5 would have printed 2.0000 ms, mean of its ten lines "Average over 10 runs"; they read
                   2.0000 to 2.0000 ms (100 inferences, boundary device): 0.0 % above our mean, inside its interval:
                   the method makes no difference that shows

## Another boundary than ours is said, and what is left at the same one.
$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --protocol trtexec-5 --restarts 5 --iterations 40 --warm-up 1ms -q --no-store --json 2>/dev/null | grep '"vendor_remark'
      "vendor_remark": "* % above our mean, but it times the boundary device and we timed call; it is 0.0 % above our own median at that boundary",

## The replay flushes nothing and launches without a graph: that explains nothing where our row has none either.
$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --protocol trtexec-5 --flush-cache --boundary device --restarts 5 --iterations 40 --warm-up 1ms -q --no-store --json 2>/dev/null | grep '"vendor_remark'
      "vendor_remark": "33.3 % below our mean, outside its interval: so much is the method, which launches without a graph, or one process's luck",

$ doubt run data/copy.onnx --engine engines/doubt-engine-device.so --option graph-ns=900000 --protocol trtexec-5 --flush-cache --boundary device --restarts 5 --iterations 40 --warm-up 1ms -q --no-store --json 2>/dev/null | grep '"vendor_remark'
      "vendor_remark": "33.3 % below our mean, outside its interval: so much is the method, or one process's luck",

## Without events the call stands in.
$ doubt run resnet50 --engine synthetic --option mean=100us --protocol trtexec-5 --restarts 5 --iterations 40 --warm-up 1ms -q --no-store --json 2>/dev/null | grep -E '"vendor_(protocol|figure|iterations|boundary|remark)'
      "vendor_protocol": "trtexec-5",
      "vendor_figure": "* ms, mean of its ten lines \"Average over 10 runs\"; they read * to * ms",
      "vendor_iterations": 100,
      "vendor_boundary": "call",
      "vendor_remark": "* % * our mean, * its interval: *; it times by a device's events, which are missing here: the call stands in",

$ doubt run resnet50 --engine synthetic --option mean=20us --protocol ssd-sample --restarts 5 --iterations 40 --warm-up 1ms -q --no-store --json 2>/dev/null | grep -E '"vendor_(protocol|figure|iterations|boundary)'
      "vendor_protocol": "ssd-sample",
      "vendor_figure": "* ms, mean of its ten averages over 100 runs; they read * to * ms",
      "vendor_iterations": 1000,
      "vendor_boundary": "call",

## benchmark_app's -niter.
$ doubt run resnet50 --engine synthetic --option mean=100us --protocol benchmark-app --restarts 5 --iterations 40 --warm-up 1ms -q --no-store --json 2>/dev/null | grep -E '"vendor_(figure|iterations)'
      "vendor_figure": "* ms, \"Median\" of the latency; average *, min *, max * ms",
      "vendor_iterations": 40,

## A row whose answers were wrong is not replayed: no figure without a checked answer.
$ doubt run data/copy.onnx --engine engines/doubt-engine-late-wrong.so --protocol ssd-sample --restarts 2 --iterations 40 --warm-up 1ms -q --no-store --json 2>/dev/null | grep -E '"(vendor_protocol|state)'
    "state": "finished",
      "state": "void",
      "vendor_protocol": null,

$ doubt run resnet50 --engine synthetic --protocol trtexec
doubt: --protocol "trtexec" is unknown; accepted: ours, vendor, trtexec-5, trtexec-8, jetson-benchmarks, ssd-sample, benchmark-app, mlperf-singlestream
? 2

$ doubt run resnet50 --engine synthetic --protocol vendor --restarts 2 --iterations 10 --warm-up 1ms -q --no-store | grep '^protocol'
protocol           no vendor's is known for this engine: name one

## The claim set says which: the SSD was timed by its own sample, the others by trtexec.
$ doubt check --engine synthetic --option mean=50us --network resnet50,ssd-mobilenet-v2 --precision f32 --protocol vendor --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | grep '^protocol'
protocol           SSD-Mobilenet-V2 f32: ssd-sample would have printed * ms, *
protocol           ResNet-50 f32: trtexec-5 would have printed * ms, *
