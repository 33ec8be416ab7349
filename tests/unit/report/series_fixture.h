/* series_fixture.h: a series with two rows and the hidden one, for the tests of the report floor.
 */
#ifndef DOUBT_TESTS_SERIES_FIXTURE_H
#define DOUBT_TESTS_SERIES_FIXTURE_H

#include "record/record.h"

enum { FIXTURE_CELLS = 3 };

struct fixture {
    struct doubt_series series;
    struct doubt_cell cells[FIXTURE_CELLS];
};

static inline void fixture_cell(struct doubt_cell *cell, int64_t number, const char *network,
                                const char *title)
{
    doubt_record_init(DOUBT_CELL, cell);
    cell->series = 12;
    cell->number = number;
    cell->batch = 1;
    cell->threads = 2;
    cell->restarts = 20;
    cell->restarts_failed = 0;
    cell->iterations = 214;
    doubt_text_set(&cell->network, network);
    doubt_text_set(&cell->title, title);
    doubt_text_set(&cell->input, "f32 1x3x224x224");
    doubt_text_set(&cell->engine, "openvino");
    doubt_text_set(&cell->engine_version, "2026.4.1-22982-e213");
    doubt_text_set(&cell->precision_asked, "f32");
    doubt_text_set(&cell->precision, "f32");
    doubt_text_set(&cell->boundary, "call");
    doubt_text_set(&cell->state, "measured");
}

/* The five means of the best known re-run give the first row's figures. */
static inline void fixture_init(struct fixture *f)
{
    doubt_record_init(DOUBT_SERIES, &f->series);
    f->series.id = 12;
    f->series.begun_ns = 1000000000;
    f->series.ended_ns = 126000000000;
    f->series.overhead_ns = 47.3;
    f->series.cpu_count = 2;
    f->series.memory_bytes = 4000000000;
    doubt_text_set(&f->series.state, "finished");
    doubt_text_set(&f->series.seed, "5eed");
    doubt_text_set(&f->series.machine, "Test machine, 2 cores");
    doubt_text_set(&f->series.kernel, "Linux 6.1 x86_64");
    doubt_text_set(&f->series.not_controlled, "clock frequency (virtual machine)");
    fixture_cell(&f->cells[0], 0, "resnet50", "ResNet-50");
    f->cells[0].mean_ns = 27812800;
    f->cells[0].mean_lo_ns = 27700000;
    f->cells[0].mean_hi_ns = 27900000;
    f->cells[0].fps = 35.95;
    f->cells[0].fps_lo = 35.84;
    f->cells[0].fps_hi = 36.10;
    fixture_cell(&f->cells[1], 1, "inception-v4", "Inception V4");
    f->cells[1].mean_ns = 95943400;
    f->cells[1].mean_lo_ns = 95900000;
    f->cells[1].mean_hi_ns = 105900000;
    f->cells[1].fps = 10.42;
    fixture_cell(&f->cells[2], 2, "null", "cost of measuring");
}

static inline void fixture_claims(struct fixture *f)
{
    doubt_text_set(&f->series.claim_set, "jetson-nano-2019");
    doubt_text_set(&f->cells[0].claim_figure, "36 FPS");
    f->cells[0].ratio = 35.95 / 36;
    f->cells[0].ratio_lo = 35.84 / 36;
    f->cells[0].ratio_hi = 36.10 / 36;
    doubt_text_set(&f->cells[0].verdict, "HOLDS");
    doubt_text_set(&f->cells[1].claim_figure, "90 ms");
    doubt_text_set(&f->cells[1].differs, "other device, other engine, unknown power mode");
}

static inline void fixture_free(struct fixture *f)
{
    doubt_record_free(DOUBT_SERIES, &f->series);
    for (int i = 0; i < FIXTURE_CELLS; i++)
        doubt_record_free(DOUBT_CELL, &f->cells[i]);
}

#endif
