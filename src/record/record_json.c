/* record_json.c: records as JSON objects, both ways. See record.h.
 *
 * JSON has no NaN and no infinity: both become null, as does every missing field. Negative zero
 * becomes 0.0, which it equals. Integers stay integers to the last of their 63 bits.
 */
#include "record/record.h"
#include "util/str.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the valid UTF-8 character at text, 0 where there is none. */
static size_t utf8_length(const unsigned char *text)
{
    size_t length = text[0] < 0x80                      ? 1
                    : text[0] >= 0xC2 && text[0] < 0xE0 ? 2
                    : text[0] >= 0xE0 && text[0] < 0xF0 ? 3
                    : text[0] >= 0xF0 && text[0] < 0xF5 ? 4
                                                        : 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    /* Overlong forms, surrogates, and what lies beyond U+10FFFF. */
    if ((text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xED && text[1] > 0x9F) ||
        (text[0] == 0xF0 && text[1] < 0x90) || (text[0] == 0xF4 && text[1] > 0x8F))
        return 0;
    return length;
}

/* What a worker printed, or a file is called, may be any bytes. */
json_t *doubt_text_to_json(const char *text)
{
    json_t *json = json_string(text);
    if (json != NULL)
        return json;
    struct doubt_str clean;
    doubt_str_init(&clean, 3 * strlen(text));
    for (const char *p = text; *p != '\0';) {
        size_t length = utf8_length((const unsigned char *)p);
        if (length == 0)
            doubt_str_add(&clean, "\xEF\xBF\xBD");
        else
            doubt_str_add_bytes(&clean, p, length);
        p += length > 0 ? length : 1;
    }
    if (!clean.failed)
        json = json_string(doubt_str_text(&clean));
    doubt_str_free(&clean);
    return json;
}

static json_t *value_to_json(const struct doubt_field *field, const void *record)
{
    const void *value = doubt_field_at_const(field, record);
    if (doubt_field_is_missing(field, record))
        return json_null();
    if (field->type == DOUBT_I64_FIELD)
        return json_integer(*(const int64_t *)value);
    if (field->type == DOUBT_F64_FIELD)
        return json_real(*(const double *)value + 0.0);
    return doubt_text_to_json(*(char *const *)value);
}

json_t *doubt_record_to_json(enum doubt_scope scope, const void *record)
{
    size_t count;
    const struct doubt_field *fields = doubt_fields(scope, &count);
    json_t *object = json_object();
    for (size_t i = 0; object != NULL && i < count; i++)
        if (json_object_set_new(object, fields[i].name, value_to_json(&fields[i], record)) != 0) {
            json_decref(object);
            object = NULL;
        }
    return object;
}

static const char *type_name(const json_t *json)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "an object",   [JSON_ARRAY] = "an array", [JSON_STRING] = "a text",
        [JSON_INTEGER] = "an integer", [JSON_REAL] = "a number",  [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",        [JSON_NULL] = "null"};
    return json == NULL ? "nothing" : names[json_typeof(json)];
}

static const char *wanted(enum doubt_field_type type)
{
    return type == DOUBT_I64_FIELD ? "an integer" : type == DOUBT_F64_FIELD ? "a number" : "a text";
}

static enum doubt_code value_from_json(const struct doubt_field *field, const json_t *json,
                                       void *record, struct doubt_err *err)
{
    void *value = doubt_field_at(field, record);
    if (json == NULL || json_is_null(json))
        return DOUBT_OK;
    if (field->type == DOUBT_I64_FIELD && json_is_integer(json)) {
        *(int64_t *)value = json_integer_value(json);
    } else if (field->type == DOUBT_F64_FIELD && json_is_number(json)) {
        *(double *)value = json_number_value(json);
    } else if (field->type == DOUBT_TEXT_FIELD && json_is_string(json)) {
        *(char **)value = strdup(json_string_value(json));
        if (*(char **)value == NULL)
            return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while reading a record");
    } else {
        return doubt_err_set(err, DOUBT_E_FORMAT,
                             "field \"%s\" of a %s is %s; %s or null is needed", field->name,
                             doubt_scope_name(field->scope), type_name(json), wanted(field->type));
    }
    return DOUBT_OK;
}

enum doubt_code doubt_record_from_json(enum doubt_scope scope, const json_t *json, void *record,
                                       struct doubt_err *err)
{
    doubt_record_init(scope, record);
    if (!json_is_object(json))
        return doubt_err_set(err, DOUBT_E_FORMAT, "a %s must be a JSON object, not %s",
                             doubt_scope_name(scope), type_name(json));
    size_t count;
    const struct doubt_field *fields = doubt_fields(scope, &count);
    for (size_t i = 0; i < count; i++) {
        enum doubt_code code =
            value_from_json(&fields[i], json_object_get(json, fields[i].name), record, err);
        if (code != DOUBT_OK) {
            doubt_record_free(scope, record);
            return code;
        }
    }
    return DOUBT_OK;
}
