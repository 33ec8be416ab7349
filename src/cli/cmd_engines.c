/* cmd_engines.c: `doubt engines`: what can run here, what is missing, and what brings it.
 *
 * A unit of work is one engine. Each is asked in a process of its own, so a library that crashes
 * while loading is a line of the list. Not for measuring.
 */
#include "cli/cmd.h"
#include "cli/pick.h"
#include "engine/options.h"
#include "model/tensor.h"
#include "report/json.h"

#include <stdlib.h>
#include <string.h>

struct values {
    const char *library;
    struct doubt_opt_list options;
};

static const struct doubt_opt options[] = {
    {"library", 'l', "FILE", DOUBT_OPT_TEXT, offsetof(struct values, library), NULL,
     "the vendor's library to use; needs NAME", 0, 0, NULL},
    {"option", 'O', "NAME=VALUE", DOUBT_OPT_LIST, offsetof(struct values, options), NULL,
     "an option of the engine", 0, 0, NULL},
    {0},
};

static const struct doubt_cmd_example examples[] = {
    {"doubt engines", "every engine, with version, library and devices, or why it cannot be used"},
    {"doubt engines onnxruntime --library ./libonnxruntime.so",
     "whether this very library can be used"},
    {NULL, NULL},
};

enum { KEY_COLUMNS = 14 };

/* A key that is too long for its column has a line of its own. */
static void line(const struct doubt_cli *cli, struct doubt_str *out, const char *key,
                 const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    if (strlen(key) + 2 > KEY_COLUMNS) {
        doubt_str_addf(out, "%s\n", key);
        key = "";
    }
    doubt_str_addf(out, "%-*s", KEY_COLUMNS, key);
    doubt_str_wrap(out, text, KEY_COLUMNS, cli->width);
}

static void precisions_text(uint32_t bits, struct doubt_str *out)
{
    const char *separator = "";
    for (int p = DOUBT_PRECISION_F32; p < DOUBT_PRECISION_COUNT; p++)
        if (bits & (1u << p)) {
            doubt_str_addf(out, "%s%s", separator, doubt_precision_name((enum doubt_precision)p));
            separator = ", ";
        }
}

static void add_devices(const struct doubt_cli *cli, const struct doubt_pick *pick,
                        struct doubt_str *out)
{
    for (uint32_t i = 0; i < pick->info.device_count; i++) {
        const struct doubt_engine_device *device = &pick->info.devices[i];
        struct doubt_str text;
        doubt_str_init(&text, 1024);
        doubt_str_addf(&text, "device %s", device->name);
        if (device->title[0] != '\0' && strcmp(device->title, device->name) != 0)
            doubt_str_addf(&text, " (%s)", device->title);
        doubt_str_add(&text, ": ");
        precisions_text(device->precisions, &text);
        line(cli, out, "", doubt_str_text(&text));
        doubt_str_free(&text);
    }
}

static void add_options(const struct doubt_cli *cli, const struct doubt_engine_ops *ops,
                        struct doubt_str *out)
{
    struct doubt_engine_option option;
    for (size_t i = 0; doubt_options_at(ops, i, &option); i++) {
        struct doubt_str text;
        doubt_str_init(&text, 1024);
        doubt_str_addf(&text, "--option %s=", option.name);
        doubt_options_accepted(&option, &text);
        doubt_str_addf(&text, ": %s", option.help != NULL ? option.help : "");
        if (option.fallback != NULL && option.fallback[0] != '\0')
            doubt_str_addf(&text, " [%s]", option.fallback);
        line(cli, out, "", doubt_str_text(&text));
        doubt_str_free(&text);
    }
}

static void add_engine(const struct doubt_cli *cli, const struct doubt_pick *pick, bool options_too,
                       struct doubt_str *out)
{
    const struct doubt_engine *engine = pick->engine;
    struct doubt_str text;
    doubt_str_init(&text, 8192);
    if (!pick->usable)
        doubt_str_addf(&text, "not usable: %s", pick->why_not.text);
    else
        doubt_str_addf(&text, "%s%s", pick->info.version, engine->built_in ? ", built in" : "");
    line(cli, out, engine->name, doubt_str_text(&text));
    doubt_str_clear(&text);
    if (pick->usable)
        line(cli, out, "", engine->ops->summary);
    if (pick->library_path != NULL) {
        doubt_str_addf(&text, "%s (%s)", pick->library_path, pick->where);
        line(cli, out, "", doubt_str_text(&text));
        doubt_str_clear(&text);
        doubt_str_addf(&text, "SHA-256 %s", pick->library_sha256);
        line(cli, out, "", doubt_str_text(&text));
    }
    if (!engine->built_in) {
        line(cli, out, "", pick->info.build);
        add_devices(cli, pick, out);
    }
    if (options_too && engine->ops != NULL)
        add_options(cli, engine->ops, out);
    doubt_str_free(&text);
}

/* --- JSON ----------------------------------------------------------------------------------- */

static json_t *text_or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *devices_json(const struct doubt_pick *pick)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pick->info.device_count; i++) {
        const struct doubt_engine_device *device = &pick->info.devices[i];
        json_t *names = json_array();
        for (int p = DOUBT_PRECISION_F32; p < DOUBT_PRECISION_COUNT; p++)
            if (device->precisions & (1u << p))
                json_array_append_new(names,
                                      json_string(doubt_precision_name((enum doubt_precision)p)));
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "name", device->name, "title",
                                              device->title, "precisions", names));
    }
    return list;
}

