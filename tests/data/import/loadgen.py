# loadgen.py FOLDER SCENARIO QUERIES: one short LoadGen test of a system that waits 0.2 ms, with a
# trace; its logs go into FOLDER. Run by tests/script/import-real.sh.
import sys
import time

import mlperf_loadgen as lg

folder, scenario, queries = sys.argv[1], sys.argv[2], int(sys.argv[3])


def issue(samples):
    done = []
    for sample in samples:
        end = time.perf_counter() + 0.0002
        while time.perf_counter() < end:
            pass
        done.append(lg.QuerySampleResponse(sample.id, 0, 0))
    lg.QuerySamplesComplete(done)


settings = lg.TestSettings()
settings.scenario = getattr(lg.TestScenario, scenario)
settings.mode = lg.TestMode.PerformanceOnly
settings.min_duration_ms = 0
settings.min_query_count = queries
settings.max_query_count = 0 if scenario == "Offline" else queries
settings.single_stream_expected_latency_ns = 200000
settings.multi_stream_expected_latency_ns = 1600000
settings.server_target_qps = 500
settings.server_target_latency_ns = 100000000
settings.offline_expected_qps = queries

output = lg.LogOutputSettings()
output.outdir = folder
log = lg.LogSettings()
log.log_output = output
log.enable_trace = True
system = lg.ConstructSUT(issue, lambda: None)
library = lg.ConstructQSL(64, 64, lambda samples: None, lambda samples: None)
lg.StartTestWithLogSettings(system, library, settings, log)
lg.DestroyQSL(library)
lg.DestroySUT(system)
