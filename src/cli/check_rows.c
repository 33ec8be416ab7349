/* check_rows.c: engines, networks and precisions of the claims that are to be checked. See check.h.
 */
#include "cli/check.h"
#include "cli/option_of.h"

#include "cli/catalog.h"
#include "cli/pilot.h"
#include "cli/work.h"
#include "engine/options.h"
#include "model/tensor.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH_MAX = 4096 }; /* of a built-in network */

/* --- engines -------------------------------------------------------------------------------- */

/* Every engine that can be used; of those that are to be chosen from, each must have the precisions
 * that were asked for. */
static enum doubt_code find_all(struct doubt_check_run *check, struct doubt_err *err)
{
    const struct doubt_opt_list *wanted = &check->values->precisions;
    enum doubt_precision precisions[DOUBT_OPT_LIST_MAX];
    const struct doubt_precisions all = {precisions, wanted->count};
    enum doubt_code code =
        doubt_pick_all(check->registry, &check->left_out, &check->picks, &check->pick_count, err);
    for (size_t i = 0; i < wanted->count; i++)
        doubt_precision_parse(wanted->items[i], &precisions[i]);
    if (code == DOUBT_OK && check->values->engines == DOUBT_CHECK_BEST)
        code = doubt_settings_keep_precise(&all, check->picks, &check->pick_count, err);
    return code;
}

