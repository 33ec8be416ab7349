/* faults_writes.c: what cannot be written: programs of the vendor's that fail, files that are
 * read-only, a disk that is full. See faults.c.
 *
 * A unit of work is one file or one size of what is left of the disk.
 */
#include "faults_int.h"
#include "machine/step.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- files that cannot be written ------------------------------------------------------------- */

static const char *const written[] = {
    "sys/devices/system/cpu/cpu1/online",
    "sys/devices/system/cpu/cpu2/online",
    "sys/devices/system/cpu/cpu3/online",
    "sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq",
    "sys/devices/system/cpu/cpu0/cpufreq/scaling_min_freq",
    "sys/devices/system/cpu/cpu3/cpufreq/scaling_max_freq",
    "sys/devices/system/cpu/cpu3/cpufreq/scaling_min_freq",
    "sys/devices/system/cpu/cpu0/cpuidle/state0/disable",
    "sys/devices/system/cpu/cpu0/cpuidle/state1/disable",
    "sys/devices/system/cpu/cpu2/cpuidle/state1/disable",
    "sys/class/devfreq/57000000.gpu/max_freq",
    "sys/class/devfreq/57000000.gpu/min_freq",
    "sys/class/devfreq/57000000.gpu/device/railgate_enable",
    "sys/kernel/debug/clk/override.emc/clk_state",
    "sys/kernel/nvpmodel_emc_cap/emc_iso_cap",
    "var/lib/nvpmodel/status",
};
enum { WRITTEN = sizeof written / sizeof written[0] };

/* A program that cannot write says so or says nothing; both end with 0. */
void faults_fail_writes(struct shard *shard)
{
    static const char *const manners[] = {"silent", "readonly"};
    for (int w = 0; w < WRITTEN; w++)
        for (int m = 0; m < 2; m++) {
            char line[160];
            if (!faults_is_mine(shard))
                continue;
            faults_clear(shard);
            snprintf(line, sizeof line, "%s /%s", manners[m], written[w]);
            nano_put(shard->root, "fake/manners", line);
            faults_wait_for(faults_start(shard, false));
            faults_wait_until_quiet(shard);
            faults_remove_in_fake(shard, "manners");
            /* What only a program can write stays in the journal until it can. */
            if (shard->point->close_failed && faults_next_start(shard) != 0)
                faults_complain(shard, "the next start failed", "");
            faults_expect_first(shard);
            faults_count_point(shard);
        }
}

static bool bind_read_only(const char *root, const char *path)
{
    char full[256];
    snprintf(full, sizeof full, "%s/%s", root, path);
    return mount(full, full, NULL, MS_BIND, NULL) == 0 &&
           mount(NULL, full, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) == 0;
}

/* Runs in a name space of its own: set, make one file read-only, put back; or the other way. */
static void with_read_only(const char *root, const char *path, bool from_the_beginning)
{
    struct doubt_putback *keeping = NULL;
    struct doubt_err err = {0};
    faults_point->supervisor = getpid();
    if (from_the_beginning && !bind_read_only(root, path))
        _exit(77);
    if (doubt_putback_open(root, NULL, &keeping, &err) != DOUBT_OK)
        _exit(1);
    if (faults_set(keeping, "mode", "0", &err) == DOUBT_OK)
        faults_set(keeping, "clocks", "on", &err);
    faults_point->set_failed = err.text[0] != '\0';
    if (!from_the_beginning && !bind_read_only(root, path))
        _exit(77);
    struct doubt_err close_err = {0};
    faults_point->close_failed = doubt_putback_close(keeping, &close_err) != DOUBT_OK;
    snprintf(faults_point->sentence, sizeof faults_point->sentence, "%s", close_err.text);
    _exit(0);
}

/* root's own rights pass over a file's mode, not over a mount's. */
void faults_make_read_only(struct shard *shard)
{
    for (int w = 0; w < WRITTEN; w++)
        for (int late = 0; late < 2; late++) {
            if (!faults_is_mine(shard))
                continue;
            faults_clear(shard);
            pid_t child = faults_fork(shard);
            if (child == 0) {
                if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
                    _exit(77);
                with_read_only(shard->root, written[w], !late);
            }
            int status = faults_wait_for(child);
            if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
                shard->skipped++;
                faults_next_start(shard);
                continue;
            }
            faults_wait_until_quiet(shard);
            const struct point *p = shard->point;
            if (p->close_failed && strstr(p->sentence, "device restore") == NULL)
                faults_complain(shard, "no word of what to do next:", p->sentence);
            /* Whatever could not be put back is known to be so. */
            if (p->close_failed != faults_has_journal(shard))
                faults_complain(shard, "what failed is not in the journal", written[w]);
            if (p->close_failed && faults_next_start(shard) != 0)
                faults_complain(shard, "the next start failed", "");
            faults_expect_first(shard);
            faults_count_point(shard);
        }
}

/* --- a full disk ------------------------------------------------------------------------------ */

static void fill(const char *folder, long leave)
{
    char path[256], block[1024] = {0};
    snprintf(path, sizeof path, "%s/filler", folder);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    off_t size = 0;
    for (ssize_t put; (put = write(fd, block, sizeof block)) > 0;)
        size += put;
    if (ftruncate(fd, size > leave ? size - leave : 0) != 0)
        _exit(77);
    close(fd);
}

static void with_full_disk(struct shard *shard, long leave)
{
    char folder[128];
    struct doubt_putback *keeping = NULL;
    struct doubt_err err = {0};
    faults_point->supervisor = getpid();
    snprintf(folder, sizeof folder, "%s/var/lib/doubt", shard->root);
    if (mkdir(folder, 0755) != 0 && errno != EEXIST)
        _exit(1);
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", folder, "tmpfs", 0, "size=64k,mode=0755") != 0)
        _exit(77);
    if (doubt_putback_open(shard->root, NULL, &keeping, &err) != DOUBT_OK)
        _exit(1);
    fill(folder, leave);
    char *before = nano_snapshot(shard->root), line[256];
    enum doubt_code code = faults_set(keeping, "mode", "0", &err);
    char *after = nano_snapshot(shard->root);
    /* Without a journal nothing is changed. */
    bool bad = code != DOUBT_OK && nano_differs(before, after, line) != NULL;
    bad |= code != DOUBT_OK && code != DOUBT_E_FULL;
    if (code == DOUBT_OK)
        code = faults_set(keeping, "clocks", "on", &err);
    faults_point->set_failed = code != DOUBT_OK;
    bad |= doubt_putback_close(keeping, &err) != DOUBT_OK;
    char path[160];
    snprintf(path, sizeof path, "%s/machine.journal", folder);
    bad |= access(path, F_OK) == 0;
    snprintf(faults_point->sentence, sizeof faults_point->sentence, "%s", err.text);
    _exit(bad);
}

void faults_fill_the_disk(struct shard *shard)
{
    for (long leave = 0; leave <= 32768; leave += 2048) {
        if (!faults_is_mine(shard))
            continue;
        faults_clear(shard);
        pid_t child = faults_fork(shard);
        if (child == 0) {
            with_full_disk(shard, leave);
        }
        int status = faults_wait_for(child);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
            shard->skipped++;
            continue;
        }
        if (status != 0)
            faults_complain(shard, "a full disk", "was not refused cleanly");
        if (leave == 0 && !shard->point->set_failed)
            faults_complain(shard, "a full disk", "was not noticed");
        faults_expect_first(shard);
        faults_count_point(shard);
    }
}
