/* tree.h: a tree of another machine that a test may change: a copy of one of tests/fake/, or empty.
 *
 * A unit of work is one file of it. For tests only.
 */
#ifndef DOUBT_TESTS_TREE_H
#define DOUBT_TESTS_TREE_H

#include "util/file.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define FAKE DOUBT_SOURCE "/tests/fake/"

struct tree {
    char root[64];
};

static inline struct tree tree_new(const char *like)
{
    struct tree tree = {"/tmp/doubt-test-tree-XXXXXX"};
    char command[512];
    assert_non_null(mkdtemp(tree.root));
    if (like == NULL)
        return tree;
    snprintf(command, sizeof command, "cp -r %s%s/. %s", FAKE, like, tree.root);
    assert_int_equal(system(command), 0);
    return tree;
}

static inline void tree_free(struct tree *tree)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", tree->root);
    assert_int_equal(system(command), 0);
}

/* Overwrites in place, as a driver's file changes: an open file sees it. */
static inline void tree_put(const struct tree *tree, const char *path, const char *text)
{
    char full[512];
    snprintf(full, sizeof full, "%s/%s", tree->root, path);
    for (char *c = full + 1; (c = strchr(c, '/')) != NULL; c++) {
        *c = '\0';
        mkdir(full, 0755);
        *c = '/';
    }
    FILE *file = fopen(full, "w");
    if (file == NULL)
        fail_msg("%s cannot be written", full);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

#endif
