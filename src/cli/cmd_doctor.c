/* cmd_doctor.c: `doubt doctor`: can doubt check run here, what limits it, and what mends that.
 *
 * A unit of work is one visit: engines as `doubt engines` finds them, then what doctor.h looks at.
 * Nothing is measured and nothing is changed.
 */
#include "cli/cmd.h"
#include "cli/doctor.h"
#include "cli/pick.h"
#include "model/tensor.h"
#include "report/json.h"

#include <stdlib.h>
#include <string.h>

static const struct doubt_cmd_example examples[] = {
    {"doubt doctor", "what can run here, what is missing, and the command that brings it"},
    {"doubt doctor --quiet && doubt check", "measure only where that is possible"},
    {NULL, NULL},
};

enum { NAME_COLUMNS = 16, STATE_COLUMNS = 9 };

/* --- engines -------------------------------------------------------------------------------- */

static void describe(const struct doubt_pick *pick, struct doubt_str *text)
{
    doubt_str_addf(text, "%.*s", (int)strcspn(pick->info.version, "- "), pick->info.version);
    for (uint32_t i = 0; i < pick->info.device_count; i++) {
        const struct doubt_engine_device *device = &pick->info.devices[i];
        const char *separator = ": ";
        doubt_str_addf(text, "%s%s", i > 0 ? "; " : ", ", device->name);
        for (int p = DOUBT_PRECISION_F32; p < DOUBT_PRECISION_COUNT; p++)
            if (device->precisions & (1u << p)) {
                doubt_str_addf(text, "%s%s", separator,
                               doubt_precision_name((enum doubt_precision)p));
                separator = ", ";
            }
    }
}

/* What brings the engine: where its variable names something else, that is in the way. */
static void fix_of(const struct doubt_engine *engine, char *out, size_t out_bytes)
{
    const struct doubt_engine_ops *ops = engine->ops;
    const char *variable = ops != NULL && ops->library != NULL ? ops->library->variable : NULL;
    const char *value = variable != NULL ? getenv(variable) : NULL;
    out[0] = '\0';
    if (value != NULL && value[0] != '\0')
        snprintf(out, out_bytes, "unset %s", variable);
    else if (ops != NULL && ops->install != NULL)
        snprintf(out, out_bytes, "%s", ops->install);
}

static void look_at_engine(struct doubt_doctor *doctor, const struct doubt_engine *engine)
{
    char fix[512];
    struct doubt_pick pick;
    struct doubt_str text;
    if (!doubt_pick_is_real(engine))
        return;
    doubt_str_init(&text, 1000);
    doubt_pick_look(engine, NULL, NULL, &pick);
    doctor->engine = doctor->engine || pick.usable;
    if (pick.usable)
        describe(&pick, &text);
    fix_of(engine, fix, sizeof fix);
    bool broken = !pick.usable && doubt_pick_is_meant(&pick);
    doubt_doctor_add(doctor, engine->name,
                     pick.usable ? DOUBT_DOCTOR_OK
                     : broken    ? DOUBT_DOCTOR_BROKEN
                                 : DOUBT_DOCTOR_MISSING,
                     pick.usable ? doubt_str_text(&text)
                     : broken    ? pick.why_not.text
                                 : "its library was not found",
                     pick.usable ? NULL : fix);
    doubt_pick_free(&pick);
    doubt_str_free(&text);
}

static void look_at_engines(struct doubt_doctor *doctor, const struct doubt_registry *registry)
{
    for (size_t i = 0; i < doubt_registry_count(registry); i++)
        look_at_engine(doctor, doubt_registry_at(registry, i));
    if (!doctor->engine)
        doubt_doctor_add(doctor, "engines", DOUBT_DOCTOR_BROKEN,
                         "none can be used here; doubt's own slow reference can: --engine ref",
                         "script/engines");
}

/* --- output --------------------------------------------------------------------------------- */

static const char *conclusion(const struct doubt_doctor *doctor)
{
    if (doubt_doctor_can_check(doctor))
        return "doubt check can run here";
    return !doctor->engine  ? "doubt check cannot run here: there is no engine"
           : !doctor->store ? "doubt check cannot run here: samples cannot be kept"
                            : "doubt check cannot run here: networks cannot be written";
}

