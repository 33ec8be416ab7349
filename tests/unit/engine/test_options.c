/* test_options.c: what an option accepts, by its row: values, words, and rows of other sizes.
 *
 * A unit of work is one value, or one row of an engine's table beside its line in the documents.
 */
#include "engine/options.h"
#include "engine_test.h"
#include "util/file.h"

#include <math.h>
#include <stddef.h>

/* A table that is whole as far as the host looks at it. */
static struct doubt_engine_ops table(const struct doubt_engine_option *options)
{
    struct doubt_engine_ops ops = *doubt_engines_built_in[0];
    ops.name = "fake";
    ops.options = options;
    ops.option_bytes = sizeof *options;
    return ops;
}

static enum doubt_code give(const struct doubt_engine_ops *ops, const char *option,
                            struct doubt_err *err)
{
    const char *given[] = {option, NULL};
    return doubt_options_check(ops, given, err);
}

static const struct doubt_engine_option rows[] = {
    {"switch", NULL, "0", "", DOUBT_OPTION_SWITCH, 0, 0, 0},
    {"word", "one, two, twenty-two", "one", "", DOUBT_OPTION_WORD, 0, 0, 0},
    {"whole", NULL, "1", "", DOUBT_OPTION_WHOLE, 0, 1, 64},
    {"count", "runs", "1", "", DOUBT_OPTION_WHOLE, 0, 0, INFINITY},
    {"signed", NULL, "1", "", DOUBT_OPTION_WHOLE, 0, -5, 5},
    {"share", NULL, "1", "", DOUBT_OPTION_NUMBER, DOUBT_LIMIT_ABOVE, 0, 1},
    {"open", NULL, "1", "", DOUBT_OPTION_NUMBER, DOUBT_LIMIT_ABOVE | DOUBT_LIMIT_BELOW, -1, 1},
    {"half", NULL, "1", "", DOUBT_OPTION_NUMBER, DOUBT_LIMIT_BELOW, 0, 1},
    {"loss", NULL, "1", "", DOUBT_OPTION_NUMBER, DOUBT_LIMIT_ABOVE, -1, INFINITY},
    {"below", NULL, "1", "", DOUBT_OPTION_NUMBER, 0, -INFINITY, 0},
    {"any", NULL, "1", "", DOUBT_OPTION_NUMBER, 0, -INFINITY, INFINITY},
    {"time", NULL, "1ms", "", DOUBT_OPTION_DURATION, 0, 1500, 2e9},
    {"wait", NULL, "0", "", DOUBT_OPTION_DURATION, 0, 0, INFINITY},
    {"pairs", NULL, "none", "", DOUBT_OPTION_PAIRS, 0, 0, 0},
    {"text", "folders", "none", "", DOUBT_OPTION_TEXT, 0, 0, 0},
    {"later", "what a later host knows", "none", "", 99, 0, 0, 0},
    {0},
};

static const char *const accepted[] = {
    "switch=0",
    "switch=1",
    "word=one",
    "word=twenty-two",
    "whole=1",
    "whole=64",
    "count=0",
    "count=18446744073709551615",
    "signed=-5",
    "signed=+5",
    "share=1",
    "share=1e-9",
    "open=-0.999",
    "open=.5",
    "half=0",
    "any=-1e300",
    "loss=7",
    "below=0",
    "below=-1e9",
    "time=1.5us",
    "time=2s",
    "wait=0",
    "wait=90s",
    "pairs=a=1",
    "pairs=a=1,b=[1,2]",
    "text=",
    "text=a=b",
    "later=x",
};

static const char *const refused[] = {
    "switch=2",   "switch=",
    "switch=yes", "switch=01",
    "word=three", "word=",
    "word=tw",    "word=one, two",
    "word=,",     "whole=0",
    "whole=65",   "whole=1.5",
    "whole=",     "whole= 1",
    "whole=1 ",   "whole=0x10",
    "count=-1",   "count=18446744073709551616",
    "signed=-6",  "signed=9223372036854775808",
    "share=0",    "share=1.0001",
    "share=nan",  "share=inf",
    "open=-1",    "open=1",
    "open=x",     "half=1",
    "any=nan",    "loss=-1",
    "below=0.1",  "any=-inf",
    "any=1e999",  "time=1499ns",
    "time=3s",    "time=5",
    "time=0",     "time=-3ms",
    "wait=-1s",   "wait=00",
    "pairs=a",    "pairs==1",
    "pairs=",
};

