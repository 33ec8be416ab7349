/* cmd_history.c: `doubt history`: lists what was measured, shows one series, prints raw samples,
 * and reads a rescue file back.
 *
 * A unit of work is one question to the store, which is opened for reading only except to recover.
 * Not for measuring, and not for pages with plots: `doubt report`.
 */
#include "cli/cmd.h"
#include "cli/history.h"
#include "cli/killed.h"
#include "report/json.h"
#include "report/view.h"
#include "store/store.h"
#include "util/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUT_MAX = 256 << 20 };

struct values {
    const char *samples, *db, *recover;
    bool fields, wide;
};

static const struct doubt_opt options[] = {
    {"samples", 's', "CELL[:RESTART]", DOUBT_OPT_TEXT, offsetof(struct values, samples), NULL,
     "print the raw samples of a restart of series N in ns, one a line; of all restarts of a cell, "
     "with the restart's number before each",
     0, 0, NULL},
    {"db", 0, "FILE", DOUBT_OPT_TEXT, offsetof(struct values, db), NULL,
     "the store to read; else $XDG_DATA_HOME/doubt/doubt.db", 0, 0, NULL},
    {"recover", 0, "FILE", DOUBT_OPT_TEXT, offsetof(struct values, recover), NULL,
     "put back what a series kept in FILE when the store could not be written", 0, 0, NULL},
    {"fields", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, fields), NULL,
     "print what every field of a record means, as Markdown", 0, 0, NULL},
    DOUBT_CMD_WIDE,
    {0},
};

static const struct doubt_cmd_example examples[] = {
    {"doubt history", "every series in the store"},
    {"doubt history 12", "the whole record of series 12"},
    {"doubt history 12 --samples 0:3", "the samples of cell 0, restart 3"},
    {NULL, NULL},
};

static enum doubt_code open_store(const struct values *values, bool read_only,
                                  struct doubt_store **store, struct doubt_err *err)
{
    char *fallback = values->db == NULL ? doubt_store_default_path() : NULL;
    enum doubt_code code =
        doubt_store_open(values->db != NULL ? values->db : fallback, read_only, store, err);
    free(fallback);
    if (code != DOUBT_OK && values->db == NULL) {
        size_t used = strlen(err->text);
        snprintf(err->text + used, sizeof err->text - used, "; --db FILE names another store");
    }
    return code;
}

static enum doubt_code print_json(json_t *document, struct doubt_err *err)
{
    struct doubt_str out;
    doubt_str_init(&out, OUTPUT_MAX);
    enum doubt_code code = document != NULL
                               ? doubt_json_format(document, &out, err)
                               : doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a document");
    if (code == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out));
    doubt_str_free(&out);
    json_decref(document);
    return code;
}

/* --- list ----------------------------------------------------------------------------------- */

static json_t *list_json(const struct doubt_series *series, size_t count)
{
    json_t *document = json_object(), *array = json_array();
    bool ok = json_object_set_new(document, "series", array) == 0;
    for (size_t i = 0; ok && i < count; i++)
        ok = json_array_append_new(array, doubt_record_to_json(DOUBT_SERIES, &series[i])) == 0;
    if (ok)
        return document;
    json_decref(document);
    return NULL;
}

static enum doubt_code read_brief(struct doubt_store *store, int64_t id,
                                  struct doubt_history_brief *brief, struct doubt_err *err)
{
    struct doubt_store_series entry;
    enum doubt_code code = doubt_store_series(store, id, &entry, err);
    if (code == DOUBT_OK)
        doubt_history_make_brief(&entry, brief);
    doubt_store_series_free(&entry);
    return code;
}

static enum doubt_code print_list(const struct doubt_cli *cli, struct doubt_store *store,
                                  struct doubt_history_overview *overview, struct doubt_err *err)
{
    if (cli->common.json)
        return print_json(list_json(overview->series, overview->count), err);
    struct doubt_str out;
    doubt_str_init(&out, OUTPUT_MAX);
    enum doubt_code code = DOUBT_OK;
    overview->briefs = calloc(overview->count, sizeof *overview->briefs);
    if (overview->briefs == NULL)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the list of series");
    for (size_t i = 0; code == DOUBT_OK && i < overview->count; i++)
        code = read_brief(store, overview->series[i].id, &overview->briefs[i], err);
    if (code == DOUBT_OK)
        code = doubt_history_list(cli, overview, &out, err);
    if (code == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out));
    free(overview->briefs);
    doubt_str_free(&out);
    return code;
}

