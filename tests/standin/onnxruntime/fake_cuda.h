/* fake_cuda.h: what the stand-ins of CUDA's driver and of ONNX Runtime share.
 *
 * A unit of work is one piece of work on a stream: it is done when somebody waits for it, and not
 * before, so that a reader who does not wait reads what was there. Only for tests.
 */
#ifndef FAKE_CUDA_H
#define FAKE_CUDA_H

typedef void fake_work(void *argument);

/* Puts work on a stream: it takes so many microseconds of the stream's own time. */
void fake_cuda_enqueue(void *stream, fake_work *work, void *argument, long us);
/* Objects and memory that were taken and not given back. */
int fake_cuda_live(void);
/* Is the address inside of memory of the "device"? */
int fake_cuda_owns(const void *address);
/* How often all of the flush's memory was written. */
int fake_cuda_flushes(void);

#endif
