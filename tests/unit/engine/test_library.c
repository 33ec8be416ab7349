/* test_library.c: the order of search, on a made-up tree of folders. */
#include "engine_test.h"

#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const wheels[] = {"vendor/lib/libvendor.so.*", NULL};
static const char *const systems[] = {"libvendor-of-no-system.so*", NULL};
static const struct doubt_engine_library library = {"DOUBT_TEST_VENDOR", wheels, systems};
static struct doubt_engine_ops ops = {
    .name = "vendor", .install = "pip install vendor", .library = &library};

struct tree {
    char root[64];
    char *found;
    const char *where;
};

static void write_file(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

/* Makes an empty file below the root, with its folders. */
static void put(const struct tree *tree, const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", tree->root, name);
    for (char *p = path + 1; *p != '\0'; p++)
        if (*p == '/') {
            *p = '\0';
            mkdir(path, 0700);
            *p = '/';
        }
    write_file(path);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static void set(const struct tree *tree, const char *variable, const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", tree->root, name);
    setenv(variable, path, 1);
}

static int setup(void **state)
{
    struct tree *tree = calloc(1, sizeof *tree);
    if (tree == NULL)
        return -1;
    snprintf(tree->root, sizeof tree->root, "/tmp/doubt-test-XXXXXX");
    if (mkdtemp(tree->root) == NULL)
        return -1;
    unsetenv("DOUBT_TEST_VENDOR");
    unsetenv("VIRTUAL_ENV");
    unsetenv("LD_LIBRARY_PATH");
    set(tree, "DOUBT_PRIVATE", "private");
    set(tree, "PATH", "bin");
    set(tree, "HOME", "home");
    *state = tree;
    return 0;
}

static int teardown(void **state)
{
    struct tree *tree = *state;
    nftw(tree->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(tree->found);
    free(tree);
    return 0;
}

static void assert_found(struct tree *tree, const char *given, const char *where, const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", tree->root, name);
    free(tree->found);
    assert_ok(doubt_library_find(&ops, given, &tree->found, &tree->where, err));
    assert_string_equal(tree->found, path);
    assert_string_equal(tree->where, where);
}

/* Each place wins over those below it in the order. */
static void test_order(void **state)
{
    struct tree *tree = *state;
    put(tree, "system/libvendor-of-no-system.so.3");
    set(tree, "LD_LIBRARY_PATH", "system");
    assert_found(tree, NULL, "system", "system/libvendor-of-no-system.so.3");
    put(tree, "home/.local/lib/python3.11/site-packages/vendor/lib/libvendor.so.1");
    assert_found(tree, NULL, "Python",
                 "home/.local/lib/python3.11/site-packages/vendor/lib/libvendor.so.1");
    put(tree, "py/bin/python3");
    put(tree, "py/lib/python3.9/site-packages/vendor/lib/libvendor.so.1");
    chmod(strcat(strcpy((char[PATH_MAX]){0}, tree->root), "/py/bin/python3"), 0755);
    set(tree, "PATH", "py/bin");
    assert_found(tree, NULL, "Python", "py/lib/python3.9/site-packages/vendor/lib/libvendor.so.1");
    put(tree, "env/lib/python3.12/site-packages/vendor/lib/libvendor.so.1");
    set(tree, "VIRTUAL_ENV", "env");
    assert_found(tree, NULL, "Python",
                 "env/lib/python3.12/site-packages/vendor/lib/libvendor.so.1");
    put(tree, "private/vendor-1.0/vendor/lib/libvendor.so.1.0");
    assert_found(tree, NULL, "private folder", "private/vendor-1.0/vendor/lib/libvendor.so.1.0");
    put(tree, "mine/libvendor.so");
    set(tree, "DOUBT_TEST_VENDOR", "mine/libvendor.so");
    assert_found(tree, NULL, "environment", "mine/libvendor.so");
    put(tree, "given.so");
    char given[PATH_MAX];
    snprintf(given, sizeof given, "%s/mine/../given.so", tree->root);
    assert_found(tree, given, "option", "given.so");
}

static void test_newest_wins(void **state)
{
    struct tree *tree = *state;
    put(tree, "private/vendor-1.9.0/vendor/lib/libvendor.so.1.9.0");
    put(tree, "private/vendor-1.32.0/vendor/lib/libvendor.so.1.32.0");
    put(tree, "private/vendor-1.4.0/vendor/lib/libvendor.so.1.4.0");
    assert_found(tree, NULL, "private folder",
                 "private/vendor-1.32.0/vendor/lib/libvendor.so.1.32.0");
    put(tree, "private/another-0.1/vendor/lib/libvendor.so.2.0.0");
    assert_found(tree, NULL, "private folder", "private/another-0.1/vendor/lib/libvendor.so.2.0.0");
}

/* A virtual environment's python3 is a link to another prefix: the environment counts first. */
static void test_environment_by_path(void **state)
{
    struct tree *tree = *state;
    char python[PATH_MAX], link[PATH_MAX];
    put(tree, "usr/bin/python3");
    put(tree, "usr/lib/python3/dist-packages/vendor/lib/libvendor.so.9");
    put(tree, "env/bin/x");
    snprintf(python, sizeof python, "%s/usr/bin/python3", tree->root);
    snprintf(link, sizeof link, "%s/env/bin/python3", tree->root);
    chmod(python, 0755);
    assert_int_equal(symlink(python, link), 0);
    set(tree, "PATH", "env/bin");
    assert_found(tree, NULL, "Python", "usr/lib/python3/dist-packages/vendor/lib/libvendor.so.9");
    put(tree, "env/lib/python3.11/site-packages/vendor/lib/libvendor.so.1");
    assert_found(tree, NULL, "Python",
                 "env/lib/python3.11/site-packages/vendor/lib/libvendor.so.1");
}

/* A newer library of another machine (here 32-bit x86, number 3) does not count. */
static void test_other_machine(void **state)
{
    static const unsigned char head[20] = {0x7F, 'E', 'L', 'F', 1, 1, 1, [16] = 3, [18] = 3};
    struct tree *tree = *state;
    char path[PATH_MAX];
    put(tree, "private/vendor-1.0/vendor/lib/libvendor.so.1.0");
    put(tree, "private/vendor-2.0/vendor/lib/libvendor.so.2.0");
    snprintf(path, sizeof path, "%s/private/vendor-2.0/vendor/lib/libvendor.so.2.0", tree->root);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(head, 1, sizeof head, file), sizeof head);
    fclose(file);
    assert_found(tree, NULL, "private folder", "private/vendor-1.0/vendor/lib/libvendor.so.1.0");
}

static void test_named_file_must_be_there(void **state)
{
    struct tree *tree = *state;
    put(tree, "private/vendor-1.0/vendor/lib/libvendor.so.1.0");
    assert_fails(doubt_library_find(&ops, "/no/such.so", &tree->found, &tree->where, err),
                 DOUBT_E_NOT_FOUND, "--library names /no/such.so, which is not there");
    assert_fails(doubt_library_find(&ops, tree->root, &tree->found, &tree->where, err),
                 DOUBT_E_USAGE, "not a file");
    setenv("DOUBT_TEST_VENDOR", "/no/such.so", 1);
    assert_fails(doubt_library_find(&ops, NULL, &tree->found, &tree->where, err), DOUBT_E_NOT_FOUND,
                 "$DOUBT_TEST_VENDOR names /no/such.so");
    assert_null(tree->found);
}

static void test_not_found_says_how_to_get_it(void **state)
{
    struct tree *tree = *state;
    struct doubt_err why = {0};
    assert_int_equal(doubt_library_find(&ops, NULL, &tree->found, &tree->where, &why),
                     DOUBT_E_NOT_FOUND);
    assert_non_null(strstr(why.text, "$DOUBT_TEST_VENDOR"));
    assert_non_null(strstr(why.text, tree->root));
    assert_non_null(strstr(why.text, "pip install vendor"));
    assert_int_equal(doubt_library_find(&ops, NULL, &tree->found, &tree->where, NULL),
                     DOUBT_E_NOT_FOUND);
}

static void test_engine_without_library(void **state)
{
    struct tree *tree = *state;
    assert_ok(doubt_library_find(doubt_engines_built_in[0], NULL, &tree->found, &tree->where, err));
    assert_null(tree->found);
    assert_fails(
        doubt_library_find(doubt_engines_built_in[0], "/x.so", &tree->found, &tree->where, err),
        DOUBT_E_USAGE, "engine null needs no library, but /x.so was given");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_newest_wins, setup, teardown),
        cmocka_unit_test_setup_teardown(test_environment_by_path, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_machine, setup, teardown),
        cmocka_unit_test_setup_teardown(test_named_file_must_be_there, setup, teardown),
        cmocka_unit_test_setup_teardown(test_not_found_says_how_to_get_it, setup, teardown),
        cmocka_unit_test_setup_teardown(test_engine_without_library, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
