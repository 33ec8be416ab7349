/* verdict.c: sets measured means beside a published figure with libdoubt.
 *
 *     cc verdict.c $(pkg-config --cflags --libs doubt) -o verdict
 *     ./verdict "36 FPS" 27.81 27.79 27.84 27.80 27.83 27.82
 *
 * Each number is the mean latency of one start of the program measured, in ms.
 */
#include <doubt/stats.h>
#include <doubt/verdict.h>
#include <stdio.h>
#include <stdlib.h>

enum { STARTS_MAX = 1000 };

/* A figure in FPS is compared with FPS: each start is converted, the interval never is. */
static double converted(const struct doubt_figure *figure, double ms)
{
    return figure->kind == DOUBT_UNIT_RATE ? 1000 / ms : ms * 1e6;
}

int main(int argc, char **argv)
{
    static double y[STARTS_MAX];
    struct doubt_err err = {DOUBT_OK, ""};
    struct doubt_figure figure;
    struct doubt_interval interval;
    enum doubt_verdict verdict;
    size_t n = 0;

    if (argc < 4) {
        fprintf(stderr, "usage: verdict FIGURE MS MS ...\n");
        return 2;
    }
    if (doubt_figure_parse(argv[1], NULL, &figure, &err) != DOUBT_OK)
        goto failed;
    for (int i = 2; i < argc && n < STARTS_MAX; i++)
        y[n++] = converted(&figure, atof(argv[i]));
    if (doubt_hull_interval(y, n, 0.05, &interval, &err) != DOUBT_OK ||
        doubt_verdict_judge(&figure, interval.lo, interval.hi, &verdict, &err) != DOUBT_OK)
        goto failed;
    printf("%s: mean %.4f, 95 %% interval %.4f to %.4f, claimed %.4f to %.4f: %s\n", argv[1],
           interval.estimate / figure.unit_scale, interval.lo / figure.unit_scale,
           interval.hi / figure.unit_scale, figure.lo / figure.unit_scale,
           figure.hi / figure.unit_scale, doubt_verdict_name(verdict));
    return 0;
failed:
    fprintf(stderr, "verdict: %s\n", err.text);
    return 2;
}