static void test_values(void **state)
{
    (void)state;
    const struct doubt_engine_ops ops = table(rows);
    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++)
        assert_ok(give(&ops, accepted[i], err));
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct doubt_err why = {0};
        if (give(&ops, refused[i], &why) != DOUBT_E_USAGE)
            fail_msg("%s is accepted", refused[i]);
        if (strstr(why.text, " of engine fake is \"") == NULL ||
            strstr(why.text, "accepted:") == NULL)
            fail_msg("%s: %s", refused[i], why.text);
    }
}

static void test_words(void **state)
{
    static const char *const words[] = {
        "0 or 1",
        "one, two, twenty-two",
        "a whole number from 1 to 64",
        "a whole number of runs from 0",
        "a whole number from -5 to 5",
        "a number above 0 and up to 1",
        "a number above -1 and below 1",
        "a number from 0 and below 1",
        "a number above -1",
        "a number up to 0",
        "a number",
        "a duration from 1.5us to 2s",
        "a duration from 0",
        "KEY=VALUE,KEY=VALUE",
        "folders",
        "what a later host knows",
    };
    (void)state;
    const struct doubt_engine_ops ops = table(rows);
    struct doubt_engine_option option;
    size_t i;
    for (i = 0; doubt_options_at(&ops, i, &option); i++) {
        struct doubt_str text;
        doubt_str_init(&text, 256);
        doubt_options_accepted(&option, &text);
        assert_string_equal(doubt_str_text(&text), words[i]);
        doubt_str_free(&text);
    }
    assert_int_equal(i, sizeof words / sizeof words[0]);
}

static void test_names(void **state)
{
    (void)state;
    struct doubt_engine_ops ops = table(rows);
    assert_ok(give(&ops, "?colour=red", err));
    assert_ok(give(&ops, "?whole=3", err));
    assert_fails(give(&ops, "?whole=0", err), DOUBT_E_USAGE,
                 "option whole of engine fake is \"0\"");
    assert_fails(give(&ops, "shar=1", err), DOUBT_E_USAGE,
                 "has no option \"shar\": did you mean \"share\"? it has: switch, word, whole");
    assert_fails(give(&ops, "share", err), DOUBT_E_USAGE, "write NAME=VALUE");
    assert_fails(give(&ops, "=1", err), DOUBT_E_USAGE, "write NAME=VALUE");
    assert_ok(doubt_options_check(&ops, NULL, err));
    ops.options = NULL;
    assert_fails(give(&ops, "share=1", err), DOUBT_E_USAGE, "it has: none");
}

/* The rows that plug-ins have which were built before options had kinds. */
static void test_older_rows(void **state)
{
    static const struct older {
        const char *name, *values, *fallback, *help;
    } old[] = {{"speed", "0 or 1", "0", "how fast"}, {"level", "any", "none", "how high"}, {0}};
    (void)state;
    struct doubt_engine_ops ops = table((const struct doubt_engine_option *)(const void *)old);
    ops.size = offsetof(struct doubt_engine_ops, option_bytes);
    ops.option_bytes = 12345; /* behind size: nobody has set it */
    struct doubt_engine_option option;
    assert_ok(doubt_engine_check(&ops, "a plug-in", err));
    assert_true(doubt_options_at(&ops, 1, &option));
    assert_string_equal(option.name, "level");
    assert_string_equal(option.help, "how high");
    assert_int_equal(option.kind, DOUBT_OPTION_TEXT);
    assert_true(option.low == 0 && option.high == 0);
    assert_false(doubt_options_at(&ops, 2, &option));
    assert_ok(give(&ops, "speed=2", err));
    assert_fails(give(&ops, "depth=2", err), DOUBT_E_USAGE, "it has: speed, level");
}

