/* device_show.c: `doubt device show`: the machine, its probes and its knobs, as text or JSON.
 *
 * A unit of work is one row: a fact, a probe, a knob. A value that is not available has its reason
 * in the value's place. Changes nothing.
 */
#include "cli/device.h"
#include "machine/knob.h"
#include "machine/parts.h"
#include "machine/probe.h"
#include "report/json.h"
#include "report/table.h"
#include "util/units.h"
#include "util/whole.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t watch_ns = 5000000000;

/* --- values as texts ----------------------------------------------------------------------- */

static void scaled(double value, double step, const char *const *units, char *out, size_t out_bytes)
{
    size_t i = 0;
    while (fabs(value) >= step && units[i + 1] != NULL) {
        value /= step;
        i++;
    }
    snprintf(out, out_bytes, "%.4g %s", value, units[i]);
}

/* "1.479 GHz", "41.5 degC", "power limit". */
static void value_text(const struct doubt_probe *probe, double value, char *out, size_t out_bytes)
{
    static const char *const hertz[] = {"Hz", "kHz", "MHz", "GHz", NULL};
    const char *unit = doubt_probe_unit(probe->quantity);
    switch (probe->quantity) {
    case DOUBT_PROBE_CLOCK:
        scaled(value, 1000, hertz, out, out_bytes);
        break;
    case DOUBT_PROBE_LOAD:
        snprintf(out, out_bytes, "%.1f %%", 100 * value);
        break;
    case DOUBT_PROBE_REASONS:
        doubt_probe_reasons(value, out, out_bytes);
        break;
    case DOUBT_PROBE_LEVEL:
        if (isnan(probe->limit))
            snprintf(out, out_bytes, "%.10g", value);
        else
            snprintf(out, out_bytes, "%.10g of %.10g", value, probe->limit);
        break;
    case DOUBT_PROBE_EVENTS:
        snprintf(out, out_bytes, "%.0f", value);
        break;
    case DOUBT_PROBE_ENERGY:
    case DOUBT_PROBE_TIME:
        snprintf(out, out_bytes, "%.3f %s", value, unit);
        break;
    default:
        snprintf(out, out_bytes, "%.4g %s", value, unit);
        break;
    }
}

/* --- the machine --------------------------------------------------------------------------- */

struct fact {
    const char *name;
    const char *text, *why; /* text "" : why */
};

static void number_fact(const struct doubt_machine_number *number, bool bytes, char out[64])
{
    out[0] = '\0';
    if (isnan(number->value))
        return;
    if (bytes)
        doubt_units_format_bytes((uint64_t)doubt_whole(number->value), out, 64);
    else
        snprintf(out, 64, "%.4g", number->value);
}

enum { FACTS_MAX = 16 };

/* What is said of a machine; gives the number of facts. Texts point into the structs. */
struct machine_view {
    struct doubt_machine machine;
    struct doubt_machine_parts parts;
    char memory[64], cpus[64], cores[64], quota[64];
    struct fact facts[FACTS_MAX];
    size_t count;
};

static void look(const char *root, struct machine_view *view)
{
    const struct doubt_machine *m = &view->machine;
    const struct doubt_machine_parts *p = &view->parts;
    doubt_machine_identify(root, &view->machine);
    doubt_machine_read_parts(root, &view->parts);
    number_fact(&m->memory_bytes, true, view->memory);
    number_fact(&m->cpus, false, view->cpus);
    number_fact(&m->cores, false, view->cores);
    number_fact(&m->quota, false, view->quota);
    const struct fact facts[] = {
        {"board", m->board.text, m->board.why},
        {"soc", p->soc.text, p->soc.why},
        {"cpu", m->cpu.text, m->cpu.why},
        {"cpus", view->cpus, m->cpus.why},
        {"cores", view->cores, m->cores.why},
        {"quota", view->quota, m->quota.why},
        {"gpu", p->gpu.text, p->gpu.why},
        {"memory", view->memory, m->memory_bytes.why},
        {"system", m->system.text, m->system.why},
        {"kernel", m->kernel.text, m->kernel.why},
        {"release", p->release.text, p->release.why},
        {"driver", p->driver.text, p->driver.why},
        {"libraries", p->libraries.text, p->libraries.why},
        {"virtual", m->virtual_machine.text, m->virtual_machine.why},
    };
    view->count = sizeof facts / sizeof facts[0];
    memcpy(view->facts, facts, sizeof facts);
}

