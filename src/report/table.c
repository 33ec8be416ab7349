/* table.c: see table.h. */
#include "report/table.h"

#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

static const char gap[] = "   ", ellipsis[] = "\xE2\x80\xA6";

struct cell {
    char *text;
    const char *color;
};

struct doubt_table {
    const struct doubt_table_column *columns;
    const struct doubt_table_narrow *narrow; /* NULL: no text is shortened */
    size_t column_count, row_count;
    struct cell *cells; /* row_count x column_count */
};

struct doubt_table *doubt_table_new(const struct doubt_table_column *columns, size_t count)
{
    struct doubt_table *table = count <= DOUBT_TABLE_COLUMNS_MAX ? calloc(1, sizeof *table) : NULL;
    if (table != NULL) {
        table->columns = columns;
        table->column_count = count;
    }
    return table;
}

void doubt_table_free(struct doubt_table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < table->row_count * table->column_count; i++)
        free(table->cells[i].text);
    free(table->cells);
    free(table);
}

enum doubt_code doubt_table_add(struct doubt_table *table, const char *const *texts,
                                struct doubt_err *err)
{
    size_t count = table->column_count, used = table->row_count * count;
    struct cell *cells = realloc(table->cells, (used + count) * sizeof *cells);
    if (cells == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a table's row");
    table->cells = cells;
    for (size_t i = 0; i < count; i++) {
        cells[used + i] = (struct cell){strdup(texts[i] != NULL ? texts[i] : ""), NULL};
        if (cells[used + i].text != NULL)
            continue;
        while (i-- > 0)
            free(cells[used + i].text);
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a table's row");
    }
    table->row_count++;
    return DOUBT_OK;
}

void doubt_table_color(struct doubt_table *table, size_t column, const char *name)
{
    if (table->row_count > 0)
        table->cells[(table->row_count - 1) * table->column_count + column].color = name;
}

/* --- which columns fit ---------------------------------------------------------------------- */

/* Columns taken by each column of the table; 0 for one without any text. */
static void measure(const struct doubt_table *table, size_t *widths)
{
    for (size_t c = 0; c < table->column_count; c++) {
        widths[c] = 0;
        for (size_t r = 0; r < table->row_count; r++) {
            size_t columns = doubt_str_columns(table->cells[r * table->column_count + c].text);
            if (columns > widths[c])
                widths[c] = columns;
        }
        size_t title = doubt_str_columns(table->columns[c].title);
        if (widths[c] > 0 && title > widths[c])
            widths[c] = title;
    }
}

static size_t total(const size_t *widths, size_t count)
{
    size_t sum = 0;
    for (size_t c = 0; c < count; c++)
        if (widths[c] > 0)
            sum += widths[c] + (sum > 0 ? sizeof gap - 1 : 0);
    return sum;
}

/* The column to be left out next; column_count: none may be. */
static size_t find_worst(const struct doubt_table *table, const size_t *widths)
{
    size_t worst = table->column_count;
    for (size_t c = 0; c < table->column_count; c++)
        if (widths[c] > 0 && table->columns[c].drop > 0 &&
            (worst == table->column_count || table->columns[c].drop > table->columns[worst].drop))
            worst = c;
    return worst;
}

/* How narrow the column may become. */
static size_t least_columns(const struct doubt_table *table, size_t natural)
{
    const struct doubt_table_narrow *narrow = table->narrow;
    size_t title = doubt_str_columns(table->columns[narrow->column].title);
    size_t least = narrow->least > title ? narrow->least : title;
    return least < natural ? least : natural;
}

/* Sets the width of columns that are left out to 0; the one that may be narrow gets the rest. */
static void drop(const struct doubt_table *table, size_t width, size_t *widths)
{
    const struct doubt_table_narrow *narrow = table->narrow;
    size_t natural = narrow != NULL ? widths[narrow->column] : 0, sum;
    while ((sum = total(widths, table->column_count)) > width && width > 0) {
        size_t worst = find_worst(table, widths);
        if (narrow != NULL &&
            (worst == table->column_count || table->columns[worst].drop <= narrow->order)) {
            widths[narrow->column] = least_columns(table, natural);
            narrow = NULL;
        } else if (worst == table->column_count) {
            return;
        } else {
            widths[worst] = 0;
        }
    }
    if (table->narrow != NULL && width > sum && widths[table->narrow->column] > 0) {
        size_t *own = &widths[table->narrow->column];
        *own = *own + width - sum < natural ? *own + width - sum : natural;
    }
}

size_t doubt_table_left_out(const struct doubt_table *table, size_t width, struct doubt_str *titles)
{
    size_t all[DOUBT_TABLE_COLUMNS_MAX], kept[DOUBT_TABLE_COLUMNS_MAX], count = 0;
    measure(table, all);
    memcpy(kept, all, sizeof kept);
    drop(table, width, kept);
    for (size_t c = 0; c < table->column_count; c++)
        if (all[c] > 0 && kept[c] == 0 && ++count > 0 && titles != NULL)
            doubt_str_addf(titles, "%s%s", count > 1 ? ", " : "", table->columns[c].title);
    return count;
}

void doubt_table_add_left_out(const struct doubt_table *table, size_t width, struct doubt_str *out)
{
    struct doubt_str text;
    doubt_str_init(&text, 1024);
    doubt_str_add(&text, "not shown: ");
    if (doubt_table_left_out(table, width, &text) > 0) {
        doubt_str_add(&text, ": too wide for this terminal; --wide or --json has them");
        doubt_str_wrap(out, doubt_str_text(&text), 0, width);
    }
    doubt_str_free(&text);
}

/* --- by libsmartcols ------------------------------------------------------------------------ */

static bool goes_on(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* What of the text, cut at a character's border, leaves room for an ellipsis. */
static void add_cut(struct doubt_str *out, const char *text, size_t columns)
{
    doubt_str_add(out, text);
    while (!out->failed && doubt_str_columns(doubt_str_text(out)) > columns - 1) {
        do
            out->len--;
        while (out->len > 0 && goes_on(out->data[out->len]));
        out->data[out->len] = '\0';
    }
    doubt_str_add(out, ellipsis);
}

static void add_cut_front(struct doubt_str *out, const char *text, size_t columns)
{
    while (doubt_str_columns(text) > columns - 1)
        do
            text++;
        while (goes_on(*text));
    doubt_str_add(out, ellipsis);
    doubt_str_add(out, text);
}

/* The cell's text in so many columns; false: out of memory. */
static bool set_narrow(const struct doubt_table *table, const char *text, size_t columns,
                       struct libscols_cell *cell)
{
    struct doubt_str out;
    doubt_str_init(&out, strlen(text) * 2 + sizeof ellipsis);
    if (table->narrow->how == DOUBT_TABLE_WRAP) {
        doubt_str_wrap(&out, text, 0, columns);
        if (out.len > 0)
            out.data[out.len - 1] = '\0'; /* the last line's end */
    } else if (table->narrow->how == DOUBT_TABLE_CUT_FRONT) {
        add_cut_front(&out, text, columns);
    } else {
        add_cut(&out, text, columns);
    }
    bool good = !out.failed && scols_cell_set_data(cell, doubt_str_text(&out)) == 0;
    doubt_str_free(&out);
    return good;
}

/* And nowhere else. */
static bool break_at_newlines(struct libscols_column *column)
{
    return scols_column_set_safechars(column, "\n") == 0 &&
           scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk,
                                     NULL) == 0;
}

static bool add_columns(const struct doubt_table *table, const size_t *widths,
                        struct libscols_table *to)
{
    for (size_t c = 0; c < table->column_count; c++) {
        if (widths[c] == 0)
            continue;
        bool wrap = table->narrow != NULL && table->narrow->column == c &&
                    table->narrow->how == DOUBT_TABLE_WRAP;
        struct libscols_column *column = scols_table_new_column(
            to, table->columns[c].title, (double)widths[c],
            (table->columns[c].right ? SCOLS_FL_RIGHT : 0) | (wrap ? SCOLS_FL_WRAP : 0));
        if (column == NULL || (wrap && !break_at_newlines(column)))
            return false;
    }
    return true;
}

static bool fill(const struct doubt_table *table, const size_t *widths, bool color,
                 struct libscols_table *to)
{
    if (!add_columns(table, widths, to))
        return false;
    for (size_t r = 0; r < table->row_count; r++) {
        struct libscols_line *line = scols_table_new_line(to, NULL);
        if (line == NULL)
            return false;
        size_t shown = 0;
        for (size_t c = 0; c < table->column_count; c++) {
            const struct cell *cell = &table->cells[r * table->column_count + c];
            if (widths[c] == 0)
                continue;
            struct libscols_cell *to_cell = scols_line_get_cell(line, shown++);
            bool narrow = table->narrow != NULL && table->narrow->column == c &&
                          doubt_str_columns(cell->text) > widths[c];
            if (narrow ? !set_narrow(table, cell->text, widths[c], to_cell)
                       : scols_cell_set_data(to_cell, cell->text) != 0)
                return false;
            if (color && cell->color != NULL)
                scols_cell_set_color(to_cell, cell->color);
        }
    }
    return true;
}

/* The text without the blanks that fill the last column of each line. */
static void add_trimmed(struct doubt_str *out, const char *text)
{
    while (*text != '\0') {
        size_t line = strcspn(text, "\n"), kept = line;
        while (kept > 0 && text[kept - 1] == ' ')
            kept--;
        doubt_str_add_bytes(out, text, kept);
        doubt_str_add(out, "\n");
        text += line;
        text += *text == '\n';
    }
}

enum doubt_code doubt_table_format(const struct doubt_table *table, size_t width, bool color,
                                   struct doubt_str *out, struct doubt_err *err)
{
    size_t widths[DOUBT_TABLE_COLUMNS_MAX];
    char *text = NULL;
    measure(table, widths);
    drop(table, width, widths);
    if (total(widths, table->column_count) == 0)
        return DOUBT_OK;
    struct libscols_table *to = scols_new_table();
    if (to == NULL)
        goto done;
    scols_table_enable_colors(to, color);
    scols_table_set_termforce(to, SCOLS_TERMFORCE_NEVER);
    if (scols_table_set_column_separator(to, gap) == 0 && fill(table, widths, color, to) &&
        scols_print_table_to_string(to, &text) != 0)
        text = NULL;
    scols_unref_table(to);
done:
    if (text == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a table");
    add_trimmed(out, text);
    free(text);
    return DOUBT_OK;
}

enum doubt_code doubt_table_print_narrow(const struct doubt_table_shape *shape,
                                         const struct doubt_table_narrow *narrow,
                                         const void *context, struct doubt_str *out,
                                         struct doubt_err *err)
{
    struct doubt_table *table = doubt_table_new(shape->columns, shape->column_count);
    if (table == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a table");
    table->narrow = narrow;
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < shape->item_count; i++)
        code = shape->add(context, i, table, err);
    if (code == DOUBT_OK)
        code = doubt_table_format(table, shape->width, shape->color, out, err);
    if (code == DOUBT_OK)
        doubt_table_add_left_out(table, shape->width, out);
    doubt_table_free(table);
    return code;
}

enum doubt_code doubt_table_print(const struct doubt_table_shape *shape, const void *context,
                                  struct doubt_str *out, struct doubt_err *err)
{
    return doubt_table_print_narrow(shape, NULL, context, out, err);
}
