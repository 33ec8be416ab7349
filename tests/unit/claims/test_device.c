/* test_device.c: the table of devices agrees with itself, and machines are recognised by what they
 * say. Truth: strings as the boards' firmware and drivers print them. */
#include "claims/device.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void rows_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < doubt_device_count(); i++) {
        const struct doubt_device *device = doubt_device_at(i);
        assert_ptr_equal(doubt_device_of_claim(device->name), device);
        assert_true(device->source[0] != '\0' && device->vendor[0] != '\0');
        assert_non_null(doubt_device_peak(device, "", ""));
        assert_true(isnan(device->bytes_s) || device->bytes_s > 1e8);
    }
    for (size_t i = 0; i < doubt_peak_row_count(); i++) {
        const struct doubt_peak_row *row = doubt_peak_row_at(i);
        const struct doubt_device *device = doubt_device_of_claim(row->device);
        assert_non_null(device);
        assert_string_equal(device->name, row->device);
        assert_ptr_equal(doubt_device_peak(device, row->part, row->precision), row);
        /* what was read has an address or a name, and a date; what was not claims neither */
        assert_true(doubt_device_is_verified(row->source) == (row->date[0] != '\0'));
        assert_true(row->ops_s >= 1e9 && (row->sparse == 1 || row->sparse == 2));
    }
    assert_null(doubt_device_at(doubt_device_count()));
    assert_null(doubt_peak_row_at(doubt_peak_row_count()));
}

/* "128 cores x 2 (half2) x 2 (FMA) x 0.9216 GHz": where the sentence is a product, its numbers
 * multiply to the peak. */
static void products_are_right(void **state)
{
    (void)state;
    size_t checked = 0;
    for (size_t i = 0; i < doubt_peak_row_count(); i++) {
        const struct doubt_peak_row *row = doubt_peak_row_at(i);
        const char *at = row->how;
        double product = 1;
        if (strstr(at, "GHz") == NULL)
            continue;
        while (at != NULL) {
            char *end;
            double factor = strtod(at, &end);
            if (end == at) /* "(1 multiply + 1 add)" */
                factor = 2;
            product *= factor;
            at = strstr(at, " x ");
            at = at != NULL ? at + 3 : NULL;
        }
        if (fabs(product * 1e9 - row->ops_s) > 1e-4 * row->ops_s)
            fail_msg("%s %s: %s is %g", row->device, row->precision, row->how, product);
        checked++;
    }
    assert_true(checked > 20);
}

static const char *device_of(const char *name)
{
    const struct doubt_device *device = doubt_device_of_claim(name);
    return device != NULL ? device->name : "";
}

static void devices_of_claims(void **state)
{
    (void)state;
    assert_string_equal(device_of("Jetson AGX Xavier 32GB"), "Jetson AGX Xavier");
    assert_string_equal(device_of("Jetson Xavier"), "Jetson AGX Xavier");
    assert_string_equal(device_of("Jetson Xavier NX"), "Jetson Xavier NX");
    assert_string_equal(device_of("jetson tx2 nx"), "Jetson TX2 NX");
    assert_string_equal(device_of("Raspberry Pi 3 Model B Plus"), "Raspberry Pi 3");
    assert_string_equal(device_of("Coral Dev Board"), "Coral Edge TPU");
    assert_string_equal(device_of("Jetson Nanometer"), "");
    assert_string_equal(device_of(""), "");
}

static const char *recognised(const char *board, const char *cpu, const char *gpu)
{
    const char *where = "";
    const struct doubt_device_seen seen = {board, cpu, gpu};
    const struct doubt_device *device = doubt_device_recognise(&seen, &where);
    return device != NULL ? device->name : "";
}

static void machines(void **state)
{
    (void)state;
    assert_string_equal(recognised("NVIDIA Jetson Nano Developer Kit", "Arm Cortex-A57", NULL),
                        "Jetson Nano");
    assert_string_equal(recognised("NVIDIA Jetson Nano 2GB Developer Kit", "", NULL), "");
    assert_string_equal(recognised("NVIDIA Jetson Xavier NX Developer Kit", "", ""),
                        "Jetson Xavier NX");
    assert_string_equal(recognised("Jetson-AGX", "NVIDIA Carmel", ""), "Jetson AGX Xavier");
    assert_string_equal(recognised("NVIDIA Jetson AGX Orin Developer Kit", "", ""),
                        "Jetson AGX Orin");
    assert_string_equal(recognised("NVIDIA Orin NX Developer Kit", "", ""), "Jetson Orin NX");
    assert_string_equal(recognised("quill", "NVIDIA Denver 2 + Arm Cortex-A57", ""), "Jetson TX2");
    assert_string_equal(recognised("Raspberry Pi 4 Model B Rev 1.4", "Arm Cortex-A72", ""),
                        "Raspberry Pi 4");
    assert_string_equal(
        recognised("Google Compute Engine", "Intel(R) Xeon(R)", "NVIDIA H100 80GB HBM3"),
        "H100 80GB HBM3");
    assert_string_equal(recognised("", "11th Gen Intel(R) Core(TM) i7-1165G7 @ 2.80GHz", NULL),
                        "Intel Core i7-1165G7");
    assert_string_equal(recognised("", "", "NVIDIA GPU, PCI device 0x2335"), "NVIDIA H200");
    assert_string_equal(recognised("", "", "NVIDIA GPU, PCI device 0x23350"), "");
    assert_string_equal(recognised("", "AMD EPYC 9004", ""), "");
    assert_string_equal(recognised(NULL, NULL, NULL), "");
}

static void modes(void **state)
{
    (void)state;
    assert_string_equal(doubt_device_mode("Jetson Nano", "10 W (nvpmodel -m 0), jetson_clocks"),
                        "MAXN");
    assert_string_equal(doubt_device_mode("Jetson Nano", "MAXN + jetson_clocks"), "MAXN");
    assert_string_equal(doubt_device_mode("Jetson Nano", "n/s"), "n/s");
    assert_string_equal(doubt_device_mode("Abacus", "MAXN"), "MAXN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_agree),
        cmocka_unit_test(products_are_right),
        cmocka_unit_test(devices_of_claims),
        cmocka_unit_test(machines),
        cmocka_unit_test(modes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