/* --- text ---------------------------------------------------------------------------------- */

enum { KEY_COLUMNS = 12 };

static void period_text(const struct doubt_probe_period *period, char *out, size_t out_bytes)
{
    if (period->ns > 0)
        doubt_units_format_duration(period->ns, out, out_bytes);
    else
        snprintf(out, out_bytes, "%s", period->why);
}

/* What is shown. */
struct show {
    const struct doubt_cli *cli;
    const char *root;
    size_t width;
    bool wide;
    struct doubt_probe_period *periods; /* of each probe; NULL: not asked for */
    struct machine_view view;
    struct doubt_probes probes;
};

static void add_facts(const struct show *show, struct doubt_str *out)
{
    const struct machine_view *view = &show->view;
    for (size_t i = 0; i < view->count; i++) {
        const struct fact *fact = &view->facts[i];
        struct doubt_str text;
        doubt_str_init(&text, 1024);
        if (fact->text[0] != '\0')
            doubt_str_add(&text, fact->text);
        else
            doubt_str_addf(&text, "not available: %s", fact->why);
        doubt_str_addf(out, "%-*s", KEY_COLUMNS, fact->name);
        doubt_str_wrap(out, doubt_str_text(&text), KEY_COLUMNS, show->width);
        doubt_str_free(&text);
    }
}

/* One table and what is not in it. */
struct listing {
    const char *absent_title;
    struct doubt_table *table;
    struct doubt_device_absent *absent;
    size_t rows, absent_count;
};

static enum doubt_code open_listing(const struct doubt_table_column *columns, size_t column_count,
                                    size_t most, struct listing *listing, struct doubt_err *err)
{
    *listing = (struct listing){
        .absent_title = listing->absent_title,
        .table = doubt_table_new(columns, column_count),
        .absent = calloc(most + 1, sizeof *listing->absent),
    };
    return listing->table != NULL && listing->absent != NULL
               ? DOUBT_OK
               : doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a table");
}

static enum doubt_code close_listing(const struct show *show, struct listing *listing,
                                     enum doubt_code code, struct doubt_str *out,
                                     struct doubt_err *err)
{
    if (code == DOUBT_OK && listing->rows > 0) {
        doubt_str_add(out, "\n");
        code = doubt_table_format(listing->table, show->width, show->cli->color, out, err);
        doubt_table_add_left_out(listing->table, show->width, out);
    }
    if (code == DOUBT_OK)
        doubt_device_list_absent(listing->absent, listing->absent_count, listing->absent_title,
                                 show->width, out);
    doubt_table_free(listing->table);
    free(listing->absent);
    return code;
}

static enum doubt_code add_probe(struct show *show, size_t i, struct listing *listing,
                                 struct doubt_err *err)
{
    struct doubt_probe *probe = &show->probes.items[i];
    char text[192], period[128] = "";
    double value = doubt_probe_read(probe);
    if (isnan(value) && !show->wide) {
        listing->absent[listing->absent_count++] =
            (struct doubt_device_absent){probe->kind->name, probe->name, probe->why};
        return DOUBT_OK;
    }
    if (isnan(value))
        snprintf(text, sizeof text, "not available: %s", probe->why);
    else
        value_text(probe, value, text, sizeof text);
    if (show->periods != NULL && !isnan(value))
        period_text(&show->periods[i], period, sizeof period);
    /* A kind without any sensor is about nothing. */
    const char *of =
        strcmp(probe->name, probe->kind->name) ? doubt_probe_part_name(probe->part) : "";
    const char *const row[] = {probe->kind->name, of, probe->name, text, probe->path, period};
    listing->rows++;
    return doubt_table_add(listing->table, row, err);
}

