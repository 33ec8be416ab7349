/* claims_validate.c: is a file a claim set? See claims.h. */
#include "cli/claims.h"
#include "model/net.h"
#include "util/file.h"

#include <stdlib.h>

/* A name that is not built in would only be noticed when it is measured. */
static enum doubt_code check_networks(const struct doubt_claim_set *set, const char *text,
                                      size_t size, const char *path, struct doubt_err *err)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct doubt_claim *claim = &set->claims[i];
        const struct doubt_net *net;
        struct doubt_err reason = {0};
        if (claim->network[0] == '\0' || doubt_net_find(claim->network, &net, &reason) == DOUBT_OK)
            continue;
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "%s, line %zu, claim \"%.100s\", field \"network\": %s; or \"\", and "
                             "a remark that says why it is unknown",
                             path, doubt_claim_line(text, size, i, "network"), claim->id,
                             reason.text);
    }
    return DOUBT_OK;
}

enum doubt_code doubt_claims_validate(const struct doubt_cli *cli, const char *path,
                                      struct doubt_str *out, struct doubt_err *err)
{
    char *text = NULL;
    size_t size = 0;
    struct doubt_claim_set set = {0};
    if (path[0] == '\0')
        return doubt_err_set(err, DOUBT_E_USAGE, "the file's name is empty");
    enum doubt_code code = doubt_file_read(path, DOUBT_CLAIM_FILE_MAX, &text, &size, err);
    if (code == DOUBT_OK)
        code = doubt_claim_set_parse(text, size, path, &set, err);
    if (code == DOUBT_OK)
        code = check_networks(&set, text, size, path, err);
    if (code == DOUBT_OK && cli->common.json)
        code = doubt_claims_format_json(json_pack("{s:s, s:s, s:I}", "name", set.name, "title",
                                                  set.title, "claims", (json_int_t)set.count),
                                        out, err);
    else if (code == DOUBT_OK)
        doubt_str_addf(out, "%s: %zu claim%s, %s\n", path, set.count, set.count == 1 ? "" : "s",
                       set.title);
    doubt_claim_set_free(&set);
    free(text);
    return code;
}
