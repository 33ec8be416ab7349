#!/bin/sh
# compare.sh: `doubt run` beside the same engine's own tool, in turns in one run.
#
#     compare.sh BUILD ENGINE [NETWORK [PAIRS [ITERATIONS]]]
#
# ENGINE openvino:    benchmark_app of the same wheel (-api sync -hint latency), in a Python
#                     environment that this script makes once in BUILD/bench/venv
# ENGINE onnxruntime: BUILD/bench/onnxruntime-loop, a plain C loop over the C API
#
# A pair is two restarts of doubt (its least) and two starts of the tool, whose medians are averaged,
# each with its own warm-up, of the same model, threads ($THREADS; 0, the default: the engine's choice), precision (f32) and number
# of iterations. Printed: both medians and their ratio for each pair, then the median ratio. Which
# of a pair goes first alternates.
set -eu
usage="usage: compare.sh BUILD openvino|onnxruntime [NETWORK [PAIRS [ITERATIONS]]]"
build=${1:?"$usage"}
engine=${2:?"$usage"}
network=${3:-resnet50}
pairs=${4:-10}
iterations=${5:-200}
threads=${THREADS:-0}
given=
[ "$threads" -eq 0 ] || given="--threads $threads"
# As doubt's workers have it.
export ORT_DISABLE_TELEMETRY=1
source=$(cd "$(dirname "$0")/../.." && pwd)
private=${DOUBT_PRIVATE:-$source/.engines}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

newest() {
    library=
    for found in $1; do
        [ -e "$found" ] && library=$found
    done
    [ -n "$library" ] || { echo "nothing at $1: run script/engines" >&2; exit 1; }
    echo "$library"
}

case $engine in
openvino)
    library=$(newest "$private/openvino-*/openvino/libs/libopenvino_c.so*")
    version=${library#"$private"/openvino-}
    version=${version%%/*}
    venv=$build/bench/venv
    if [ ! -x "$venv/bin/benchmark_app" ]; then
        echo "making $venv with openvino $version" >&2
        python3 -m venv "$venv"
        "$venv/bin/pip" --quiet install "openvino==$version"
    fi
    # benchmark_app takes threads only without its hint; one stream is what the hint comes to.
    settings="-hint latency"
    [ "$threads" -eq 0 ] || settings="-hint none -nstreams 1 -nthreads $threads"
    own() {
        "$venv/bin/benchmark_app" -m "$work/model.onnx" -d CPU -api sync $settings \
            -infer_precision f32 -niter "$iterations" -json_stats \
            -report_type no_counters -report_folder "$work" >"$work/log" 2>&1 ||
            { cat "$work/log" >&2; exit 1; }
        sed -n 's/.*"latency (ms)": *"\([0-9.]*\)".*/\1/p' "$work/benchmark_report.json"
    }
    ;;
onnxruntime)
    library=$(newest "$private/onnxruntime-*/onnxruntime/capi/libonnxruntime.so.*")
    own() {
        "$build/bench/onnxruntime-loop" "$library" "$work/model.onnx" "$threads" "$iterations" \
            2>"$work/log" >"$work/ns" || { cat "$work/log" >&2; exit 1; }
        awk '{ printf "%.4f\n", $1 / 1e6 }' "$work/ns"
    }
    ;;
*)
    echo "$usage" >&2
    exit 2
    ;;
esac

own_twice() {
    first=$(own)
    second=$(own)
    echo "$first $second" | awk 'NF == 2 { printf "%.4f\n", ($1 + $2) / 2 }'
}

ours() {
    # 3: too few restarts to be conclusive, which two are
    status=0
    "$build/doubt" run "$network" --engine "$engine" --library "$library" --precision f32 \
        $given --restarts 2 --iterations "$iterations" --no-store --json \
        >"$work/json" 2>"$work/log" || status=$?
    case $status in
    0 | 3) ;;
    *) cat "$work/log" >&2; exit 1 ;;
    esac
    sed -n 's/.*"p50_ns": *\([0-9.e+]*\).*/\1/p' "$work/json" | head -n 1 |
        awk '{ printf "%.4f\n", $1 / 1e6 }'
}

"$build/doubt" networks --export "$network" -o "$work/model.onnx" >/dev/null
echo "$network, $engine, f32, threads $threads, $iterations iterations a start"
echo "library $library"
printf '%4s  %12s  %12s  %8s\n' pair "doubt ms" "own tool ms" ratio
i=1
while [ "$i" -le "$pairs" ]; do
    if [ $((i % 2)) -eq 1 ]; then
        a=$(ours)
        b=$(own_twice)
    else
        b=$(own_twice)
        a=$(ours)
    fi
    [ -n "$a" ] && [ -n "$b" ] || { echo "a median is missing: \"$a\", \"$b\"" >&2; exit 1; }
    echo "$i $a $b" | awk '{ printf "%4d  %12.4f  %12.4f  %8.4f\n", $1, $2, $3, $2 / $3 }'
    echo "$a $b" | awk '{ print $1 / $2 }' >>"$work/ratios"
    i=$((i + 1))
done
sort -n "$work/ratios" | awk '
    { r[NR] = $1 }
    END {
        m = NR % 2 ? r[(NR + 1) / 2] : (r[NR / 2] + r[NR / 2 + 1]) / 2
        printf "median ratio %.4f (smallest %.4f, largest %.4f; wanted: 0.99 to 1.01)\n",
            m, r[1], r[NR]
    }'
