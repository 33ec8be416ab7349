/* netfile.h: built-in networks as ONNX files in the user's cache folder.
 *
 * A unit of work is one file: $XDG_CACHE_HOME/doubt/networks/NAME-TYPE-bBATCH-KEY.onnx, written
 * once. KEY is a digest of the graph's description (nodes, attributes, recipes of the weights), so
 * a changed network gets a new name and an old file is never taken for it. Beside it lies a stamp
 * with the file's SHA-256, size and time of change: a file that still has both is not read again.
 * Not for the user's own files.
 */
#ifndef DOUBT_CLI_NETFILE_H
#define DOUBT_CLI_NETFILE_H

#include "model/graph.h"
#include "model/net.h"
#include "util/sha256.h"

/* Digest of everything that makes the file's bytes, without making the weights. */
enum doubt_code doubt_netfile_key(const struct doubt_graph *graph,
                                  char key[DOUBT_SHA256_TEXT_BYTES], struct doubt_err *err);

struct doubt_netfile {
    char *path; /* heap string, NULL on failure */
    char sha256[DOUBT_SHA256_TEXT_BYTES];
};

/* Finds or writes the file of a graph built with params. */
enum doubt_code doubt_netfile_get(const struct doubt_net *net,
                                  const struct doubt_net_params *params,
                                  const struct doubt_graph *graph, struct doubt_netfile *file,
                                  struct doubt_err *err);

#endif
