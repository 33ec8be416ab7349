/* test_registry.c: finding plug-ins, and what is said of bad ones. */
#include "engine_test.h"

static struct doubt_registry *open_with_path(const char *path)
{
    struct doubt_registry *registry = NULL;
    setenv("DOUBT_ENGINE_PATH", path, 1);
    assert_ok(doubt_registry_open(&registry, err));
    return registry;
}

static const struct doubt_engine *listed(const struct doubt_registry *registry, const char *name)
{
    for (size_t i = 0; i < doubt_registry_count(registry); i++)
        if (strcmp(doubt_registry_at(registry, i)->name, name) == 0)
            return doubt_registry_at(registry, i);
    fail_msg("engine %s is not listed", name);
    return NULL;
}

static void test_built_in_come_first(void **state)
{
    (void)state;
    struct doubt_registry *registry = open_with_path("");
    assert_string_equal(doubt_registry_at(registry, 0)->name, "null");
    assert_true(doubt_registry_at(registry, 0)->built_in);
    assert_null(doubt_registry_at(registry, 0)->plugin_path);
    assert_null(doubt_registry_at(registry, doubt_registry_count(registry)));
    doubt_registry_close(registry);
    doubt_registry_close(NULL);
}

static void test_plugins_are_found(void **state)
{
    (void)state;
    struct doubt_registry *registry = open_with_path("/no/such/folder::" PLUGINS ":" BAD_PLUGINS);
    const struct doubt_engine *engine = NULL;
    assert_ok(doubt_registry_find(registry, "onnxruntime", &engine, err));
    assert_string_equal(engine->ops->name, "onnxruntime");
    assert_string_equal(engine->plugin_path, PLUGINS "/doubt-engine-onnxruntime.so");
    assert_false(engine->built_in);
    assert_ok(doubt_registry_find(registry, "openvino", &engine, err));
    assert_ok(doubt_registry_find(registry, "skeleton", &engine, err));
    doubt_registry_close(registry);
}

static void test_bad_plugins_stay_with_their_reason(void **state)
{
    (void)state;
    static const struct {
        const char *name, *reason;
    } rows[] = {
        {"wrong-abi", "is built for version 2 of the plug-in contract"},
        {"missing-function", "lacks the required function describe()"},
        {"no-entry", "does not export doubt_engine_entry()"},
    };
    struct doubt_registry *registry = open_with_path(BAD_PLUGINS);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct doubt_engine *engine = listed(registry, rows[i].name);
        assert_null(engine->ops);
        assert_non_null(strstr(engine->reason, rows[i].reason));
        assert_fails(doubt_registry_find(registry, rows[i].name, &engine, err), DOUBT_E_UNSUPPORTED,
                     rows[i].reason);
    }
    doubt_registry_close(registry);
}

/* A folder of its own with one file; the caller removes it. */
static void make_folder(char *folder, char *file, size_t room, const char *name)
{
    assert_non_null(mkdtemp(folder));
    snprintf(file, room, "%s/%s", folder, name);
}

static void test_not_a_shared_object(void **state)
{
    (void)state;
    char folder[] = "/tmp/doubt-test-XXXXXX", file[128];
    make_folder(folder, file, sizeof file, "doubt-engine-text.so");
    FILE *text = fopen(file, "w");
    assert_non_null(text);
    fputs("not ELF\n", text);
    fclose(text);
    struct doubt_registry *registry = open_with_path(folder);
    assert_null(listed(registry, "text")->ops);
    assert_non_null(strstr(listed(registry, "text")->reason, "cannot be loaded"));
    doubt_registry_close(registry);
    remove(file);
    remove(folder);
}

