/* test_rights.c: what the kernel says of a process that has given up its rights. */
#include "measure/rights.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static unsigned long long read_mask(const char *name)
{
    char line[256];
    unsigned long long mask = ~0ull;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            mask = strtoull(line + strlen(name) + 1, NULL, 16);
    if (file != NULL)
        fclose(file);
    return mask;
}

static void none_are_left_and_none_come_back(void **state)
{
    int status = -1;
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        bool was_root = read_mask("CapEff:") != 0;
        int bad = !doubti_rights_drop();
        bad |= (read_mask("CapEff:") != 0) << 1;
        bad |= (read_mask("CapPrm:") != 0) << 2;
        bad |= (read_mask("CapInh:") != 0) << 3;
        bad |= (was_root && read_mask("CapBnd:") != 0) << 4;
        bad |= (read_mask("NoNewPrivs:") != 1) << 5;
        /* Even root may not do what only a capability allows. */
        bad |= (was_root && sethostname("doubt", 5) == 0) << 6;
        _exit(bad);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(none_are_left_and_none_come_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
