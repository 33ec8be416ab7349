/* test_import_bad.c: files that hold several logs, are cut, too long or no text, or whose numbers
 * cannot be: each is a result or a sentence. Oracles: the numbers in the files. */
#include "import_check.h"

#include <sys/resource.h>
#include <unistd.h>

/* --- several in one file -------------------------------------------------------------------- */

/* Each of these files twice in one, with blank lines between, is two runs with the same figure. */
static void twice(void **state)
{
    (void)state;
    static const char *const names[] = {
        "trtexec-5.txt",         "trtexec-7.txt",
        "trtexec-10.txt",        "benchmark-app.txt",
        "benchmark-app-cpp.txt", "benchmark-app.csv",
        "loadgen-discards.txt",  "loadgen-single/mlperf_log_detail.txt"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[512];
        static char text[1 << 17];
        struct doubt_import import;
        struct doubt_err err = {0};
        snprintf(path, sizeof path, "%s/import/%s", DOUBT_TEST_DATA, names[i]);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        size_t size = fread(text, 1, sizeof text / 2 - 2, file);
        fclose(file);
        text[size] = text[size + 1] = '\n';
        memcpy(text + size + 2, text, size);
        assert_int_equal(doubt_import_read(text, 2 * size + 2, &usual, &import, &err), DOUBT_OK);
        if (import.count != 2)
            fail_msg("%s: %zu runs", names[i], import.count);
        const struct doubt_import_run *a = &import.runs[0], *b = &import.runs[1];
        assert_string_equal(a->refused, "");
        assert_string_equal(b->refused, "");
        assert_true(pick(a, "", "", DOUBT_UNIT_TIME) == pick(b, "", "", DOUBT_UNIT_TIME));
        assert_int_equal(a->figure_count, b->figure_count);
        assert_string_equal(a->network, b->network);
        assert_true(a->last_line < b->first_line);
        doubt_import_free(&import);
    }
}

/* --- bad input ------------------------------------------------------------------------------ */

static void bad_files(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"bad/trtexec-cut.txt", "lines 1 to 4: the log ends before trtexec printed a result"},
        {"bad/trtexec-nan.txt", "line 4: GPU compute time, mean: \"nan ms\" is no number"},
        {"bad/trtexec-help.txt", "printed its help"},
        {"bad/times-text.json", "line 3: query 2: \"computeMs\" is no number"},
        {"bad/times-cut.json", "line 3: the file ends within an element"},
        {"bad/times-warmup.json", "which are warm-up"},
        {"bad/times-twice.json", "duplicate object key"},
        {"bad/benchmark-app-failed.txt", "benchmark_app failed: Could not open the file"},
        {"bad/benchmark-app-compiled.txt", "compiled and inference skipped"},
        {"bad/benchmark-app-failed.json", "benchmark_app failed"},
        {"bad/benchmark-app-layers.csv", "times of single layers"},
        {"bad/loadgen-accuracy.txt", "no time was measured"},
        {"bad/loadgen-old-detail.txt", "give mlperf_log_summary.txt"},
        {"bad/benchncnn-negative.txt", "line 1: time, mean: \"-1\" is negative"},
        {"bad/utf16.txt", "UTF-16"},
        {"bad/unknown.txt", "nothing that doubt import knows"},
        {"bad/empty.txt", "is empty"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        refused(rows[i][0], &usual, rows[i][1]);
}

static void not_utf8(void **state)
{
    (void)state;
    struct doubt_import import;
    open_file("not-utf8.txt", &usual, &import);
    assert_string_equal(import.runs[0].network, "?(");
    assert_true(pick(&import.runs[0], "", "", DOUBT_UNIT_TIME) == 1500000);
    doubt_import_free(&import);
}

/* A line longer than is read is cut, said, and hides nothing behind it. */
static void long_line(void **state)
{
    (void)state;
    static const char behind[] =
        "\nAverage over 10 runs is 1.5 ms (host walltime is 1.6 ms, 99% percentile time is 1.7).\n";
    const size_t size = 3 * DOUBT_IMPORT_LINE_MAX;
    char *text = malloc(size + sizeof behind);
    struct doubt_import import;
    struct doubt_err err = {0};
    assert_non_null(text);
    memset(text, 'x', size);
    memcpy(text + size, behind, sizeof behind);
    assert_int_equal(doubt_import_read(text, size + sizeof behind - 1, &usual, &import, &err),
                     DOUBT_OK);
    assert_int_equal(import.cut_lines, 1);
    assert_int_equal(import.runs[0].first_line, 2);
    assert_true(has_note(&import.runs[0], DOUBT_IMPORT_REMARK, "longer than 65536 bytes"));
    doubt_import_free(&import);
    free(text);
}