static enum doubt_code add_probes(struct show *show, struct doubt_str *out, struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {
        {"probe", false, 0}, {"of", false, 2},   {"what", false, 0},
        {"value", false, 0}, {"path", false, 3}, {"updates every", false, 1},
    };
    struct listing listing = {.absent_title = "probe not available"};
    enum doubt_code code = open_listing(columns, sizeof columns / sizeof columns[0],
                                        show->probes.count, &listing, err);
    for (size_t i = 0; code == DOUBT_OK && i < show->probes.count; i++)
        code = add_probe(show, i, &listing, err);
    return close_listing(show, &listing, code, out, err);
}

static enum doubt_code add_knob(const struct show *show, const struct doubt_knob *knob,
                                const struct doubt_knob_reading *reading, struct listing *listing,
                                struct doubt_err *err)
{
    char text[512], can[256];
    /* Setting fails for the reason that reading has: one line says both. */
    bool absent = reading->value[0] == '\0' && reading->why_not[0] != '\0' &&
                  strcmp(reading->why, reading->why_not) == 0;
    if (absent && !show->wide) {
        listing->absent[listing->absent_count++] =
            (struct doubt_device_absent){knob->name, knob->name, reading->why};
        return DOUBT_OK;
    }
    if (reading->value[0] == '\0')
        snprintf(text, sizeof text, "not available: %s", reading->why);
    else
        snprintf(text, sizeof text, "%s%s%s%s%s%s", reading->value, knob->unit[0] ? " " : "",
                 knob->unit, reading->detail[0] ? " (" : "", reading->detail,
                 reading->detail[0] ? ")" : "");
    snprintf(can, sizeof can, "%s%s", reading->why_not[0] ? "no: " : "yes", reading->why_not);
    const char *const row[] = {knob->name, text, knob->accepted, can, reading->path};
    listing->rows++;
    return doubt_table_add(listing->table, row, err);
}

static enum doubt_code add_knobs(const struct show *show, struct doubt_str *out,
                                 struct doubt_err *err)
{
    static const struct doubt_table_column columns[] = {
        {"knob", false, 0},       {"value", false, 0}, {"accepted", false, 2},
        {"can be set", false, 0}, {"path", false, 3},
    };
    struct listing listing = {.absent_title = "knob not available"};
    size_t count = 0;
    while (doubt_knobs[count].name != NULL)
        count++;
    struct doubt_knob_reading *readings = calloc(count + 1, sizeof *readings);
    enum doubt_code code =
        open_listing(columns, sizeof columns / sizeof columns[0], count, &listing, err);
    if (code == DOUBT_OK && readings == NULL)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu knobs", count);
    for (size_t i = 0; code == DOUBT_OK && i < count; i++) {
        doubt_knob_read(show->root, &doubt_knobs[i], &readings[i]);
        code = add_knob(show, &doubt_knobs[i], &readings[i], &listing, err);
    }
    code = close_listing(show, &listing, code, out, err);
    free(readings);
    return code;
}

/* --- JSON ---------------------------------------------------------------------------------- */

static json_t *text_or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? doubt_text_to_json(text) : json_null();
}

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *facts_json(const struct machine_view *view)
{
    json_t *object = json_object();
    for (size_t i = 0; i < view->count; i++) {
        const struct fact *fact = &view->facts[i];
        json_object_set_new(object, fact->name,
                            json_pack("{s:o, s:o}", "value", text_or_null(fact->text), "reason",
                                      fact->text[0] ? json_null() : text_or_null(fact->why)));
    }
    return object;
}

