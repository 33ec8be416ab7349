/* test_putback.c: setting a fake Jetson Nano and putting it back: in order, after failures, after
 * the end of the process that set it. Ends of every kind at every step: tests/faults. */
#include "machine/putback.h"

#include "../../fake/nano.h"
#include "machine/guardian.h"
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <cmocka.h>

struct fixture {
    char root[64];
    char *first;
    char said[2048];
};

static struct fixture *now;

static void say(const char *sentence)
{
    strncat(now->said, sentence, sizeof now->said - strlen(now->said) - 2);
    strcat(now->said, "\n");
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    unsetenv("DOUBT_STATE");
    *state = now = f;
    if (f == NULL || !nano_make(f->root, 1))
        return -1;
    /* A board that somebody has set by hand, as one of the captures. */
    nano_put(f->root, "sys/devices/system/cpu/cpu0/cpufreq/scaling_min_freq", "710400");
    f->first = nano_snapshot(f->root);
    setenv("XDG_STATE_HOME", f->root, 1);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    nano_remove(f->root);
    free(f->first);
    free(f);
    return 0;
}

static void expect_first(const struct fixture *f)
{
    char line[256], *after = nano_snapshot(f->root);
    const char *differs = nano_differs(f->first, after, line);
    if (differs != NULL)
        fail_msg("not as it was: %s", differs);
    free(after);
}

