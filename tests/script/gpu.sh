#!/bin/sh
# gpu.sh: which wheels fit which driver, and what is said where none does: script/engines --plan on
# trees that look like such machines.
#   gpu.sh SOURCE BUILD
set -eu
source=$1
[ "$(uname -m)" = x86_64 ] || { echo "skipped: the wheels are listed for x86_64"; exit 77; }
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
failures=0

# expect STATUS TEXT OPTION...: its output holds the text.
expect() {
    status=0 wanted=$1 text=$2
    shift 2
    said=$(DOUBT_ROOT=$root sh "$source/script/engines" --plan "$@" 2>&1) || status=$?
    case $said in
    *"$text"*) [ "$status" = "$wanted" ] && return ;;
    esac
    failures=$((failures + 1))
    printf 'script/engines --plan %s: status %s, not %s, or no "%s":\n%s\n' "$*" "$status" "$wanted" \
        "$text" "$said"
}

driver() {
    mkdir -p "$root/proc/driver/nvidia"
    printf 'NVRM version: NVIDIA UNIX %s  Fri Oct  3\nGCC version: gcc version 12.2.0\n' "$1" \
        >"$root/proc/driver/nvidia/version"
}

expect 2 'no NVIDIA driver is loaded here' --gpu
expect 2 '--gpu, --tensorrt and --plan are accepted' --cuda
driver 'x86_64 Kernel Module  580.159.04'
expect 0 'NVIDIA driver 580: wheels for CUDA 13' --gpu
expect 0 'onnxruntime-gpu 1.31.1' --gpu
expect 0 'nvidia-cudnn-cu13 ' --gpu
driver 'Open Kernel Module for x86_64  550.54.15'
expect 0 'NVIDIA driver 550: wheels for CUDA 12' --gpu
expect 0 'nvidia-cudnn-cu12 ' --gpu
driver 'x86_64 Kernel Module  470.82.01'
expect 2 'driver 470 is too old' --gpu
expect 0 'tensorrt 8.5.3.1' --tensorrt
expect 0 'nvidia-cudnn-cu11 8.6' --tensorrt
rm -r "$root/proc/driver"
mkdir -p "$root/proc/device-tree"
printf 'nvidia,p3450-0000\0nvidia,tegra210\0' >"$root/proc/device-tree/compatible"
expect 2 'this is a Jetson' --gpu
[ "$failures" = 0 ]
