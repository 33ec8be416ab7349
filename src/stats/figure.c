/* figure.c: reads a published figure and what its written digits claim.
 *
 * A unit of work is one figure ("36 FPS", "up to 1,804.9 img/s"). Edges are computed on the decimal
 * digits and converted to double once. Not for durations typed as options: util/units.h.
 */
#include <doubt/verdict.h>
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TEXT = 80, MOST_DIGITS = 17, FEW_BYTES = 40 };

#define ACCEPTED_UNITS "ns, us, ms, s, FPS, img/s, images/s, samples/s, inf/s, ips, QPS"

struct unit {
    const char *name;
    enum doubt_unit_kind kind;
    int power; /* value = written number x 10^power */
};

/* Times are matched as written, rates in any case. */
static const struct unit units[] = {
    {"ns", DOUBT_UNIT_TIME, 0},         {"us", DOUBT_UNIT_TIME, 3},
    {"\xc2\xb5s", DOUBT_UNIT_TIME, 3}, /* micro sign */
    {"\xce\xbcs", DOUBT_UNIT_TIME, 3}, /* Greek mu */
    {"ms", DOUBT_UNIT_TIME, 6},         {"msec", DOUBT_UNIT_TIME, 6},
    {"s", DOUBT_UNIT_TIME, 9},          {"sec", DOUBT_UNIT_TIME, 9},
    {"FPS", DOUBT_UNIT_RATE, 0},        {"frames/s", DOUBT_UNIT_RATE, 0},
    {"img/s", DOUBT_UNIT_RATE, 0},      {"imgs/s", DOUBT_UNIT_RATE, 0},
    {"image/s", DOUBT_UNIT_RATE, 0},    {"images/s", DOUBT_UNIT_RATE, 0},
    {"images/sec", DOUBT_UNIT_RATE, 0}, {"sample/s", DOUBT_UNIT_RATE, 0},
    {"samples/s", DOUBT_UNIT_RATE, 0},  {"samples/sec", DOUBT_UNIT_RATE, 0},
    {"inf/s", DOUBT_UNIT_RATE, 0},      {"inferences/s", DOUBT_UNIT_RATE, 0},
    {"queries/s", DOUBT_UNIT_RATE, 0},  {"QPS", DOUBT_UNIT_RATE, 0},
    {"IPS", DOUBT_UNIT_RATE, 0},
};

struct word {
    const char *text;
    enum doubt_figure_bound bound;
    bool about;
};

static const struct word words[] = {
    {"up to", DOUBT_FIGURE_UP_TO, false},
    {"at most", DOUBT_FIGURE_UP_TO, false},
    {"<=", DOUBT_FIGURE_UP_TO, false},
    {"\xe2\x89\xa4", DOUBT_FIGURE_UP_TO, false},
    {"<", DOUBT_FIGURE_UP_TO, false},
    {"at least", DOUBT_FIGURE_AT_LEAST, false},
    {">=", DOUBT_FIGURE_AT_LEAST, false},
    {"\xe2\x89\xa5", DOUBT_FIGURE_AT_LEAST, false},
    {">", DOUBT_FIGURE_AT_LEAST, false},
    {"about", DOUBT_FIGURE_TWO_SIDED, true},
    {"approx.", DOUBT_FIGURE_TWO_SIDED, true},
    {"~", DOUBT_FIGURE_TWO_SIDED, true},
    {"\xe2\x89\x88", DOUBT_FIGURE_TWO_SIDED, true},
};

/* mantissa x 10^exponent; `written` counts the significant digits. */
struct decimal {
    uint64_t mantissa;
    int exponent, written;
};

struct reader {
    const char *text, *at;
    const struct doubt_figure_options *options;
    struct doubt_err *err;
};

#define REFUSE(reader, ...) doubt_err_set((reader)->err, DOUBT_E_USAGE, __VA_ARGS__)

static void skip_blanks(struct reader *reader)
{
    while (*reader->at == ' ' || *reader->at == '\t')
        reader->at++;
}

/* Is `text` at the front of `at`, letters in any case? */
static bool starts_with(const char *at, const char *text)
{
    for (; *text; text++, at++)
        if (tolower((unsigned char)*at) != tolower((unsigned char)*text))
            return false;
    return true;
}

static void read_word(struct reader *reader, struct doubt_figure *figure)
{
    size_t i;

    skip_blanks(reader);
    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!starts_with(reader->at, words[i].text))
            continue;
        figure->bound = words[i].bound;
        figure->about = words[i].about;
        reader->at += strlen(words[i].text);
        break;
    }
    skip_blanks(reader);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static enum doubt_code add_digit(struct reader *reader, struct decimal *number)
{
    const int digit = *reader->at - '0';

    if (number->written >= MOST_DIGITS || number->exponent < -MOST_DIGITS)
        return REFUSE(reader, "figure \"%s\": at most %d digits are accepted", reader->text,
                      MOST_DIGITS);
    if (number->mantissa > 0 || digit > 0)
        number->written++;
    number->mantissa = 10 * number->mantissa + (uint64_t)digit;
    reader->at++;
    return DOUBT_OK;
}