/* Nothing to list is no failure. path: of the store, there or not. */
static enum doubt_code list_nothing(const struct doubt_cli *cli, const char *path,
                                    struct doubt_err *err)
{
    if (cli->common.json)
        return print_json(list_json(NULL, 0), err);
    struct doubt_str out;
    doubt_str_init(&out, 1 << 16);
    doubt_str_addf(&out,
                   "nothing has been measured yet: doubt check and doubt run keep their series in "
                   "%s\n",
                   path);
    doubt_cli_print(doubt_str_text(&out));
    doubt_str_free(&out);
    return DOUBT_OK;
}

static enum doubt_code list(const struct doubt_cli *cli, struct doubt_store *store,
                            struct doubt_err *err)
{
    struct doubt_history_overview overview = {.count = 0};
    enum doubt_code code = doubt_store_list(store, &overview.series, &overview.count, err);
    for (size_t i = 0; i < overview.count; i++)
        doubt_killed_find(&overview.series[i]);
    if (code == DOUBT_OK && overview.count == 0)
        code = list_nothing(cli, doubt_store_path(store), err);
    else if (code == DOUBT_OK)
        code = print_list(cli, store, &overview, err);
    for (size_t i = 0; i < overview.count; i++)
        doubt_record_free(DOUBT_SERIES, &overview.series[i]);
    free(overview.series);
    return code;
}

/* Before the first series there is no store where doubt keeps its own; one that was named and is
 * not there is a mistake. */
static bool has_no_store_yet(const struct values *values, char **path)
{
    *path = values->db == NULL ? doubt_store_default_path() : NULL;
    return *path != NULL && !doubt_file_exists(*path);
}

static enum doubt_code list_all(const struct doubt_cli *cli, const struct values *values,
                                struct doubt_err *err)
{
    struct doubt_store *store = NULL;
    char *path = NULL;
    enum doubt_code code = has_no_store_yet(values, &path) ? list_nothing(cli, path, err)
                                                           : open_store(values, true, &store, err);
    if (store != NULL)
        code = list(cli, store, err);
    doubt_store_close(store);
    free(path);
    return code;
}

/* --- one series ----------------------------------------------------------------------------- */

/* Reads the series and the restarts of one cell or all; history may be freed in every case. */
static enum doubt_code read_history(struct doubt_store *store, int64_t id, int64_t cell,
                                    struct doubt_history *history, struct doubt_err *err)
{
    history->restarts = (struct doubt_store_restarts){.count = 0};
    enum doubt_code code = doubt_store_series(store, id, &history->entry, err);
    if (code == DOUBT_OK)
        code = doubt_store_restarts(store, id, cell, &history->restarts, err);
    return code;
}

static void history_free(struct doubt_history *history)
{
    doubt_store_series_free(&history->entry);
    doubt_store_restarts_free(&history->restarts);
}

static enum doubt_code show(const struct doubt_cli *cli, struct doubt_store *store, int64_t id,
                            struct doubt_err *err)
{
    struct doubt_history history;
    struct doubt_str out;
    doubt_str_init(&out, OUTPUT_MAX);
    enum doubt_code code = read_history(store, id, DOUBT_MISSING_I64, &history, err);
    if (code == DOUBT_OK && doubt_killed_find(&history.entry.series))
        code = doubt_killed_analyze(store, &history.entry, err);
    if (code == DOUBT_OK && cli->common.json)
        code = print_json(doubt_history_json(&history), err);
    else if (code == DOUBT_OK && (code = doubt_history_page(cli, &history, &out, err)) == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out));
    history_free(&history);
    doubt_str_free(&out);
    return code;
}

/* --- samples -------------------------------------------------------------------------------- */

/* Digits only, to the end or to a colon. */
static bool read_number(const char **text, int64_t *number)
{
    char *end;
    if (**text < '0' || **text > '9')
        return false;
    errno = 0;
    *number = strtoll(*text, &end, 10);
    *text = end;
    return errno == 0;
}

