"""Parses and builds ONNX files with NVIDIA's own parser and builder (TensorRT-RTX, on the CPU alone).

A unit of work is one file. Prints a line for each; status 1 when one is refused.
"""
import os
import sys

import tensorrt_rtx_bindings as trt


def build(logger, path):
    builder = trt.Builder(logger)
    network = builder.create_network(1 << int(trt.NetworkDefinitionCreationFlag.STRONGLY_TYPED))
    parser = trt.OnnxParser(network, logger)
    with open(path, "rb") as file:
        if not parser.parse(file.read()):
            return "; ".join(parser.get_error(i).desc() for i in range(parser.num_errors))
    plan = builder.build_serialized_network(network, builder.create_builder_config())
    return f"builds, {network.num_layers} layers" if plan is not None else "does not build"


failed = 0
log = trt.Logger(trt.Logger.ERROR)
for file in sys.argv[1:]:
    said = build(log, file)
    failed |= not said.startswith("builds")
    print(f"{os.path.basename(file)}: {said}", flush=True)
sys.exit(failed)
