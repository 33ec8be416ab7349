/* check.h: what the tests of the statistics share.
 *
 * A unit of work is one comparison or one data file. For tests only.
 */
#ifndef DOUBT_TEST_STATS_CHECK_H
#define DOUBT_TEST_STATS_CHECK_H

#include <doubt/stats.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* |value - expected| <= tolerance |expected| (absolute where expected is 0). */
static inline void check_close_at(double value, double expected, double tolerance, const char *text,
                                  const char *file, int line)
{
    const double scale = expected != 0 ? fabs(expected) : 1;

    if (value == expected || fabs(value - expected) <= tolerance * scale)
        return;
    print_error("%s is %.17g, expected %.17g within %g\n", text, value, expected, tolerance);
    _fail(file, line);
}
#define check_close(value, expected, tolerance)                                                    \
    check_close_at(value, expected, tolerance, #value, __FILE__, __LINE__)

/* The call succeeds; its sentence is printed if not. */
#define check_ok(call)                                                                             \
    do {                                                                                           \
        struct doubt_err check_err = {0};                                                          \
        struct doubt_err *const err = &check_err;                                                  \
        if ((call) != DOUBT_OK) {                                                                  \
            print_error("%s\n", check_err.text);                                                   \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

/* The call is refused with this code and a sentence that holds `part`. */
#define check_refused(call, expected, part)                                                        \
    do {                                                                                           \
        struct doubt_err check_err = {0};                                                          \
        struct doubt_err *const err = &check_err;                                                  \
        assert_int_equal(call, expected);                                                          \
        assert_int_equal(check_err.code, expected);                                                \
        if (!strstr(check_err.text, part)) {                                                       \
            print_error("\"%s\" does not say \"%s\"\n", check_err.text, part);                     \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static inline struct doubt_target at(double p, double level)
{
    return (struct doubt_target){p, level};
}

/* All numbers of a file, from its line `first` (1 is the first). free() them. */
static inline double *read_numbers(const char *name, int first, size_t *count)
{
    char path[512], line[512];
    double *numbers = malloc(100000 * sizeof *numbers);
    FILE *file;
    int n = 0;

    snprintf(path, sizeof path, "%s/%s", DOUBT_TEST_DATA, name);
    file = fopen(path, "r");
    assert_non_null(numbers);
    assert_non_null(file);
    *count = 0;
    while (fgets(line, sizeof line, file)) {
        char *at = line, *end;

        if (++n < first)
            continue;
        for (;; at = end) {
            const double value = strtod(at, &end);

            if (end == at)
                break;
            assert_true(*count < 100000);
            numbers[(*count)++] = value;
        }
    }
    fclose(file);
    return numbers;
}

static inline double *read_sorted(const char *name, size_t *count)
{
    double *numbers = read_numbers(name, 1, count);

    assert_int_equal(doubt_sort(numbers, *count, NULL), DOUBT_OK);
    return numbers;
}

/* NIST's score: digits that agree, at most 15. */
static inline double agreement(double value, double certified)
{
    if (value == certified)
        return 15;
    return fmin(15, -log10(fabs(value - certified) / fabs(certified)));
}

#endif
