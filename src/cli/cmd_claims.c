/* cmd_claims.c: `doubt claims`: lists claim sets, lists and searches claims, shows one, checks a
 * file.
 *
 * A unit of work is one claim, printed as its source states it. Not for measuring: cmd_check.c.
 */
#include "cli/claims.h"

#include <string.h>

struct values {
    struct doubt_catalog_filter filter;
    bool ceilings, contradictions, ask, wide;
    struct doubt_opt_list fields;
    const char *title;
};

static const struct doubt_opt options[] = {
    {"device", 'd', "TEXT", DOUBT_OPT_TEXT, offsetof(struct values, filter.device), NULL,
     "only claims for devices whose name has this text in it", 0, 0, NULL},
    {"network", 'n', "NAME", DOUBT_OPT_TEXT, offsetof(struct values, filter.network), NULL,
     "only claims for this built-in network, or with this text in the name at the source", 0, 0,
     NULL},
    {"vendor", 'v', "TEXT", DOUBT_OPT_TEXT, offsetof(struct values, filter.vendor), NULL,
     "only claims for devices of this vendor, or of sets with this text in their title", 0, 0,
     NULL},
    {"year", 'y', "YEAR", DOUBT_OPT_INT, offsetof(struct values, filter.year), NULL,
     "only claims published in this year", 1990, 2999, NULL},
    {"ceilings", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, ceilings), NULL,
     "set the claims beside what their devices can do at most", 0, 0, NULL},
    {"contradictions", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, contradictions), NULL,
     "list claims that cannot stand beside each other, and the rule that says so", 0, 0, NULL},
    DOUBT_CMD_WIDE,
    {"field", 'F', "NAME=VALUE", DOUBT_OPT_LIST, offsetof(struct values, fields), NULL,
     "add: a field of the new claim, as docs/CLAIMS.md lists them", 0, 0, NULL},
    {"title", 0, "TEXT", DOUBT_OPT_TEXT, offsetof(struct values, title), NULL,
     "add: the title of a set that is not there yet; else its name", 0, 0, NULL},
    {"ask", 0, NULL, DOUBT_OPT_FLAG, offsetof(struct values, ask), NULL,
     "add: ask for every field that is not given; so it does on a terminal without --field", 0, 0,
     NULL},
    {0},
};

static const struct doubt_cmd_example examples[] = {
    {"doubt claims", "the claim sets"},
    {"doubt claims mlperf-v3.0", "the claims of one set"},
    {"doubt claims --device nano --network resnet50", "claims of all sets"},
    {"doubt claims jetson-nano-2019 --ceilings", "share of the device's peak, and the limit"},
    {"doubt claims --contradictions --vendor intel", "what cannot stand beside each other"},
    {"doubt claims show nano-resnet50", "one claim: conditions, source, what its digits mean"},
    {"doubt claims add my-board", "a claim of your own, field by field"},
    {"doubt claims validate ./my-board.json", "is a file a claim set?"},
    {NULL, NULL},
};

static bool is_filtered(const struct doubt_catalog_filter *filter)
{
    return filter->device != NULL || filter->network != NULL || filter->vendor != NULL ||
           filter->year != 0;
}

static enum doubt_code check_any(const struct doubt_claims_view *view, struct doubt_err *err)
{
    size_t set = 0, claim = 0;
    if (doubt_claims_next(view, &set, &claim))
        return DOUBT_OK;
    return doubt_err_set(err, DOUBT_E_NOT_FOUND,
                         "no claim matches; doubt claims lists the sets, and without --device, "
                         "--network, --vendor and --year all of a set are listed");
}

static enum doubt_code ceilings(const struct doubt_claims_view *view, struct doubt_str *out,
                                struct doubt_err *err)
{
    enum doubt_code code = check_any(view, err);
    return code == DOUBT_OK ? doubt_claims_ceilings(view, out, err) : code;
}

static enum doubt_code list(const struct doubt_claims_view *view, bool claims,
                            struct doubt_str *out, struct doubt_err *err)
{
    enum doubt_code code = claims ? check_any(view, err) : DOUBT_OK;
    if (code != DOUBT_OK)
        return code;
    if (view->cli->common.json)
        return doubt_claims_format_json(
            claims ? doubt_claims_json_list(view) : doubt_claims_json_sets(view), out, err);
    return claims ? doubt_claims_format_list(view, out, err)
                  : doubt_claims_format_sets(view, out, err);
}

/* Words that take one name. */
static const struct {
    const char *word, *needs;
} words[] = {
    {"show", "a claim: doubt claims show nano-resnet50"},
    {"validate", "a file: doubt claims validate ./my-board.json"},
    {"add", "a set: doubt claims add my-board"},
};
enum { WORDS = sizeof words / sizeof words[0] };

static bool is_word(const struct doubt_opt_args *args, const char *word)
{
    return args->count > 0 && strcmp(args->items[0], word) == 0;
}

