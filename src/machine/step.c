/* step.c: see step.h. A unit of work is one step. Not for anything but calling the hook. */
#include "machine/step.h"

#include "machine/knob_int.h"

void (*doubt_step_hook)(const char *part, const char *step);
const char *doubt_step_part = "supervisor";

void doubti_step(const char *step)
{
    if (doubt_step_hook != NULL)
        doubt_step_hook(doubt_step_part, step);
}
