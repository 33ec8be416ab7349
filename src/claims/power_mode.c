/* power_mode.c: see power_mode.h. */
#include "claims/power_mode.h"

#include "record/record.h"
#include "util/alike.h"
#include "util/str.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char prefix[] = "MODE_";

/* Up to the next ", " or " + "; gives its length and steps behind it. */
static size_t next_phrase(const char **text)
{
    const char *at = *text;
    size_t len = 0;
    while (at[len] != '\0' && strncmp(at + len, ", ", 2) != 0 && strncmp(at + len, " + ", 3) != 0)
        len++;
    *text = at + len + (at[len] == ',' ? 2 : at[len] == ' ' ? 3 : 0);
    return len;
}

/* The word, up to a space or a parenthesis. */
static void take_word(const char *at, char out[DOUBT_POWER_MODE_BYTES])
{
    snprintf(out, DOUBT_POWER_MODE_BYTES, "%.*s", (int)strcspn(at, " ()"), at);
}

/* "nvpmodel 0 (MAXN)", "10 W (nvpmodel -m 0)", "nvpmodel 15W": false for anything behind them. */
static bool take_nvpmodel(const char *phrase, struct doubt_power_mode *out)
{
    static const char word[] = "nvpmodel ";
    const char *at = strstr(phrase, word);
    if (at == NULL)
        return false;
    bool inside = at > phrase && at[-1] == '(';
    at += sizeof word - 1;
    if (strncmp(at, "-m ", 3) == 0)
        at += 3;
    take_word(at, out->mode);
    at += strlen(out->mode);
    if (inside)
        return strcmp(at, ")") == 0;
    if (strncmp(at, " (", 2) == 0) {
        take_word(at + 2, out->name);
        at += 2 + strlen(out->name);
        return strcmp(at, ")") == 0;
    }
    return *at == '\0';
}

/* A mode's name alone: "MAXN", "MaxQ", "5W", "20W 6-core". */
static bool take_name(const char *phrase, struct doubt_power_mode *out)
{
    size_t digits = strspn(phrase, "0123456789");
    bool watts =
        digits > 0 && toupper((unsigned char)phrase[digits + (phrase[digits] == ' ')]) == 'W';
    for (const char *c = phrase; *c != '\0'; c++)
        if (!isalnum((unsigned char)*c) && strchr(" -_", *c) == NULL)
            return false;
    if (!watts && (strncasecmp(phrase, "max", 3) != 0 || strlen(phrase) > 12))
        return false;
    doubt_str_copy(out->mode, sizeof out->mode, phrase);
    return true;
}

void doubt_power_mode_parse(const char *text, struct doubt_power_mode *out)
{
    *out = (struct doubt_power_mode){.clocks = -1};
    for (const char *at = text; *at != '\0';) {
        char phrase[200];
        const char *begin = at;
        size_t len = next_phrase(&at);
        snprintf(phrase, sizeof phrase, "%.*s", (int)len, begin);
        if (strcasecmp(phrase, "jetson_clocks") == 0)
            out->clocks = 1;
        else if (strcasecmp(phrase, "clocks not locked") == 0)
            out->clocks = 0;
        else if (!take_nvpmodel(phrase, out) && !take_name(phrase, out) && out->unknown[0] == '\0')
            doubt_str_copy(out->unknown, sizeof out->unknown, phrase);
    }
}

static bool is_mode(const char *wanted, const struct doubt_power_mode *here)
{
    return wanted[0] != '\0' &&
           (doubt_alike(wanted, here->mode, prefix) || doubt_alike(wanted, here->name, prefix));
}

const char *doubt_power_mode_differs(const char *claimed, const char *here)
{
    struct doubt_power_mode wanted, found;
    if (here == NULL || here[0] == '\0')
        return "unknown power mode";
    if (strncmp(here, DOUBT_POWER_MODE_CHANGED, sizeof DOUBT_POWER_MODE_CHANGED - 1) == 0)
        return "power mode changed";
    if (strcasecmp(claimed, here) == 0)
        return "";
    doubt_power_mode_parse(claimed, &wanted);
    doubt_power_mode_parse(here, &found);
    if (wanted.mode[0] != '\0' && found.mode[0] == '\0')
        return "unknown power mode";
    if (wanted.mode[0] != '\0' && !is_mode(wanted.mode, &found) && !is_mode(wanted.name, &found))
        return "other power mode";
    /* What a mode's name does not say cannot be compared. */
    if (wanted.unknown[0] != '\0' || found.unknown[0] != '\0')
        return "unknown power mode";
    if (wanted.clocks == 1 && found.clocks != 1)
        return found.clocks == 0 ? "clocks not locked" : "unknown clocks";
    return "";
}
