/* ort_api.h: the part of ONNX Runtime's C interface that the plug-in calls, in our own words.
 *
 * A unit of work is one row: a function's place in the library's table, its name there, its type.
 * The table is only ever appended to (places counted with offsetof in the vendor's headers of API
 * 21 to 29), so a place holds for every library that knows API ORT_API_NEEDED. Not a replacement
 * for the vendor's header: only what is called here.
 */
#ifndef DOUBT_ORT_API_H
#define DOUBT_ORT_API_H

#include <stddef.h>
#include <stdint.h>

/* 1.17 (January 2024): has every function below and every later library still serves it. */
enum { ORT_API_NEEDED = 17 };

struct ort_base {
    const void *const *(*get_api)(uint32_t version); /* NULL: the library is older */
    const char *(*get_version)(void);
};

/* The library's objects; a status is NULL on success. */
typedef struct ort_status ort_status;
typedef struct ort_env ort_env;
typedef struct ort_options ort_options;
typedef struct ort_session ort_session;
typedef struct ort_run_options ort_run_options;
typedef struct ort_binding ort_binding;
typedef struct ort_memory ort_memory;
typedef struct ort_allocator ort_allocator;
typedef struct ort_value ort_value;
typedef struct ort_type ort_type;
typedef struct ort_shape ort_shape;
typedef struct ort_cuda_options ort_cuda_options;
typedef struct ort_trt_options ort_trt_options;
typedef struct ort_own_options ort_own_options; /* of a provider with entries of its own */

/* parameter, severity, category, id, place in the source, message */
typedef void ort_log_fn(void *, int, const char *, const char *, const char *, const char *);

enum { ORT_LOG_VERBOSE = 0, ORT_LOG_ERROR = 3 };
enum {
    ORT_OPTIMIZE_NONE = 0,
    ORT_OPTIMIZE_BASIC = 1,
    ORT_OPTIMIZE_EXTENDED = 2,
    ORT_OPTIMIZE_ALL = 99
};
enum { ORT_ALLOCATOR_DEVICE = 0, ORT_MEMORY_DEFAULT = 0 };

