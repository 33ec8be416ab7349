/* fake_named.c: the stand-in's providers by name, and the log: names, refusals and lines are the
 * texts of ONNX Runtime 1.24 and 1.27 with OpenVINO, CANN and WebGPU. Only for tests. */
#include "fake_ort.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ort_own_options {
    int unused;
};

static ort_log_fn *log_function;
static char given[400];

void fake_ort_log_with(ort_log_fn *function)
{
    log_function = function;
}

void fake_ort_log(int severity, const char *message)
{
    if (log_function != NULL)
        log_function(NULL, severity, "onnxruntime", "", "stand-in.cc:1 Log", message);
}

const char *fake_ort_given(void)
{
    return given;
}

static void keep_given(const char *const *keys, const char *const *values, size_t count)
{
    size_t len = 0;
    given[0] = '\0';
    for (size_t i = 0; i < count && len < sizeof given; i++)
        len += (size_t)snprintf(given + len, sizeof given - len, "%s%s=%s", i ? " " : "", keys[i],
                                values[i]);
}

/* The sentence of the provider goes into the log alone. */
static ort_status *not_loaded(const char *why)
{
    char line[600];
    snprintf(line, sizeof line,
             "/onnxruntime/onnxruntime/core/providers/openvino/openvino_provider_factory.cc:141 "
             "std::string onnxruntime::openvino_ep::ParseDeviceType(std::shared_ptr<OVCore>, const "
             "onnxruntime::ProviderOptions&) [ERROR] [OpenVINO] %s\n",
             why);
    fake_ort_log(ORT_LOG_ERROR, line);
    return fake_ort_fail("Failed to load provider OpenVINO");
}

static ort_status *append_openvino(ort_options *options, const char *const *keys,
                                   const char *const *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(keys[i], "device_type") == 0 && strcmp(values[i], "GPU") == 0)
            return not_loaded("Device GPU is not available");
        options->takes_none |=
            strcmp(keys[i], "device_type") == 0 && strcmp(values[i], "TOASTER") == 0;
        if (strcmp(keys[i], "device_type") != 0 && strcmp(keys[i], "num_of_threads") != 0 &&
            strcmp(keys[i], "precision") != 0 && strcmp(keys[i], "load_config") != 0)
            return not_loaded("Invalid provider_option key");
    }
    return NULL;
}

ort_status *fake_append_named(ort_options *options, const char *name, const char *const *keys,
                              const char *const *values, size_t count)
{
    ort_status *status = NULL;
    if (fake_ort_faulty("SessionOptionsAppendExecutionProvider"))
        return fake_ort_fail("the stand-in was told to fail");
    keep_given(keys, values, count);
    if (strcmp(name, "OpenVINO") == 0)
        status = append_openvino(options, keys, values, count);
    else if (strcmp(name, "XNNPACK") != 0 && strcmp(name, "WebGPU") != 0)
        status = fake_ort_fail("Unknown provider name. Currently supported values are 'OpenVINO', "
                               "'XNNPACK' and 'WebGPU'");
    options->named = 1;
    return status;
}

ort_status *fake_create_own(ort_own_options **own)
{
    if (fake_ort_faulty("CreateDnnlProviderOptions"))
        return fake_ort_fail("oneDNN execution provider is not enabled in this build.");
    *own = fake_ort_take(sizeof **own);
    return NULL;
}

ort_status *fake_update_cann(ort_own_options *own, const char *const *keys,
                             const char *const *values, size_t count)
{
    (void)own, (void)keys, (void)values, (void)count;
    return fake_ort_fail(
        "/root/Ascend-CI/onnxruntime/onnxruntime/core/session/provider_bridge_ort.cc:1952 "
        "onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL "
        ": Failed to load library libonnxruntime_providers_cann.so with error: libascendcl.so: "
        "cannot open shared object file: No such file or directory\n");
}

ort_status *fake_update_dnnl(ort_own_options *own, const char *const *keys,
                             const char *const *values, size_t count)
{
    (void)own;
    keep_given(keys, values, count);
    return NULL;
}

ort_status *fake_append_own(ort_options *options, const ort_own_options *own)
{
    options->named = 1;
    return own != NULL ? NULL : fake_ort_fail("no options");
}

void fake_release_own(ort_own_options *own)
{
    fake_ort_give(own);
}

void fake_log_placement(const ort_options *options)
{
    const char *provider = options->named ? "OpenVINO" : "CUDA";
    char line[100];
    if (options->severity > ORT_LOG_VERBOSE)
        return;
    fake_ort_log(ORT_LOG_VERBOSE, "Node placements");
    int is_mixed = getenv("FAKE_ORT_CPU_NODES") != NULL && !options->takes_none;
    snprintf(line, sizeof line,
             is_mixed ? " Node(s) placed on [%sExecutionProvider]. Number of "
                        "nodes: 1"
                      : " All nodes placed on [%sExecutionProvider]. Number of "
                        "nodes: 3",
             options->takes_none ? "CPU" : provider);
    fake_ort_log(ORT_LOG_VERBOSE, line);
    if (is_mixed) {
        fake_ort_log(ORT_LOG_VERBOSE, "  Conv (conv1)");
        fake_ort_log(ORT_LOG_VERBOSE, " Node(s) placed on [CPUExecutionProvider]. Number of "
                                      "nodes: 2");
        fake_ort_log(ORT_LOG_VERBOSE, "  Relu (relu1)");
        fake_ort_log(ORT_LOG_VERBOSE, "  Det (det1)");
    }
    fake_ort_log(ORT_LOG_VERBOSE, "SaveMLValueNameIndexMapping");
}
