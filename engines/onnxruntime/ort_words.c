/* ort_words.c: see ort_words.h.
 *
 * An exception of the library reads FILE.cc:LINE SIGNATURE [CONDITION was false.] MESSAGE, a
 * failure of CUDA's has " ; GPU=0 ; hostname=... ; expr=CALL(...)" behind it.
 */
#include "ort_words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void cut(char *from, const char *to)
{
    memmove(from, to, strlen(to) + 1);
}

/* --- where in the library's source ------------------------------------------------------------ */

/* Behind "FILE.cc:LINE " at a word's begin; NULL when it is none. */
static const char *behind_place(const char *at)
{
    static const char *const endings[] = {".cc:", ".h:", ".cpp:", ".hpp:", ".cu:", ".cuh:"};
    size_t len = strcspn(at, " \n");
    for (size_t i = 0; *at == '/' && i < sizeof endings / sizeof endings[0]; i++) {
        const char *ending = strstr(at, endings[i]);
        if (ending == NULL || ending >= at + len)
            continue;
        const char *line = ending + strlen(endings[i]);
        size_t digits = strspn(line, "0123456789");
        if (digits > 0 && line + digits == at + len && *(line + digits) == ' ')
            return at + len + 1;
    }
    return NULL;
}

/* Behind the bracket that closes the one at `at`; NULL when none does. */
static const char *behind_closing(const char *at, char opens, char closes)
{
    int depth = 0;
    for (; *at != '\0'; at++) {
        depth += (*at == opens) - (*at == closes);
        if (depth == 0)
            return at + 1;
    }
    return NULL;
}

/* The bracket that opens a function's arguments: outside of <...>, behind a name; NULL when a
 * blank is before it, or nothing is, as in a sentence. */
static const char *find_arguments(const char *at)
{
    for (const char *begin = at; *at != '\0' && *at != '\n'; at++) {
        if (*at == '<') {
            const char *end = behind_closing(at, '<', '>');
            if (end == NULL)
                return NULL;
            at = end - 1;
        } else if (*at == '(') {
            return at > begin && (isalnum((unsigned char)at[-1]) || strchr("_>=", at[-1]) != NULL)
                       ? at
                       : NULL;
        }
    }
    return NULL;
}

/* Behind "TYPE NAME(ARGUMENTS) const [with ...]::<lambda(...)>"; `at` itself when it is none. */
static const char *behind_signature(const char *at)
{
    const char *end = find_arguments(at), *next;
    if (end == NULL || (end = behind_closing(end, '(', ')')) == NULL)
        return at;
    for (;;) {
        next = NULL;
        if (strncmp(end, " const", 6) == 0)
            next = end + 6;
        else if (strncmp(end, " [with ", 7) == 0)
            next = behind_closing(end + 1, '[', ']');
        else if (strncmp(end, "::<", 3) == 0)
            next = behind_closing(end + 2, '<', '>');
        else if (*end == '(')
            next = behind_closing(end, '(', ')'); /* of operator()() */
        if (next == NULL)
            break;
        end = next;
    }
    return *end == ' ' ? end + 1 : at;
}

/* Behind "CONDITION was false. " where words follow. */
static const char *behind_condition(const char *at)
{
    static const char words[] = " was false. ";
    const char *found = strstr(at, words);
    return found != NULL && found[sizeof words - 1] != '\0' ? found + sizeof words - 1 : at;
}

/* Behind "[ONNXRuntimeError] : 1 : FAIL : " or a tag such as "[ERROR] [OpenVINO-EP] ". */
static const char *behind_tags(const char *at)
{
    static const char wrapped[] = "[ONNXRuntimeError] : ";
    if (strncmp(at, wrapped, sizeof wrapped - 1) == 0) {
        const char *code = strstr(at + sizeof wrapped - 1, " : ");
        const char *name = code != NULL ? strstr(code + 3, " : ") : NULL;
        return name != NULL ? name + 3 : at;
    }
    while (strncmp(at, "[ERROR] ", 8) == 0 || strncmp(at, "[OpenVINO", 9) == 0) {
        const char *end = strstr(at, "] ");
        if (end == NULL)
            break;
        at = end + 2;
    }
    return at;
}

static void drop_places(char *text)
{
    for (char *at = text; *at != '\0'; at++) {
        const char *end = at == text || at[-1] == ' ' ? behind_place(at) : NULL;
        if (end != NULL)
            cut(at, behind_tags(behind_condition(behind_signature(end))));
    }
    cut(text, behind_tags(text));
}

/* --- what the process says of itself ---------------------------------------------------------- */

/* " ; GPU=0 ; hostname=... ; expr=CALL(...)" becomes " (CALL)". */
static void drop_tail(char *text)
{
    char *tail = strstr(text, " ; GPU=");
    if (tail == NULL)
        tail = strstr(text, " ; hostname=");
    if (tail == NULL)
        return;
    char call[64] = "";
    const char *expression = strstr(tail, "expr=");
    if (expression != NULL)
        snprintf(call, sizeof call, " (%.*s)", (int)strcspn(expression + 5, "(; \n"),
                 expression + 5);
    size_t len = strlen(call);
    if (len > 3 && len < strlen(tail))
        memcpy(tail, call, len + 1);
    else
        *tail = '\0';
}

/* One line, single blanks, none at the end. */
static void join_lines(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        char c = isspace((unsigned char)*from) ? ' ' : *from;
        if (c != ' ' || (to > text && to[-1] != ' '))
            *to++ = c;
    }
    while (to > text && to[-1] == ' ')
        to--;
    *to = '\0';
}

void ort_words_clean(const char *message, char *text, size_t room)
{
    char whole[4 * ORT_WORDS_BYTES];
    snprintf(whole, sizeof whole, "%s", message != NULL ? message : "");
    join_lines(whole);
    drop_places(whole);
    drop_tail(whole);
    join_lines(whole);
    snprintf(text, room, "%s", whole[0] != '\0' ? whole : "the library gives no reason");
}

int ort_words_capture(const char *message)
{
    const char *failure = strstr(message, "CUDA failure ");
    long code = failure != NULL ? strtol(failure + 13, NULL, 10) : 0;
    return (code >= 900 && code <= 908) || strstr(message, "graph capture") != NULL ||
           strstr(message, "StreamEndCapture") != NULL ||
           strstr(message, "StreamBeginCapture") != NULL;
}
