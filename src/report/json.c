/* json.c: see json.h. */
#include "report/json.h"

#include "report/view.h"

#include <stdlib.h>

json_t *doubt_json_series(const struct doubt_series *series, const struct doubt_cell *cells,
                          size_t cell_count)
{
    json_t *document = json_object(), *list = json_array();
    bool ok =
        json_object_set_new(document, "series", doubt_record_to_json(DOUBT_SERIES, series)) == 0;
    for (size_t i = 0; ok && i < cell_count; i++)
        ok = doubt_view_is_hidden(&cells[i]) ||
             json_array_append_new(list, doubt_record_to_json(DOUBT_CELL, &cells[i])) == 0;
    if (json_object_set_new(document, "cells", list) == 0 && ok)
        return document;
    json_decref(document);
    return NULL;
}

json_t *doubt_json_error(const struct doubt_err *err)
{
    const char *sentence = err->text[0] != '\0' ? err->text : doubt_code_text(err->code);
    return json_pack("{s:{s:s, s:o}}", "error", "code", doubt_code_name(err->code), "sentence",
                     doubt_text_to_json(sentence));
}

enum doubt_code doubt_json_format(const json_t *json, struct doubt_str *out, struct doubt_err *err)
{
    char *text = json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    if (text == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a JSON document");
    doubt_str_add(out, text);
    doubt_str_add(out, "\n");
    free(text);
    return out->failed ? doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a JSON document")
                       : DOUBT_OK;
}
