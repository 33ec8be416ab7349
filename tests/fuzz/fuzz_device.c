/* fuzz_device.c: any words of a claim and of a machine as power modes, devices, boards and works.
 *
 * A unit of work is two texts, the claim's and the machine's. Seeds: seeds/device.
 */
#include "claims/claim.h"
#include "claims/ceiling.h"
#include "claims/device.h"
#include "claims/power_mode.h"
#include "util/alike.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void try_mode(const char *text)
{
    struct doubt_power_mode mode;
    doubt_power_mode_parse(text, &mode);
    check(memchr(mode.mode, '\0', sizeof mode.mode) != NULL);
    check(memchr(mode.name, '\0', sizeof mode.name) != NULL);
    check(memchr(mode.unknown, '\0', sizeof mode.unknown) != NULL);
    check(mode.clocks >= -1 && mode.clocks <= 1);
}

static void try_device(const char *claimed, const char *here)
{
    const char *where = NULL;
    const struct doubt_device *device = doubt_device_of_claim(claimed);
    const struct doubt_device_seen seen[] = {
        {here, NULL, NULL}, {"", here, claimed}, {claimed, here, here}};
    if (device != NULL) {
        check(doubt_device_mode(device->name, here) != NULL);
        doubt_device_peak(device, here, "");
        doubt_device_peak(device, "", here);
    }
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++)
        check((doubt_device_recognise(&seen[i], &where) == NULL) || where != NULL);
    check(!doubt_device_names(here, claimed) || strlen(claimed) < 4096);
}

/* The claim's text ends at the first NUL or line's end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct doubt_work work;
    char *claimed = malloc(size + 2);
    if (claimed == NULL)
        return 0;
    if (size > 0)
        memcpy(claimed, data, size);
    claimed[size] = claimed[size + 1] = '\0';
    size_t len = strcspn(claimed, "\n");
    claimed[len] = '\0';
    const char *here = claimed + len + 1;
    try_mode(claimed);
    try_mode(here);
    check(doubt_power_mode_differs(claimed, here) != NULL);
    try_device(claimed, here);
    doubt_work_find(claimed, here, &work);
    check(doubt_alike(claimed, here, "MODE_") == doubt_alike(here, claimed, "MODE_"));
    free(claimed);
    return 0;
}
