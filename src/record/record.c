/* record.c: the table of fields, and life and death of the structs made from it. See record.h. */
#include "record/record.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELD_TYPE_I64 DOUBT_I64_FIELD
#define FIELD_TYPE_F64 DOUBT_F64_FIELD
#define FIELD_TYPE_TEXT DOUBT_TEXT_FIELD

#define DOUBT_SCOPE_SERIES(...) __VA_ARGS__
#define DOUBT_SCOPE_CELL(...)
#define DOUBT_SCOPE_RESTART(...)
#define DOUBT_SCOPE_ALSO(...)
#define DOUBT_FIELD(scope, type, name, unit, meaning)                                              \
    DOUBT_SCOPE_##scope(                                                                           \
        {DOUBT_##scope, FIELD_TYPE_##type, #name, unit, meaning, offsetof(struct STRUCT, name)}, )
#define STRUCT doubt_series
static const struct doubt_field series_fields[] = {
#include "record/fields.def"
};
#undef STRUCT
#undef DOUBT_SCOPE_SERIES
#undef DOUBT_SCOPE_CELL
#define DOUBT_SCOPE_SERIES(...)
#define DOUBT_SCOPE_CELL(...) __VA_ARGS__
#define STRUCT doubt_cell
static const struct doubt_field cell_fields[] = {
#include "record/fields.def"
};
#undef STRUCT
#undef DOUBT_SCOPE_CELL
#undef DOUBT_SCOPE_RESTART
#define DOUBT_SCOPE_CELL(...)
#define DOUBT_SCOPE_RESTART(...) __VA_ARGS__
#define STRUCT doubt_restart
static const struct doubt_field restart_fields[] = {
#include "record/fields.def"
};
#undef STRUCT
#undef DOUBT_SCOPE_RESTART
#undef DOUBT_SCOPE_ALSO
#define DOUBT_SCOPE_RESTART(...)
#define DOUBT_SCOPE_ALSO(...) __VA_ARGS__
#define STRUCT doubt_also
static const struct doubt_field also_fields[] = {
#include "record/fields.def"
};
#undef STRUCT

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct {
    const char *name;
    const struct doubt_field *fields;
    size_t count, struct_bytes;
} scopes[DOUBT_SCOPE_COUNT] = {
    [DOUBT_SERIES] = {"series", series_fields, COUNT(series_fields), sizeof(struct doubt_series)},
    [DOUBT_CELL] = {"cell", cell_fields, COUNT(cell_fields), sizeof(struct doubt_cell)},
    [DOUBT_RESTART] = {"restart", restart_fields, COUNT(restart_fields),
                       sizeof(struct doubt_restart)},
    [DOUBT_ALSO] = {"also", also_fields, COUNT(also_fields), sizeof(struct doubt_also)},
};

const struct doubt_field *doubt_fields(enum doubt_scope scope, size_t *count)
{
    *count = scopes[scope].count;
    return scopes[scope].fields;
}

const char *doubt_scope_name(enum doubt_scope scope)
{
    return scopes[scope].name;
}

size_t doubt_record_bytes(enum doubt_scope scope)
{
    return scopes[scope].struct_bytes;
}

void doubt_record_init(enum doubt_scope scope, void *record)
{
    memset(record, 0, scopes[scope].struct_bytes);
    for (size_t i = 0; i < scopes[scope].count; i++) {
        const struct doubt_field *field = &scopes[scope].fields[i];
        void *value = doubt_field_at(field, record);
        if (field->type == DOUBT_I64_FIELD)
            *(int64_t *)value = DOUBT_MISSING_I64;
        else if (field->type == DOUBT_F64_FIELD)
            *(double *)value = NAN;
        else
            *(char **)value = NULL;
    }
}

void doubt_record_free(enum doubt_scope scope, void *record)
{
    for (size_t i = 0; i < scopes[scope].count; i++) {
        const struct doubt_field *field = &scopes[scope].fields[i];
        if (field->type == DOUBT_TEXT_FIELD)
            free(*(char **)doubt_field_at(field, record));
    }
    doubt_record_init(scope, record);
}

bool doubt_record_copy(enum doubt_scope scope, void *to, const void *from)
{
    doubt_record_init(scope, to);
    for (size_t i = 0; i < scopes[scope].count; i++) {
        const struct doubt_field *field = &scopes[scope].fields[i];
        void *target = doubt_field_at(field, to);
        const void *source = doubt_field_at_const(field, from);
        if (field->type == DOUBT_I64_FIELD) {
            *(int64_t *)target = *(const int64_t *)source;
        } else if (field->type == DOUBT_F64_FIELD) {
            *(double *)target = *(const double *)source;
        } else if (*(char *const *)source != NULL) {
            *(char **)target = strdup(*(char *const *)source);
            if (*(char **)target == NULL) {
                doubt_record_free(scope, to);
                return false;
            }
        }
    }
    return true;
}

bool doubt_field_is_missing(const struct doubt_field *field, const void *record)
{
    const void *value = doubt_field_at_const(field, record);
    if (field->type == DOUBT_I64_FIELD)
        return *(const int64_t *)value == DOUBT_MISSING_I64;
    if (field->type == DOUBT_F64_FIELD)
        return !isfinite(*(const double *)value);
    return *(char *const *)value == NULL;
}

void doubt_text_set(char **field, const char *text)
{
    char *fresh = NULL;
    if (text != NULL && (fresh = strdup(text)) == NULL)
        return;
    free(*field);
    *field = fresh;
}

void doubt_text_setf(char **field, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *fresh = len < 0 ? NULL : malloc((size_t)len + 1);
    if (fresh != NULL) {
        vsnprintf(fresh, (size_t)len + 1, format, again);
        free(*field);
        *field = fresh;
    }
    va_end(again);
}