/* A line of 256 MiB (of a sparse file) is passed over in the memory of any other. */
static void huge_line(void **state)
{
    (void)state;
    static const char behind[] =
        "\nAverage over 10 runs is 1.5 ms (host walltime is 1.6 ms, 99% percentile time is 1.7).\n";
    static const char begin[] = "=== Model Options ===\n";
    char path[] = "/tmp/doubt-import-XXXXXX";
    struct rusage before, after;
    struct doubt_import import;
    struct doubt_err err = {0};
    const struct doubt_import_how trtexec = {.format = DOUBT_IMPORT_TRTEXEC};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, begin, sizeof begin - 1), sizeof begin - 1);
    assert_true(lseek(fd, 256 << 20, SEEK_SET) > 0);
    assert_int_equal(write(fd, behind, sizeof behind - 1), sizeof behind - 1);
    close(fd);
    getrusage(RUSAGE_SELF, &before);
    assert_int_equal(doubt_import_open(path, &trtexec, &import, &err), DOUBT_OK);
    getrusage(RUSAGE_SELF, &after);
    assert_int_equal(import.cut_lines, 1);
    assert_int_equal(import.runs[0].sample_count, 1);
    assert_true(after.ru_maxrss - before.ru_maxrss < 16 << 10); /* KiB */
    doubt_import_free(&import);
    unlink(path);
}

/* An element of JSON that never ends is refused after so many bytes. */
static void long_element(void **state)
{
    (void)state;
    const size_t size = 2 * DOUBT_IMPORT_LINE_MAX;
    static const char begin[] = "[ { \"startComputeMs\" : 1, \"computeMs\" : \"";
    char *text = malloc(size);
    struct doubt_import import;
    struct doubt_err err = {0};
    assert_non_null(text);
    memset(text, 'x', size);
    memcpy(text, begin, sizeof begin - 1);
    assert_int_equal(doubt_import_read(text, size, &usual, &import, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "line 1: an element is longer than"));
    doubt_import_free(&import);
    free(text);
}

/* Every prefix of every good file is a result or a sentence. */
static void cut_anywhere(void **state)
{
    (void)state;
    static const char *const names[] = {
        "trtexec-10.txt",         "trtexec-several.txt", "benchmark-app-cpp.txt",
        "benchmark-app-cpp.json", "benchmark-app.csv",   "loadgen-wrapped.txt",
        "loadgen-discards.txt",   "jetson.txt",          "columns-bad.csv"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[512], text[16384];
        snprintf(path, sizeof path, "%s/import/%s", DOUBT_TEST_DATA, names[i]);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        size_t size = fread(text, 1, sizeof text, file);
        fclose(file);
        for (size_t n = 0; n <= size; n += n < 200 ? 1 : 13) {
            struct doubt_import import;
            struct doubt_err err = {0};
            enum doubt_code code = doubt_import_read(text, n, &usual, &import, &err);
            assert_true(code == DOUBT_OK || (code == DOUBT_E_FORMAT && err.text[0] != '\0'));
            doubt_import_free(&import);
        }
    }
}

/* Numbers that no arithmetic survives. */
static void too_large(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "network,mean_ms\na,2e79\n",
        "Average over 10 runs is 1e300 ms (host walltime is 1 ms, 99% percentile time is 1).\n",
        "[ { \"startComputeMs\" : 300, \"endComputeMs\" : 1e300, \"computeMs\" : 1e299 } ]",
        "  a  min = 1e30  max = 1e30  avg = 1e30\n"};
    for (int i = 0; i < 4; i++) {
        struct doubt_import import;
        struct doubt_err err = {0};
        assert_int_equal(doubt_import_read(texts[i], strlen(texts[i]), &usual, &import, &err),
                         DOUBT_E_FORMAT);
        assert_non_null(strstr(err.text, "measured"));
        doubt_import_free(&import);
    }
}

/* A minimum above the mean: neither is believed. */
static void wrong_order(void **state)
{
    (void)state;
    static const char text[] = "     resnet50  min =   20.00  max =   30.00  avg =   10.00\n";
    struct doubt_import import;
    struct doubt_err err = {0};
    assert_int_equal(doubt_import_read(text, strlen(text), &usual, &import, &err), DOUBT_OK);
    assert_true(find(&import.runs[0], "time", "mean")->wrong);
    assert_true(isnan(pick(&import.runs[0], "", "", DOUBT_UNIT_TIME)));
    doubt_import_free(&import);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twice),        cmocka_unit_test(bad_files), cmocka_unit_test(not_utf8),
        cmocka_unit_test(long_line),    cmocka_unit_test(huge_line), cmocka_unit_test(long_element),
        cmocka_unit_test(cut_anywhere), cmocka_unit_test(too_large), cmocka_unit_test(wrong_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