static void add_text(const struct doubt_cli *cli, const struct doubt_doctor *doctor,
                     struct doubt_str *out)
{
    static const size_t indent = NAME_COLUMNS + STATE_COLUMNS;
    for (size_t i = 0; i < doctor->count; i++) {
        const struct doubt_doctor_finding *finding = &doctor->findings[i];
        doubt_str_addf(out, "%-*s ", NAME_COLUMNS - 1, finding->name);
        doubt_str_addf(out, "%-*s", STATE_COLUMNS, doubt_doctor_state_name(finding->state));
        doubt_str_wrap(out, finding->text, indent, cli->width);
        if (finding->fix[0] == '\0')
            continue;
        struct doubt_str fix;
        doubt_str_init(&fix, 1024);
        doubt_str_addf(&fix, "%s: %s",
                       finding->state == DOUBT_DOCTOR_MISSING ? "to get it" : "to mend it",
                       finding->fix);
        doubt_str_addf(out, "%*s", (int)indent, "");
        doubt_str_wrap(out, doubt_str_text(&fix), indent, cli->width);
        doubt_str_free(&fix);
    }
    doubt_str_addf(out, "\n%s\n", conclusion(doctor));
}

static json_t *to_json(const struct doubt_doctor *doctor)
{
    json_t *list = json_array();
    for (size_t i = 0; i < doctor->count; i++) {
        const struct doubt_doctor_finding *finding = &doctor->findings[i];
        json_array_append_new(
            list,
            json_pack("{s:o, s:s, s:o, s:o}", "name", doubt_text_to_json(finding->name), "state",
                      doubt_doctor_state_name(finding->state), "text",
                      doubt_text_to_json(finding->text), "fix",
                      finding->fix[0] != '\0' ? doubt_text_to_json(finding->fix) : json_null()));
    }
    return json_pack("{s:b, s:s, s:o}", "can_check", doubt_doctor_can_check(doctor), "conclusion",
                     conclusion(doctor), "findings", list);
}

static enum doubt_code print(const struct doubt_cli *cli, const struct doubt_doctor *doctor,
                             struct doubt_err *err)
{
    struct doubt_str out;
    enum doubt_code code = DOUBT_OK;
    doubt_str_init(&out, 1 << 20);
    if (cli->common.json) {
        json_t *json = to_json(doctor);
        code = json != NULL ? doubt_json_format(json, &out, err)
                            : doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the findings");
        json_decref(json);
    } else if (!cli->common.quiet || !doubt_doctor_can_check(doctor)) {
        add_text(cli, doctor, &out);
    }
    if (code == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out));
    doubt_str_free(&out);
    return code;
}

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct doubt_opt_args args = {argc, argv};
    struct doubt_registry *registry = NULL;
    int status = DOUBT_EXIT_OK;
    struct doubt_doctor *doctor = calloc(1, sizeof *doctor);
    enum doubt_code code = doubt_cli_options(cli, NULL, 0, &args, &err);
    if (code == DOUBT_OK && doctor == NULL)
        code = doubt_err_set(&err, DOUBT_E_MEMORY, "out of memory for the findings");
    if (code == DOUBT_OK)
        code = doubt_registry_open(&registry, &err);
    if (code == DOUBT_OK) {
        look_at_engines(doctor, registry);
        doubt_doctor_look(doctor);
        code = print(cli, doctor, &err);
        status = doubt_doctor_can_check(doctor) ? DOUBT_EXIT_OK : DOUBT_EXIT_FAILED;
    }
    doubt_registry_close(registry);
    free(doctor);
    return code == DOUBT_OK ? status : doubt_cli_fail(cli, &err);
}

const struct doubt_cmd doubt_cmd_doctor = {
    .name = "doctor",
    .summary = "can doubt check run here, what limits it, what mends that",
    .usage = "",
    .details = "Looks at engines, the store, the folder of networks, the clock, the CPU, its "
               "settings, and who else uses the CPUs just now. ok: fine; limit: measuring works, "
               "its figures are weaker for it; missing: not here and not needed; broken: here and "
               "of no use, or needed. Nothing is measured or changed. The exit status is 0 when "
               "doubt check can run, 4 when it cannot; --quiet then prints nothing but what is "
               "wrong.",
    .examples = examples,
    .options = NULL,
    .run = run,
};
