/* trt_api.h: the part of TensorRT's and its ONNX parser's interfaces that is called, by place.
 *
 * A unit of work is one method: the class whose virtual table has it, its place there in each major
 * version, its result and its arguments (the object itself first). Since 8.2 the vendor's public
 * classes are inline wrappers: their second word points to an object of a class V... whose table is
 * what the two sides agree on, and within a major version tables are only appended to. A place of
 * -1 means that this major has no such method. tools/check-trt-headers compares every row, number
 * and size here with the vendor's headers. Valid as C11 and C++11; only for this plug-in and for
 * the stand-in library of the tests.
 */
#ifndef TRT_API_H
#define TRT_API_H

#include <stddef.h>
#include <stdint.h>

/* X(class, method, result, arguments, place in 8, in 10, in 11) of the classes behind the wrappers.
 */
#define TRT_CALLS(X)                                                                               \
    X(VBuilder, platformHasFastFp16, bool, (void *), 4, 2, -1)                                     \
    X(VBuilder, getNbDLACores, int32_t, (void *), 7, 5, 3)                                         \
    X(VBuilder, createBuilderConfig, void *, (void *), 9, 7, 5)                                    \
    X(VBuilder, createNetworkV2, void *, (void *, uint32_t), 11, 8, 6)                             \
    X(VBuilder, buildSerializedNetwork, void *, (void *, void *, void *), 17, 14, 11)              \
    X(VBuilderConfig, setMaxWorkspaceSize, void, (void *, size_t), 10, -1, -1)                     \
    X(VBuilderConfig, setMemoryPoolLimit, void, (void *, int32_t, size_t), -1, 43, 32)             \
    X(VBuilderConfig, clearFlag, void, (void *, int32_t), 14, 10, 8)                               \
    X(VBuilderConfig, setFlag, void, (void *, int32_t), 15, 11, 9)                                 \
    X(VBuilderConfig, setDLACore, void, (void *, int32_t), 22, 18, 16)                             \
    X(VBuilderConfig, setDefaultDeviceType, void, (void *, int32_t), 24, 20, 18)                   \
    X(VBuilderConfig, setProfilingVerbosity, void, (void *, int32_t), 31, 27, 25)                  \
    X(VBuilderConfig, setTacticSources, bool, (void *, uint32_t), 42, 38, 27)                      \
    X(VBuilderConfig, getTacticSources, uint32_t, (void *), 43, 39, 28)                            \
    X(VBuilderConfig, createTimingCache, void *, (void *, const void *, size_t), 44, 40, 29)       \
    X(VBuilderConfig, setTimingCache, bool, (void *, const void *, bool), 45, 41, 30)              \
    X(VBuilderConfig, getTimingCache, const void *, (void *), 46, 42, 31)                          \
    X(VTimingCache, serialize, void *, (void *), 2, 2, 2)                                          \
    X(VNetworkDefinition, getNbInputs, int32_t, (void *), 19, 14, 14)                              \
    X(VNetworkDefinition, getInput, void *, (void *, int32_t), 20, 15, 15)                         \
    X(VTensor, getName, const char *, (void *), 3, 3, 3)                                           \
    X(VTensor, getType, int32_t, (void *), 7, 7, 6)                                                \
    X(VHostMemory, data, void *, (void *), 2, 2, 2)                                                \
    X(VHostMemory, size, size_t, (void *), 3, 3, 3)                                                \
    X(VRuntime, setDLACore, void, (void *, int32_t), 3, 5, 4)                                      \
    X(VCudaEngine, getNbBindings, int32_t, (void *), 2, -1, -1)                                    \
    X(VCudaEngine, getBindingName, const char *, (void *, int32_t), 4, -1, -1)                     \
    X(VCudaEngine, bindingIsInput, bool, (void *, int32_t), 5, -1, -1)                             \
    X(VCudaEngine, getBindingDataType, int32_t, (void *, int32_t), 7, -1, -1)                      \
    X(VCudaEngine, getNbLayers, int32_t, (void *), 9, 3, 3)                                        \
    X(VCudaEngine, createEngineInspector, void *, (void *), 33, 18, 14)                            \
    X(VCudaEngine, getTensorDataType, int32_t, (void *, const char *), -1, 20, 16)                 \
    X(VCudaEngine, getTensorIOMode, int32_t, (void *, const char *), -1, 23, 19)                   \
    X(VCudaEngine, getNbIOTensors, int32_t, (void *), -1, 30, 26)                                  \
    X(VCudaEngine, getIOTensorName, const char *, (void *, int32_t), -1, 31, 27)                   \
    X(VExecutionContext, setProfiler, void, (void *, void *), 6, 5, 5)                             \
    X(VExecutionContext, enqueueV2, bool, (void *, void *const *, void *, void *), 24, -1, -1)     \
    X(VExecutionContext, setTensorAddress, bool, (void *, const char *, void *), -1, 24, 23)       \
    X(VExecutionContext, enqueueV3, bool, (void *, void *), -1, 37, 36)                            \
    X(VEngineInspector, setExecutionContext, bool, (void *, const void *), 2, 3, 3)                \
    X(VEngineInspector, getLayerInformation, const char *, (void *, int32_t, int32_t), 4, 5, 5)

