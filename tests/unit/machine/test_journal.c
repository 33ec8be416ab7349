/* test_journal.c: the journal's text, every system call of saving it, and hostile files. */
#include "machine/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static const char good[] = "doubt-journal 1\n"
                           "root /\n"
                           "entry kept fan 200\n"
                           "sys/devices/pwm-fan/target_pwm=0\n"
                           "sys/devices/pwm-fan/temp_control=1\n"
                           "end\n"
                           "entry session mode 0\n"
                           "sys/devices/system/cpu/cpu2/online=0\n"
                           "sys/class/devfreq/57000000.gpu/min_freq=76800000\n"
                           "@mode=1\n"
                           "end\n"
                           "entries 2\n";

static enum doubt_code parse(const char *text, struct doubt_journal *journal, struct doubt_err *err)
{
    *err = (struct doubt_err){0};
    return doubt_journal_parse(text, strlen(text), "it", journal, err);
}

static void reads_what_it_writes(void **state)
{
    struct doubt_journal journal;
    struct doubt_err err;
    struct doubt_str text;
    (void)state;
    assert_int_equal(parse(good, &journal, &err), DOUBT_OK);
    assert_int_equal(journal.count, 2);
    assert_true(journal.entries[0].kept);
    assert_false(journal.entries[1].kept);
    assert_string_equal(journal.entries[1].knob->name, "mode");
    assert_string_equal(journal.entries[1].asked, "0");
    doubt_str_init(&text, 1 << 16);
    doubt_journal_format(&journal, &text);
    assert_string_equal(doubt_str_text(&text), good);
    doubt_str_free(&text);
    doubt_journal_drop(&journal, 0);
    assert_int_equal(journal.count, 1);
    assert_string_equal(journal.entries[0].knob->name, "mode");
    doubt_journal_free(&journal);
}

/* Replaces the first `from` in the good text. */
static char *spoilt(const char *from, const char *to)
{
    static char text[2048];
    const char *at = strstr(good, from);
    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
    return text;
}

static void refuses_what_no_journal_holds(void **state)
{
    static const struct {
        const char *from, *to, *says;
    } rows[] = {
        {"doubt-journal 1", "doubt-journal 2", "line 1: this is no journal of version 1"},
        {"root /", "root x", "line 2"},
        {"entry kept fan 200", "entry forever fan 200", "line 3: the scope"},
        {"entry kept fan 200", "entry kept fans 200", "line 3: there is no such knob"},
        {"entry kept fan 200", "entry kept fan 200 more", "line 3"},
        {"entry kept fan 200", "entry kept fan $(reboot)", "line 3"},
        {"target_pwm=0", "target_pwm=0;x", "could not have saved"},
        {"target_pwm=0", "target_pwm=", "could not have saved"},
        {"target_pwm=0", "target_pwm", "could not have saved"},
        {"sys/devices/pwm-fan/target_pwm=0", "etc/passwd=0", "could not have saved"},
        {"sys/devices/pwm-fan/target_pwm=0", "/sys/devices/pwm-fan/target_pwm=0",
         "could not have saved"},
        {"sys/devices/system/cpu/cpu2/online", "sys/devices/system/cpu/cpu2/../../../../x/online",
         "could not have saved"},
        {"sys/class/devfreq/57000000.gpu/min_freq", "sys/class/devfreq/../x.gpu/min_freq",
         "could not have saved"},
        {"sys/class/devfreq/57000000.gpu/min_freq", "sys/class/devfreq/.gpu/min_freq",
         "could not have saved"},
        /* A file of another knob is not this one's. */
        {"sys/devices/pwm-fan/target_pwm=0", "sys/devices/system/cpu/cpu2/online=0",
         "could not have saved"},
        {"@mode=1", "@reset=1", "could not have saved"},
        {"entries 2", "entries 3", "line 12"},
        {"end\nentries 2\n", "", "the entry has no end"},
        {"entries 2\n", "", "the journal has no end"},
        {"entries 2\n", "entries 2\nmore\n", "behind the last line"},
        {"entries 2\n", "entries 2", "no end"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct doubt_journal journal;
        struct doubt_err err;
        assert_int_equal(parse(spoilt(rows[i].from, rows[i].to), &journal, &err), DOUBT_E_FORMAT);
        assert_int_equal(journal.count, 0);
        if (strstr(err.text, rows[i].says) == NULL)
            fail_msg("\"%s\" to \"%s\": \"%s\"", rows[i].from, rows[i].to, err.text);
    }
}

/* Cut anywhere, it is refused. */
static void refuses_every_part_of_itself(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof good - 1; size++) {
        struct doubt_journal journal;
        struct doubt_err err = {0};
        assert_int_equal(doubt_journal_parse(good, size, "it", &journal, &err), DOUBT_E_FORMAT);
    }
}

