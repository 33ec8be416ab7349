#!/usr/bin/env python3
"""Times torchvision's ResNet-50 in f16 as a CUDA graph, to set beside the same network elsewhere.

A unit of work is one replay of the graph, batch 1, channels last; weights are random. Prints medians in
us: one replay between two events, and replays back to back. For a comparison of orders only: PyTorch's
kernels are others than an inference engine's.
"""
import statistics
import sys

try:
    import torch
    import torchvision
    from torch.fx.experimental.optimization import fuse
except ImportError as why:
    sys.exit(f"skipped: {why}")
if not torch.cuda.is_available():
    sys.exit("skipped: PyTorch sees no GPU")


def graph_of(model, x):
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for _ in range(5):
            model(x)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        model(x)
    return graph


def between(graph, runs):
    """Times between events that are recorded around each of several replays, all enqueued at once."""
    events = [torch.cuda.Event(enable_timing=True) for _ in range(runs + 1)]
    events[0].record()
    for event in events[1:]:
        graph.replay()
        event.record()
    torch.cuda.synchronize()
    return [a.elapsed_time(b) * 1e3 for a, b in zip(events, events[1:])]


@torch.inference_mode()
def main():
    torch.manual_seed(1)
    plain = torchvision.models.resnet50(weights=None).eval()
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}, "
          f"{torch.cuda.get_device_name()}")
    for name, model in (("as it is", plain), ("normalisation folded", fuse(plain))):
        model = model.half().cuda().to(memory_format=torch.channels_last)
        x = torch.rand(1, 3, 224, 224).half().cuda().to(memory_format=torch.channels_last)
        graph = graph_of(model, x)
        between(graph, 500)
        single = [between(graph, 1)[0] for _ in range(1000)]
        print(f"{name}: single {statistics.median(single):.1f} us, "
              f"back to back {statistics.median(between(graph, 1000)):.1f} us (medians of 1000)")


main()