/* The same for methods whose arguments or result changed between majors. trt_dims32 counts in 8,
 * trt_dims64 later; sizes went by value and then by address. */
#define TRT_CALLS_8(X)                                                                             \
    X(VTensor, setDimensions, void, (void *, struct trt_dims32), 4)                                \
    X(VTensor, getDimensions, struct trt_dims32, (void *), 5)                                      \
    X(VRuntime, deserializeCudaEngine, void *, (void *, const void *, size_t, void *), 2)          \
    X(VCudaEngine, getBindingDimensions, struct trt_dims32, (void *, int32_t), 6)                  \
    X(VCudaEngine, createExecutionContext, void *, (void *), 11)
#define TRT_CALLS_10(X)                                                                            \
    X(VTensor, setDimensions, void, (void *, const struct trt_dims64 *), 4, 4)                     \
    X(VTensor, getDimensions, struct trt_dims64, (void *), 5, 5)                                   \
    X(VRuntime, deserializeCudaEngine, void *, (void *, const void *, size_t), 3, 3)               \
    X(VCudaEngine, getTensorShape, struct trt_dims64, (void *, const char *), 19, 15)              \
    X(VCudaEngine, createExecutionContext, void *, (void *, int32_t), 5, 5)

/* X(class, method, result, arguments, places): classes of the parser, without a wrapper. erase is
 * the deleting destructor, the second of the two places that a virtual destructor takes. */
#define TRT_PARSER_CALLS(X)                                                                        \
    X(IParser, parse, bool, (void *, const void *, size_t, const char *), 0, 0, 0)                 \
    X(IParser, getNbErrors, int, (void *), 6, 5, 3)                                                \
    X(IParser, getError, const void *, (void *, int), 7, 6, 4)                                     \
    X(IParserError, desc, const char *, (void *), 1, 1, 1)                                         \
    X(IParserError, node, int, (void *), 5, 5, 5)
#define TRT_PARSER_ERASE(X) X(IParser, erase, void, (void *), 10, 9, 7)
/* What the library calls: our own objects have these tables (trt_log.cpp). */
#define TRT_CALLBACKS(X)                                                                           \
    X(ILogger, log, void, (void *, int32_t, const char *), 0, 0, 4)                                \
    X(IProfiler, reportLayerTime, void, (void *, const char *, float), 0, 0, 4)

/* Every public class begins with its destructors. */
enum { TRT_PUBLIC_ERASE = 1 };

enum { TRT_DIMS_MAX = 8 };
struct trt_dims32 {
    int32_t count;
    int32_t d[TRT_DIMS_MAX];
};
struct trt_dims64 {
    int32_t count;
    int64_t d[TRT_DIMS_MAX];
};

