/* err.c: see <doubt/err.h>. */
#include <doubt/err.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *text;
} codes[] = {
#define ROW(name, text) {#name, text},
    DOUBT_CODES(ROW)
#undef ROW
};

const char *doubt_code_name(enum doubt_code code)
{
    return (unsigned)code < DOUBT_CODE_COUNT ? codes[code].name : "?";
}

const char *doubt_code_text(enum doubt_code code)
{
    return (unsigned)code < DOUBT_CODE_COUNT ? codes[code].text : "unknown error";
}

/* Steps back from a cut inside a multi-byte character. */
static void trim_utf8(char *text)
{
    size_t len = strlen(text), start = len;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (len - (start - 1) < want)
        text[start - 1] = '\0';
}

/* Names from files may hold anything; a terminal must not be driven by them. */
static void mask_controls(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            *text = '?';
}

enum doubt_code doubt_err_vset(struct doubt_err *err, enum doubt_code code, const char *format,
                               va_list args)
{
    if (err == NULL || err->code != DOUBT_OK)
        return code;
    err->code = code;
    if (vsnprintf(err->text, sizeof err->text, format, args) >= (int)sizeof err->text)
        trim_utf8(err->text);
    mask_controls(err->text);
    return code;
}

enum doubt_code doubt_err_set(struct doubt_err *err, enum doubt_code code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    doubt_err_vset(err, code, format, args);
    va_end(args);
    return code;
}

static enum doubt_code code_of_errno(enum doubt_code code, int errno_value)
{
    switch (errno_value) {
    case ENOSPC:
    case EDQUOT:
        return DOUBT_E_FULL;
    case ENOMEM:
        return DOUBT_E_MEMORY;
    case EINTR:
        return DOUBT_E_INTERRUPTED;
    case ENOENT:
        return DOUBT_E_NOT_FOUND;
    default:
        return code;
    }
}

enum doubt_code doubt_err_errno(struct doubt_err *err, enum doubt_code code, int errno_value,
                                const char *format, ...)
{
    code = code_of_errno(code, errno_value);
    if (err == NULL || err->code != DOUBT_OK)
        return code;
    va_list args;
    va_start(args, format);
    doubt_err_vset(err, code, format, args);
    va_end(args);
    /* The reason counts more than the end of a very long name. */
    const char *reason = strerror(errno_value);
    size_t len = strlen(err->text), most = sizeof err->text - strlen(reason) - 8;
    if (len > most) {
        err->text[most] = '\0';
        trim_utf8(err->text);
        len = strlen(err->text);
        len += (size_t)snprintf(err->text + len, sizeof err->text - len, "…");
    }
    snprintf(err->text + len, sizeof err->text - len, ": %s", reason);
    return code;
}

void doubt_err_prefix(struct doubt_err *err, const char *format, ...)
{
    if (err == NULL || err->code == DOUBT_OK)
        return;
    char old[DOUBT_ERR_TEXT_BYTES];
    memcpy(old, err->text, sizeof old);
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    size_t len = strlen(err->text);
    if (snprintf(err->text + len, sizeof err->text - len, ": %s", old) >=
        (int)(sizeof err->text - len))
        trim_utf8(err->text);
}
