## The five means of a reader beside NVIDIA's chart.
$ doubt import data/import/seed-2019.csv --claim-set jetson-nano-2019
data/import/seed-2019.csv: plain columns and CSV, 5 runs

run   network            tool      figure               value   a second
  1   SSD-Mobilenet-V2   columns   mean_ms, mean   26.2355 ms     38.116
  2   ResNet-50          columns   mean_ms, mean   27.8128 ms     35.955
  3   Inception V4       columns   mean_ms, mean   95.9434 ms     10.423
  4   Pose Estimation    columns   mean_ms, mean   87.3721 ms     11.445
  5   Super Resolution   columns   mean_ms, mean   67.5191 ms     14.811

cannot say     what was timed, and how, is not in the file
one process    each run is one start: how the next one differs is not in it (--restarts, with a file
               for each start)

run                  measured   in the claim's unit    claim      reads as   % of claim   verdict
SSD-Mobilenet-V2   26.2355 ms                 38.12   39 FPS   38.5 … 39.5         97.7   outside, no verdict
ResNet-50          27.8128 ms                 35.95   36 FPS   35.5 … 36.5         99.9   inside, no verdict
Inception V4       95.9434 ms                 10.42   11 FPS   10.5 … 11.5         94.8   outside, no verdict
Pose Estimation    87.3721 ms                 11.45   14 FPS   13.5 … 14.5         81.8   outside, no verdict
Super Resolution   67.5191 ms                 14.81   15 FPS   14.5 … 15.5         98.7   inside, no verdict

no verdict     one number has no error bar, however many samples of one process are behind it: give
               several starts, with --restarts
not compared   what the log does not print
differs        SSD-Mobilenet-V2, nano-ssd-mobilenet-v2-300: unknown device, unknown engine, unknown
               precision, unknown boundary, unknown input, unknown batch
differs        ResNet-50, nano-resnet50: unknown device, unknown engine, unknown precision, unknown
               boundary, unknown input, unknown batch
differs        Inception V4, nano-inception-v4: unknown device, unknown engine, unknown precision,
               unknown boundary, unknown input, unknown batch
differs        Pose Estimation, nano-pose: unknown device, unknown engine, unknown precision,
               unknown boundary, unknown input, unknown batch
differs        Super Resolution, nano-super-resolution: unknown device, unknown engine, unknown
               precision, unknown boundary, unknown input, unknown batch

$ doubt import data/import/seed-2019.csv --claim 39FPS --claim 36FPS --claim 11FPS --claim 14FPS --claim 15FPS | tail -n 12
               for each start)

run                  measured   in the claim's unit   claim      reads as   % of claim   verdict
SSD-Mobilenet-V2   26.2355 ms                 38.12   39FPS   38.5 … 39.5         97.7   outside, no verdict
ResNet-50          27.8128 ms                 35.95   36FPS   35.5 … 36.5         99.9   inside, no verdict
Inception V4       95.9434 ms                 10.42   11FPS   10.5 … 11.5         94.8   outside, no verdict
Pose Estimation    87.3721 ms                 11.45   14FPS   13.5 … 14.5         81.8   outside, no verdict
Super Resolution   67.5191 ms                 14.81   15FPS   14.5 … 15.5         98.7   inside, no verdict

no verdict     one number has no error bar, however many samples of one process are behind it: give
               several starts, with --restarts
not compared   device, precision, engine and whatever else the claim depends on

## trtexec, from TensorRT 5 to 10.
$ doubt import data/import/trtexec-5.txt --claim 36FPS
data/import/trtexec-5.txt: text of TensorRT's trtexec, versions 5 to 11, 1 run

run   network            tool      precision   batch   figure                        value   a second   samples
  1   ResNet50_224x224   trtexec   f16             1   GPU compute time, mean   27.8128 ms     35.955   10 × 10

figures        GPU compute time: mean 27.8128 ms, max 28.0521 ms; host walltime: mean 27.9628 ms
settings       command ./trtexec --output=prob --deploy=../data/googlenet/ResNet50_224x224.prototxt
               --fp16 --batch=1
samples        10 of one process, in ms: mean 27.8128
means          mean of 10 averages over 10 executions each; GPU time between two events around
               enqueue: no copies, no work of the host
cannot say     TensorRT 5 and 6 print this without warm-up: the first executions are in the mean
cannot say     its "99% percentile" is taken from 10 executions at a time and is their maximum;
               shown as the maximum
remark         f16 is what layers were allowed to use; each may have run in FP32
one process    each run is one start: how the next one differs is not in it (--restarts, with a file
               for each start)

run                  measured   in the claim's unit   claim      reads as   % of claim   verdict
ResNet50_224x224   27.8128 ms                 35.95   36FPS   35.5 … 36.5         99.9   inside, no verdict

no verdict     one number has no error bar, however many samples of one process are behind it: give
               several starts, with --restarts
not compared   device, precision, engine and whatever else the claim depends on

$ doubt import data/import/trtexec-8.txt
data/import/trtexec-8.txt: text of TensorRT's trtexec, versions 5 to 11, 1 run

