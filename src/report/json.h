/* json.h: a series as one JSON document: {"series": {...}, "cells": [{...}, ...], "also": [{...},
 * ...]}.
 *
 * A unit of work is one document; the members of each object are the rows of record/fields.def.
 * The cell that only measures the cost of measuring is left out: its figure is series.overhead_ns.
 * A command that fails before it has a result prints {"error": {...}} instead. Computes nothing.
 */
#ifndef DOUBT_REPORT_JSON_H
#define DOUBT_REPORT_JSON_H

#include "record/record.h"
#include "util/str.h"

/* The document; NULL when out of memory. The caller gives the reference back. */
json_t *doubt_json_series(const struct doubt_record_parts *parts);

/* {"error": {"code": "E_USAGE", "sentence": "..."}}; NULL when out of memory. */
json_t *doubt_json_error(const struct doubt_err *err);

/* Indented text with a newline at the end. A real has the fewest digits from 15 on that read back
 * as the same double. */
enum doubt_code doubt_json_format(const json_t *json, struct doubt_str *out, struct doubt_err *err);

#endif
