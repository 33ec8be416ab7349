/* history.h: texts of what the store holds: the list of series, and one series' whole record.
 *
 * A unit of work is one text. Whatever a worker or a file's name put into the record, nothing in
 * these texts but letters reaches the terminal. Not for reading the store: cmd_history.c does that.
 */
#ifndef DOUBT_CLI_HISTORY_H
#define DOUBT_CLI_HISTORY_H

#include "cli/cmd.h"
#include "store/store.h"

/* What was read of one series. */
struct doubt_history {
    struct doubt_store_series entry;
    struct doubt_store_restarts restarts;
};

/* Of one series: how many rows its table has, and what came of it in a few words. */
struct doubt_history_brief {
    int64_t rows;
    char result[64];
};
/* What was read of all: series and their briefs. */
struct doubt_history_overview {
    struct doubt_series *series;
    struct doubt_history_brief *briefs;
    size_t count;
};

/* "B FASTER"; "2 HOLDS, 1 FALLS SHORT", further claims counted; "no verdict" beside a claim set;
 * the mean of a single row;
 * "" else. */
void doubt_history_make_brief(const struct doubt_store_series *entry,
                              struct doubt_history_brief *brief);

/* A line per series, oldest first. */
enum doubt_code doubt_history_list(const struct doubt_cli *cli,
                                   const struct doubt_history_overview *overview,
                                   struct doubt_str *out, struct doubt_err *err);
/* The page that the series printed when it ended, then every field that is not missing, then its
 * restarts. */
enum doubt_code doubt_history_page(const struct doubt_cli *cli, const struct doubt_history *history,
                                   struct doubt_str *out, struct doubt_err *err);
/* {"series": {...}, "cells": [...], "also": [...], "restarts": [...]}; NULL when out of memory. */
json_t *doubt_history_json(const struct doubt_history *history);

#endif