run   network   tool            precision   batch   figure                        value   a second   samples
  1   model     trtexec 8.2.1   f32             1   GPU compute time, mean   90.1061 ms     11.098    3 × 10

figures        throughput 11.0613 qps; latency with copies: min 89.312 ms, max 91.492 ms, mean
               90.3919 ms, median 90.3035 ms, p99 91.492 ms; end to end: min 89.3254 ms, max 91.5049
               ms, mean 90.4048 ms, median 90.3167 ms, p99 91.5049 ms; enqueue: min 1.54553 ms, max
               9.62085 ms, mean 6.19246 ms, median 6.2948 ms, p99 9.62085 ms; copy to device: min
               0.274475 ms, max 0.288208 ms, mean 0.277587 ms, median 0.276855 ms, p99 0.288208 ms;
               GPU compute time: min 89.0273 ms, max 91.2045 ms, mean 90.1061 ms, median 90.0183 ms,
               p99 91.2045 ms; copy from device: min 0.00683594 ms, max 0.00881958 ms, mean 0.008238
               ms, median 0.00830078 ms, p99 0.00881958 ms
settings       device NVIDIA Tegra X1; input 1x3x288x800; command trtexec --workspace=2048
               --onnx=model.onnx --saveEngine=model.engine; Precision FP32; Iterations 10; Duration
               3s (+ 200ms warm up); Streams 1; ExposeDMA Disabled; Data transfers Enabled;
               Spin-wait Disabled; Multithreading Disabled; CUDA Graph Disabled; Averages 10
               inferences; Compute Clock Rate 0.9216 GHz
samples        3 of one process, in ms: mean 90.0914
means          GPU compute time is the time between two events on the device; "latency" is its sum
               with the times of both copies, without the gaps between them and without the launch;
               throughput is queries / wall time, with copies of one query overlapping the work of
               another
remark         FP32 allows TF32 on devices that have it, unless --noTF32 is given
remark         the samples are averages of 10 queries in a row
one process    each run is one start: how the next one differs is not in it (--restarts, with a file
               for each start)

$ doubt import data/import/trtexec-10.txt --claim 1000FPS --statistic p99 | tail -n 7

run             measured   in the claim's unit     claim         reads as   % of claim   verdict
resnet50_b8   12.9485 ms                617.83   1000FPS   999.5 … 1000.5         61.8   outside, no verdict

no verdict     one number has no error bar, however many samples of one process are behind it: give
               several starts, with --restarts
not compared   device, precision, engine and whatever else the claim depends on

$ doubt import data/import/trtexec-several.txt
data/import/trtexec-several.txt: text of TensorRT's trtexec, versions 5 to 11, 4 runs

run   network    tool            precision   batch   figure                      value   a second
  1   resnet50   trtexec 8.5.2   f32             1   GPU compute time, mean   27.80 ms     35.971
  2   missing    trtexec 8.5.2                       no measurement
  3   resnet50   trtexec 8.5.2                       no measurement
  4   resnet50   trtexec 8.5.2   f32             1   GPU compute time, mean   27.78 ms     35.997

figures        run 1: throughput 35.8 qps; GPU compute time: min 27.5 ms, max 28.6 ms, mean 27.80
               ms, median 27.79 ms, p90 27.9 ms, p95 28.1 ms, p99 28.5 ms
settings       run 1: device NVIDIA RTX A2000; input 1x3x224x224; command trtexec
               --onnx=resnet50.onnx --noTF32; Precision FP32
figures        run 4: throughput 35.8 qps; GPU compute time: min 27.5 ms, max 28.6 ms, mean 27.78
               ms, median 27.79 ms, p90 27.9 ms, p95 28.1 ms, p99 28.5 ms
settings       run 4: device NVIDIA RTX A2000; input 1x3x224x224; command trtexec
               --onnx=resnet50.onnx --noTF32; Precision FP32
means          GPU compute time is the time between two events on the device; "latency" is its sum
               with the times of both copies, without the gaps between them and without the launch;
               throughput is queries / wall time, with copies of one query overlapping the work of
               another
refused        run 2: lines 9 to 14: trtexec failed: Engine set up failed
refused        run 3: lines 15 to 20: the engine was built and inference skipped: nothing was
               measured
one process    each run is one start: how the next one differs is not in it (--restarts, with a file
               for each start)
? 2

$ doubt import data/import/trtexec-times.json
data/import/trtexec-times.json: JSON of trtexec --exportTimes, 1 run

run   tool      figure                        value   a second   samples
  1   trtexec   GPU compute time, mean   2.82418 ms     354.09       351

figures        GPU compute time: mean 2.82418 ms, median 2.82308 ms, p90 2.8455 ms; latency with
               copies: mean 2.93418 ms; throughput 351.603 qps
samples        351 of one process, in ms: mean 2.82418, median 2.8231 (2.8209 … 2.8258), p90 2.8455
               (2.8437 … 2.8472), p99 from 2.8489; too few for an upper end of p99; they are worth
               238 independent ones