/* How many digits stand at `at`? */
static int run_of_digits(const char *at)
{
    int n = 0;

    while (is_digit(at[n]))
        n++;
    return n;
}

/* Is the group sign here followed by whole groups of three, as in "1,804" or "1,234,567.8"? */
static bool groups_ahead(const char *at, char group, int before)
{
    if (before < 1 || before > 3)
        return false;
    while (*at == group) {
        if (run_of_digits(at + 1) != 3)
            return false;
        at += 4;
    }
    return true;
}

static enum doubt_code refuse_group(struct reader *reader, char group)
{
    if (group == ',')
        return REFUSE(
            reader,
            "figure \"%s\": the comma is ambiguous; write a point for decimals (27.8), "
            "commas only between groups of three digits (1,804.9); --decimal-comma, where "
            "a command takes it, reads 27,8 as 27.8",
            reader->text);
    return REFUSE(reader,
                  "figure \"%s\": with decimal commas, points stand only between groups of three "
                  "digits (1.804,9)",
                  reader->text);
}

static enum doubt_code read_whole(struct reader *reader, char group, struct decimal *number)
{
    const int before = run_of_digits(reader->at);
    enum doubt_code code = DOUBT_OK;

    if (reader->at[before] == group && !groups_ahead(reader->at + before, group, before))
        return refuse_group(reader, group);
    while (code == DOUBT_OK && (is_digit(*reader->at) || *reader->at == group)) {
        if (*reader->at == group)
            reader->at++;
        else
            code = add_digit(reader, number);
    }
    return code;
}

/* The size of what parts two numbers at `at`, blanks included, as in "30-36" or "30 to 36"; 0: no
 * number, or none such, stands there. */
static size_t range_ahead(const char *at)
{
    static const char *const signs[] = {"-",   "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\xa6",
                                        "...", "..",           "to ",          "\xc2\xb1"};
    const char *sign = at + strspn(at, " \t");
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (!starts_with(sign, signs[i]))
            continue;
        const char *end = sign + strlen(signs[i]);
        end += strspn(end, " \t");
        if (is_digit(*end))
            return (size_t)(end - at);
    }
    return 0;
}

/* Such a range says nothing about which end a verdict is to be held to. */
static enum doubt_code refuse_range(struct reader *reader)
{
    return REFUSE(reader,
                  "figure \"%s\" is a range, and a figure is one number: write the end that is "
                  "claimed, such as \"at least 30 FPS\" or \"up to 36 FPS\"",
                  reader->text);
}

static enum doubt_code read_number(struct reader *reader, struct decimal *number)
{
    const bool commas = reader->options->decimal_comma;
    const char point = commas ? ',' : '.', group = commas ? '.' : ',';
    enum doubt_code code;

    if (!is_digit(*reader->at) && !(*reader->at == point && is_digit(reader->at[1])))
        return REFUSE(reader,
                      "figure \"%s\": no positive number found; accepted are forms such as "
                      "36 FPS, 27.8 ms, up to 1,804.9 img/s, ~2.2k QPS",
                      reader->text);
    code = read_whole(reader, group, number);
    if (code == DOUBT_OK && range_ahead(reader->at) > 0)
        return refuse_range(reader);
    if (code != DOUBT_OK || *reader->at != point)
        goto done;
    reader->at++;
    while (code == DOUBT_OK && is_digit(*reader->at)) {
        number->exponent--;
        code = add_digit(reader, number);
    }
    if (code == DOUBT_OK && range_ahead(reader->at) > 0)
        return refuse_range(reader);
    if (code == DOUBT_OK && (*reader->at == group || *reader->at == point))
        return refuse_group(reader, group);
done:
    if (code == DOUBT_OK && number->mantissa == 0)
        return REFUSE(reader, "figure \"%s\": a figure must be more than 0", reader->text);
    return code;
}

/* "k" and "M" behind the number, unless a unit begins with it. */
static void read_multiplier(struct reader *reader, struct decimal *number)
{
    skip_blanks(reader);
    if (*reader->at == 'k' || *reader->at == 'K')
        number->exponent += 3;
    else if (*reader->at == 'M')
        number->exponent += 6;
    else
        return;
    reader->at++;
    skip_blanks(reader);
}

