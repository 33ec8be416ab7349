#!/bin/sh
# measure.sh: what docs/measurements/ says of a GPU, measured again on this one.
#   bench/gpu/measure.sh OUT.md [PART...]   parts: machine build check agreement onnxruntime; default all
# Needs a build (script/build; `ninja -C build bench` for event-loop), an NVIDIA driver, TensorRT where
# doubt finds it ($DOUBT_TENSORRT, or see engines/tensorrt/README.md), for the part onnxruntime a library
# with CUDA ($DOUBT_ONNXRUNTIME), and python3 for tables (with PyTorch for its row). From the environment:
#   DOUBT, EVENT_LOOP    the programs (build/doubt, build/bench/event-loop)
#   CHECK_BUDGET         time of each doubt check (8m), RUN_BUDGET of each doubt run (40s)
#   NOTE                 a sentence of where this was, for the head of the file
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
[ $# -gt 0 ] || { sed -n '2,10p' "$0"; exit 2; }
out=$1; shift
[ $# -gt 0 ] || set -- machine build check agreement onnxruntime
DOUBT=${DOUBT:-$root/build/doubt}
EVENT_LOOP=${EVENT_LOOP:-$root/build/bench/event-loop}
CHECK_BUDGET=${CHECK_BUDGET:-8m}
RUN_BUDGET=${RUN_BUDGET:-40s}
networks='ssd-mobilenet-v2 resnet50 inception-v4 pose super-resolution'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cache=${XDG_CACHE_HOME:-$HOME/.cache}/doubt/engines
begun=$(date +%s)

say() { printf '%s s  %s\n' "$(($(date +%s) - begun))" "$*" >&2; }
heading() { printf '\n## %s\n\n' "$*" >>"$out"; say "$*"; }

# show COMMAND...: the command and what it prints, as a block; status is the command's.
show() {
    say "$*"
    { printf '```\n$ %s\n' "$(printf '%s ' "$@" | sed "s|$DOUBT|doubt|; s|$root/||; s| \$||")"; "$@" 2>&1; } >"$work/shown"
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

# The engines are built before anything is timed, so that no build is in a series' time.
part_build() {
    heading "TensorRT: building"
    printf 'The first start of each builds its engine; what is shown is of the two restarts after it, which take\n' >>"$out"
    printf 'the engine from the cache.\n\n' >>"$out"
    for network in $networks; do
        say "building $network"
        from=$(date +%s)
        "$DOUBT" run "$network" --engine tensorrt --precision f16 --restarts 2 --iterations 20 --warm-up 100ms \
            --deadline 300s --no-soak --quiet >"$work/build" 2>&1
        printf '%s: %s s, building and both restarts.\n\n' "$network" "$(($(date +%s) - from))" >>"$out"
        { printf '```\n'; grep -E '^(SSD|ResNet|Inception|Pose|Super|computed|start|outputs|failed|remark) ' -A 2 "$work/build" |
            grep -E '^(SSD|ResNet|Inception|Pose|Super|computed|start|outputs|failed|remark|  )'; printf '```\n\n'; } >>"$out"
    done
}

part_check() {
    heading "TensorRT: doubt check"
    show "$DOUBT" check --engine tensorrt --precision f16 --budget "$CHECK_BUDGET" --protocol vendor --wide --quiet
    show "$DOUBT" check mlperf-v4.1 --engine tensorrt --plan --quiet
}

part_agreement() {
    heading "ResNet-50, FP16: beside other ways of timing it"
    for graph in 1 0; do
        printf 'The same engine %s.\n\n' "$([ $graph = 1 ] && echo 'as a CUDA graph' || echo 'without a graph')" >>"$out"
        show "$DOUBT" run resnet50 --engine tensorrt --precision f16 --option graph=$graph \
            --budget "$RUN_BUDGET" --deadline 300s --quiet
        "$DOUBT" run resnet50 --engine tensorrt --precision f16 --option graph=$graph \
            --budget "$RUN_BUDGET" --deadline 300s --quiet --no-soak --json >"$work/run.json" 2>"$work/err"
        # The engine with ResNet-50's file is the one that names its digest.
        digest=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["cells"][0]["model_sha256"])' "$work/run.json")
        plan=$(grep -l -a "model $digest" "$cache"/*.plan | while read -r file; do
            head -c 300 "$file" | grep -a -q 'precision 4' && echo "$file"; done | head -n 1)
        say "event-loop $plan"
        "$EVENT_LOOP" "$DOUBT_TENSORRT" "$plan" $graph >"$work/loop" 2>&1
        python3 "$here/agree.py" "$work/run.json" "$work/loop" >>"$out" 2>&1
        printf '\n' >>"$out"
    done
    printf 'PyTorch beside it, `bench/gpu/torch_resnet50.py`:\n\n' >>"$out"
    show python3 "$here/torch_resnet50.py"
    printf 'Where the time goes:\n\n' >>"$out"
    show "$DOUBT" run resnet50 --engine tensorrt --precision f16 --layers --budget 15s --deadline 300s --no-soak --quiet
}

part_onnxruntime() {
    heading "ONNX Runtime with CUDA"
    show "$DOUBT" engines onnxruntime
    show "$DOUBT" check --engine onnxruntime --device cuda:0 --precision f16,tf32 \
        --budget "${ORT_BUDGET:-$CHECK_BUDGET}" --wide --quiet
}

{
    printf '# Measured on %s\n\n' "$(nvidia-smi --query-gpu=name --format=csv,noheader | head -n 1)"
    printf 'Made by `bench/gpu/measure.sh` on %s with doubt %s. %s\n' "$(date -u +%Y-%m-%d)" \
        "$("$DOUBT" --version | sed 's/^doubt //')" "${NOTE:-}"
} >"$out"
for part in "$@"; do
    "part_$part"
done
say "done: $out"
