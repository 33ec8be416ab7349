/* option_of.c: see option_of.h. */
#include "cli/option_of.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The "@" before the "=", or NULL. */
static const char *mark_of(const char *option)
{
    size_t name = strcspn(option, "=");
    return memchr(option, '@', name);
}

static bool is_for(const char *option, const char *network)
{
    const char *mark = mark_of(option);
    size_t len = mark != NULL ? strcspn(mark + 1, "=") : 0;
    return mark != NULL && network != NULL && strlen(network) == len &&
           strncasecmp(mark + 1, network, len) == 0;
}

/* The option without what it is for; heap. */
static char *bare(const char *option)
{
    const char *mark = mark_of(option);
    char *text = strdup(option);
    if (text != NULL && mark != NULL) {
        const char *value = strchr(mark, '=');
        size_t name = (size_t)(mark - option);
        if (value != NULL)
            memcpy(text + name, value, strlen(value) + 1);
    }
    return text;
}

char **doubt_option_of(const struct doubt_opt_list *all, const char *network)
{
    char **list = calloc(all->count + 1, sizeof *list);
    size_t count = 0;
    for (int own = 0; list != NULL && own < 2; own++)
        for (size_t i = 0; i < all->count; i++) {
            const char *option = all->items[i];
            if (own ? !is_for(option, network) : mark_of(option) != NULL)
                continue;
            list[count] = bare(option);
            if (list[count++] == NULL) {
                doubt_option_of_free(list);
                return NULL;
            }
        }
    return list;
}

void doubt_option_of_free(char **options)
{
    for (size_t i = 0; options != NULL && options[i] != NULL; i++)
        free(options[i]);
    free(options);
}

enum doubt_code doubt_option_of_check(const struct doubt_opt_list *all, const char *const *networks,
                                      struct doubt_err *err)
{
    for (size_t i = 0; i < all->count; i++) {
        const char *mark = mark_of(all->items[i]);
        bool known = mark == NULL;
        char name[64];
        for (size_t n = 0; !known && networks[n] != NULL; n++)
            known = is_for(all->items[i], networks[n]);
        if (known)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)strcspn(mark + 1, "="), mark + 1);
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--option \"%.100s\" is for a network that the set has not%s "
                             "NAME@NETWORK=VALUE takes one of its networks",
                             all->items[i], doubt_str_hint(name, networks, "").text);
    }
    return DOUBT_OK;
}
