/* catalog.c: see catalog.h. */
#include "cli/catalog.h"

#include "claims/device.h"
#include "util/str.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A user's set that stands for a shipped one is said. */
static void say_shadow(const struct doubt_cli *cli, const char *name)
{
    char *path = doubt_claim_set_shadows(name);
    if (path != NULL)
        doubt_cli_say(cli, "doubt: %s stands for the shipped set %s", path, name);
    free(path);
}

static enum doubt_code load_all(const struct doubt_cli *cli, struct doubt_catalog *catalog,
                                struct doubt_err *err)
{
    char **names = doubt_claim_names();
    size_t count = 0;
    while (names != NULL && names[count] != NULL)
        count++;
    catalog->sets = calloc(count + 1, sizeof *catalog->sets);
    if (names == NULL || catalog->sets == NULL) {
        doubt_claim_names_free(names);
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the claim sets");
    }
    for (size_t i = 0; i < count; i++) {
        struct doubt_err reason = {0};
        say_shadow(cli, names[i]);
        if (doubt_claim_set_load(names[i], &catalog->sets[catalog->count], &reason) == DOUBT_OK)
            catalog->count++;
        else
            doubt_cli_say(cli, "doubt: left out: %s", reason.text);
    }
    doubt_claim_names_free(names);
    return DOUBT_OK;
}

enum doubt_code doubt_catalog_open(const struct doubt_cli *cli, const char *name,
                                   struct doubt_catalog *catalog, struct doubt_err *err)
{
    memset(catalog, 0, sizeof *catalog);
    enum doubt_code code = doubt_registry_open(&catalog->registry, err);
    if (code == DOUBT_OK && name == NULL)
        code = load_all(cli, catalog, err);
    else if (code == DOUBT_OK && (catalog->sets = calloc(1, sizeof *catalog->sets)) == NULL)
        code = doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for a claim set");
    else if (code == DOUBT_OK)
        code = doubt_claim_set_load(name, &catalog->sets[0], err);
    if (code == DOUBT_OK && name != NULL) {
        say_shadow(cli, name);
        catalog->count = 1;
    }
    if (code != DOUBT_OK)
        doubt_catalog_close(catalog);
    return code;
}

void doubt_catalog_close(struct doubt_catalog *catalog)
{
    for (size_t i = 0; i < catalog->count; i++)
        doubt_claim_set_free(&catalog->sets[i]);
    free(catalog->sets);
    doubt_registry_close(catalog->registry);
    memset(catalog, 0, sizeof *catalog);
}

/* --- search --------------------------------------------------------------------------------- */

static bool contains(const char *text, const char *part)
{
    size_t len = strlen(part);
    for (; strlen(text) >= len; text++) {
        if (strncasecmp(text, part, len) == 0)
            return true;
        if (*text == '\0')
            break;
    }
    return false;
}

static bool is_vendor(const char *wanted, const struct doubt_claim_set *set,
                      const struct doubt_claim *claim)
{
    const struct doubt_device *device = doubt_device_of_claim(claim->device);
    return contains(set->title, wanted) || (device != NULL && contains(device->vendor, wanted));
}

bool doubt_catalog_matches(const struct doubt_catalog_filter *filter,
                           const struct doubt_claim_set *set, const struct doubt_claim *claim)
{
    char year[24];
    snprintf(year, sizeof year, "%" PRId64, filter->year);
    if (filter->device != NULL && !contains(claim->device, filter->device))
        return false;
    if (filter->network != NULL && strcasecmp(claim->network, filter->network) != 0 &&
        !contains(claim->title, filter->network))
        return false;
    if (filter->set != NULL && strcmp(set->name, filter->set) != 0)
        return false;
    if (filter->vendor != NULL && !is_vendor(filter->vendor, set, claim))
        return false;
    return filter->year == 0 || strstr(claim->date, year) != NULL;
}

/* --- what could test it --------------------------------------------------------------------- */

void doubt_catalog_family(const struct doubt_claim *claim, char *out, size_t out_bytes)
{
    const char *p = claim->engine;
    size_t len = 0;
    while (p[len] != '\0' && p[len] != ',' &&
           !(p[len] == ' ' && (isdigit((unsigned char)p[len + 1]) || p[len + 1] == '(' ||
                               p[len + 1] == '/' || strncmp(p + len, " via ", 5) == 0)))
        len++;
    snprintf(out, out_bytes, "%.*s", (int)len, p);
    for (char *c = out; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
}

static bool is_statistic(const char *name)
{
    static const char *const known[] = {"", "mean", "median", "p50", "p90", "p95", "p99"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcasecmp(name, known[i]) == 0)
            return true;
    return false;
}

bool doubt_catalog_has_engine(const struct doubt_catalog *catalog, const char *family)
{
    for (size_t i = 0; i < doubt_registry_count(catalog->registry); i++)
        if (strcmp(doubt_registry_at(catalog->registry, i)->name, family) == 0)
            return true;
    return family[0] == '\0';
}

static void add_obstacle(char *out, size_t out_bytes, const char *text)
{
    size_t used = strlen(out);
    snprintf(out + used, out_bytes - used, "%s%s", used > 0 ? "; " : "", text);
}

void doubt_catalog_obstacle(const struct doubt_claim *claim, char *out, size_t out_bytes)
{
    char text[128];
    out[0] = '\0';
    if (claim->network[0] == '\0')
        add_obstacle(out, out_bytes, "unknown network");
    if (claim->condition[0] != '\0')
        add_obstacle(out, out_bytes, claim->condition);
    if (strcmp(claim->precision, "i8") == 0)
        add_obstacle(out, out_bytes, "i8: the built-in networks are not quantised");
    snprintf(text, sizeof text, "%.80s is not measured", claim->statistic);
    if (!is_statistic(claim->statistic))
        add_obstacle(out, out_bytes, text);
}

/* --- independent measurements --------------------------------------------------------------- */

bool doubt_catalog_is_independent(const struct doubt_claim *claim)
{
    return claim->row[0] == 'M' && strcmp(claim->confidence, "quoted") != 0;
}

bool doubt_catalog_is_same(const struct doubt_claim *a, const struct doubt_claim *b)
{
    if (strcasecmp(a->device, b->device) != 0 || strcmp(a->network, b->network) != 0)
        return false;
    return a->network[0] != '\0' || strcasecmp(a->title, b->title) == 0;
}

const char *doubt_catalog_word(const struct doubt_claim_set *set)
{
    return strstr(set->title, "chart") != NULL ? "chart" : NULL;
}