means          every sample is the GPU compute time of one query between two events on the device;
               the file does not say what was run, with which precision, batch or version
remark         69 queries that began in the first 200 ms were left out, as trtexec does in its
               summary (--warm-up)
one process    each run is one start: how the next one differs is not in it (--restarts, with a file
               for each start)

## Starts of one thing make an interval.
$ doubt import data/import/trtexec-start-*.txt --restarts --claim 36FPS | tail -n 8

run          measured   in the claim's unit          interval   claim      reads as   % of claim   verdict
resnet50   5 restarts                35.969   35.916 … 36.006   36FPS   35.5 … 36.5   99.9 ± 0.2   HOLDS

interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half
               a unit of the last digit typed
error          a conclusive verdict is wrong with probability at most 0.05
not compared   device, precision, engine and whatever else the claim depends on

$ doubt import data/import/trtexec-start-*.txt --restarts --claim-set jetson-nano-2019 | tail -n 9

run          measured   in the claim's unit          interval    claim      reads as   % of claim   verdict
resnet50   5 restarts                35.969   35.916 … 36.006   36 FPS   35.5 … 36.5   99.9 ± 0.2   inside, no verdict

interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half
               a unit of the last digit typed
not compared   what the log does not print
differs        nano-resnet50: other device, other engine version, other precision; not judged,
               --as-is judges all the same

$ doubt import data/import/trtexec-start-*.txt --restarts --claim-set jetson-nano-2019 --id nano-resnet50 --as-is | tail -n 9

run          measured   in the claim's unit          interval    claim      reads as   % of claim   verdict
resnet50   5 restarts                35.969   35.916 … 36.006   36 FPS   35.5 … 36.5   99.9 ± 0.2   HOLDS

interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half
               a unit of the last digit typed
error          a conclusive verdict is wrong with probability at most 0.05
not compared   what the log does not print
differs        nano-resnet50: other device, other engine version, other precision

## Conditions that a log prints and a claim states are compared; where all are met there is a verdict.
$ doubt import data/import/trtexec-start-*.txt --restarts --claim-set data/import/board.json | tail -n 8

run          measured   in the claim's unit          interval    claim      reads as   % of claim   verdict
resnet50   5 restarts                35.969   35.916 … 36.006   36 FPS   35.5 … 36.5   99.9 ± 0.2   HOLDS

interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half
               a unit of the last digit typed
error          a conclusive verdict is wrong with probability at most 0.05
not compared   what the log does not print

$ doubt import data/import/trtexec-start-1.txt --claim-set data/import/board.json --id board-pose-p90 | tail -n 7
run        measured     claim        reads as   % of claim   verdict
resnet50    27.9 ms   27.9 ms   27.85 … 27.95        100.0   inside, no verdict

no verdict     one number has no error bar, however many samples of one process are behind it: give
               several starts, with --restarts
not compared   what the log does not print
differs        board-pose-p90: other boundary, other network

$ doubt import data/import/trtexec-start-1.txt data/import/trtexec-10.txt --restarts --claim 36FPS
doubt: --restarts: the runs are not starts of one thing: their version differs ("resnet50" and "resnet50_b8")
? 2

$ doubt import data/import/trtexec-start-*.txt --restarts --claim 40FPS | tail -n 8

run          measured   in the claim's unit          interval   claim      reads as   % of claim   verdict
resnet50   5 restarts                35.969   35.916 … 36.006   40FPS   39.5 … 40.5   89.9 ± 0.2   FALLS SHORT

interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half
               a unit of the last digit typed
error          a conclusive verdict is wrong with probability at most 0.05
not compared   device, precision, engine and whatever else the claim depends on

## benchmark_app, LoadGen.
$ doubt import data/import/benchmark-app-cpp.txt --claim "up to 30 FPS"
data/import/benchmark-app-cpp.txt: text of OpenVINO's benchmark_app, 1 run

run   network     tool                     precision   batch   figure                value   a second
  1   torch_jit   benchmark_app 2022.3.0   f32             1   latency, median   206.13 ms       29.1

figures        latency: median 206.13 ms, mean 205.44 ms, min 169.54 ms, max 220.58 ms; throughput
               29.10 FPS
settings       build 2022.3.0-9052-9752fafe8eb-releases/2022/3; streams 6; threads 24; performance
               hint THROUGHPUT; api async; infer requests 6; limits 15000 ms duration
means          throughput is inferences / time of the whole loop; latency is host time from start to
               completion of a request, inputs lying ready in memory
cannot say     several requests are in flight together: latency is that of a request among them, and
               its inverse is not the throughput
cannot say     the warm-up is one inference, whatever the network; inputs are random numbers; its
               clock can be set back and forth while it measures
one process    each run is one start: how the next one differs is not in it (--restarts, with a file
               for each start)

run          measured          claim     reads as   % of claim   verdict
torch_jit   29.10 FPS   up to 30 FPS   below 30.5         97.0   inside, no verdict