/* --- on disk ---------------------------------------------------------------------------------- */

static char folder[64], path[96];
static int calls_left; /* until a call fails */
static struct doubt_journal_calls real;

static int fails(void)
{
    errno = ENOSPC;
    return calls_left-- == 0;
}

static int test_open(const char *name, int flags, unsigned mode)
{
    return fails() ? -1 : real.open(name, flags, mode);
}

static long test_write(int fd, const void *data, size_t size)
{
    /* As a disk does that fills up: a part, then nothing. */
    return fails() ? -1 : real.write(fd, data, size > 7 ? size / 2 : size);
}

static int test_fsync(int fd)
{
    return fails() ? -1 : real.fsync(fd);
}

static int test_close(int fd)
{
    int failed = fails(), closed = real.close(fd);
    errno = ENOSPC;
    return failed ? -1 : closed;
}

static int test_rename(const char *from, const char *to)
{
    return fails() ? -1 : real.rename(from, to);
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/doubt-journal.XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/machine.journal", folder);
    real = doubt_journal_calls;
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    doubt_journal_calls = real;
    unlink(path);
    return rmdir(folder);
}

/* Whatever call fails, the file is that of before or that of after. */
static void a_failed_save_leaves_a_whole_journal(void **state)
{
    struct doubt_journal journal, before, after;
    struct doubt_err err = {0};
    int failures = 0;
    (void)state;
    assert_int_equal(parse(good, &journal, &err), DOUBT_OK);
    assert_int_equal(doubt_journal_save(&journal, path, &err), DOUBT_OK);
    doubt_journal_drop(&journal, 1);
    for (int at = 0;; at++) {
        assert_int_equal(parse(good, &before, &err), DOUBT_OK);
        assert_int_equal(doubt_journal_save(&before, path, &err), DOUBT_OK);
        calls_left = at;
        doubt_journal_calls = (struct doubt_journal_calls){test_open,  test_write,  test_fsync,
                                                           test_close, test_rename, real.unlink};
        err = (struct doubt_err){0};
        enum doubt_code code = doubt_journal_save(&journal, path, &err);
        doubt_journal_calls = real;
        assert_int_equal(doubt_journal_load(path, NULL, &after, &(struct doubt_err){0}), DOUBT_OK);
        assert_true(after.count == 1 || (code != DOUBT_OK && after.count == 2));
        doubt_journal_free(&after);
        doubt_journal_free(&before);
        if (code == DOUBT_OK)
            break;
        failures++;
        assert_int_equal(code, DOUBT_E_FULL);
        assert_non_null(strstr(err.text, path));
    }
    assert_true(failures >= 6);
    journal.count = 0;
    assert_int_equal(doubt_journal_save(&journal, path, &err), DOUBT_OK);
    assert_int_not_equal(access(path, F_OK), 0);
    free(journal.entries[0].state);
    free(journal.root);
}

static void believes_no_file_that_others_can_write(void **state)
{
    struct doubt_journal journal;
    struct doubt_err err = {0};
    char other[96];
    (void)state;
    assert_int_equal(parse(good, &journal, &err), DOUBT_OK);
    assert_int_equal(doubt_journal_save(&journal, path, &err), DOUBT_OK);
    doubt_journal_free(&journal);
    assert_int_equal(chmod(path, 0666), 0);
    assert_int_equal(doubt_journal_load(path, NULL, &journal, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "mode 666"));
    assert_int_equal(chmod(path, 0600), 0);
    err = (struct doubt_err){0};
    assert_int_equal(doubt_journal_load(path, "/other", &journal, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "about the machine below /"));
    snprintf(other, sizeof other, "%s/aside", folder);
    assert_int_equal(rename(path, other), 0);
    assert_int_equal(symlink(other, path), 0);
    err = (struct doubt_err){0};
    assert_int_equal(doubt_journal_load(path, NULL, &journal, &err), DOUBT_E_FORMAT);
    assert_non_null(strstr(err.text, "not a regular file"));
    unlink(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_writes),
        cmocka_unit_test(refuses_what_no_journal_holds),
        cmocka_unit_test(refuses_every_part_of_itself),
        cmocka_unit_test_setup_teardown(a_failed_save_leaves_a_whole_journal, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(believes_no_file_that_others_can_write, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