/* period NULL: not asked for. */
static json_t *probe_json(struct doubt_probe *probe, const struct doubt_probe_period *period)
{
    char words[128] = "";
    double value = doubt_probe_read(probe);
    if (probe->quantity == DOUBT_PROBE_REASONS && !isnan(value))
        doubt_probe_reasons(value, words, sizeof words);
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:b, s:o, s:o, s:b}", "kind", probe->kind->name,
        "name", probe->name, "part", doubt_probe_part_name(probe->part), "quantity",
        doubt_probe_quantity_name(probe->quantity), "unit", doubt_probe_unit(probe->quantity),
        "value", number_or_null(value), "words", text_or_null(words), "limit",
        number_or_null(probe->limit), "readable", !isnan(value), "reason",
        isnan(value) ? text_or_null(probe->why) : json_null(), "path", text_or_null(probe->path),
        "total", probe->total);
    if (period == NULL || isnan(value))
        return object;
    json_object_set_new(object, "period_ns",
                        period->ns > 0 ? json_integer(period->ns) : json_null());
    json_object_set_new(object, "period_reason", text_or_null(period->why));
    return object;
}

static json_t *knob_json(const char *root, const struct doubt_knob *knob)
{
    struct doubt_knob_reading reading;
    doubt_knob_read(root, knob, &reading);
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:s, s:b, s:o, s:o, s:o}", "name", knob->name, "unit", knob->unit,
        "value", text_or_null(reading.value), "detail", text_or_null(reading.detail), "accepted",
        knob->accepted, "settable", reading.why_not[0] == '\0', "reason", text_or_null(reading.why),
        "not_settable", text_or_null(reading.why_not), "path", text_or_null(reading.path));
}

static enum doubt_code format_json(struct show *show, struct doubt_str *out, struct doubt_err *err)
{
    json_t *list = json_array(), *knobs = json_array();
    for (size_t i = 0; i < show->probes.count; i++)
        json_array_append_new(
            list, probe_json(&show->probes.items[i], show->periods ? &show->periods[i] : NULL));
    for (const struct doubt_knob *knob = doubt_knobs; knob->name != NULL; knob++)
        json_array_append_new(knobs, knob_json(show->root, knob));
    json_t *document = json_pack("{s:o, s:o, s:o}", "machine", facts_json(&show->view), "probes",
                                 list, "knobs", knobs);
    if (document == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a JSON document");
    enum doubt_code code = doubt_json_format(document, out, err);
    json_decref(document);
    return code;
}

static enum doubt_code format_text(struct show *show, struct doubt_str *out, struct doubt_err *err)
{
    add_facts(show, out);
    enum doubt_code code = add_probes(show, out, err);
    return code == DOUBT_OK ? add_knobs(show, out, err) : code;
}

static enum doubt_code watch(struct show *show, struct doubt_err *err)
{
    size_t count = show->probes.count;
    show->periods = calloc(count, sizeof *show->periods);
    if (show->periods != NULL &&
        doubt_probes_watch(show->probes.items, count, watch_ns, show->periods))
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the periods of %zu probes", count);
}

int doubt_device_show(struct doubt_cli *cli, const struct doubt_device_values *values)
{
    struct show show = {.cli = cli,
                        .root = doubt_machine_root(),
                        .width = values->wide ? 0 : cli->width,
                        .wide = values->wide};
    struct doubt_err err = {0};
    struct doubt_str out;
    doubt_str_init(&out, 1 << 22);
    look(show.root, &show.view);
    enum doubt_code code = doubt_probes_open(show.root, NULL, &show.probes, &err);
    if (code == DOUBT_OK && values->periods)
        code = watch(&show, &err);
    if (code == DOUBT_OK)
        code = cli->common.json ? format_json(&show, &out, &err) : format_text(&show, &out, &err);
    if (code == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out));
    doubt_probes_close(&show.probes);
    free(show.periods);
    doubt_str_free(&out);
    return code == DOUBT_OK ? DOUBT_EXIT_OK : doubt_cli_fail(cli, &err);
}