claim          "up to 30 FPS": only its upper bound binds, so it cannot fall short
no verdict     one number has no error bar, however many samples of one process are behind it: give
               several starts, with --restarts
not compared   device, precision, engine and whatever else the claim depends on

$ doubt import data/import/benchmark-app.csv
data/import/benchmark-app.csv: CSV report of OpenVINO's benchmark_app, 1 run

run   network   tool            batch   figure              value   a second
  1   tiny      benchmark_app       1   latency, median   0.01 ms      76601

figures        latency: median 0.01 ms, mean 0.01 ms, min 0.01 ms, max 0.02 ms; throughput 76600.88
               FPS
settings       hint latency; target device CPU; api sync; infer requests 1; first inference (ms)
               5.22
means          throughput is inferences / time of the whole loop; latency is host time from start to
               completion of a request, inputs lying ready in memory
cannot say     its digits leave 50 % of the latency open: the text of the same run may have more of
               them
cannot say     the warm-up is one inference, whatever the network; inputs are random numbers; its
               clock can be set back and forth while it measures
one process    each run is one start: how the next one differs is not in it (--restarts, with a file
               for each start)

$ doubt import data/import/loadgen-wrapped.txt
data/import/loadgen-wrapped.txt: mlperf_log_summary.txt of MLPerf LoadGen, 1 run

run   network       tool             figure                  value     a second
  1   LWIS_Server   MLPerf LoadGen   throughput   756960 samples/s   7.5696e+05

figures        throughput 756960 samples/s; latency: min 4236177119 ns, max 627774590406 ns, mean
               5258421889 ns (wrong), median 315750956018 ns, p90 565369534576 ns, p95 596575862377
               ns, p97 609058379452 ns, p99 621537995832 ns, p99.9 627154986070 ns
settings       scenario Offline; samples_per_query 475200000; target_qps 720000; target_latency (ns)
               0; min_duration (ms) 600000; max_duration (ms) 0; min_query_count 1;
               performance_sample_count 2048
means          samples / time to the last completion, all of them given at once: a latency is a
               place in the queue and no time of an inference
cannot say     network, precision and batch are the submitter's and not in this log; its early
               stopping takes queries for independent, which those of a device that warms up are not
wrong          the mean of 5.25842 s cannot be: the other figures put it between 187.021 and 444.736
               s. LoadGen sums nanoseconds in 64 bits, and the sum of 475200000 latencies wrapped 8
               times round: the mean was 315.81 s; 5 to 11 are possible, this is next to the median
one process    each run is one start: how the next one differs is not in it (--restarts, with a file
               for each start)

$ doubt import data/import/loadgen-discards.txt --claim 1.2ms
data/import/loadgen-discards.txt: mlperf_log_summary.txt of MLPerf LoadGen, 1 run

run   network   tool             figure                    value
  1   A30       MLPerf LoadGen   query latency, p99   1164731 ns

figures        query latency: p99 1164731 ns; early stopping estimate: p99 9182211 ns (wrong); query
               latency: min 1103250 ns, max 9182211 ns, mean 1151222 ns, median 1150870 ns, p90
               1157312 ns, p95 1159418 ns, p97 1161007 ns, p99 1164731 ns, p99.9 1190216 ns
settings       scenario MultiStream
means          host time from the issue of a query of several samples (8 by the rules) to the
               completion of the last of them
cannot say     network, precision and batch are the submitter's and not in this log; its early
               stopping takes queries for independent, which those of a device that warms up are not
wrong          early stopping discards 0 latencies here; its own rule allows 5037 for 520491
               queries, so the estimate is too high
one process    each run is one start: how the next one differs is not in it (--restarts, with a file
               for each start)

run     measured   in the claim's unit   claim      reads as   % of claim   verdict
A30   1164731 ns                 1.165   1.2ms   1.15 … 1.25        103.0   inside, no verdict

no verdict     one number has no error bar, however many samples of one process are behind it: give
               several starts, with --restarts
not compared   device, precision, engine and whatever else the claim depends on

$ doubt import data/import/loadgen-single/mlperf_log_summary.txt data/import/loadgen-single/mlperf_log_trace.json
data/import/loadgen-single/mlperf_log_summary.txt: mlperf_log_summary.txt of MLPerf LoadGen, 1 run

run   network   tool             figure             value   a second
  1   PySUT     MLPerf LoadGen   latency, p90   202903 ns     1930.5

figures        latency: p90 202903 ns; early stopping estimate: p90 204566 ns, p99 8340336 ns; rate
               with LoadGen's overhead 1930.47 samples/s; rate without LoadGen's overhead 1960.28
               samples/s; latency: min 201009 ns, max 8340336 ns, mean 510131 ns, median 201240 ns,
               p90 202903 ns, p95 4140930 ns, p97 4339546 ns, p99 8147889 ns, p99.9 8340336 ns
settings       scenario SingleStream; samples_per_query 1; target_qps 5000; target_latency (ns) 0;
               min_duration (ms) 0; max_duration (ms) 0; min_query_count 700;
               performance_sample_count 64
