/* machine.c: see machine.h: the whole identity, its line, and what could not be controlled.
 *
 * A unit of work is one machine. Not for reading files: ident.c, topology.c, virtual.c and state.c
 * do that.
 */
#include "machine/machine_int.h"

#include "util/str.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

void doubt_machine_identify(const char *root, struct doubt_machine *out)
{
    memset(out, 0, sizeof *out);
    doubti_ident_read(root, out);
    doubti_topology_read(root, out);
    doubti_virtual_read(root, out);
}

static void add_count(struct doubt_str *s, const struct doubt_machine *machine)
{
    double cpus = machine->cpus.value, cores = machine->cores.value;
    if (isnan(cpus))
        return;
    if (isnan(cores))
        doubt_str_addf(s, ", %.0f CPU%s", cpus, cpus == 1 ? "" : "s");
    else if (cores == cpus)
        doubt_str_addf(s, ", %.0f core%s", cores, cores == 1 ? "" : "s");
    else
        doubt_str_addf(s, ", %.0f CPUs on %.0f core%s", cpus, cores, cores == 1 ? "" : "s");
}

void doubt_machine_line(const struct doubt_machine *machine, char *out, size_t out_bytes)
{
    struct doubt_str s;
    doubt_str_init(&s, 1024);
    /* A server's product name says less than its CPU; a board's says more. */
    bool board = machine->board.text[0] && !machine->is_virtual;
    if (board)
        doubt_str_addf(&s, "%s, ", machine->board.text);
    doubt_str_add(&s, machine->cpu.text[0] ? machine->cpu.text : "unnamed CPU");
    add_count(&s, machine);
    if (machine->is_virtual || machine->is_container)
        doubt_str_addf(&s, " (%s)", machine->virtual_machine.text);
    doubt_str_copy(out, out_bytes, doubt_str_text(&s));
    doubt_str_free(&s);
}

/* printf with "; " before it where there is something already. */
#define PHRASE(s, ...) (doubt_str_add(s, (s)->len ? "; " : ""), doubt_str_addf(s, __VA_ARGS__))

static void add_clock(struct doubt_str *s, const struct doubt_machine *machine,
                      const struct doubt_machine_state *state)
{
    const char *governor = state->governor.text;
    if (governor[0] == '\0')
        PHRASE(s, "clock frequency (%s)",
               machine->is_virtual ? "virtual machine" : state->governor.why);
    else if (strcmp(governor, "performance") != 0 && !state->locked)
        PHRASE(s, "clock frequency (governor %s)", governor);
    if (strcmp(state->turbo.text, "on") == 0)
        PHRASE(s, "turbo (on: the clock depends on temperature and load)");
}

void doubt_machine_uncontrolled(const struct doubt_machine *machine,
                                const struct doubt_machine_state *state, char *out,
                                size_t out_bytes)
{
    struct doubt_str s;
    doubt_str_init(&s, 1024);
    add_clock(&s, machine, state);
    if (isnan(state->temperature_c.value))
        PHRASE(&s, "temperature (%s)", state->temperature_c.why);
    if (machine->is_virtual)
        PHRASE(&s, "the hypervisor's other guests");
    if (!isnan(machine->quota.value) && machine->quota.value < machine->cpus.value)
        PHRASE(&s, "CPU quota (%.3g of %.0f CPUs)", machine->quota.value, machine->cpus.value);
    if (state->randomisation.text[0] && strcmp(state->randomisation.text, "on") != 0)
        PHRASE(&s, "memory layout (randomisation is %s: restarts share one layout)",
               state->randomisation.text);
    doubt_str_copy(out, out_bytes, doubt_str_text(&s));
    doubt_str_free(&s);
}
