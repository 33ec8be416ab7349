/* ort_profile.c: times of layers from the library's own profiler.
 *
 * A unit of work is one profile: a file in a folder of its own, read once and deleted. On a GPU the
 * library times the launch of a node's kernels: the host makes launches wait for their end there
 * ($CUDA_LAUNCH_BLOCKING), so that it is the kernels' time. Not for figures: profiling costs time.
 */
#include "ort_int.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const long file_bytes_max = 1L << 30;

int ort_profile_begin(struct ort_engine *e, ort_options *options,
                      const struct doubt_open_request *request)
{
    const char *folder = request->cache_folder != NULL ? request->cache_folder : getenv("TMPDIR");
    if (!request->profile)
        return 0;
    if (e->profile[0] == '\0') {
        int len = snprintf(e->profile, sizeof e->profile - 8, "%s/doubt-profile-XXXXXX",
                           folder != NULL && folder[0] == '/' ? folder : "/tmp");
        if (len < 0 || len >= (int)sizeof e->profile - 8 || mkdtemp(e->profile) == NULL) {
            e->profile[0] = '\0';
            return ORT_FAIL(e,
                            "cannot make a folder for the profile in %s: set $TMPDIR to one that "
                            "can be written to",
                            folder != NULL ? folder : "/tmp");
        }
        strcat(e->profile, "/ort");
    }
    return ort_check(e, e->api.EnableProfiling(options, e->profile), "cannot profile");
}

static char *read_text(const char *path, size_t *bytes)
{
    FILE *file = fopen(path, "re");
    char *text = NULL;
    long size = -1;
    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size >= 0 && size <= file_bytes_max && fseek(file, 0, SEEK_SET) == 0)
        text = malloc((size_t)size + 1);
    *bytes = text != NULL ? fread(text, 1, (size_t)size, file) : 0;
    if (file != NULL)
        fclose(file);
    return text;
}

static int read_profile(struct ort_engine *e)
{
    char *path = NULL;
    size_t bytes = 0;
    if (ort_check(e, e->api.SessionEndProfiling(e->session, e->allocator, &path),
                  "cannot end the profile"))
        return -1;
    char *text = read_text(path, &bytes);
    int result = text != NULL ? ort_events_parse(text, bytes, &e->events) : -1;
    if (result != 0)
        result = ORT_FAIL(e, "the profile %s cannot be read as a list of events", path);
    free(text);
    ort_give_back(e, path);
    return result;
}

int ort_profile_layers(void *self, struct doubt_engine_layer *layers, uint32_t *count)
{
    struct ort_engine *e = self;
    if (e->profile[0] == '\0')
        return ORT_FAIL(e, "the model was opened without profiling");
    if (!e->events_read && read_profile(e) != 0)
        return -1;
    e->events_read = 1;
    for (size_t i = 0; i < *count && i < e->events.count; i++) {
        const struct ort_node *node = &e->events.nodes[i];
        struct doubt_engine_layer *layer = &layers[i];
        memset(layer, 0, sizeof *layer);
        memcpy(layer->name, node->name, sizeof layer->name);
        /* Where a node ran is worth telling when it is not where the others did. */
        int elsewhere = e->choice.fallback && strncmp(node->provider, "CPU", 3) == 0;
        snprintf(layer->type, sizeof layer->type, "%.100s%s", node->type,
                 elsewhere ? " on the CPU" : "");
        layer->ns = ort_events_ns(&e->events, i);
    }
    *count = (uint32_t)e->events.count;
    return 0;
}

/* The library writes its file at the latest when its session ends: nothing of it stays. */
void ort_profile_end(struct ort_engine *e)
{
    glob_t files = {0};
    char pattern[sizeof e->profile + 1];
    ort_events_free(&e->events);
    e->events_read = 0;
    if (e->profile[0] == '\0')
        return;
    snprintf(pattern, sizeof pattern, "%s*", e->profile);
    if (glob(pattern, 0, NULL, &files) == 0)
        for (size_t i = 0; i < files.gl_pathc; i++)
            unlink(files.gl_pathv[i]);
    globfree(&files);
    *strrchr(e->profile, '/') = '\0';
    rmdir(e->profile);
    e->profile[0] = '\0';
}