static struct doubt_putback *open_keeping(const struct fixture *f)
{
    struct doubt_err err = {0};
    struct doubt_putback *keeping = NULL;
    if (doubt_putback_open(f->root, say, &keeping, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    return keeping;
}

static const struct doubt_knob *knob(const char *name)
{
    const struct doubt_knob *found = NULL;
    assert_int_equal(doubt_knob_find(name, &found, NULL), DOUBT_OK);
    return found;
}

static bool set(struct doubt_putback *keeping, const char *name, const char *value)
{
    struct doubt_err err = {0};
    bool changed = false;
    if (doubt_putback_set(keeping, knob(name), value, &changed, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    return changed;
}

static struct doubt_putback_pending look(const struct fixture *f)
{
    struct doubt_putback_pending pending;
    struct doubt_err err = {0};
    if (doubt_putback_look(f->root, &pending, &err) != DOUBT_OK)
        fail_msg("%s", err.text);
    return pending;
}

static void expect_text(const struct fixture *f, const char *path, const char *value)
{
    char text[256];
    assert_string_equal(nano_get(f->root, path, text), value);
}

static void sets_and_puts_back(void **state)
{
    struct fixture *f = *state;
    char words[128];
    struct doubt_err err = {0};
    struct doubt_putback *keeping = open_keeping(f);
    assert_true(set(keeping, "mode", "0"));
    assert_true(set(keeping, "clocks", "on"));
    assert_false(set(keeping, "clocks", "on"));
    assert_false(set(keeping, "mode", "MAXN"));
    doubt_knob_power_mode(f->root, words, sizeof words);
    assert_string_equal(words, "nvpmodel 0 (MAXN), jetson_clocks");
    expect_text(f, "sys/devices/system/cpu/cpu3/online", "1");
    expect_text(f, "sys/class/devfreq/57000000.gpu/min_freq", "921600000");
    assert_int_equal(look(f).session, 2);
    assert_int_equal(look(f).holder, getpid());
    assert_int_equal(doubt_putback_close(keeping, &err), DOUBT_OK);
    doubt_knob_power_mode(f->root, words, sizeof words);
    assert_string_equal(words, "nvpmodel 1 (5W), clocks not locked");
    expect_first(f);
    assert_int_equal(look(f).session, 0);
}

static void puts_back_every_kind_of_file(void **state)
{
    struct fixture *f = *state;
    struct doubt_err err = {0};
    struct doubt_putback *keeping = open_keeping(f);
    assert_true(set(keeping, "governor", "performance"));
    assert_true(set(keeping, "cpu-min", "102000"));
    assert_true(set(keeping, "cpu-max", "710400"));
    assert_true(set(keeping, "fan", "128"));
    expect_text(f, "sys/devices/pwm-fan/temp_control", "0");
    assert_int_equal(doubt_putback_close(keeping, &err), DOUBT_OK);
    expect_first(f);
}

/* Nothing is changed by what is refused. */
static void refuses_before_it_changes(void **state)
{
    static const struct {
        const char *knob, *value, *says;
    } rows[] = {
        {"mode", "7", "it has: 0 (MAXN), 1 (5W)"},
        {"mode", "15W", "no power mode \"15W\""},
        {"mode", "0;reboot", "cannot be"},
        {"clocks", "fast", "on and off are accepted"},
        {"governor", "turbo", "it has: interactive"},
        {"governor", "perform", "no governor"},
        {"cpu-max", "2000000", "102000 to 1479000 kHz are accepted"},
        {"cpu-max", "101999", "102000 to 1479000"},
        {"cpu-min", "-1", "whole number of kHz"},
        {"cpu-min", "99999999999999999999", "whole number of kHz"},
        {"fan", "256", "0 to 255"},
        {"boost", "on", "the kernel offers no boost"},
        {"gpu-power", "300", "libnvidia-ml"},
    };
    struct fixture *f = *state;
    struct doubt_putback *keeping = open_keeping(f);
    unsetenv("DOUBT_NVML");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_err err = {0};
        bool changed = true;
        assert_int_not_equal(
            doubt_putback_set(keeping, knob(rows[i].knob), rows[i].value, &changed, &err),
            DOUBT_OK);
        assert_false(changed);
        if (strstr(err.text, rows[i].says) == NULL)
            fail_msg("%s=%s says \"%s\"", rows[i].knob, rows[i].value, err.text);
        expect_first(f);
        assert_int_equal(look(f).session, 0);
    }
    assert_int_equal(doubt_putback_close(keeping, NULL), DOUBT_OK);
}

static void a_needed_reboot_is_said_and_not_done(void **state)
{
    struct fixture *f = *state;
    struct doubt_err err = {0};
    char text[256];
    bool changed = true;
    nano_put(f->root, "fake/manners", "reboot");
    struct doubt_putback *keeping = open_keeping(f);
    assert_int_equal(doubt_putback_set(keeping, knob("mode"), "0", &changed, &err),
                     DOUBT_E_UNSUPPORTED);
    assert_non_null(strstr(err.text, "needs a reboot"));
    assert_non_null(strstr(err.text, "nvpmodel -m 0"));
    assert_string_equal(nano_get(f->root, "fake/rebooted", text), "");
    expect_first(f);
    assert_int_equal(doubt_putback_close(keeping, NULL), DOUBT_OK);
}

/* Both programs end with 0 whatever happened: what is there counts. */
static void a_knob_that_did_not_take_is_an_error(void **state)
{
    static const struct {
        const char *manner, *says;
    } rows[] = {
        {"silent /var/lib/nvpmodel/status", "mode 0 was asked for, and mode 1 is on"},
        {"readonly /sys/devices/system/cpu/cpu2/online", "could not set power mode 0"},
    };
    struct fixture *f = *state;
    struct doubt_putback *keeping = open_keeping(f);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_err err = {0};
        bool changed;
        nano_put(f->root, "fake/manners", rows[i].manner);
        assert_int_not_equal(doubt_putback_set(keeping, knob("mode"), "0", &changed, &err),
                             DOUBT_OK);
        if (strstr(err.text, rows[i].says) == NULL)
            fail_msg("%s: \"%s\"", rows[i].manner, err.text);
        expect_first(f);
    }
    nano_put(f->root, "fake/manners", "silent /sys/class/devfreq/57000000.gpu/min_freq");
    struct doubt_err err = {0};
    bool changed;
    assert_int_not_equal(doubt_putback_set(keeping, knob("clocks"), "on", &changed, &err),
                         DOUBT_OK);
    assert_non_null(strstr(err.text, "57000000.gpu/min_freq"));
    expect_first(f);
    assert_int_equal(doubt_putback_close(keeping, NULL), DOUBT_OK);
    expect_first(f);
}

/* What jetson_clocks --restore leaves wrong without a word is put right file by file. */
static void repairs_what_the_programs_leave(void **state)
{
    struct fixture *f = *state;
    struct doubt_err err = {0};
    nano_put(f->root, "fake/manners", "old");
    struct doubt_putback *keeping = open_keeping(f);
    set(keeping, "mode", "0");
    set(keeping, "clocks", "on");
    expect_text(f, "sys/devices/pwm-fan/target_pwm", "255");
    nano_put(f->root, "fake/manners",
             "silent /sys/devices/system/cpu/cpu1/cpufreq/scaling_min_freq");
    assert_int_equal(doubt_putback_close(keeping, &err), DOUBT_OK);
    expect_first(f);
}

/* A file that went away stays in the journal, with all that was set before it. */
static void what_cannot_be_put_back_stays_in_the_journal(void **state)
{
    struct fixture *f = *state;
    struct doubt_err err = {0};
    char path[256], aside[256];
    size_t count = 0;
    struct doubt_putback *keeping = open_keeping(f);
    set(keeping, "mode", "0");
    set(keeping, "clocks", "on");
    snprintf(path, sizeof path, "%s/sys/class/devfreq/57000000.gpu/min_freq", f->root);
    snprintf(aside, sizeof aside, "%s/fake/aside", f->root);
    assert_int_equal(rename(path, aside), 0);
    assert_int_not_equal(doubt_putback_close(keeping, &err), DOUBT_OK);
    assert_non_null(strstr(err.text, "57000000.gpu/min_freq"));
    assert_non_null(strstr(err.text, "doubt device restore"));
    assert_int_equal(look(f).session, 2);
    assert_int_equal(rename(aside, path), 0);
    assert_int_equal(doubt_putback_restore(f->root, say, &count, NULL), DOUBT_OK);
    assert_int_equal(count, 2);
    expect_first(f);
}

static void kept_knobs_stay_until_they_are_asked_for(void **state)
{
    struct fixture *f = *state;
    struct doubt_err err = {0};
    size_t count = 0;
    struct doubt_putback *keeping = open_keeping(f);
    set(keeping, "fan", "200");
    set(keeping, "mode", "0");
    assert_int_equal(doubt_putback_keep(keeping, &err), DOUBT_OK);
    assert_int_equal(look(f).kept, 2);
    /* A session on top of it goes back to what was kept. */
    keeping = open_keeping(f);
    set(keeping, "clocks", "on");
    set(keeping, "fan", "255");
    assert_int_equal(doubt_putback_close(keeping, &err), DOUBT_OK);
    expect_text(f, "sys/devices/pwm-fan/target_pwm", "200");
    expect_text(f, "var/lib/nvpmodel/status", "pmode:0000 fmode:fanNull");
    /* Kept once more: the first state is the one to go back to. */
    keeping = open_keeping(f);
    set(keeping, "fan", "100");
    assert_int_equal(doubt_putback_keep(keeping, &err), DOUBT_OK);
    assert_int_equal(look(f).kept, 2);
    assert_int_equal(doubt_putback_restore(f->root, say, &count, &err), DOUBT_OK);
    assert_int_equal(count, 2);
    expect_first(f);
}

static void a_second_one_is_refused_with_the_holder(void **state)
{
    struct fixture *f = *state;
    struct doubt_err err = {0};
    char pid[32];
    struct doubt_putback *keeping = open_keeping(f), *other = NULL;
    assert_int_equal(doubt_putback_open(f->root, say, &other, &err), DOUBT_E_SYSTEM);
    assert_null(other);
    snprintf(pid, sizeof pid, "process %ld", (long)getpid());
    assert_non_null(strstr(err.text, pid));
    assert_int_equal(doubt_putback_close(keeping, NULL), DOUBT_OK);
    assert_int_equal(doubt_putback_close(open_keeping(f), NULL), DOUBT_OK);
}

/* A child sets the board and is killed; `guardian_too` kills both. */
static void end_by_force(const struct fixture *f, bool guardian_too)
{
    int line[2];
    long pids[2] = {0, 0};
    assert_int_equal(pipe(line), 0);
    pid_t child = fork();
    if (child == 0) {
        struct doubt_putback *keeping = NULL;
        bool changed;
        if (doubt_putback_open(f->root, NULL, &keeping, NULL) != DOUBT_OK ||
            doubt_putback_set(keeping, knob("mode"), "0", &changed, NULL) != DOUBT_OK ||
            doubt_putback_set(keeping, knob("clocks"), "on", &changed, NULL) != DOUBT_OK)
            _exit(1);
        pids[0] = doubt_putback_guardian(keeping);
        if (write(line[1], pids, sizeof pids) != (ssize_t)sizeof pids)
            _exit(1);
        for (;;)
            pause();
    }
    close(line[1]);
    assert_int_equal(read(line[0], pids, sizeof pids), sizeof pids);
    close(line[0]);
    if (guardian_too)
        kill((pid_t)pids[0], SIGKILL);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void the_guardian_puts_back_after_a_kill(void **state)
{
    struct fixture *f = *state;
    end_by_force(f, false);
    /* The lock is the guardian's until it is done. */
    struct doubt_putback *keeping = open_keeping(f);
    expect_first(f);
    assert_string_equal(f->said, "");
    assert_int_equal(doubt_putback_close(keeping, NULL), DOUBT_OK);
}

static void the_next_start_puts_back_after_both_were_killed(void **state)
{
    struct fixture *f = *state;
    end_by_force(f, true);
    assert_int_equal(look(f).session, 2);
    struct doubt_putback *keeping = open_keeping(f);
    expect_first(f);
    assert_non_null(strstr(f->said, "put back (mode, clocks)"));
    assert_int_equal(doubt_putback_close(keeping, NULL), DOUBT_OK);
}

/* Links that lead out of the root are not written through. */
static void never_leaves_the_root(void **state)
{
    struct fixture *f = *state;
    struct doubt_err err = {0};
    char outside[64] = "/tmp/doubt-outside.XXXXXX", path[256], text[256];
    bool changed;
    int fd = mkstemp(outside);
    assert_true(fd >= 0 && write(fd, "710400\n", 7) == 7);
    close(fd);
    snprintf(path, sizeof path, "%s/sys/devices/pwm-fan/target_pwm", f->root);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink(outside, path), 0);
    struct doubt_putback *keeping = open_keeping(f);
    assert_int_not_equal(doubt_putback_set(keeping, knob("fan"), "1", &changed, &err), DOUBT_OK);
    assert_string_equal(nano_get("", outside + 1, text), "710400");
    doubt_putback_close(keeping, NULL);
    unlink(outside);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
        ROW(sets_and_puts_back),
        ROW(puts_back_every_kind_of_file),
        ROW(refuses_before_it_changes),
        ROW(a_needed_reboot_is_said_and_not_done),
        ROW(a_knob_that_did_not_take_is_an_error),
        ROW(repairs_what_the_programs_leave),
        ROW(what_cannot_be_put_back_stays_in_the_journal),
        ROW(kept_knobs_stay_until_they_are_asked_for),
        ROW(a_second_one_is_refused_with_the_holder),
        ROW(the_guardian_puts_back_after_a_kill),
        ROW(the_next_start_puts_back_after_both_were_killed),
        ROW(never_leaves_the_root),
#undef ROW
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
