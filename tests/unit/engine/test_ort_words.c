/* test_ort_words.c: messages of ONNX Runtime as a person reads them: texts of the real library with
 * CUDA, OpenVINO, WebGPU and CANN. The plug-in's source is included: it is part of no library. */
#include "../../../engines/onnxruntime/ort_words.c"
#include "engine_test.h"

#define CUDA_CALL                                                                                  \
    "/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:154 std::conditional_t<THRW, "  \
    "void, onnxruntime::common::Status> onnxruntime::CudaCall(ERRTYPE, const char*, const char*, " \
    "SUCCTYPE, const char*, const char*, int) [with ERRTYPE = cudaError; bool THRW = true; "       \
    "SUCCTYPE = cudaError; std::conditional_t<THRW, void, onnxruntime::common::Status> = void] "
#define CAPTURE                                                                                    \
    "CUDA failure 901: operation failed due to a previous error during capture ; GPU=0 ; "         \
    "hostname=vm ; file=/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_graph.cc ; "         \
    "line=61 ; expr=cudaStreamEndCapture(stream_, &graph); \n\n"
#define OPENVINO "/onnxruntime/onnxruntime/core/providers/openvino/openvino_provider_factory.cc:"

static void reads(const char *message, const char *expected)
{
    char text[ORT_WORDS_BYTES];
    ort_words_clean(message, text, sizeof text);
    assert_string_equal(text, expected);
}

static void test_cuda(void **state)
{
    static const char read[] = "CUDA failure 901: operation failed due to a previous error during "
                               "capture (cudaStreamEndCapture)";
    (void)state;
    reads(CUDA_CALL CAPTURE, read);
    reads("Non-zero status code returned while running Conv node. Name:'conv1' Status "
          "Message: " CUDA_CALL "CUDA failure 2: out of memory ; GPU=0 ; hostname=vm ; file=a.cc ; "
          "line=1 ; expr=cudaMalloc((void**)&p, size); ",
          "Non-zero status code returned while running Conv node. Name:'conv1' Status Message: "
          "CUDA failure 2: out of memory (cudaMalloc)");
    reads("CUDNN failure 5003: CUDNN_STATUS_EXECUTION_FAILED ; GPU=0 ; hostname=vm ; line=1",
          "CUDNN failure 5003: CUDNN_STATUS_EXECUTION_FAILED");
    assert_true(ort_words_capture(read));
    assert_true(ort_words_capture("CUDA failure 900: operation not permitted when stream is "
                                  "capturing (cudaStreamSynchronize)"));
    assert_true(ort_words_capture("This session cannot use the graph capture feature"));
    assert_false(ort_words_capture("CUDA failure 2: out of memory (cudaMalloc)"));
    assert_false(ort_words_capture("CUDA failure 999: unknown error"));
}

static void test_other_providers(void **state)
{
    (void)state;
    reads("/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:65 "
          "onnxruntime::webgpu::WebGpuContext::Initialize(const "
          "onnxruntime::webgpu::WebGpuContextConfig&)::<lambda()>::<lambda(wgpu::"
          "RequestAdapterStatus, wgpu::Adapter, wgpu::StringView, wgpu::Adapter*)> status == "
          "wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No "
          "supported adapters\n",
          "Failed to get a WebGPU adapter: No supported adapters");
    reads(OPENVINO "141 std::string onnxruntime::openvino_ep::ParseDeviceType(std::shared_ptr<"
                   "OVCore>, const onnxruntime::ProviderOptions&) [ERROR] [OpenVINO] Device GPU "
                   "is not available\n",
          "Device GPU is not available");
    reads(OPENVINO "332 void onnxruntime::openvino_ep::ParseProviderInfo(const onnxruntime::"
                   "ProviderOptions&, const onnxruntime::ConfigOptions*, ProviderInfo&) [ERROR] "
                   "[OpenVINO-EP] Number of threads should be a number. \n\n",
          "Number of threads should be a number.");
    reads(OPENVINO "232 onnxruntime::openvino_ep::ParseProviderInfo(const onnxruntime::"
                   "ProviderOptions&, const onnxruntime::ConfigOptions*, ProviderInfo&)::<lambda()"
                   "> Invalid provider_option key: colour\n",
          "Invalid provider_option key: colour");
    reads(
        "/root/Ascend-CI/onnxruntime/onnxruntime/core/session/provider_bridge_ort.cc:1952 "
        "onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL "
        ": Failed to load library /a/libonnxruntime_providers_cann.so with error: "
        "libascendcl.so: cannot open shared object file: No such file or directory\n",
        "Failed to load library /a/libonnxruntime_providers_cann.so with error: "
        "libascendcl.so: cannot open shared object file: No such file or directory");
}

static void test_ordinary_messages_stay_whole(void **state)
{
    static const char *const whole[] = {
        "Load model from x failed: Protobuf parsing failed.",
        "Load model from /data/a.cc/model.onnx failed:Load model /data/a.cc/model.onnx failed. "
        "File doesn't exist",
        "This session contains graph nodes that are assigned to the default CPU EP, but fallback "
        "to "
        "CPU EP has been explicitly disabled by the user.",
        "Fatal error: com.example:Foo(-1) is not a registered function/op",
        "Failed to load provider OpenVINO",
        "[ShapeInferenceError] (op_type:Conv, node name: c): Output:Y is [1,2] < 3 > 2",
        "a < b (c [with d] was false",
    };
    (void)state;
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        reads(whole[i], whole[i]);
}

/* Where something is cut off or unknown, more stays rather than less. */
static void test_damaged_messages(void **state)
{
    (void)state;
    reads(NULL, "the library gives no reason");
    reads(" \n", "the library gives no reason");
    reads("/src/a.cc:12 Device (GPU) not available", "Device (GPU) not available");
    reads("/src/a.cc:12 f(int", "f(int");
    reads("/src/a.cc:12 f(int)", "f(int)");
    reads("/src/a.cc:12 T<int f(int) x", "T<int f(int) x");
    reads("/src/a.cc:12 bool X::operator()(int) const x == 1 was false. ", "x == 1 was false.");
    reads("/src/a.cc:x f(int) y", "/src/a.cc:x f(int) y");
    reads("[ONNXRuntimeError] : 1", "[ONNXRuntimeError] : 1");
    reads("x ; GPU=0", "x");
    reads("x ; GPU=0 ; expr=f(", "x (f)");
    reads("; GPU=0 ; expr=f(", "; GPU=0 ; expr=f(");
    char small[8];
    ort_words_clean("0123456789", small, sizeof small);
    assert_string_equal(small, "0123456");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cuda),
        cmocka_unit_test(test_other_providers),
        cmocka_unit_test(test_ordinary_messages_stay_whole),
        cmocka_unit_test(test_damaged_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
