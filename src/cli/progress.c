/* progress.c: see progress.h. */
#include "cli/progress.h"

#include "model/tensor.h"
#include "util/clock.h"
#include "util/str.h"
#include "util/units.h"

#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const int64_t redraw_ns = 200000000;
/* Work of others below this share is not worth a word. */
static const double others_shown = 0.02;

void doubt_progress_begin(struct doubt_progress_line *line, const struct doubt_cli *cli)
{
    *line = (struct doubt_progress_line){.cli = cli, .fifth = -1};
}

/* Whole seconds, at least one. */
static void seconds(int64_t ns, char *out, size_t out_bytes)
{
    int64_t whole = (ns + 500000000) / 1000000000;
    doubt_units_format_duration((whole > 0 ? whole : 1) * 1000000000, out, out_bytes);
}

void doubt_progress_format(const struct doubt_progress *progress, char *out, size_t out_bytes)
{
    char time[64];
    struct doubt_str text;
    doubt_str_init(&text, 1024);
    doubt_str_addf(&text, "%s %zu/%zu", progress->phase != NULL ? progress->phase : "measuring",
                   progress->restarts_done, progress->restarts_planned);
    seconds(progress->elapsed_ns, time, sizeof time);
    doubt_str_addf(&text, " · %s", time);
    if (progress->left_ns >= 0) {
        seconds(progress->left_ns, time, sizeof time);
        doubt_str_addf(&text, ", about %s left", time);
    }
    if (progress->cell != NULL) {
        const struct doubt_cell_plan *cell = progress->cell;
        const char *engine = strrchr(cell->engine, '/');
        doubt_str_addf(&text, " · %s %s %s", cell->title != NULL ? cell->title : cell->network,
                       engine != NULL ? engine + 1 : cell->engine,
                       doubt_precision_name(cell->precision));
    }
    if (isfinite(progress->others_share) && progress->others_share >= others_shown)
        doubt_str_addf(&text, " · others use %.0f %% of the CPUs", 100 * progress->others_share);
    doubt_str_copy(out, out_bytes, doubt_str_text(&text));
    doubt_str_free(&text);
}

/* Ends the text after `columns` characters at most, with a whole part. */
static void cut(char *text, size_t columns)
{
    static const char between[] = " · ";
    char *at = text, *end = NULL;
    for (; *at != '\0'; at++) {
        if (((unsigned char)*at & 0xC0) == 0x80)
            continue;
        if (columns-- == 0)
            break;
    }
    if (*at == '\0')
        return;
    *at = '\0';
    for (char *next = strstr(text, between); next != NULL; next = strstr(next + 1, between))
        end = next;
    if (end != NULL)
        *end = '\0';
}

static size_t terminal_columns(void)
{
    struct winsize size = {0};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u : 79u;
}

static bool same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void show_live(struct doubt_progress_line *line, const struct doubt_progress *progress)
{
    char text[1024];
    int64_t now = doubt_clock_ns();
    if (line->on_screen && same(line->phase, progress->phase) && now - line->drawn_ns < redraw_ns)
        return;
    doubt_progress_format(progress, text, sizeof text);
    cut(text, terminal_columns());
    fprintf(stderr, "\r\033[K%s", text);
    fflush(stderr);
    line->on_screen = true;
    line->drawn_ns = now;
}

static void show_plain(struct doubt_progress_line *line, const struct doubt_progress *progress)
{
    size_t planned = progress->restarts_planned;
    int fifth = planned > 0 ? (int)(progress->restarts_done * 5 / planned) : 0;
    char text[1024];
    if (same(line->phase, progress->phase) && fifth <= line->fifth)
        return;
    line->fifth = fifth;
    struct doubt_progress brief = *progress;
    brief.cell = NULL;
    doubt_progress_format(&brief, text, sizeof text);
    fprintf(stderr, "%s\n", text);
}

void doubt_progress_show(struct doubt_progress_line *line, const struct doubt_progress *progress)
{
    if (line->cli->common.quiet)
        return;
    if (line->cli->live)
        show_live(line, progress);
    else
        show_plain(line, progress);
    line->phase = progress->phase;
}

void doubt_progress_clear(struct doubt_progress_line *line)
{
    if (!line->on_screen)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    line->on_screen = false;
}
