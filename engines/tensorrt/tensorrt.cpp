/* tensorrt.cpp: NVIDIA TensorRT as an engine: the table of functions.
 *
 * A unit of work is one inference: one enqueue on a stream of our own, or one launch of the graph
 * captured from it, waited for. README.md says how the library is reached and why in this way.
 */
#include "trt_int.h"

static const char *const wheel_globs[] = {"tensorrt/libnvinfer.so.*",
                                          "tensorrt_libs/libnvinfer.so.*", nullptr};
static const char *const system_globs[] = {
    "/usr/lib/*-linux-gnu/libnvinfer.so.*", "/usr/local/tensorrt*/lib/libnvinfer.so.*",
    "/opt/tensorrt*/lib/libnvinfer.so.*", "libnvinfer.so.*", nullptr};
static const doubt_engine_library library = {"DOUBT_TENSORRT", wheel_globs, system_globs};

static const doubt_engine_option options[] = {
    {"graph", nullptr, "1", "launch a captured CUDA graph instead of every kernel",
     DOUBT_OPTION_SWITCH, 0, 0, 0},
    {"wait", "spin, block", "spin", "how the host waits for the device", DOUBT_OPTION_WORD, 0, 0,
     0},
    {"workspace", "MiB", "a quarter of the device's memory, at most 1024",
     "memory that a tactic may take", DOUBT_OPTION_WHOLE, 0, 0, 1 << 20},
    {"dla", nullptr, "", "run on this DLA core, what it cannot do on the GPU", DOUBT_OPTION_WHOLE,
     0, 0, 1 << 20},
    {"tactic-sources", nullptr, "those whose libraries are here",
     "1 cuBLAS, 2 cuBLASLt, 4 cuDNN, 8 edge-mask convolutions (11: 1 those, 2 JIT)",
     DOUBT_OPTION_WHOLE, 0, 0, 1 << 20},
    {"engine-cache", nullptr, "1", "keep built engines; 0 builds one in every restart",
     DOUBT_OPTION_SWITCH, 0, 0, 0},
    {"timing-cache", nullptr, "1", "keep the times of tactics between builds", DOUBT_OPTION_SWITCH,
     0, 0, 0},
    {nullptr, nullptr, nullptr, nullptr, DOUBT_OPTION_TEXT, 0, 0, 0},
};

static const doubt_engine_ops ops = {
    DOUBT_ENGINE_ABI,
    sizeof(doubt_engine_ops),
    "tensorrt",
    "NVIDIA TensorRT on a GPU or DLA",
    "on a Jetson JetPack has it; else NVIDIA's packages, or pip install tensorrt",
    DOUBT_CAP_NMS_PLUGIN | DOUBT_CAP_BUILDS,
    &library,
    options,
    sizeof(trt_engine),
    trt_load,
    trt_info,
    trt_open,
    trt_inputs,
    trt_outputs,
    trt_bind,
    trt_run,
    trt_output,
    trt_describe,
    trt_close,
    trt_unload,
    trt_run_host,
    trt_run_device,
    trt_layers,
    trt_flush,
    trt_run_pageable,
    trt_run_device_graph,
    sizeof(doubt_engine_option),
};

extern "C" DOUBT_ENGINE_EXPORT const doubt_engine_ops *doubt_engine_entry(void)
{
    return &ops;
}
