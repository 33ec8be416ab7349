/* trt_vendor.cpp: the places of trt_api.h as the vendor's own headers have them, where the machine
 * has those (JetPack installs them); without them it says so.
 *
 * A unit of work is one row. Its method must exist with arguments and result that travel in the
 * same way as the row's, and every number and size must be the same, or this file does not compile.
 * The place is read out of the pointer to the method, which in the Itanium C++ ABI holds the offset
 * in the virtual table. For the check of the declarations, and for a plug-in built on a machine
 * with headers.
 */
#include "trt_api.h"

#ifndef DOUBT_TENSORRT_HEADERS

int trt_places_vendor(struct trt_places *)
{
    return 0;
}

#else

#include <NvInfer.h>
#include <NvOnnxParser.h>
#include <string.h>
#include <type_traits>

namespace
{

using nvinfer1::Dims;
using nvonnxparser::IParser;
using nvonnxparser::IParserError;

/* How a value travels: in what kind of register, or in how many bytes of memory. */
template <typename T> struct travels {
    static constexpr long way =
        std::is_void<T>::value                                     ? 0
        : std::is_pointer<T>::value || std::is_reference<T>::value ? 1
        : std::is_same<T, bool>::value                             ? 2
        : std::is_class<T>::value
            ? 1000 + static_cast<long>(
                         sizeof(typename std::conditional<std::is_class<T>::value, T, int>::type))
            : 100 + static_cast<long>(sizeof(typename std::conditional < std::is_class<T>::value ||
                                                 std::is_void<T>::value ||
                                                 std::is_reference<T>::value,
                                             int, T > ::type));
};

template <typename... T> struct list {
};
template <typename A, typename B> struct same_way : std::false_type {
};
template <> struct same_way<list<>, list<>> : std::true_type {
};
template <typename A, typename... As, typename B, typename... Bs>
struct same_way<list<A, As...>, list<B, Bs...>>
    : std::integral_constant<bool, travels<A>::way == travels<B>::way &&
                                       same_way<list<As...>, list<Bs...>>::value> {
};

template <typename F> struct row;
template <typename R, typename... A> struct row<R(void *, A...)> {
    typedef list<R, A...> type;
};

template <typename F, typename Method> int16_t place_of(Method method)
{
    ptrdiff_t offset = 0;
    static_assert(sizeof method >= sizeof offset, "a pointer to a method holds an offset");
    memcpy(&offset, &method, sizeof offset);
#if defined(__aarch64__) || defined(__arm__)
    return static_cast<int16_t>(offset / static_cast<ptrdiff_t>(sizeof(void *)));
#else
    return static_cast<int16_t>((offset - 1) / static_cast<ptrdiff_t>(sizeof(void *)));
#endif
}
template <typename F, typename R, typename C, typename... A> int16_t checked(R (C::*method)(A...))
{
    static_assert(same_way<list<R, A...>, typename row<F>::type>::value,
                  "a row of trt_api.h has other arguments or another result than the vendor's");
    return place_of<F>(method);
}
template <typename F, typename R, typename C, typename... A>
int16_t checked(R (C::*method)(A...) const)
{
    static_assert(same_way<list<R, A...>, typename row<F>::type>::value,
                  "a row of trt_api.h has other arguments or another result than the vendor's");
    return place_of<F>(method);
}

#if NV_TENSORRT_MAJOR == 8
typedef trt_dims32 dims;
#else
typedef trt_dims64 dims;
#endif
static_assert(sizeof(Dims) == sizeof(dims) && std::is_trivially_copyable<Dims>::value,
              "sizes of tensors have another form");
static_assert(sizeof(nvinfer1::IBuilder) == 2 * sizeof(void *) &&
                  sizeof(nvinfer1::ICudaEngine) == 2 * sizeof(void *) &&
                  sizeof(nvinfer1::IExecutionContext) == 2 * sizeof(void *) &&
                  sizeof(nvinfer1::ITensor) == 2 * sizeof(void *),
              "a public class is more than its table and what is behind it");
template <typename A, typename B> constexpr bool equal(A a, B b)
{
    return static_cast<long>(a) == static_cast<long>(b);
}
static_assert(equal(nvinfer1::DataType::kFLOAT, TRT_F32) &&
                  equal(nvinfer1::DataType::kHALF, TRT_F16) &&
                  equal(nvinfer1::DataType::kINT8, TRT_I8) &&
                  equal(nvinfer1::DataType::kINT32, TRT_I32) &&
                  equal(nvinfer1::DataType::kBOOL, TRT_BOOL),
              "element types are numbered otherwise");
static_assert(equal(nvinfer1::ILogger::Severity::kINTERNAL_ERROR, TRT_INTERNAL_ERROR) &&
                  equal(nvinfer1::ILogger::Severity::kERROR, TRT_ERROR) &&
                  equal(nvinfer1::ILogger::Severity::kVERBOSE, TRT_VERBOSE),
              "severities are numbered otherwise");
static_assert(equal(nvinfer1::DeviceType::kDLA, TRT_DEVICE_DLA) &&
                  equal(nvinfer1::ProfilingVerbosity::kDETAILED, TRT_VERBOSITY_DETAILED) &&
                  equal(nvinfer1::LayerInformationFormat::kJSON, TRT_FORMAT_JSON) &&
                  equal(nvinfer1::BuilderFlag::kGPU_FALLBACK, TRT_FLAG_GPU_FALLBACK) &&
                  equal(NV_ONNX_PARSER_VERSION, TRT_PARSER_VERSION),
              "a number of the interface differs");
#if NV_TENSORRT_MAJOR == 8
static_assert(
    equal(nvinfer1::BuilderFlag::kTF32, TRT_FLAG_TF32_8) &&
        equal(1 << static_cast<int>(nvinfer1::NetworkDefinitionCreationFlag::kEXPLICIT_BATCH),
              TRT_EXPLICIT_BATCH_8),
    "a number of the interface differs");
#else
static_assert(equal(nvinfer1::BuilderFlag::kTF32, TRT_FLAG_TF32_10) &&
                  equal(nvinfer1::TensorIOMode::kINPUT, TRT_IO_INPUT) &&
                  equal(nvinfer1::MemoryPoolType::kWORKSPACE, TRT_POOL_WORKSPACE) &&
                  equal(nvinfer1::ExecutionContextAllocationStrategy::kSTATIC,
                        TRT_ALLOCATION_STATIC) &&
                  equal(nvinfer1::DataType::kUINT8, TRT_U8) &&
                  equal(nvinfer1::DataType::kBF16, TRT_BF16) &&
                  equal(nvinfer1::DataType::kINT64, TRT_I64),
              "a number of the interface differs");
#endif
#if NV_TENSORRT_MAJOR <= 10
static_assert(equal(nvinfer1::BuilderFlag::kFP16, TRT_FLAG_FP16) &&
                  equal(1 << static_cast<int>(nvinfer1::TacticSource::kCUBLAS),
                        TRT_SOURCE_CUBLAS) &&
                  equal(1 << static_cast<int>(nvinfer1::TacticSource::kCUBLAS_LT),
                        TRT_SOURCE_CUBLAS_LT) &&
                  equal(1 << static_cast<int>(nvinfer1::TacticSource::kCUDNN), TRT_SOURCE_CUDNN),
              "a number of the interface differs");
#endif

} // namespace