/* The file's name is what the user types; a table of another name would deceive. */
static void test_file_and_table_disagree(void **state)
{
    (void)state;
    char folder[] = "/tmp/doubt-test-XXXXXX", file[128];
    make_folder(folder, file, sizeof file, "doubt-engine-other.so");
    assert_int_equal(symlink(BAD_PLUGINS "/doubt-engine-skeleton.so", file), 0);
    struct doubt_registry *registry = open_with_path(folder);
    assert_null(listed(registry, "other")->ops);
    assert_non_null(strstr(listed(registry, "other")->reason, "calls itself \"skeleton\""));
    const struct doubt_engine *engine = NULL;
    assert_ok(doubt_registry_find(registry, file, &engine, err)); /* by path it may */
    assert_string_equal(engine->name, "skeleton");
    doubt_registry_close(registry);
    remove(file);
    remove(folder);
}

static void test_find_by_path(void **state)
{
    (void)state;
    struct doubt_registry *registry = open_with_path("");
    const struct doubt_engine *first = doubt_registry_at(registry, 0), *engine = NULL,
                              *again = NULL;
    for (int i = 0; i < 40; i++) { /* entries stay where they are */
        assert_ok(
            doubt_registry_find(registry, BAD_PLUGINS "/doubt-engine-crash.so", &engine, err));
        assert_ok(doubt_registry_find(registry, BAD_PLUGINS "/../engines/doubt-engine-hang.so",
                                      &again, err));
    }
    assert_string_equal(engine->name, "crash");
    assert_string_equal(again->name, "hang");
    assert_ptr_equal(doubt_registry_at(registry, 0), first);
    assert_fails(doubt_registry_find(registry, "/no/such/engine.so", &engine, err),
                 DOUBT_E_NOT_FOUND, "no plug-in file /no/such/engine.so");
    assert_fails(
        doubt_registry_find(registry, BAD_PLUGINS "/doubt-engine-no-entry.so", &engine, err),
        DOUBT_E_UNSUPPORTED, "is no engine");
    doubt_registry_close(registry);
}

static void test_unknown_name(void **state)
{
    (void)state;
    struct doubt_registry *registry = open_with_path("");
    const struct doubt_engine *engine = NULL;
    assert_fails(doubt_registry_find(registry, "synthetik", &engine, err), DOUBT_E_NOT_FOUND,
                 "did you mean \"synthetic\"? here are: null, synthetic");
    doubt_registry_close(registry);
}

static void test_tables_are_checked(void **state)
{
    (void)state;
    struct doubt_engine_ops ops = *doubt_engines_built_in[0];
    assert_ok(doubt_engine_check(&ops, "x", err));
    assert_fails(doubt_engine_check(NULL, "x", err), DOUBT_E_UNSUPPORTED, "x gives no table");
    ops.size = (uint32_t)offsetof(struct doubt_engine_ops, unload);
    assert_fails(doubt_engine_check(&ops, "x", err), DOUBT_E_UNSUPPORTED, "bytes, at least");
    ops.size = (uint32_t)offsetof(struct doubt_engine_ops, run_host); /* an older, shorter table */
    assert_ok(doubt_engine_check(&ops, "x", err));
    ops.name = "Two Words";
    assert_fails(doubt_engine_check(&ops, "x", err), DOUBT_E_UNSUPPORTED, "no usable name");
    ops.name = NULL;
    assert_fails(doubt_engine_check(&ops, "x", err), DOUBT_E_UNSUPPORTED, "no usable name");
    ops.name = "x";
    ops.summary = NULL;
    assert_fails(doubt_engine_check(&ops, "x", err), DOUBT_E_UNSUPPORTED, "no summary");
    ops.summary = "y";
    ops.run = NULL;
    assert_fails(doubt_engine_check(&ops, "x", err), DOUBT_E_UNSUPPORTED, "function run()");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_built_in_come_first),
        cmocka_unit_test(test_plugins_are_found),
        cmocka_unit_test(test_bad_plugins_stay_with_their_reason),
        cmocka_unit_test(test_not_a_shared_object),
        cmocka_unit_test(test_file_and_table_disagree),
        cmocka_unit_test(test_find_by_path),
        cmocka_unit_test(test_unknown_name),
        cmocka_unit_test(test_tables_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