means          host time from the issue of a query to its completion, one query at a time; the
               published result is the early stopping estimate (before v2.0 the percentile itself)
cannot say     network, precision and batch are the submitter's and not in this log; its early
               stopping takes queries for independent, which those of a device that warms up are not

data/import/loadgen-single/mlperf_log_trace.json: mlperf_log_trace.json of MLPerf LoadGen, 1 run

run   tool             figure             value   a second   samples
  1   MLPerf LoadGen   latency, p90   202903 ns     1932.2       700

figures        latency: mean 510132 ns, min 201009 ns, median 201240 ns, p90 202903 ns, p99 8147889
               ns, max 8340336 ns; early stopping estimate: p90 204566 ns, p99 8340336 ns;
               throughput 1932.16 samples/s
samples        700 of one process, in ms: mean 0.510132, median 0.20124 (0.20121 … 0.20127), p90
               0.20289 (0.20258 … 0.20395), p99 8.1158 (6.5514 … 8.3384); they are worth 700
               independent ones
means          every sample is the host time from issue (Server: from the scheduled time) to
               completion (MultiStream: of one sample of a query); percentiles are LoadGen's, an
               element of the sorted list; what was run, and by which scenario, stands in the
               summary
cannot say     writing the trace costs time that a run without it does not spend
one process    each run is one start: how the next one differs is not in it (--restarts, with a file
               for each start)

## jetson_benchmarks, benchncnn, columns.
$ doubt import data/import/jetson.txt
data/import/jetson.txt: text of jetson_benchmarks, 2 runs

run   network        tool                figure                value   a second
  1   inception_v4   jetson_benchmarks   throughput       311.73 FPS     311.73
  2   vgg19_N2       jetson_benchmarks   no measurement

means          FPS is no rate that was counted: it is the sum of batch x 1000 / mean GPU latency
               over the GPU and each DLA that ran, each averaged by itself
cannot say     batch, precision, devices and clocks stand in the suite's own input and not here; the
               windows that are averaged are dated to the second
refused        run 2: line 21: vgg19_N2: FPS 0.00 is how jetson_benchmarks prints a build that
               failed: nothing was measured
one process    each run is one start: how the next one differs is not in it (--restarts, with a file
               for each start)
? 2

$ doubt import data/import/benchncnn.txt --claim-set ncnn | tail -n 3

no claim       2 runs of networks that ncnn names no claim for
several claims resnet50 (nano-resnet-50-c225 or rpi-5-resnet-50-c247): say which one with --id

$ doubt import data/import/benchncnn.txt --claim-set ncnn --id rpi-5-resnet-50-c247 --statistic min --as-is | tail -n 14
run           measured      claim          reads as   % of claim   verdict
squeezenet    19.66 ms   46.21 ms   46.205 … 46.215        235.0   outside, no verdict
resnet50     125.14 ms   46.21 ms   46.205 … 46.215         36.9   outside, no verdict
mobilenet     26.83 ms   46.21 ms   46.205 … 46.215        172.2   outside, no verdict

no verdict     one number has no error bar, however many samples of one process are behind it: give
               several starts, with --restarts
not compared   what the log does not print
differs        squeezenet, rpi-5-resnet-50-c247: unknown device, unknown network, unknown input,
               unknown condition
differs        resnet50, rpi-5-resnet-50-c247: unknown device, unknown network, unknown input,
               unknown condition
differs        mobilenet, rpi-5-resnet-50-c247: unknown device, unknown network, unknown input,
               unknown condition

$ doubt import data/import/columns-bad.csv
data/import/columns-bad.csv: plain columns and CSV, 8 runs

run   network   tool      figure            value   a second
  1   a         columns   mean_ms, mean    1.5 ms     666.67
  2   b         columns   no measurement
  3   c         columns   no measurement
  4   d         columns   no measurement
  5   e         columns   no measurement
  6   f         columns   no measurement
  7   a         columns   mean_ms, mean    1.6 ms        625
  8   g         columns   no measurement

remark         run 7: line 2 has the same name
refused        run 2: line 3: mean_ms, mean: "nan" is no number from 0 up
refused        run 3: line 4: mean_ms, mean: "-2" is negative
refused        run 4: line 5: column 2, mean_ms is missing
refused        run 5: line 6: mean_ms, mean: "3 kg" has no unit that is a time or a rate
refused        run 6: line 7: "0" is 0: nothing was measured
refused        run 8: line 9: column 2, mean_ms is missing
one process    each run is one start: how the next one differs is not in it (--restarts, with a file
               for each start)
? 2

$ doubt import - --unit ms --samples < data/import/columns-samples.txt
standard input: plain columns and CSV, 1 run

run   tool      figure             value   a second   samples
  1   columns   value, mean   27.8075 ms     35.962         4

figures        value: mean 27.8075 ms, median 27.805 ms
samples        4 of one process, in ms: mean 27.8075, p90 from 27.8, p99 from 27.81; too few for an
               upper end of median, p90, p99
