/* standin.h: what the stand-ins for TensorRT and for CUDA's driver share.
 *
 * A unit of work is one piece of work on a stream. Only for tests: their "device" is the host.
 */
#ifndef STANDIN_H
#define STANDIN_H

/* Offered by the stand-in driver: work(argument) now, or when the graph that is being captured on
 * stream is launched. 0, or an error of the driver's. */
typedef void standin_work(void *argument);
int standin_submit(void *stream, standin_work *work, void *argument);
/* How the current context waits for its device, which is told: -1 where there is none. */
int standin_wait_flags(int *device);
/* Graphs that the stand-in driver launched, captured, and has not been told to destroy. */
void standin_graph_count(int *launched, int *captured, int *left);

#endif
