/* step.h: named steps of changing the machine and putting it back, where a test may intervene.
 *
 * A unit of work is one step. The hook is NULL but in the program of tests/faults, which ends
 * processes there. Not for logging.
 */
#ifndef DOUBT_MACHINE_STEP_H
#define DOUBT_MACHINE_STEP_H

/* Called at each step with the process' part: "supervisor" or "guardian". */
extern void (*doubt_step_hook)(const char *part, const char *step);
/* The part that this process plays. */
extern const char *doubt_step_part;

#endif
