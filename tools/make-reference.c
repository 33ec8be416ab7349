/* make-reference.c: remakes data/reference/NAME.txt, the expected outputs of the built-in networks.
 *
 * A unit of its work is one network: built in f32 for batch 1, run by the reference interpreter on
 * the seeded inputs, sampled, written as text. To be run when a network or the seeded weights
 * change; `make-reference FOLDER [NAME ...]`. Takes some tens of seconds.
 */
#include "model/check.h"
#include "model/net.h"
#include "util/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum doubt_code make(const char *folder, const struct doubt_net *net, bool no_nms,
                            struct doubt_err *err)
{
    const struct doubt_net_params params = {.batch = 1, .dtype = DOUBT_F32, .no_nms = no_nms};
    struct doubt_reference reference = {.outputs = NULL};
    struct doubt_graph *graph = NULL;
    char path[4096], *text = NULL;
    snprintf(path, sizeof path, "%s/%s%s.txt", folder, net->name, no_nms ? ".no-nms" : "");
    enum doubt_code code = doubt_net_build(net, &params, &graph, err);
    if (code == DOUBT_OK)
        code = doubt_reference_compute(graph, &reference, err);
    if (code == DOUBT_OK)
        code = doubt_reference_format(&reference, &text, err);
    if (code == DOUBT_OK)
        code = doubt_file_write(path, text, strlen(text), err);
    if (code == DOUBT_OK)
        printf("%s\n", path);
    free(text);
    doubt_reference_free(&reference);
    doubt_graph_free(graph);
    return code;
}

int main(int argc, char **argv)
{
    struct doubt_err err = {.code = DOUBT_OK};
    enum doubt_code code = DOUBT_OK;
    if (argc < 2) {
        fprintf(stderr, "usage: make-reference FOLDER [NAME ...]\n");
        return 2;
    }
    for (size_t k = 0; k < doubt_net_count() && code == DOUBT_OK; k++) {
        const struct doubt_net *net = doubt_net_at(k);
        bool wanted = argc == 2;
        for (int a = 2; a < argc; a++)
            wanted |= strcmp(argv[a], net->name) == 0;
        if (!wanted)
            continue;
        code = make(argv[1], net, false, &err);
        if (code == DOUBT_OK && strcmp(net->name, "ssd-mobilenet-v2") == 0)
            code = make(argv[1], net, true, &err);
    }
    if (code != DOUBT_OK)
        fprintf(stderr, "make-reference: %s\n", err.text);
    return code == DOUBT_OK ? 0 : 1;
}