static const struct unit *find_unit(const char *text, size_t length)
{
    size_t i;

    for (i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strlen(units[i].name) != length)
            continue;
        if (units[i].kind == DOUBT_UNIT_TIME ? memcmp(text, units[i].name, length) == 0
                                             : starts_with(text, units[i].name))
            return &units[i];
    }
    return NULL;
}

/* "FPS - 36 FPS": another number with a unit, unlike the "-1" of "img s-1". */
static bool has_range(const char *at)
{
    for (size_t size; *at; at++)
        if ((size = range_ahead(at)) > 0) {
            at += size + strspn(at + size, "0123456789.,");
            at += strspn(at, " \t");
            return *at != '\0';
        }
    return false;
}

static enum doubt_code read_unit(struct reader *reader, struct doubt_figure *figure,
                                 struct decimal *number)
{
    size_t length = strlen(reader->at);
    const struct unit *unit;

    while (length > 0 && (reader->at[length - 1] == ' ' || reader->at[length - 1] == '\t'))
        length--;
    if (length == 0)
        return REFUSE(reader, "figure \"%s\" has no unit; accepted are " ACCEPTED_UNITS,
                      reader->text);
    unit = find_unit(reader->at, length);
    if (!unit && has_range(reader->at))
        return refuse_range(reader);
    if (!unit)
        return REFUSE(reader,
                      "figure \"%s\": unit \"%.*s\" is not known; accepted are " ACCEPTED_UNITS,
                      reader->text, (int)length, reader->at);
    figure->kind = unit->kind;
    figure->unit_scale = pow(10, unit->power);
    number->exponent += unit->power;
    memcpy(figure->unit, reader->at, length);
    figure->unit[length] = '\0';
    return DOUBT_OK;
}

/* mantissa x 10^exponent, rounded once; without a decimal point, so that no locale matters. */
static double to_double(uint64_t mantissa, int exponent)
{
    char text[FEW_BYTES];

    snprintf(text, sizeof text, "%llue%d", (unsigned long long)mantissa, exponent);
    return strtod(text, NULL);
}

/* 10^k as an integer, 0 <= k <= 18. */
static uint64_t power_of_ten(int k)
{
    uint64_t power = 1;

    while (k-- > 0)
        power *= 10;
    return power;
}

static enum doubt_code set_edges(struct reader *reader, const struct decimal *number,
                                 struct doubt_figure *figure)
{
    const int asked = reader->options->significant_digits;
    const int idle = asked > 0 && asked < number->written ? number->written - asked : 0;
    const uint64_t place = power_of_ten(idle), tenfold = 10 * number->mantissa;
    const bool cut = reader->options->truncated;

    if (number->mantissa % place != 0)
        return REFUSE(reader,
                      "figure \"%s\": more than %d of its digits are not trailing zeros; ask for "
                      "more significant digits",
                      reader->text, asked);
    figure->value = to_double(number->mantissa, number->exponent);
    figure->lo = to_double(tenfold - (cut ? 0 : 5 * place), number->exponent - 1);
    figure->hi = to_double(tenfold + (cut ? 10 : 5) * place, number->exponent - 1);
    figure->lo *= 1 - reader->options->tolerance;
    figure->hi *= 1 + reader->options->tolerance;
    return DOUBT_OK;
}

static enum doubt_code check_options(struct reader *reader)
{
    const struct doubt_figure_options *options = reader->options;

    if (options->significant_digits < 0 || options->significant_digits > MOST_DIGITS)
        return REFUSE(reader, "%d significant digits: accepted are 1 to %d, or 0 for all written",
                      options->significant_digits, MOST_DIGITS);
    if (!(options->tolerance >= 0 && options->tolerance < 1))
        return REFUSE(reader,
                      "tolerance %g: accepted is a share from 0 to less than 1, such as "
                      "0.02",
                      options->tolerance);
    return DOUBT_OK;
}

enum doubt_code doubt_figure_parse(const char *text, const struct doubt_figure_options *options,
                                   struct doubt_figure *figure, struct doubt_err *err)
{
    static const struct doubt_figure_options defaults = {0};
    struct reader reader = {text, text, options ? options : &defaults, err};
    struct doubt_figure result = {0};
    struct decimal number = {0};
    enum doubt_code code;

    if (!text || strlen(text) > MOST_TEXT)
        return REFUSE(&reader, "a figure is a text of at most %d bytes, such as \"36 FPS\"",
                      MOST_TEXT);
    code = check_options(&reader);
    if (code != DOUBT_OK)
        return code;
    read_word(&reader, &result);
    code = read_number(&reader, &number);
    if (code != DOUBT_OK)
        return code;
    read_multiplier(&reader, &number);
    code = read_unit(&reader, &result, &number);
    if (code == DOUBT_OK)
        code = set_edges(&reader, &number, &result);
    if (code == DOUBT_OK)
        *figure = result;
    return code;
}