cannot say     what was timed, and how, is not in the file
one process    each run is one start: how the next one differs is not in it (--restarts, with a file
               for each start)

## One bad file hides nothing.
$ doubt import data/import/bad/*.* data/import/benchncnn.txt
data/import/benchncnn.txt: text of ncnn's benchncnn, 3 runs

run   network      tool        batch   figure           value   a second
  1   squeezenet   benchncnn       1   time, mean    19.92 ms     50.201
  2   resnet50     benchncnn       1   time, mean   127.31 ms     7.8548
  3   mobilenet    benchncnn       1   time, mean    27.22 ms     36.738

figures        run 1: time: mean 19.92 ms, min 19.66 ms, max 20.30 ms
settings       run 1: loop_count 4; num_threads 4; powersave 2; gpu_device -1; cooling_down 1
figures        run 2: time: mean 127.31 ms, min 125.14 ms, max 131.02 ms
settings       run 2: loop_count 4; num_threads 4; powersave 2; gpu_device -1; cooling_down 1
figures        run 3: time: mean 27.22 ms, min 26.83 ms, max 28.01 ms
settings       run 3: loop_count 4; num_threads 4; powersave 2; gpu_device -1; cooling_down 1
means          host time of making an extractor, setting the input and extracting the output; "avg"
               is the mean over the loop
cannot say     a mean over 4 iterations; minimum and maximum are those of 4
cannot say     weights are zeros and the input is a constant: what depends on values (sparsity,
               denormals, power) is not that of a real network
one process    each run is one start: how the next one differs is not in it (--restarts, with a file
               for each start)
doubt: data/import/bad/benchmark-app-compiled.txt: holds no measurement: lines 1 to 4: the model was compiled and inference skipped: nothing was measured
doubt: data/import/bad/benchmark-app-failed.json: holds no measurement: benchmark_app failed: Could not open the file
doubt: data/import/bad/benchmark-app-failed.txt: holds no measurement: lines 1 to 4: benchmark_app failed: Could not open the file: "missing.xml"
doubt: data/import/bad/benchmark-app-layers.csv: holds the times of single layers, which are no time of a network: give benchmark_report.csv, which lies beside it
doubt: data/import/bad/benchncnn-negative.txt: holds no measurement: line 1: time, mean: "-1" is negative
doubt: data/import/bad/empty.txt: is empty
doubt: data/import/bad/jetson-input.csv: is the CSV that jetson_benchmarks reads: what is to be run, not what was measured; give what it printed
doubt: data/import/bad/loadgen-accuracy.txt: holds no measurement: a summary without results, as an accuracy run leaves it: no time was measured
doubt: data/import/bad/loadgen-old-detail.txt: is a detail log of LoadGen before 1.0, which is not made of keys: give mlperf_log_summary.txt
doubt: data/import/bad/times-cut.json: line 3: the file ends within an element: it is cut off
doubt: data/import/bad/times-text.json: holds no measurement: line 3: query 2: "computeMs" is no number
doubt: data/import/bad/times-twice.json: holds no measurement: line 2: query 1 is no JSON: duplicate object key near '"startComputeMs"'
doubt: data/import/bad/times-warmup.json: holds no measurement: all 1 queries began in the first 200 ms, which are warm-up (--warm-up)
doubt: data/import/bad/trtexec-cut.txt: holds no measurement: lines 1 to 4: the log ends before trtexec printed a result
doubt: data/import/bad/trtexec-help.txt: holds no measurement: lines 1 to 6: trtexec printed its help and measured nothing
doubt: data/import/bad/trtexec-nan.txt: holds no measurement: line 4: GPU compute time, mean: "nan ms" is no number from 0 up
doubt: data/import/bad/unknown.txt: is nothing that doubt import knows by its first MiB. Known are trtexec, trtexec-times, benchmark-app, benchmark-app-json, benchmark-app-csv, loadgen, loadgen-detail, loadgen-trace, jetson-benchmarks, benchncnn and columns: --format NAME says which of them it is, --unit UNIT that it holds plain columns, --samples that these are of one process
doubt: data/import/bad/utf16.txt: is UTF-16 text, as PowerShell writes it: convert it, with iconv -f UTF-16 -t UTF-8
? 2

$ doubt import data/import/trtexec-start-1.txt data/import/bad/empty.txt --claim 36FPS --json
{
  "files": [
    {
      "file": "data/import/trtexec-start-1.txt",
      "format": "trtexec",
      "error": null,
      "lines": 8,
      "cut_lines": 0,
      "runs": [
        {
          "refused": null,
          "first_line": 1,
          "last_line": 8,
          "tool": "trtexec",
          "version": "8.5.2",
          "engine": "tensorrt",
          "network": "resnet50",
          "name": null,
          "precision": "f32",
          "batch": 1,
          "input": "1x3x224x224",
          "device": "NVIDIA RTX A2000",
          "settings": {
            "command": "trtexec --onnx=resnet50.onnx --noTF32",
            "Precision": "FP32"
          },
          "figures": [
            {
              "name": "throughput",
              "statistic": "throughput",
              "boundary": "host",
              "text": "35.8 qps",
              "unit": "1/s",
              "value": 35.8,
              "line": 6,
              "computed": false,
              "wrong": false
            },
            {
              "name": "GPU compute time",
              "statistic": "min",
              "boundary": "device",
              "text": "27.5 ms",
              "unit": "ns",
              "value": 27500000.0,
              "line": 7,
              "computed": false,
              "wrong": false
            },
            {
              "name": "GPU compute time",
              "statistic": "max",
              "boundary": "device",
              "text": "28.6 ms",
              "unit": "ns",
              "value": 28600000.0,
              "line": 7,
              "computed": false,
              "wrong": false
            },
            {
              "name": "GPU compute time",
              "statistic": "mean",
              "boundary": "device",
              "text": "27.80 ms",
              "unit": "ns",
              "value": 27800000.0,
              "line": 7,
              "computed": false,
              "wrong": false
            },
            {
              "name": "GPU compute time",
              "statistic": "median",
              "boundary": "device",
              "text": "27.79 ms",
              "unit": "ns",
              "value": 27790000.0,
              "line": 7,
              "computed": false,
              "wrong": false
            },
            {
              "name": "GPU compute time",
              "statistic": "p90",
              "boundary": "device",
              "text": "27.9 ms",
              "unit": "ns",
              "value": 27900000.0,
              "line": 7,
              "computed": false,
              "wrong": false
            },
            {
              "name": "GPU compute time",
              "statistic": "p95",
              "boundary": "device",
              "text": "28.1 ms",
              "unit": "ns",
              "value": 28100000.0,
              "line": 7,
              "computed": false,
              "wrong": false
            },
            {
              "name": "GPU compute time",
              "statistic": "p99",
              "boundary": "device",
              "text": "28.5 ms",
              "unit": "ns",
              "value": 28500000.0,
              "line": 7,
              "computed": false,
              "wrong": false
            }
          ],
          "samples": null,
          "notes": [
            {
              "kind": "means",
              "text": "GPU compute time is the time between two events on the device; \"latency\" is its sum with the times of both copies, without the gaps between them and without the launch; throughput is queries / wall time, with copies of one query overlapping the work of another"
            }
          ],
          "main": 3
        }
      ]
    },
    {
      "file": "data/import/bad/empty.txt",
      "format": "auto",
      "error": "data/import/bad/empty.txt: is empty",
      "lines": 0,
      "cut_lines": 0,
      "runs": []
    }
  ],
  "judgement": {
    "judged": [
      {
        "name": "resnet50",
        "claim": {
          "text": "36FPS",
          "unit": "1/s",
          "value": 36.0,
          "lo": 35.5,
          "hi": 36.5
        },
        "measured": [
          27800000.0
        ],
        "measured_unit": "ns",
        "basis": "one number",
        "value": 35.97122302158273,
        "lo": null,
        "hi": null,
        "level": null,
        "sd": null,
        "restarts": null,
        "ratio": 0.9992006394884092,
        "ratio_lo": null,
        "ratio_hi": null,
        "inside": true,
        "verdict": null,
        "reason": "no verdict: one number has no error bar",
        "restarts_needed": null,
        "tolerance_needed": null,
        "claim_id": null,
        "differs": null,
        "withheld": false
      }
    ],
    "look": 1,
    "looks": 1,
    "family": 1,
    "tolerance": 0.0,
    "expected_false_at_most": 0.0
  }
}
doubt: data/import/bad/empty.txt: is empty
? 2

$ doubt import data/import/columns-samples.txt --unit ms --samples --json
{
  "files": [
    {
      "file": "data/import/columns-samples.txt",
      "format": "columns",
      "error": null,
      "lines": 5,
      "cut_lines": 0,
      "runs": [
        {
          "refused": null,
          "first_line": 2,
          "last_line": 5,
          "tool": "columns",
          "version": null,
          "engine": null,
          "network": null,
          "name": null,
          "precision": null,
          "batch": null,
          "input": null,
          "device": null,
          "settings": {},
          "figures": [
            {
              "name": "value",
              "statistic": "mean",
              "boundary": null,
              "text": "27.8075 ms",
              "unit": "ns",
              "value": 27807500.0,
              "line": null,
              "computed": true,
              "wrong": false
            },
            {
              "name": "value",
              "statistic": "median",
              "boundary": null,
              "text": "27.805 ms",
              "unit": "ns",
              "value": 27805000.0,
              "line": null,
              "computed": true,
              "wrong": false
            }
          ],
          "samples": {
            "of": "value",
            "count": 4,
            "inferences_each": 1,
            "mean": 27807500.0,
            "median": 27805000.0,
            "median_interval": [
              null,
              null
            ],
            "p90": 27824000.0,
            "p90_interval": [
              27800000.0,
              null
            ],
            "p99": 27829400.0,
            "p99_interval": [
              27810000.0,
              null
            ],
            "effective": null,
            "warm_up": null,
            "drift_p": null,
            "interval_within_process": [
              null,
              null
            ]
          },
          "notes": [
            {
              "kind": "cannot say",
              "text": "what was timed, and how, is not in the file"
            }
          ],
          "main": 0
        }
      ]
    }
  ],
  "judgement": null
}

$ doubt import data/import/seed-2019.csv --format trtexec
doubt: data/import/seed-2019.csv: holds no measurement of text of TensorRT's trtexec, versions 5 to 11
? 2

## Usage.
$ doubt import
doubt: what shall be read? Give the files that trtexec, benchmark_app, LoadGen, jetson_benchmarks or benchncnn wrote, - for standard input
? 2

$ doubt import data/import/benchncnn.txt --claim 5FPS --claim 6FPS
doubt: 2 claims for 3 runs: give --claim once for all, or once for each
? 2

$ doubt import data/import/benchncnn.txt --claim 5FPS --statistic p99
doubt: squeezenet has no figure to be judged of --statistic p99; its statistics are mean at call, min at call, max at call
? 2

$ doubt import data/import/benchncnn.txt --restarts
doubt: --restarts makes an interval for a claim: give --claim or --claim-set
? 2

$ doubt import data/import/seed-2019.csv --id nano-resnet50
doubt: --id names a claim of a set: give --claim-set too
? 2

$ doubt import data/import/seed-2019.csv --claim-set jetson-nano-2019 --id nowhere
doubt: --id nowhere: claim set jetson-nano-2019 has no such claim; doubt claims jetson-nano-2019 lists them
? 2

$ doubt import data/import/seed-2019.csv --boundary air
doubt: --boundary: accepted are device, call and host
? 2

$ doubt import missing.txt
doubt: cannot open missing.txt: No such file or directory
? 2

## Many starts are one table, and what holds of all logs is said once.
$ doubt import data/import/trtexec-start-*.txt --restarts --claim 36FPS | sed '/^run  /,$d'
5 files: text of TensorRT's trtexec, versions 5 to 11, 5 runs

file                              run   network    tool            precision   batch   figure                      value   a second
data/import/trtexec-start-1.txt     1   resnet50   trtexec 8.5.2   f32             1   GPU compute time, mean   27.80 ms     35.971
data/import/trtexec-start-2.txt     1   resnet50   trtexec 8.5.2   f32             1   GPU compute time, mean   27.78 ms     35.997
data/import/trtexec-start-3.txt     1   resnet50   trtexec 8.5.2   f32             1   GPU compute time, mean   27.83 ms     35.932
data/import/trtexec-start-4.txt     1   resnet50   trtexec 8.5.2   f32             1   GPU compute time, mean   27.81 ms     35.958
data/import/trtexec-start-5.txt     1   resnet50   trtexec 8.5.2   f32             1   GPU compute time, mean   27.79 ms     35.984

means          GPU compute time is the time between two events on the device; "latency" is its sum
               with the times of both copies, without the gaps between them and without the launch;
               throughput is queries / wall time, with copies of one query overlapping the work of
               another

## One start does not count twice, by its own name or by a copy's.
$ doubt import data/import/trtexec-start-*.txt data/import/trtexec-start-3.txt --restarts --claim 36FPS
doubt: --restarts: data/import/trtexec-start-3.txt and data/import/trtexec-start-3.txt are one log, byte for byte, and one start must not count twice: give each start's log once
? 2

$ cp data/import/trtexec-start-1.txt copy.txt; doubt import data/import/trtexec-start-*.txt copy.txt --restarts --claim 36FPS
doubt: --restarts: data/import/trtexec-start-1.txt and copy.txt are one log, byte for byte, and one start must not count twice: give each start's log once
? 2

## Columns of few digits may be alike.
$ for i in 1 2 3 4 5; do echo 27.8 >start-$i.csv; done; doubt import start-?.csv --unit ms --restarts --claim 36FPS | grep restarts
start-1.csv, run 1   5 restarts                35.971   35.906 … 36.036   36FPS   35.5 … 36.5   99.9 ± 0.2   HOLDS
interval       95 %: hull of Student's t and its skewness-adjusted form over the restarts, and half

$ doubt import data/import/trtexec-start-1.txt --statistic p95
doubt: --statistic and --boundary say which figure is judged: give --claim or --claim-set too
? 2

## A heading with a unit makes a table, whatever its other columns are; rows that may be samples are
## not taken for runs.
$ printf 'restart,mean_ms\n1,27.81\n2,27.79\n' | doubt import - --claim 36FPS --json | grep '"format"'
      "format": "columns",

$ printf 'iteration,latency_ms\n1,27.81\n2,27.79\n' | doubt import -
doubt: standard input: is nothing that doubt import knows by its first MiB. Known are trtexec, trtexec-times, benchmark-app, benchmark-app-json, benchmark-app-csv, loadgen, loadgen-detail, loadgen-trace, jetson-benchmarks, benchncnn and columns: --format NAME says which of them it is, --unit UNIT that it holds plain columns, --samples that these are of one process
? 2