static json_t *options_json(const struct doubt_engine_ops *ops)
{
    json_t *list = json_array();
    struct doubt_engine_option option;
    for (size_t i = 0; ops != NULL && doubt_options_at(ops, i, &option); i++) {
        struct doubt_str accepted;
        doubt_str_init(&accepted, 512);
        doubt_options_accepted(&option, &accepted);
        json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o}", "name", option.name,
                                              "accepted", doubt_str_text(&accepted), "fallback",
                                              text_or_null(option.fallback), "help",
                                              text_or_null(option.help)));
        doubt_str_free(&accepted);
    }
    return list;
}

static json_t *engine_json(const struct doubt_pick *pick)
{
    const struct doubt_engine *engine = pick->engine;
    const struct doubt_engine_ops *ops = engine->ops;
    return json_pack("{s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
                     "name", engine->name, "built_in", engine->built_in, "usable", pick->usable,
                     "reason", text_or_null(pick->why_not.text), "summary",
                     text_or_null(ops != NULL ? ops->summary : ""), "version",
                     text_or_null(pick->info.version), "build", text_or_null(pick->info.build),
                     "plugin_path", text_or_null(engine->plugin_path), "library_path",
                     text_or_null(pick->library_path), "library_sha256",
                     text_or_null(pick->library_sha256), "found_in", text_or_null(pick->where),
                     "install", text_or_null(ops != NULL ? ops->install : ""), "devices",
                     devices_json(pick), "options", options_json(ops));
}

/* --- the command ---------------------------------------------------------------------------- */

/* Where the list goes: one of the two is printed. */
struct output {
    json_t *list;
    struct doubt_str text;
};

static void add_pick(const struct doubt_cli *cli, const struct doubt_pick *pick, bool only,
                     struct output *out)
{
    if (cli->common.json)
        json_array_append_new(out->list, engine_json(pick));
    else
        add_engine(cli, pick, only, &out->text);
}

static enum doubt_code show(const struct doubt_cli *cli, const char *name,
                            const struct values *values, struct output *out, struct doubt_err *err)
{
    struct doubt_registry *registry = NULL;
    const struct doubt_engine *only = NULL;
    enum doubt_code code = doubt_registry_open(&registry, err);
    if (code == DOUBT_OK && name != NULL)
        code = doubt_registry_find(registry, name, &only, err);
    for (size_t i = 0; code == DOUBT_OK && i < doubt_registry_count(registry); i++) {
        const struct doubt_engine *engine = doubt_registry_at(registry, i);
        struct doubt_pick pick;
        if (only != NULL && engine != only)
            continue;
        doubt_pick_look(engine, values->library, values->options.items, &pick);
        /* A question about one library, or with options, has a wrong answer. */
        if (!pick.usable && (values->library != NULL || values->options.count > 0) && only != NULL)
            code = doubt_err_set(err, pick.why_not.code, "%s", pick.why_not.text);
        add_pick(cli, &pick, only != NULL, out);
        doubt_pick_free(&pick);
    }
    doubt_registry_close(registry);
    return code;
}

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct values values;
    struct doubt_opt_args args = {argc, argv};
    struct output out;
    enum doubt_code code = doubt_cli_options(cli, &values, 1, &args, &err);
    if (code == DOUBT_OK && args.count == 0 && values.library != NULL)
        code = doubt_err_set(&err, DOUBT_E_USAGE,
                             "--library %s belongs to one engine: name it, doubt engines NAME "
                             "--library FILE",
                             values.library);
    if (code == DOUBT_OK && args.count == 0 && values.options.count > 0)
        code = doubt_err_set(&err, DOUBT_E_USAGE,
                             "--option %.100s belongs to one engine: name it, doubt engines NAME "
                             "--option NAME=VALUE",
                             values.options.items[0]);
    if (code != DOUBT_OK)
        return doubt_cli_fail(cli, &err);
    doubt_str_init(&out.text, 1 << 20);
    json_t *document = json_object();
    out.list = json_array();
    json_object_set_new(document, "engines", out.list);
    code = show(cli, args.count > 0 ? args.items[0] : NULL, &values, &out, &err);
    if (code == DOUBT_OK && cli->common.json)
        code = doubt_json_format(document, &out.text, &err);
    if (code == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out.text));
    json_decref(document);
    doubt_str_free(&out.text);
    return code == DOUBT_OK ? DOUBT_EXIT_OK : doubt_cli_fail(cli, &err);
}

const struct doubt_cmd doubt_cmd_engines = {
    .name = "engines",
    .summary = "the engines: what was found, and what brings the missing ones",
    .usage = "[NAME]",
    .details = "A library is looked for in this order: --library, the engine's environment "
               "variable, the private folder ($DOUBT_PRIVATE), the packages of the Python on "
               "PATH, the system's library folders.\nPlug-ins are found in $DOUBT_ENGINE_PATH, "
               "in engines/ beside the program, and in the installed folder.",
    .examples = examples,
    .options = options,
    .run = run,
};