static void test_later_rows(void **state)
{
    static const struct later {
        struct doubt_engine_option now;
        const char *more[3];
    } later[] = {{{"speed", NULL, "0", "", DOUBT_OPTION_SWITCH, 0, 0, 0}, {"a", "b", "c"}},
                 {{"level", NULL, "0", "", DOUBT_OPTION_WHOLE, 0, 1, 3}, {"a", "b", "c"}},
                 {{0}, {NULL, NULL, NULL}}};
    (void)state;
    struct doubt_engine_ops ops = table(&later[0].now);
    ops.option_bytes = sizeof later[0];
    assert_ok(give(&ops, "level=3", err));
    assert_fails(give(&ops, "level=4", err), DOUBT_E_USAGE, "a whole number from 1 to 3");
    ops.option_bytes = 0;
    assert_fails(doubt_engine_check(&ops, "a plug-in", err), DOUBT_E_UNSUPPORTED,
                 "set option_bytes to sizeof (struct doubt_engine_option)");
    ops.options = NULL;
    assert_ok(doubt_engine_check(&ops, "a plug-in", err));
}

/* --- the tables of all engines ------------------------------------------------------------------
 */

/* A line "| NAME | ACCEPTED | " of the document. */
static void has_line(const char *document, const struct doubt_engine_option *option)
{
    struct doubt_str line;
    doubt_str_init(&line, 1024);
    doubt_str_addf(&line, "\n| %s | ", option->name);
    doubt_options_accepted(option, &line);
    doubt_str_add(&line, " | ");
    if (strstr(document, doubt_str_text(&line)) == NULL)
        fail_msg("the document lacks the line%s", doubt_str_text(&line));
    doubt_str_free(&line);
}

static void check_row(const struct doubt_engine_ops *ops, const struct doubt_engine_option *option,
                      const char *document)
{
    const char first[] = {option->fallback[0], '\0'};
    struct doubt_str given;
    has_line(document, option);
    doubt_str_init(&given, 256);
    doubt_str_addf(&given, "%s=%s", option->name,
                   option->kind == DOUBT_OPTION_SWITCH ? first : option->fallback);
    /* What is used when nothing is given is accepted; a number may be told in words. */
    if (option->kind == DOUBT_OPTION_WORD ||
        (first[0] != '\0' && strchr("0123456789", first[0]) != NULL))
        assert_ok(give(ops, doubt_str_text(&given), err));
    doubt_str_free(&given);
}

static void check_engine(const struct doubt_engine_ops *ops)
{
    struct doubt_engine_option option;
    char path[4096], *text = NULL;
    const bool own = strcmp(ops->name, "synthetic") == 0;
    snprintf(path, sizeof path, own ? "%s/docs/ENGINES.md" : "%s/engines/%s/README.md",
             DOUBT_SOURCE, ops->name);
    if (!doubt_options_at(ops, 0, &option))
        return;
    assert_ok(doubt_file_read(path, 1 << 20, &text, NULL, err));
    for (size_t i = 0; doubt_options_at(ops, i, &option); i++)
        check_row(ops, &option, text);
    free(text);
}

/* Of every engine that is built: the plug-ins of engines/, the template and the built-in ones. */
static void test_documents_say_the_same(void **state)
{
    (void)state;
    struct doubt_registry *registry = NULL;
    const struct doubt_engine *skeleton = NULL;
    size_t count = 0;
    setenv("DOUBT_ENGINE_PATH", PLUGINS, 1);
    assert_ok(doubt_registry_open(&registry, err));
    for (size_t i = 0; i < doubt_registry_count(registry); i++) {
        const struct doubt_engine *engine = doubt_registry_at(registry, i);
        if (!engine->built_in && strstr(engine->plugin_path, PLUGINS) != engine->plugin_path)
            continue;
        assert_non_null(engine->ops);
        check_engine(engine->ops);
        count++;
    }
    assert_true(count >= 5); /* tensorrt where there is a C++ compiler */
    assert_ok(
        doubt_registry_find(registry, BAD_PLUGINS "/doubt-engine-skeleton.so", &skeleton, err));
    check_engine(skeleton->ops);
    doubt_registry_close(registry);
    unsetenv("DOUBT_ENGINE_PATH");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),     cmocka_unit_test(test_words),
        cmocka_unit_test(test_names),      cmocka_unit_test(test_older_rows),
        cmocka_unit_test(test_later_rows), cmocka_unit_test(test_documents_say_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
