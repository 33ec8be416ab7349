#!/bin/sh
# measure.sh: what docs/measurements/ says of a GPU, measured again on this one.
#   bench/gpu/measure.sh OUT.md [PART...]
# Parts, all of them when none is named:
#   machine      the GPU, its driver, what doubt finds
#   cold         doubt check of the five networks; with an empty cache its first starts build the engines
#   networks     each network: what was computed, and how near the reference; SSD with ONNX's operator too
#   check        doubt check with restarts, intervals, energy and the vendor's protocols
#   agreement    ResNet-50 beside a plain loop and PyTorch, with and without a CUDA graph
#   versions     ResNet-50 by two libraries of TensorRT ($OTHER_TENSORRT: the second one's libnvinfer)
#   onnxruntime  ONNX Runtime with CUDA in FP16 and TF32
# Needs a build (script/build; `ninja -C build bench` for event-loop), an NVIDIA driver, TensorRT where
# doubt finds it ($DOUBT_TENSORRT, or see engines/tensorrt/README.md), for the part onnxruntime a library
# with CUDA ($DOUBT_ONNXRUNTIME), and python3 for tables (with PyTorch for its row). From the environment:
#   DOUBT, EVENT_LOOP    the programs (build/doubt, build/bench/event-loop)
#   COLD_BUDGET, CHECK_BUDGET, RUN_BUDGET, ORT_BUDGET   time of each command of a part, building apart
#   NOTE                 a sentence of where this was, for the head of the file
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
[ $# -gt 0 ] || { sed -n '2,19p' "$0"; exit 2; }
out=$1; shift
[ $# -gt 0 ] || set -- machine cold networks check agreement versions onnxruntime
DOUBT=${DOUBT:-$root/build/doubt}
EVENT_LOOP=${EVENT_LOOP:-$root/build/bench/event-loop}
COLD_BUDGET=${COLD_BUDGET:-80s}
CHECK_BUDGET=${CHECK_BUDGET:-8m}
RUN_BUDGET=${RUN_BUDGET:-60s}
ORT_BUDGET=${ORT_BUDGET:-$CHECK_BUDGET}
LOOPS=5 # processes of the plain loop before doubt's series, and as many behind it
networks='ssd-mobilenet-v2 resnet50 inception-v4 pose super-resolution'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cache=${XDG_CACHE_HOME:-$HOME/.cache}/doubt/engines
begun=$(date +%s)

say() { printf '%s s  %s\n' "$(($(date +%s) - begun))" "$*" >&2; }
text() { printf '%s\n\n' "$*" >>"$out"; }
heading() { printf '\n## %s\n\n' "$*" >>"$out"; say "$*"; }

# show COMMAND...: the command and what it prints, as a block; status is the command's.
show() {
    say "$*"
    { printf '```\n$ %s\n' "$(printf '%s ' "$@" | sed "s|$DOUBT|doubt|; s|$root/||; s|$work/||g; s| \$||")"
      "$@" 2>&1; } >"$work/shown"
    status=$?
    cat "$work/shown" >>"$out"
    printf '```\n\n' >>"$out"
    return $status
}

part_machine() {
    heading The machine
    show nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm,power.limit --format=csv
    show "$DOUBT" engines tensorrt
    show "$DOUBT" device show
}

part_cold() {
    heading "TensorRT: doubt check, $(ls "$cache"/*.plan 2>/dev/null | wc -l) engines in the cache"
    from=$(date +%s)
    show "$DOUBT" check --engine tensorrt --precision f16 --budget "$COLD_BUDGET" --no-soak --wide --quiet
    text "The whole command took $(($(date +%s) - from)) s, building included."
}

# What two restarts say of one network.
brief() {
    say "$*"
    "$DOUBT" run "$@" --engine tensorrt --precision f16 --restarts 2 --iterations 50 --warm-up 100ms \
        --no-soak --no-store --quiet >"$work/brief" 2>&1
    { printf '```\n'
      awk '/^[^ ]/ { on = /^(SSD|ResNet|Inception|Pose|Super|[a-z-]+\.onnx|boundaries|computed|start|outputs|failed|remark|doubt:)/ } on && NF' \
          "$work/brief"
      printf '```\n\n'; } >>"$out"
}

part_networks() {
    heading "TensorRT: the five networks"
    for network in $networks; do
        brief "$network"
    done
    text "SSD-Mobilenet-V2 with ONNX's NonMaxSuppression in place of EfficientNMS_TRT:"
    "$DOUBT" networks --export ssd-mobilenet-v2 --nms onnx -o "$work/ssd-onnx-nms.onnx" --quiet &&
        brief "$work/ssd-onnx-nms.onnx"
}

part_check() {
    heading "TensorRT: doubt check"
    show "$DOUBT" check --engine tensorrt --precision f16 --budget "$CHECK_BUDGET" --protocol vendor --wide --quiet
    show "$DOUBT" check mlperf-v4.1 --engine tensorrt --plan --quiet
}

# loops PLAN GRAPH: so many processes of the plain loop, their lines to $work/loop.
loops() {
    n=0
    while [ $n -lt $LOOPS ]; do
        "$EVENT_LOOP" "$DOUBT_TENSORRT" "$1" "$2" >>"$work/loop" 2>&1
        n=$((n + 1))
    done
}

# The engine of a network is the plan that names its file's digest.
plan_of() {
    "$DOUBT" run "$1" --engine tensorrt --precision f16 --restarts 2 --iterations 10 --no-soak --no-store \
        --quiet --json >"$work/plan.json" 2>"$work/err"
    digest=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["cells"][0]["model_sha256"])' \
        "$work/plan.json")
    grep -l -a "model $digest" "$cache"/*.plan | while read -r file; do
        head -c 300 "$file" | grep -a -q 'precision 4' && echo "$file"
    done | head -n 1
}

part_agreement() {
    heading "ResNet-50, FP16: beside other ways of timing it"
    plan=$(plan_of resnet50)
    for graph in 1 0; do
        text "The same engine $([ $graph = 1 ] && echo 'as a CUDA graph' || echo 'without a graph')."
        : >"$work/loop"
        loops "$plan" $graph
        set -- run resnet50 --engine tensorrt --precision f16 --option graph=$graph --budget "$RUN_BUDGET"
        show "$DOUBT" "$@" --quiet
        id=$(sed -n 's/^kept  *series \([0-9]*\):.*/\1/p' "$work/shown")
        "$DOUBT" history "$id" --json >"$work/run.json" 2>>"$work/err"
        loops "$plan" $graph
        python3 "$here/agree.py" "$work/run.json" "$work/loop" >>"$out" 2>&1
        printf '\n' >>"$out"
    done
    text 'PyTorch beside it, `bench/gpu/torch_resnet50.py`:'
    show python3 "$here/torch_resnet50.py"
    text 'With the cache of the device emptied before each sample:'
    show "$DOUBT" run resnet50 --engine tensorrt --precision f16 --flush-cache --budget 20s --no-soak --quiet
    text 'Where the time goes:'
    show "$DOUBT" run resnet50 --engine tensorrt --precision f16 --layers --budget 20s --no-soak --quiet
}

part_versions() {
    [ -n "${OTHER_TENSORRT:-}" ] || { say 'versions: left out, $OTHER_TENSORRT is not set'; return 0; }
    heading "Two libraries, one plug-in"
    show "$DOUBT" engines tensorrt --library "$OTHER_TENSORRT"
    show "$DOUBT" compare resnet50 --engine tensorrt --precision f16 --a "library=$DOUBT_TENSORRT" \
        --b "library=$OTHER_TENSORRT" --budget "$RUN_BUDGET" --quiet
}

part_onnxruntime() {
    heading "ONNX Runtime with CUDA"
    show "$DOUBT" engines onnxruntime
    show "$DOUBT" check --engine onnxruntime --device cuda:0 --precision f16,tf32 --budget "$ORT_BUDGET" \
        --no-soak --wide --quiet
    set -- --engine onnxruntime --device cuda:0
    show "$DOUBT" compare resnet50 "$@" --precision f16 --a option:nhwc=0 --b option:nhwc=1 --budget 40s --quiet
    show "$DOUBT" run resnet50 "$@" --precision f16 --option graph=0 --budget 25s --no-soak --quiet
    show "$DOUBT" run resnet50 "$@" --precision f16 --layers --budget 15s --no-soak --quiet
}

[ -s "$out" ] || {
    printf '# Measured on %s\n\n' "$(nvidia-smi --query-gpu=name --format=csv,noheader | head -n 1)"
    printf 'Made by `bench/gpu/measure.sh` on %s with %s. %s\n' "$(date -u +%Y-%m-%d)" \
        "$("$DOUBT" --version)" "${NOTE:-}"
} >"$out"
for part in "$@"; do
    "part_$part"
done
say "done: $out"