static enum doubt_code check_words(const struct doubt_opt_args *args, const struct values *values,
                                   struct doubt_err *err)
{
    static const char *const lists[] = {"ceilings", "contradictions"};
    const char *needs = NULL;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (is_word(args, lists[i]))
            return doubt_err_set(err, DOUBT_E_USAGE,
                                 "\"%s\" is an option: doubt claims --%s, or doubt claims SET --%s",
                                 lists[i], lists[i], lists[i]);
    if (values->ceilings && values->contradictions)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--ceilings and --contradictions are two lists: give one");
    for (size_t i = 0; i < WORDS; i++)
        if (is_word(args, words[i].word))
            needs = words[i].needs;
    if (needs != NULL && args->count < 2)
        return doubt_err_set(err, DOUBT_E_USAGE, "%s needs %s", args->items[0], needs);
    if (args->count > 1 && needs == NULL)
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "\"%s\" is one word too many: accepted are a set's name, show ID, add "
                             "SET and validate FILE",
                             args->items[1]);
    if (needs != NULL &&
        (is_filtered(&values->filter) || values->ceilings || values->contradictions))
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "%s takes one name; --device, --network, --vendor, --year, --ceilings "
                             "and --contradictions are for lists",
                             args->items[0]);
    if (!is_word(args, "add") && (values->fields.count > 0 || values->title != NULL || values->ask))
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--field, --title and --ask are for doubt claims add SET");
    return DOUBT_OK;
}

static enum doubt_code answer(const struct doubt_cli *cli, const struct values *values,
                              const struct doubt_opt_args *args, struct doubt_str *out,
                              struct doubt_err *err)
{
    struct doubt_catalog catalog;
    struct doubt_works works = {.count = 0};
    struct doubt_catalog_filter filter = values->filter;
    struct doubt_claims_view view = {cli, &catalog, &filter, &works};
    if (args->count == 2 && strcmp(args->items[0], "validate") == 0)
        return doubt_claims_validate(cli, args->items[1], out, err);
    if (is_word(args, "add")) {
        const struct doubt_claims_add add = {args->items[1], values->title, &values->fields,
                                             values->ask};
        return doubt_claims_add_one(cli, &add, out, err);
    }
    const char *set = args->count == 1 ? args->items[0] : NULL;
    enum doubt_code code = doubt_catalog_open(cli, set, &catalog, err);
    if (code != DOUBT_OK)
        return code;
    /* A set contradicts others as well, unless it is only a file. */
    if (values->contradictions && set != NULL && strchr(set, '/') == NULL &&
        strcmp(set, catalog.sets[0].name) == 0) {
        filter.set = set;
        doubt_catalog_close(&catalog);
        code = doubt_catalog_open(cli, NULL, &catalog, err);
        if (code != DOUBT_OK)
            return code;
    }
    if (args->count == 2)
        code = doubt_claims_show(&view, args->items[1], out, err);
    else if (values->ceilings)
        code = ceilings(&view, out, err);
    else if (values->contradictions)
        code = doubt_claims_contradictions(&view, out, err);
    else
        code = list(&view, set != NULL || is_filtered(&values->filter), out, err);
    doubt_catalog_close(&catalog);
    return code;
}

static int run(struct doubt_cli *cli, int argc, char **argv)
{
    struct doubt_err err = {0};
    struct values values;
    struct doubt_opt_args args = {argc, argv};
    struct doubt_str out;
    doubt_str_init(&out, DOUBT_CLAIMS_OUTPUT_MAX);
    enum doubt_code code = doubt_cli_options(cli, &values, 2, &args, &err);
    if (code == DOUBT_OK)
        code = check_words(&args, &values, &err);
    if (code == DOUBT_OK && values.wide)
        cli->width = 0;
    if (code == DOUBT_OK)
        code = answer(cli, &values, &args, &out, &err);
    if (code == DOUBT_OK && out.failed)
        code = doubt_err_set(&err, DOUBT_E_MEMORY, "out of memory for the list of claims");
    if (code == DOUBT_OK)
        doubt_cli_print(doubt_str_text(&out));
    doubt_str_free(&out);
    return code == DOUBT_OK ? DOUBT_EXIT_OK : doubt_cli_fail(cli, &err);
}

const struct doubt_cmd doubt_cmd_claims = {
    .name = "claims",
    .summary = "published figures: conditions, sources, what digits stand for",
    .usage = "[SET | show ID | add SET | validate FILE]",
    .details = "Without a word, the claim sets: how many claims, for how many the network is built "
               "in, and how many could be tested as published on their device, by which engine. "
               "SET is a name or a path and lists its claims; --device, --network or "
               "--year alone search all sets.\n"
               "show prints one claim: its conditions, its source, the interval that its digits "
               "stand for, and independent measurements of the same network on the same device, "
               "whatever their other conditions, what physics allows, and what contradicts it. add "
               "writes a claim of your own into $XDG_CONFIG_HOME/doubt/claims/SET.json: it asks on "
               "a terminal, or takes --field NAME=VALUE for each. validate reads a file as a claim "
               "set; an error "
               "names line and field.",
    .examples = examples,
    .options = options,
    .run = run,
};
