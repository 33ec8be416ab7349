/* test_netfile.c: written once, found again, written anew when touched; keys follow the graph. */
#include "cli/netfile.h"

#include "util/file.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char cache[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(cache, "/tmp/doubt-netfile-XXXXXX");
    return mkdtemp(cache) != NULL ? setenv("XDG_CACHE_HOME", cache, 1) : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", cache);
    return system(command);
}

/* The smallest of the built-in networks. */
static struct doubt_graph *build(const struct doubt_net_params *params,
                                 const struct doubt_net **net)
{
    struct doubt_graph *graph = NULL;
    assert_int_equal(doubt_net_find("super-resolution", net, NULL), DOUBT_OK);
    assert_int_equal(doubt_net_build(*net, params, &graph, NULL), DOUBT_OK);
    return graph;
}

static void written_once_and_found_again(void **state)
{
    (void)state;
    const struct doubt_net *net = NULL;
    const struct doubt_net_params params = {.batch = 1, .dtype = DOUBT_F32};
    struct doubt_graph *graph = build(&params, &net);
    struct doubt_netfile file, again;
    char on_disk[65];
    struct stat first, second;
    assert_int_equal(doubt_netfile_get(net, &params, graph, &file, NULL), DOUBT_OK);
    assert_non_null(strstr(file.path, "/doubt/networks/super-resolution-f32-b1-"));
    assert_int_equal(doubt_sha256_file(file.path, on_disk, NULL), DOUBT_OK);
    assert_string_equal(on_disk, file.sha256);
    assert_int_equal(stat(file.path, &first), 0);
    assert_int_equal(doubt_netfile_get(net, &params, graph, &again, NULL), DOUBT_OK);
    assert_string_equal(again.path, file.path);
    assert_string_equal(again.sha256, file.sha256);
    assert_int_equal(stat(file.path, &second), 0);
    assert_true(first.st_ino == second.st_ino);
    free(again.path);
    /* A changed file is not taken for the network. */
    FILE *stream = fopen(file.path, "r+");
    assert_non_null(stream);
    fputc('x', stream);
    fclose(stream);
    assert_int_equal(doubt_netfile_get(net, &params, graph, &again, NULL), DOUBT_OK);
    assert_int_equal(doubt_sha256_file(again.path, on_disk, NULL), DOUBT_OK);
    assert_string_equal(on_disk, file.sha256);
    free(again.path);
    free(file.path);
    doubt_graph_free(graph);
}

static void keys_follow_the_graph(void **state)
{
    (void)state;
    const struct doubt_net *net = NULL;
    char keys[4][65];
    const struct doubt_net_params params[] = {
        {.batch = 1, .dtype = DOUBT_F32},
        {.batch = 2, .dtype = DOUBT_F32},
        {.batch = 1, .dtype = DOUBT_F16},
        {.batch = 1, .dtype = DOUBT_F32},
    };
    for (int i = 0; i < 4; i++) {
        struct doubt_graph *graph = build(&params[i], &net);
        assert_int_equal(doubt_netfile_key(graph, keys[i], NULL), DOUBT_OK);
        doubt_graph_free(graph);
    }
    assert_string_equal(keys[0], keys[3]);
    assert_string_not_equal(keys[0], keys[1]);
    assert_string_not_equal(keys[0], keys[2]);
    assert_string_not_equal(keys[1], keys[2]);
}

static void no_place_is_a_sentence(void **state)
{
    (void)state;
    const struct doubt_net *net = NULL;
    const struct doubt_net_params params = {.batch = 1, .dtype = DOUBT_F32};
    struct doubt_graph *graph = build(&params, &net);
    struct doubt_err err = {0};
    struct doubt_netfile file;
    setenv("XDG_CACHE_HOME", "/proc/nowhere", 1);
    assert_int_not_equal(doubt_netfile_get(net, &params, graph, &file, &err), DOUBT_OK);
    assert_null(file.path);
    assert_non_null(strstr(err.text, "XDG_CACHE_HOME"));
    setenv("XDG_CACHE_HOME", cache, 1);
    doubt_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_once_and_found_again),
        cmocka_unit_test(keys_follow_the_graph),
        cmocka_unit_test(no_place_is_a_sentence),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