using nvinfer1::ILogger;
using nvinfer1::IProfiler;
using nvinfer1::apiv::VBuilder;
using nvinfer1::apiv::VBuilderConfig;
using nvinfer1::apiv::VCudaEngine;
using nvinfer1::apiv::VEngineInspector;
using nvinfer1::apiv::VExecutionContext;
using nvinfer1::apiv::VHostMemory;
using nvinfer1::apiv::VNetworkDefinition;
using nvinfer1::apiv::VRuntime;
using nvinfer1::apiv::VTensor;
using nvinfer1::apiv::VTimingCache;

namespace
{

/* Finds a method that a class may lack: -1 where it does. */
#define FINDER(class_, method, result, arguments, ...)                                             \
    template <typename C> auto find_##class_##_##method(int)->decltype(&C::method, int16_t())      \
    {                                                                                              \
        return checked<result arguments>(&C::method);                                              \
    }                                                                                              \
    template <typename C> int16_t find_##class_##_##method(long)                                   \
    {                                                                                              \
        return -1;                                                                                 \
    }
TRT_CALLS(FINDER)
TRT_PARSER_CALLS(FINDER)
TRT_CALLBACKS(FINDER)
#if NV_TENSORRT_MAJOR == 8
TRT_CALLS_8(FINDER)
#else
TRT_CALLS_10(FINDER)
#endif

} // namespace

int trt_places_vendor(struct trt_places *places)
{
    memset(places, -1, sizeof *places);
#define FIND(class_, method, ...) places->class_##_##method = find_##class_##_##method<class_>(0);
#define FIND_10(class_, method, ...)                                                               \
    places->class_##_##method##_10 = find_##class_##_##method<class_>(0);
    TRT_CALLS(FIND)
    TRT_PARSER_CALLS(FIND)
    TRT_CALLBACKS(FIND)
#if NV_TENSORRT_MAJOR == 8
    TRT_CALLS_8(FIND)
#else
    TRT_CALLS_10(FIND_10)
#endif
#if NV_TENSORRT_MAJOR == 10
    /* Overloaded there. */
    nvinfer1::ICudaEngine *(VRuntime::*from_memory)(void const *, std::size_t) =
        &VRuntime::deserializeCudaEngine;
    places->VRuntime_deserializeCudaEngine_10 =
        checked<void *(void *, const void *, size_t)>(from_memory);
#endif
    /* The destructors come behind clearErrors(). */
    places->IParser_erase =
        static_cast<int16_t>(place_of<void()>(&nvonnxparser::IParser::clearErrors) + 2);
    return NV_TENSORRT_MAJOR;
}

#endif