struct selection {
    int64_t series, cell, restart; /* restart DOUBT_MISSING_I64: all */
};

static enum doubt_code parse_selection(const char *text, struct selection *what,
                                       struct doubt_err *err)
{
    const char *p = text;
    what->restart = DOUBT_MISSING_I64;
    bool ok = read_number(&p, &what->cell);
    if (ok && *p == ':') {
        p++;
        ok = read_number(&p, &what->restart);
    }
    if (ok && *p == '\0')
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "--samples %.60s: the number of a cell is needed, and may be followed by "
                         "a colon and that of a restart: 0 or 0:3",
                         text);
}

/* One restart's samples: a JSON object in array, or lines. */
static enum doubt_code print_samples(struct doubt_store *store, const struct doubt_restart *restart,
                                     bool with_number, json_t *array, struct doubt_err *err)
{
    int64_t *samples = NULL;
    size_t count = 0;
    enum doubt_code code = doubt_store_samples(store, restart, &samples, &count, err);
    if (code != DOUBT_OK)
        return code;
    json_t *list = array != NULL ? json_array() : NULL;
    for (size_t i = 0; i < count; i++)
        if (array != NULL)
            json_array_append_new(list, json_integer(samples[i]));
        else if (with_number)
            printf("%" PRId64 "\t%" PRId64 "\n", restart->number, samples[i]);
        else
            printf("%" PRId64 "\n", samples[i]);
    if (array != NULL && json_array_size(list) != count)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for %zu samples", count);
    if (array != NULL)
        json_array_append_new(array, json_pack("{s:I, s:o}", "restart", (json_int_t)restart->number,
                                               "samples_ns", list));
    free(samples);
    return code;
}

static enum doubt_code print_selection(struct doubt_store *store, const struct selection *what,
                                       const struct doubt_store_restarts *restarts, json_t *array,
                                       struct doubt_err *err)
{
    size_t count = restarts->count;
    bool all = what->restart == DOUBT_MISSING_I64, found = false;
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < count; i++)
        if (all || restarts->restarts[i].number == what->restart) {
            found = true;
            code = print_samples(store, &restarts->restarts[i], all, array, err);
        }
    if (code != DOUBT_OK || found)
        return code;
    if (count == 0)
        return doubt_err_set(err, DOUBT_E_NOT_FOUND,
                             "series %" PRId64 " has no restarts of a cell %" PRId64
                             "; doubt history %" PRId64 " lists what it has",
                             what->series, what->cell, what->series);
    return doubt_err_set(err, DOUBT_E_NOT_FOUND,
                         "cell %" PRId64 " of series %" PRId64 " has restarts %" PRId64
                         " to %" PRId64 ", not %" PRId64,
                         what->cell, what->series, restarts->restarts[0].number,
                         restarts->restarts[count - 1].number, what->restart);
}

static enum doubt_code show_samples(const struct doubt_cli *cli, struct doubt_store *store,
                                    const struct selection *what, struct doubt_err *err)
{
    struct doubt_history known;
    enum doubt_code code = read_history(store, what->series, what->cell, &known, err);
    json_t *array = cli->common.json ? json_array() : NULL;
    if (code == DOUBT_OK)
        code = print_selection(store, what, &known.restarts, array, err);
    if (code == DOUBT_OK && array != NULL)
        code = print_json(json_pack("{s:I, s:I, s:O}", "series", (json_int_t)what->series, "cell",
                                    (json_int_t)what->cell, "restarts", array),
                          err);
    json_decref(array);
    history_free(&known);
    return code;
}

/* --- the command ---------------------------------------------------------------------------- */

static enum doubt_code recover(const struct doubt_cli *cli, const struct values *values,
                               struct doubt_err *err)
{
    struct doubt_store *store = NULL;
    struct doubt_recovered out;
    enum doubt_code code = open_store(values, false, &store, err);
    if (code != DOUBT_OK)
        return code;
    code = doubt_store_recover(store, values->recover, &out, err);
    if (code == DOUBT_OK && cli->common.json)
        code = print_json(json_pack("{s:I, s:I}", "series", (json_int_t)out.series, "restarts",
                                    (json_int_t)out.restarts),
                          err);
    else if (code == DOUBT_OK)
        printf("series %" PRId64 ": %zu restart%s recovered; %s is no longer needed\n", out.series,
               out.restarts, out.restarts == 1 ? "" : "s", values->recover);
    doubt_store_close(store);
    return code;
}

