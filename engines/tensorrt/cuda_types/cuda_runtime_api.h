/* cuda_runtime_api.h: the two types of CUDA's runtime that TensorRT's headers name.
 *
 * A unit of work is one declaration. Stands in for the toolkit's header of this name when
 * trt_vendor.cpp is compiled: nothing of the runtime is called. Not for anything else.
 */
#ifndef TRT_CUDA_RUNTIME_API_H
#define TRT_CUDA_RUNTIME_API_H

typedef struct CUstream_st *cudaStream_t;
typedef struct CUevent_st *cudaEvent_t;

#endif
