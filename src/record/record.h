/* record.h: what a result is: four plain structs made from fields.def.
 *
 * A unit of work is one series, one cell of it, one restart of a cell, or one more claim that a
 * cell was set beside; the first claim is in the cell itself. TEXT fields are heap
 * strings owned by the struct; set them with doubt_text_set(). Everything above this floor speaks
 * in these structs only, so a report is made without an engine. Not for raw samples: those are
 * arrays of int64 nanoseconds beside the restart they belong to.
 */
#ifndef DOUBT_RECORD_RECORD_H
#define DOUBT_RECORD_RECORD_H

#include <doubt/err.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DOUBT_MISSING_I64 INT64_MIN
#define DOUBT_C_TYPE_I64 int64_t
#define DOUBT_C_TYPE_F64 double
#define DOUBT_C_TYPE_TEXT char *

#define DOUBT_SCOPE_SERIES(...) __VA_ARGS__
#define DOUBT_SCOPE_CELL(...)
#define DOUBT_SCOPE_RESTART(...)
#define DOUBT_SCOPE_ALSO(...)
#define DOUBT_FIELD(scope, type, name, unit, meaning) DOUBT_SCOPE_##scope(DOUBT_C_TYPE_##type name;)
struct doubt_series {
#include "record/fields.def"
};
#undef DOUBT_SCOPE_SERIES
#undef DOUBT_SCOPE_CELL
#define DOUBT_SCOPE_SERIES(...)
#define DOUBT_SCOPE_CELL(...) __VA_ARGS__
struct doubt_cell {
#include "record/fields.def"
};
#undef DOUBT_SCOPE_CELL
#undef DOUBT_SCOPE_RESTART
#define DOUBT_SCOPE_CELL(...)
#define DOUBT_SCOPE_RESTART(...) __VA_ARGS__
struct doubt_restart {
#include "record/fields.def"
};
#undef DOUBT_SCOPE_RESTART
#undef DOUBT_SCOPE_ALSO
#define DOUBT_SCOPE_RESTART(...)
#define DOUBT_SCOPE_ALSO(...) __VA_ARGS__
struct doubt_also {
#include "record/fields.def"
};
#undef DOUBT_SCOPE_SERIES
#undef DOUBT_SCOPE_CELL
#undef DOUBT_SCOPE_RESTART
#undef DOUBT_SCOPE_ALSO
#undef DOUBT_FIELD

/* What a series came to, without its restarts: what is stored at its end, and shown. Borrowed. */
struct doubt_record_parts {
    const struct doubt_series *series;
    const struct doubt_cell *cells;
    size_t cell_count;
    const struct doubt_also *also; /* by cell and number; NULL: none */
    size_t also_count;
};

/* Restarts, and iterations of each, from which a cell's verdict keeps the whole promise: with fewer
 * restarts it takes as many iterations, with fewer of either it has a remark (docs/COVERAGE.md,
 * "Short budgets"). */
enum { DOUBT_RECORD_RESTARTS_FULL = 10, DOUBT_RECORD_ITERATIONS_FULL = 100 };

enum doubt_scope { DOUBT_SERIES, DOUBT_CELL, DOUBT_RESTART, DOUBT_ALSO, DOUBT_SCOPE_COUNT };
enum doubt_field_type { DOUBT_I64_FIELD, DOUBT_F64_FIELD, DOUBT_TEXT_FIELD };

struct doubt_field {
    enum doubt_scope scope;
    enum doubt_field_type type;
    const char *name, *unit, *meaning;
    size_t offset; /* in the scope's struct */
};

/* The rows of a scope, in order. */
const struct doubt_field *doubt_fields(enum doubt_scope scope, size_t *count);
const char *doubt_scope_name(enum doubt_scope scope); /* "series", "cell", "restart", "also" */
size_t doubt_record_bytes(enum doubt_scope scope);    /* of the scope's struct */

/* Where the field's value lies in a record: an int64_t, a double or a char *. */
static inline void *doubt_field_at(const struct doubt_field *field, void *record)
{
    return (char *)record + field->offset;
}
static inline const void *doubt_field_at_const(const struct doubt_field *field, const void *record)
{
    return (const char *)record + field->offset;
}
/* Infinities count as missing, as JSON has none. */
bool doubt_field_is_missing(const struct doubt_field *field, const void *record);

/* Every field missing; record points to the scope's struct. free leaves it all missing. */
void doubt_record_init(enum doubt_scope scope, void *record);
void doubt_record_free(enum doubt_scope scope, void *record);
/* Deep copy into an uninitialised struct; false when out of memory (to is then all missing). */
bool doubt_record_copy(enum doubt_scope scope, void *to, const void *from);

/* Replaces a TEXT field by a copy (NULL allowed); keeps the old one when out of memory. */
void doubt_text_set(char **field, const char *text);
void doubt_text_setf(char **field, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A JSON string; bytes that are not UTF-8 become U+FFFD. NULL when out of memory. */
json_t *doubt_text_to_json(const char *text);

/* JSON object of a record, fields in order, missing ones as null; NULL when out of memory. NaN and
 * infinities become null, -0 becomes 0, bytes that are not UTF-8 become U+FFFD. */
json_t *doubt_record_to_json(enum doubt_scope scope, const void *record);
/* The reverse, into an uninitialised struct; absent members are missing, unknown ones ignored, a
 * wrong type is DOUBT_E_FORMAT and named (record is then all missing). */
enum doubt_code doubt_record_from_json(enum doubt_scope scope, const json_t *json, void *record,
                                       struct doubt_err *err);

/* docs/RECORD.md as a heap string; NULL when out of memory. */
char *doubt_record_doc(void);

/* How a series' power_mode begins that was not the same at both ends. */
#define DOUBT_POWER_MODE_CHANGED "changed: "

#endif