/* {"series": [{"name", "type", "unit", "meaning"}, ...], "cell": [...], "restart": [...], ...}. */
static json_t *fields_json(void)
{
    static const char *const types[] = {
        [DOUBT_I64_FIELD] = "integer", [DOUBT_F64_FIELD] = "number", [DOUBT_TEXT_FIELD] = "text"};
    json_t *document = json_object();
    for (int scope = 0; scope < DOUBT_SCOPE_COUNT; scope++) {
        size_t count;
        const struct doubt_field *fields = doubt_fields((enum doubt_scope)scope, &count);
        json_t *list = json_array();
        for (size_t i = 0; i < count; i++)
            json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "name", fields[i].name,
                                                  "type", types[fields[i].type], "unit",
                                                  fields[i].unit, "meaning", fields[i].meaning));
        json_object_set_new(document, doubt_scope_name((enum doubt_scope)scope), list);
    }
    return document;
}

static enum doubt_code print_fields(const struct doubt_cli *cli, struct doubt_err *err)
{
    if (cli->common.json)
        return print_json(fields_json(), err);
    char *page = doubt_record_doc();
    if (page == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the page of fields");
    doubt_cli_print(page);
    free(page);
    return DOUBT_OK;
}

static enum doubt_code read_series_number(const char *text, int64_t *number, struct doubt_err *err)
{
    const char *p = text;
    if (read_number(&p, number) && *p == '\0' && *number > 0)
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_USAGE,
                         "\"%.60s\" is no number of a series; doubt history lists them", text);
}

static enum doubt_code answer(const struct doubt_cli *cli, const struct values *values,
                              const char *operand, struct doubt_err *err)
{
    struct selection what = {.series = 0};
    struct doubt_store *store = NULL;
    enum doubt_code code = DOUBT_OK;
    if (operand != NULL && (values->fields || values->recover != NULL))
        return doubt_err_set(err, DOUBT_E_USAGE, "--%s takes no series: leave \"%.60s\" out",
                             values->fields ? "fields" : "recover", operand);
    if (values->fields)
        return print_fields(cli, err);
    if (values->recover != NULL)
        return recover(cli, values, err);
    if (operand != NULL)
        code = read_series_number(operand, &what.series, err);
    if (code == DOUBT_OK && values->samples != NULL && operand == NULL)
        code = doubt_err_set(err, DOUBT_E_USAGE,
                             "--samples needs the number of a series before it: doubt history N "
                             "--samples %.60s",
                             values->samples);
    if (code == DOUBT_OK && values->samples != NULL)
        code = parse_selection(values->samples, &what, err);
    if (code == DOUBT_OK && operand == NULL)
        return list_all(cli, values, err);
    if (code == DOUBT_OK)
        code = open_store(values, true, &store, err);
    if (code == DOUBT_OK && values->samples != NULL)
        code = show_samples(cli, store, &what, err);
    else if (code == DOUBT_OK)
        code = show(cli, store, what.series, err);
    doubt_store_close(store);
    return code;
}

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct values values;
    struct doubt_opt_args args = {argc, argv};
    enum doubt_code code = doubt_cli_options(cli, &values, 1, &args, &err);
    if (code == DOUBT_OK && values.wide)
        cli->width = 0;
    if (code == DOUBT_OK)
        code = answer(cli, &values, args.count > 0 ? args.items[0] : NULL, &err);
    return code == DOUBT_OK ? DOUBT_EXIT_OK : doubt_cli_fail(cli, &err);
}

const struct doubt_cmd doubt_cmd_history = {
    .name = "history",
    .summary = "what was measured: every series with every raw sample",
    .usage = "[N]",
    .details = "A series is kept from its first restart on: one that was killed reads as running, "
               "with the restarts that had ended. Without N, series are listed, oldest first; with "
               "N, the page of series N, then every field of its record, then its restarts; "
               "--json has all digits. --fields says what each field means.",
    .examples = examples,
    .options = options,
    .run = run,
};
