/* ort_log.c: see ort_log.h. The lines on placement are those of session_state.cc. */
#include "ort_log.h"
#include "ort_api.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NODES_MAX = 1 << 30 }; /* more are not believed */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char last_error[2000];
static struct ort_placement last_placement;

/* "Conv (conv_1)": its operator, unless it is named already. */
static void add_type(struct ort_placement *placement, const char *line)
{
    char *types = placement->cpu_types;
    size_t len = strlen(types), type = strcspn(line, " (");
    for (const char *at = types; at != NULL && *at != '\0';) {
        if (strncmp(at, line, type) == 0 && (at[type] == ',' || at[type] == '\0'))
            return;
        at = strstr(at, ", ");
        at = at != NULL ? at + 2 : NULL;
    }
    if (len + type + 8 < sizeof placement->cpu_types)
        snprintf(types + len, sizeof placement->cpu_types - len, "%s%.*s", len > 0 ? ", " : "",
                 (int)type, line);
    else if (strstr(types, "...") == NULL)
        snprintf(types + len, sizeof placement->cpu_types - len, ", ...");
}

static void read_placement(struct ort_placement *placement, const char *line)
{
    const char *provider = strstr(line, " placed on [");
    const char *number = strstr(line, "Number of nodes: ");
    if (strcmp(line, "Node placements") == 0) {
        memset(placement, 0, sizeof *placement);
    } else if (provider != NULL && number != NULL) {
        long told = strtol(number + 17, NULL, 10);
        int count = told > 0 && told < NODES_MAX - placement->nodes ? (int)told : 0;
        placement->in_cpu_part = strncmp(provider + 12, "CPUExecutionProvider]", 21) == 0;
        placement->nodes += count;
        placement->on_cpu += placement->in_cpu_part ? count : 0;
    } else if (strncmp(line, "  ", 2) == 0 && placement->in_cpu_part) {
        add_type(placement, line + 2);
    } else {
        placement->in_cpu_part = 0;
    }
}

void ort_log_take(void *unused, int severity, const char *category, const char *id,
                  const char *place, const char *message)
{
    (void)unused, (void)category, (void)id;
    pthread_mutex_lock(&lock);
    if (severity >= ORT_LOG_ERROR) {
        snprintf(last_error, sizeof last_error, "%s", message);
        fprintf(stderr, "onnxruntime: %s: %s\n", place, message);
    } else if (severity == ORT_LOG_VERBOSE) {
        read_placement(&last_placement, message);
    }
    pthread_mutex_unlock(&lock);
}

void ort_log_clear(void)
{
    pthread_mutex_lock(&lock);
    last_error[0] = '\0';
    memset(&last_placement, 0, sizeof last_placement);
    pthread_mutex_unlock(&lock);
}

void ort_log_error(char *text, size_t room)
{
    pthread_mutex_lock(&lock);
    snprintf(text, room, "%s", last_error);
    pthread_mutex_unlock(&lock);
}

void ort_log_placement(struct ort_placement *placement)
{
    pthread_mutex_lock(&lock);
    *placement = last_placement;
    pthread_mutex_unlock(&lock);
}