static enum doubt_code find_engines(struct doubt_check_run *check, struct doubt_err *err)
{
    const struct doubt_settings *settings = &check->values->settings;
    enum doubt_code code = doubt_registry_open(&check->registry, err);
    if (code != DOUBT_OK)
        return code;
    if (settings->engine == NULL)
        return find_all(check, err);
    check->picks = calloc(1, sizeof *check->picks);
    if (check->picks == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for an engine");
    char **options = doubt_option_of(&settings->options, NULL);
    const struct doubt_pick_request request = {settings->engine, settings->library,
                                               (const char *const *)options};
    code = options != NULL
               ? doubt_pick_named(check->registry, &request, &check->picks[0], err)
               : doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for an engine's options");
    doubt_option_of_free(options);
    if (code != DOUBT_OK)
        return code;
    check->pick_count = 1;
    return doubt_pick_check_device(&check->picks[0], settings->device, err);
}

static enum doubt_code check_precisions(const struct doubt_check_run *check, struct doubt_err *err)
{
    static const char *const known[] = {"any", "f32", "tf32", "bf16", "f16", NULL};
    const struct doubt_opt_list *wanted = &check->values->precisions;
    for (size_t i = 0; i < wanted->count; i++) {
        enum doubt_precision precision;
        if (doubt_precision_parse(wanted->items[i], &precision) && precision != DOUBT_PRECISION_I8)
            continue;
        return doubt_err_set(err, DOUBT_E_USAGE,
                             "--precision \"%.100s\" is unknown%s accepted: any, f32, tf32, bf16, "
                             "f16",
                             wanted->items[i], doubt_str_hint(wanted->items[i], known, "").text);
    }
    return DOUBT_OK;
}

/* The precisions of one engine's rows. */
static enum doubt_code precisions_of(const struct doubt_check_run *check,
                                     const struct doubt_pick *pick, enum doubt_precision *out,
                                     size_t *count, struct doubt_err *err)
{
    static const enum doubt_precision usual[] = {DOUBT_PRECISION_F32, DOUBT_PRECISION_BF16,
                                                 DOUBT_PRECISION_F16};
    const struct doubt_opt_list *wanted = &check->values->precisions;
    uint32_t bits = doubt_pick_precisions(pick, check->values->settings.device);
    *count = 0;
    for (size_t i = 0; i < wanted->count && *count < DOUBT_PRECISION_COUNT; i++) {
        doubt_precision_parse(wanted->items[i], &out[*count]);
        enum doubt_code code =
            doubt_settings_check_precision(&check->values->settings, pick, out[*count], err);
        if (code != DOUBT_OK)
            return code;
        ++*count;
    }
    for (size_t i = 0; wanted->count == 0 && i < sizeof usual / sizeof usual[0]; i++)
        if (bits & (1u << usual[i]))
            out[(*count)++] = usual[i];
    if (*count == 0)
        out[(*count)++] = DOUBT_PRECISION_F32;
    return DOUBT_OK;
}

bool doubt_check_computes_nothing(const struct doubt_check_run *check)
{
    return check->pick_count == 1 && (check->picks[0].engine->ops->caps & DOUBT_CAP_NO_OUTPUT);
}

/* Leaves only the fastest engine. */
enum doubt_code doubt_check_choose(struct doubt_check_run *check, struct doubt_err *err)
{
    const struct doubt_pilot pilot = {
        .picks = check->picks,
        .pick_count = check->pick_count,
        .subjects = check->subjects,
        .subject_count = check->subject_count,
        .settings = &check->values->settings,
        .precision = DOUBT_PRECISION_F32,
        .boundary = DOUBT_BOUNDARY_CALL,
        .built_ns = &check->built_ns,
    };
    size_t best = 0;
    if (check->values->engines == DOUBT_CHECK_ALL || check->pick_count < 2)
        return DOUBT_OK;
    enum doubt_code code = doubt_pilot_run(check->cli, &pilot, &best, &check->why_engine, err);
    if (code != DOUBT_OK)
        return code;
    doubt_str_add(&check->why_engine, "; --engines all shows the rows of each");
    struct doubt_pick kept = check->picks[best];
    for (size_t i = 0; i < check->pick_count; i++)
        if (i != best)
            doubt_pick_free(&check->picks[i]);
    check->picks[0] = kept;
    check->pick_count = 1;
    return DOUBT_OK;
}

/* Which file of its own the row's engine is to get: one of f16 where it takes f16 from the file,
 * one with TensorRT's suppression where it has that. 0: the file that all get. */
static size_t own_kind(const struct doubt_check_run *check, const struct doubt_check_row *row)
{
    uint32_t caps = doubt_pick_caps(&check->picks[row->pick]);
    size_t kind = 0;
    if (row->precision == DOUBT_PRECISION_F16 && (caps & DOUBT_CAP_HALF_FILE))
        kind |= DOUBT_CHECK_OWN_HALF;
    if ((caps & DOUBT_CAP_NMS_PLUGIN) &&
        strcmp(check->subjects[row->subject].name, "ssd-mobilenet-v2") == 0)
        kind |= DOUBT_CHECK_OWN_NMS;
    return kind;
}

static enum doubt_code open_own(struct doubt_check_run *check, const struct doubt_check_row *row,
                                struct doubt_err *err)
{
    const struct doubt_subject *shared = &check->subjects[row->subject];
    const struct doubt_net *net = NULL;
    size_t kind = own_kind(check, row);
    if (kind == 0)
        return DOUBT_OK;
    if (check->own == NULL)
        check->own = calloc((check->set.count + 1) * DOUBT_CHECK_OWN_KINDS, sizeof *check->own);
    if (check->own == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for files of single engines");
    struct doubt_subject *own = &check->own[row->subject * DOUBT_CHECK_OWN_KINDS + kind];
    if (own->name != NULL)
        return DOUBT_OK;
    enum doubt_code code = doubt_net_find(shared->name, &net, err);
    const struct doubt_net_params params = {
        .batch = shared->batch,
        .dtype = (kind & DOUBT_CHECK_OWN_HALF) ? DOUBT_F16 : DOUBT_F32,
        .nms_plugin = (kind & DOUBT_CHECK_OWN_NMS) != 0,
    };
    return code == DOUBT_OK ? doubt_subject_open_net(net, &params, !check->values->plan, own, err)
                            : code;
}

const struct doubt_subject *doubt_check_subject(const struct doubt_check_run *check,
                                                const struct doubt_check_row *row)
{
    size_t kind = check->own != NULL ? own_kind(check, row) : 0;
    const struct doubt_subject *own =
        kind != 0 ? &check->own[row->subject * DOUBT_CHECK_OWN_KINDS + kind] : NULL;
    return own != NULL && own->name != NULL ? own : &check->subjects[row->subject];
}

/* NAME@NETWORK=VALUE is for the rows of one network. */
static enum doubt_code take_options(const struct doubt_check_run *check,
                                    struct doubt_check_row *row, struct doubt_err *err)
{
    row->options =
        doubt_option_of(&check->values->settings.options, check->subjects[row->subject].name);
    if (row->options == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for an engine's options");
    return doubt_options_check(check->picks[row->pick].engine->ops,
                               (const char *const *)row->options, err);
}

enum doubt_code doubt_check_rows(struct doubt_check_run *check, struct doubt_err *err)
{
    size_t most = check->set.count * check->pick_count * DOUBT_PRECISION_COUNT;
    check->rows = calloc(most > 0 ? most : 1, sizeof *check->rows);
    if (check->rows == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory for the table's rows");
    for (size_t c = 0; c < check->set.count; c++) {
        if (check->claims[c].subject == SIZE_MAX)
            continue;
        for (size_t e = 0; e < check->pick_count; e++) {
            enum doubt_precision precisions[DOUBT_PRECISION_COUNT];
            size_t count = 0;
            enum doubt_code code = precisions_of(check, &check->picks[e], precisions, &count, err);
            if (code != DOUBT_OK)
                return code;
            for (size_t p = 0; code == DOUBT_OK && p < count; p++) {
                const struct doubt_check_row row = {c, check->claims[c].subject, e, precisions[p],
                                                    NULL};
                check->rows[check->row_count++] = row;
                code = open_own(check, &row, err);
                if (code == DOUBT_OK)
                    code = take_options(check, &check->rows[check->row_count - 1], err);
            }
            if (code != DOUBT_OK)
                return code;
        }
    }
    return DOUBT_OK;
}

enum doubt_code doubt_check_engines(struct doubt_check_run *check, struct doubt_err *err)
{
    enum doubt_code code = check_precisions(check, err);
    return code == DOUBT_OK ? find_engines(check, err) : code;
}

/* --- networks ------------------------------------------------------------------------------- */

static void skip(struct doubt_check_run *check, size_t claim, const char *why)
{
    snprintf(check->claims[claim].why, sizeof check->claims[claim].why, "%s", why);
}

/* The subject that an earlier claim already opened, or the count. */
static size_t find_subject(const struct doubt_check_run *check, const char *network, int32_t batch)
{
    size_t i = 0;
    while (i < check->subject_count &&
           (strcmp(check->subjects[i].name, network) != 0 || check->subjects[i].batch != batch))
        i++;
    return i;
}

/* The claim whose rows measure a subject. */
static size_t claim_of_subject(const struct doubt_check_run *check, size_t subject)
{
    size_t i = 0;
    while (i < check->set.count && check->claims[i].subject != subject)
        i++;
    return i;
}

/* Why the claim cannot be tested, whatever the device; "" when it can. With --as-is only a network
 * that is not there is in the way. */
static void why_not(const struct doubt_check_run *check, const struct doubt_claim *claim,
                    const struct doubt_net **net, char *out, size_t out_bytes)
{
    char own[64];
    struct doubt_works none = {.count = 0}, *works = &none;
    out[0] = '\0';
    bool known = doubt_net_find(claim->network, net, NULL) == DOUBT_OK;
    if (!known && claim->network[0] != '\0')
        snprintf(out, out_bytes, "no such built-in network");
    else if (!known || !check->values->as_is)
        doubt_catalog_obstacle(claim, out, out_bytes);
    if (out[0] == '\0' && !check->values->as_is &&
        doubt_works_other_size(works, claim, own, sizeof own))
        snprintf(out, out_bytes, "input %.60s, built in with %s", claim->input, own);
    if (out[0] == '\0' && claim->batch != DOUBT_MISSING_I64 && claim->batch > BATCH_MAX)
        snprintf(out, out_bytes, "batch above %d", BATCH_MAX);
}

static enum doubt_code open_subject(struct doubt_check_run *check, size_t i, struct doubt_err *err)
{
    const struct doubt_claim *claim = &check->set.claims[i];
    const struct doubt_net *net = NULL;
    struct doubt_net_params params = {.batch = 1, .dtype = DOUBT_F32};
    char why[sizeof check->claims[i].why];
    why_not(check, claim, &net, why, sizeof why);
    if (why[0] != '\0') {
        skip(check, i, why);
        return DOUBT_OK;
    }
    if (claim->batch != DOUBT_MISSING_I64)
        params.batch = (int32_t)claim->batch;
    size_t at = find_subject(check, net->name, params.batch);
    if (at < check->subject_count) {
        check->claims[i].with = claim_of_subject(check, at);
        return DOUBT_OK;
    }
    bool with_file = !check->values->plan && !doubt_check_computes_nothing(check);
    enum doubt_code code =
        doubt_subject_open_net(net, &params, with_file, &check->subjects[at], err);
    if (code != DOUBT_OK)
        return code;
    check->subject_count++;
    check->claims[i].subject = at;
    return DOUBT_OK;
}

/* A short list names claims, a long one counts them. */
static void list_not_measured(struct doubt_check_run *check)
{
    enum { NAMED_MAX = 8 };
    struct doubt_str *out = &check->not_measured;
    size_t count = 0;
    for (size_t i = 0; i < check->set.count; i++)
        count += check->claims[i].why[0] != '\0';
    for (size_t i = 0; count <= NAMED_MAX && i < check->set.count; i++)
        if (check->claims[i].why[0] != '\0')
            doubt_str_addf(out, "%s%s (%s)", out->len > 0 ? ", " : "", check->set.claims[i].id,
                           check->claims[i].why);
    if (count > NAMED_MAX)
        doubt_str_addf(out, "%zu of %zu claims: doubt check %s --plan says why", count,
                       check->set.count, check->set.name);
}

enum doubt_code doubt_check_subjects(struct doubt_check_run *check, struct doubt_err *err)
{
    enum doubt_code code = DOUBT_OK;
    for (size_t i = 0; code == DOUBT_OK && i < check->set.count; i++)
        if (check->claims[i].wanted)
            code = open_subject(check, i, err);
    list_not_measured(check);
    return code;
}