/* Element types have ONNX's numbers, as enum doubt_dtype has. */
#define ORT_CALLS(X)                                                                               \
    X(2, const char *, GetErrorMessage, (const ort_status *))                                      \
    X(4, ort_status *, CreateEnvWithCustomLogger,                                                  \
      (ort_log_fn *, void *, int, const char *, ort_env **))                                       \
    X(7, ort_status *, CreateSession,                                                              \
      (const ort_env *, const char *, const ort_options *, ort_session **))                        \
    X(10, ort_status *, CreateSessionOptions, (ort_options **))                                    \
    X(14, ort_status *, EnableProfiling, (ort_options *, const char *))                            \
    X(17, ort_status *, DisableMemPattern, (ort_options *))                                        \
    X(19, ort_status *, DisableCpuMemArena, (ort_options *))                                       \
    X(22, ort_status *, SetSessionLogSeverityLevel, (ort_options *, int))                          \
    X(23, ort_status *, SetSessionGraphOptimizationLevel, (ort_options *, int))                    \
    X(24, ort_status *, SetIntraOpNumThreads, (ort_options *, int))                                \
    X(30, ort_status *, SessionGetInputCount, (const ort_session *, size_t *))                     \
    X(31, ort_status *, SessionGetOutputCount, (const ort_session *, size_t *))                    \
    X(33, ort_status *, SessionGetInputTypeInfo, (const ort_session *, size_t, ort_type **))       \
    X(34, ort_status *, SessionGetOutputTypeInfo, (const ort_session *, size_t, ort_type **))      \
    X(36, ort_status *, SessionGetInputName,                                                       \
      (const ort_session *, size_t, ort_allocator *, char **))                                     \
    X(37, ort_status *, SessionGetOutputName,                                                      \
      (const ort_session *, size_t, ort_allocator *, char **))                                     \
    X(39, ort_status *, CreateRunOptions, (ort_run_options **))                                    \
    X(41, ort_status *, RunOptionsSetRunLogSeverityLevel, (ort_run_options *, int))                \
    X(49, ort_status *, CreateTensorWithDataAsOrtValue,                                            \
      (const ort_memory *, void *, size_t, const int64_t *, size_t, int, ort_value **))            \
    X(51, ort_status *, GetTensorMutableData, (ort_value *, void **))                              \
    X(55, ort_status *, CastTypeInfoToTensorInfo, (const ort_type *, const ort_shape **))          \
    X(60, ort_status *, GetTensorElementType, (const ort_shape *, int *))                          \
    X(61, ort_status *, GetDimensionsCount, (const ort_shape *, size_t *))                         \
    X(62, ort_status *, GetDimensions, (const ort_shape *, int64_t *, size_t))                     \
    X(65, ort_status *, GetTensorTypeAndShape, (const ort_value *, ort_shape **))                  \
    X(68, ort_status *, CreateMemoryInfo, (const char *, int, int, int, ort_memory **))            \
    X(69, ort_status *, CreateCpuMemoryInfo, (int, int, ort_memory **))                            \
    X(76, ort_status *, AllocatorFree, (ort_allocator *, void *))                                  \
    X(78, ort_status *, GetAllocatorWithDefaultOptions, (ort_allocator **))                        \
    X(92, void, ReleaseEnv, (ort_env *))                                                           \
    X(93, void, ReleaseStatus, (ort_status *))                                                     \
    X(94, void, ReleaseMemoryInfo, (ort_memory *))                                                 \
    X(95, void, ReleaseSession, (ort_session *))                                                   \
    X(96, void, ReleaseValue, (ort_value *))                                                       \
    X(97, void, ReleaseRunOptions, (ort_run_options *))                                            \
    X(98, void, ReleaseTypeInfo, (ort_type *))                                                     \
    X(99, void, ReleaseTensorTypeAndShapeInfo, (ort_shape *))                                      \
    X(100, void, ReleaseSessionOptions, (ort_options *))                                           \
    X(110, ort_status *, SessionEndProfiling, (ort_session *, ort_allocator *, char **))           \
    X(124, ort_status *, AddFreeDimensionOverrideByName, (ort_options *, const char *, int64_t))   \
    X(125, ort_status *, GetAvailableProviders, (char ***, int *))                                 \
    X(126, ort_status *, ReleaseAvailableProviders, (char **, int))                                \
    X(130, ort_status *, AddSessionConfigEntry, (ort_options *, const char *, const char *))       \
    X(133, ort_status *, RunWithBinding,                                                           \
      (ort_session *, const ort_run_options *, const ort_binding *))                               \
    X(134, ort_status *, CreateIoBinding, (ort_session *, ort_binding **))                         \
    X(135, void, ReleaseIoBinding, (ort_binding *))                                                \
    X(136, ort_status *, BindInput, (ort_binding *, const char *, const ort_value *))              \
    X(137, ort_status *, BindOutput, (ort_binding *, const char *, const ort_value *))             \
    X(138, ort_status *, BindOutputToDevice, (ort_binding *, const char *, const ort_memory *))    \
    X(140, ort_status *, GetBoundOutputValues,                                                     \
      (const ort_binding *, ort_allocator *, ort_value ***, size_t *))                             \
    X(165, ort_status *, AddRunConfigEntry, (ort_run_options *, const char *, const char *))       \
    X(170, ort_status *, SessionOptionsAppendExecutionProvider_TensorRT_V2,                        \
      (ort_options *, const ort_trt_options *))                                                    \
    X(171, ort_status *, CreateTensorRTProviderOptions, (ort_trt_options **))                      \
    X(172, ort_status *, UpdateTensorRTProviderOptions,                                            \
      (ort_trt_options *, const char *const *, const char *const *, size_t))                       \
    X(174, void, ReleaseTensorRTProviderOptions, (ort_trt_options *))                              \
    X(204, ort_status *, SessionOptionsAppendExecutionProvider_CUDA_V2,                            \
      (ort_options *, const ort_cuda_options *))                                                   \
    X(205, ort_status *, CreateCUDAProviderOptions, (ort_cuda_options **))                         \
    X(206, ort_status *, UpdateCUDAProviderOptions,                                                \
      (ort_cuda_options *, const char *const *, const char *const *, size_t))                      \
    X(208, void, ReleaseCUDAProviderOptions, (ort_cuda_options *))                                 \
    X(216, ort_status *, SessionOptionsAppendExecutionProvider,                                    \
      (ort_options *, const char *, const char *const *, const char *const *, size_t))             \
    X(220, ort_status *, SessionOptionsAppendExecutionProvider_CANN,                               \
      (ort_options *, const ort_own_options *))                                                    \
    X(221, ort_status *, CreateCANNProviderOptions, (ort_own_options **))                          \
    X(222, ort_status *, UpdateCANNProviderOptions,                                                \
      (ort_own_options *, const char *const *, const char *const *, size_t))                       \
    X(224, void, ReleaseCANNProviderOptions, (ort_own_options *))                                  \
    X(239, ort_status *, SessionOptionsAppendExecutionProvider_Dnnl,                               \
      (ort_options *, const ort_own_options *))                                                    \
    X(240, ort_status *, CreateDnnlProviderOptions, (ort_own_options **))                          \
    X(241, ort_status *, UpdateDnnlProviderOptions,                                                \
      (ort_own_options *, const char *const *, const char *const *, size_t))                       \
    X(243, void, ReleaseDnnlProviderOptions, (ort_own_options *))                                  \
    X(254, const char *, GetBuildInfoString, (void))                                               \
    X(261, ort_status *, UpdateTensorRTProviderOptionsWithValue,                                   \
      (ort_trt_options *, const char *, void *))                                                   \
    X(263, ort_status *, UpdateCUDAProviderOptionsWithValue,                                       \
      (ort_cuda_options *, const char *, void *))

struct ort_api {
#define ORT_MEMBER(place, result, name, arguments) result(*name) arguments;
    ORT_CALLS(ORT_MEMBER)
#undef ORT_MEMBER
};

#endif
