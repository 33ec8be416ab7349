/* record_doc.c: the table of fields as a page for people: docs/RECORD.md. See record.h. */
#include "record/record.h"
#include "util/str.h"

enum { MAX_PAGE_BYTES = 1 << 20 };

static const char intro[] =
    "# What a result is\n"
    "\n"
    "Made from `src/record/fields.def` by `doubt history --fields`; a test fails when this page "
    "is stale.\n"
    "\n"
    "A series is one invocation, a cell one row of its table, a restart one worker process; `also` "
    "is a\ncell beside one more claim for its network and batch. Struct, JSON (`--json`), the "
    "store's "
    "tables and\nthis page come from the same rows, so a field has one name everywhere. Rows are "
    "only "
    "appended: what\nreads a record today reads it tomorrow.\n"
    "\n"
    "- A missing value is JSON `null` and SQL `NULL`, never 0. JSON has no NaN and no infinity: "
    "both are\n  missing. Negative zero is written 0.0.\n"
    "- Integers are exact to 63 bits. A reader that keeps numbers as doubles loses digits above "
    "2^53\n  (dates in nanoseconds are above it).\n"
    "- A command that fails before it has a result prints, under `--json`, "
    "`{\"error\": {\"code\": …,\n  \"sentence\": …}}`: the name of a code in `<doubt/err.h>`, such "
    "as `E_USAGE`, and the sentence that is\n  on standard error too. The exit status is the same "
    "with and without `--json`.\n"
    "- A text is UTF-8; a byte of a worker's output that is not becomes U+FFFD in JSON.\n"
    "- Raw samples are not fields: the store keeps them packed beside their restart\n"
    "  (`doubt history N --samples CELL:RESTART` prints them).\n"
    "- The store is one SQLite file. What an older doubt's file lacks reads as missing, and is "
    "added when a\n  series is next kept there. An older doubt goes on to read and write the file, "
    "without the fields and\n  tables that it does not know (of `also`: without the further "
    "claims). "
    "Where that would not do, the\n  file's `user_version` is higher than its own, and it refuses "
    "the "
    "file with a sentence that says so.\n";

static const char *type_name(enum doubt_field_type type)
{
    return type == DOUBT_I64_FIELD ? "integer" : type == DOUBT_F64_FIELD ? "number" : "text";
}

static void add_scope(struct doubt_str *page, enum doubt_scope scope)
{
    size_t count;
    const struct doubt_field *fields = doubt_fields(scope, &count);
    doubt_str_addf(page, "\n## %s\n\n| field | type | unit | meaning |\n|---|---|---|---|\n",
                   doubt_scope_name(scope));
    for (size_t i = 0; i < count; i++)
        doubt_str_addf(page, "| `%s` | %s | %s | %s |\n", fields[i].name, type_name(fields[i].type),
                       fields[i].unit, fields[i].meaning);
}

char *doubt_record_doc(void)
{
    struct doubt_str page;
    doubt_str_init(&page, MAX_PAGE_BYTES);
    doubt_str_add(&page, intro);
    for (int scope = 0; scope < DOUBT_SCOPE_COUNT; scope++)
        add_scope(&page, (enum doubt_scope)scope);
    char *text = page.failed ? NULL : doubt_str_dup(doubt_str_text(&page));
    doubt_str_free(&page);
    return text;
}
