#!/bin/sh
# import-real.sh ROOT BUILD: what benchmark_app and LoadGen really write is read: both are installed
# in a Python environment of their own in BUILD, run for a second, and their files set beside each
# other. Skipped where PyPI cannot be reached; $IMPORT_REAL_VENV names an environment that is there.
set -eu
root=$1 build=$2
openvino=$(awk '$1 == "openvino" { print $2; exit }' "$root/tools/engines.lock")
loadgen=6.0.17
! grep -Eq '^(DOUBT_SANITIZE:STRING=.|CMAKE_TOOLCHAIN_FILE)' "$build/CMakeCache.txt" ||
    { echo "skipped: one plain native build runs the tools"; exit 77; }
venv=${IMPORT_REAL_VENV:-$build/import-real/venv}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
doubt="$build/doubt"

if [ ! -e "$venv/.complete-$openvino-$loadgen" ]; then
    python3 -m venv "$venv" >"$work/log" 2>&1 ||
        { cat "$work/log"; echo "skipped: python3 makes no virtual environment here (package python3-venv)"; exit 77; }
    "$venv/bin/pip" --quiet --disable-pip-version-check --retries 1 --timeout 30 install \
        "openvino==$openvino" "mlcommons-loadgen==$loadgen" >"$work/log" 2>&1 || {
        cat "$work/log"
        # Only a registry that does not answer is a reason to skip.
        grep -Eqi 'connection|resolve|timed out|unreachable|retries' "$work/log" || exit 1
        echo "skipped: PyPI cannot be reached"
        exit 77
    }
    touch "$venv/.complete-$openvino-$loadgen"
fi

fail() { echo "$*" >&2; exit 1; }
# value FILE NAME STATISTIC: a figure of the first run, in ns or 1/s, by the JSON document.
value() {
    "$doubt" import "$1" --json | "$venv/bin/python" -c '
import json, sys
run = json.load(sys.stdin)["files"][0]["runs"][0]
found = [f["value"] for f in run["figures"] if [f["name"], f["statistic"]] == sys.argv[1:3]]
assert found, [(f["name"], f["statistic"]) for f in run["figures"]]
print(repr(found[0]))' "$2" "$3"
}
# near A B SHARE: A and B differ by less than this share.
near() { awk -v a="$1" -v b="$2" -v s="$3" 'BEGIN { d = a - b; exit !((d < 0 ? -d : d) <= s * b) }'; }
# clean FILE: it is read, nothing in it is said to be wrong, and all of it is one run.
clean() {
    "$doubt" import "$1" >"$work/said" || { cat "$work/said"; fail "$1 is refused"; }
    ! grep '^wrong' "$work/said" || fail "$1 is said to be wrong"
    head -n 1 "$work/said" | grep -q ', 1 run$' || fail "$1 is not one run"
}

# benchmark_app: its text, its CSV and its JSON of a network that takes milliseconds, so that the two
# decimals of the reports say something.
model=$work/net.onnx
"$doubt" networks --export mobilenet-v2 -o "$model" >/dev/null
app() {
    (cd "$work" && "$venv/bin/benchmark_app" -m "$model" -d CPU -infer_precision f32 \
        -report_type no_counters -report_folder "$work" "$@") >"$work/app.txt" 2>&1 ||
        { cat "$work/app.txt"; fail "benchmark_app failed"; }
}
for api in sync async; do
    app -api $api -niter 40 -json_stats
    app_json=$(value "$work/benchmark_report.json" latency median)
    clean "$work/app.txt"
    clean "$work/benchmark_report.json"
    near "$(value "$work/app.txt" latency median)" "$app_json" 0.01 ||
        fail "$api: text and JSON of one run have two medians"
    near "$(value "$work/app.txt" throughput throughput)" \
        "$(value "$work/benchmark_report.json" throughput throughput)" 1e-6 ||
        fail "$api: text and JSON of one run have two rates"
    app -api $api -niter 40
    clean "$work/benchmark_report.csv"
    near "$(value "$work/app.txt" throughput throughput)" \
        "$(value "$work/benchmark_report.csv" throughput throughput)" 1e-6 ||
        fail "$api: text and CSV of one run have two rates"
done
grep -q "$openvino" "$work/app.txt" || fail "benchmark_app is not $openvino"

# LoadGen: the trace holds every latency, so summary and detail must come out of it again.
for scenario in SingleStream MultiStream Server Offline; do
    mkdir "$work/$scenario"
    "$venv/bin/python" "$root/tests/data/import/loadgen.py" "$work/$scenario" $scenario 700 \
        >"$work/log" 2>&1 || { cat "$work/log"; fail "LoadGen failed"; }
    for file in summary.txt detail.txt trace.json; do
        clean "$work/$scenario/mlperf_log_$file"
    done
    logs=$work/$scenario/mlperf_log
    name=latency
    [ $scenario != MultiStream ] || name='query latency'
    for statistic in min max median mean p90 p99; do
        [ "$(value "${logs}_summary.txt" "$name" $statistic)" = \
            "$(value "${logs}_detail.txt" "$name" $statistic)" ] ||
            fail "$scenario: summary and detail have two $statistic"
        [ $scenario = MultiStream ] ||
            near "$(value "${logs}_trace.json" latency $statistic)" \
                "$(value "${logs}_summary.txt" latency $statistic)" 1e-5 ||
            fail "$scenario: $statistic does not come out of the trace"
    done
done
for statistic in p90 p99; do
    near "$(value "$work/SingleStream/mlperf_log_trace.json" 'early stopping estimate' $statistic)" \
        "$(value "$work/SingleStream/mlperf_log_summary.txt" 'early stopping estimate' $statistic)" \
        1e-9 || fail "LoadGen's early stopping estimate of $statistic is another one"
done
# A figure that was changed is noticed.
sed 's/^\(Mean latency (ns) *: \).*/\199999999999/' "$work/SingleStream/mlperf_log_summary.txt" \
    >"$work/changed.txt"
"$doubt" import "$work/changed.txt" >"$work/said" || true
grep -q '^wrong' "$work/said" || fail "a changed mean went unnoticed"
echo "benchmark_app $openvino and LoadGen $loadgen are read as they are"