enum trt_type { TRT_F32, TRT_F16, TRT_I8, TRT_I32, TRT_BOOL, TRT_U8, TRT_F8, TRT_BF16, TRT_I64 };
enum trt_severity { TRT_INTERNAL_ERROR, TRT_ERROR, TRT_WARNING, TRT_INFO, TRT_VERBOSE };
enum {
    TRT_DEVICE_DLA = 1,
    TRT_POOL_WORKSPACE = 0,
    TRT_VERBOSITY_DETAILED = 2,
    TRT_FORMAT_JSON = 1
};
enum { TRT_IO_INPUT = 1, TRT_EXPLICIT_BATCH_8 = 1, TRT_ALLOCATION_STATIC = 0 };
/* Bits of the tactic sources of 8 and 10; 11 numbers them otherwise and has these three no more. */
enum { TRT_SOURCE_CUBLAS = 1, TRT_SOURCE_CUBLAS_LT = 2, TRT_SOURCE_CUDNN = 4 };
/* Flags of the builder: FP16 in 8 and 10 only; TF32 is on unless cleared. */
enum { TRT_FLAG_FP16 = 0, TRT_FLAG_GPU_FALLBACK = 3, TRT_FLAG_TF32_8 = 7, TRT_FLAG_TF32_10 = 6 };
/* NV_ONNX_PARSER_VERSION of every release: 0.1.0. */
enum { TRT_PARSER_VERSION = 100 };

/* A method's place in the virtual table, one field per row. */
struct trt_places {
#define TRT_PLACE(class_, method, ...) int16_t class_##_##method;
    TRT_CALLS(TRT_PLACE)
    TRT_CALLS_8(TRT_PLACE)
#undef TRT_PLACE
#define TRT_PLACE(class_, method, ...) int16_t class_##_##method##_10;
    TRT_CALLS_10(TRT_PLACE)
#undef TRT_PLACE
#define TRT_PLACE(class_, method, ...) int16_t class_##_##method;
    TRT_PARSER_CALLS(TRT_PLACE)
    TRT_PARSER_ERASE(TRT_PLACE)
    TRT_CALLBACKS(TRT_PLACE)
#undef TRT_PLACE
};

#ifdef __cplusplus
extern "C" {
#endif

/* The places of a major version; NULL: not one that is known (8, 10 and 11 are). */
const struct trt_places *trt_places_of(int major);

/* From the vendor's headers, where the plug-in was built with them: fills *places and gives their
 * major version; 0 where it was built without. */
int trt_places_vendor(struct trt_places *places);

#ifdef __cplusplus
}

/* trt_CLASS_METHOD(places, object, ...): one call. object is what the vendor's function returned.
 */
static inline void *trt_behind(void *object)
{
    return static_cast<void **>(object)[1];
}

#define TRT_DEFINE_AS(class_, method, name, result, arguments, behind)                             \
    template <typename... A>                                                                       \
    static inline result trt_##name(const struct trt_places *places, void *object, A... a)         \
    {                                                                                              \
        typedef result(*function) arguments;                                                       \
        void *self = behind(object);                                                               \
        return reinterpret_cast<function>(static_cast<void ***>(self)[0][places->name])(self,      \
                                                                                        a...);     \
    }
#define TRT_SELF(object) (object)
#define TRT_DEFINE(class_, method, result, arguments, ...)                                         \
    TRT_DEFINE_AS(class_, method, class_##_##method, result, arguments, trt_behind)
#define TRT_DEFINE_10(class_, method, result, arguments, ...)                                      \
    TRT_DEFINE_AS(class_, method, class_##_##method##_10, result, arguments, trt_behind)
#define TRT_DEFINE_PARSER(class_, method, result, arguments, ...)                                  \
    TRT_DEFINE_AS(class_, method, class_##_##method, result, arguments, TRT_SELF)
TRT_CALLS(TRT_DEFINE)
TRT_CALLS_8(TRT_DEFINE)
TRT_CALLS_10(TRT_DEFINE_10)
TRT_PARSER_CALLS(TRT_DEFINE_PARSER)
TRT_PARSER_ERASE(TRT_DEFINE_PARSER)
TRT_CALLBACKS(TRT_DEFINE_PARSER)
#endif

#endif
