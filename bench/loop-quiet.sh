#!/bin/sh
# loop-quiet.sh BUILD: shows that the timed loop makes no system call, allocation or lock.
#
# 1. strace: system calls of the whole program at 10,000 and at 1,000,000 inferences. Equal counts
#    mean that none belongs to an inference.
# 2. callgrind, collecting inside doubt_loop_run() only: every function that runs there. Under
#    valgrind the clock is a system call, since it hides the kernel's vDSO; in real runs it is not,
#    as step 1 shows.
set -eu
build=${1:?"usage: loop-quiet.sh BUILD-FOLDER"}
loop=$build/bench/loop
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export DOUBT_ENGINE_PATH=/nonexistent

calls() {
    strace -f -c -o "$folder/calls" "$loop" --quiet "$1" >/dev/null
    awk '$1 + 0 == $1 && $NF != "total" { sum += $4 } END { print sum }' "$folder/calls"
}

if command -v strace >/dev/null; then
    few=$(calls 10000)
    many=$(calls 1000000)
    echo "system calls of the whole program: $few at 10,000 inferences, $many at 1,000,000"
    [ "$few" = "$many" ] || { echo "NOT EQUAL"; exit 1; }
else
    echo "strace is not installed: apt-get install strace"
fi

if command -v valgrind >/dev/null; then
    valgrind --tool=callgrind --callgrind-out-file="$folder/graph" --collect-atstart=no \
        --toggle-collect=doubt_loop_run "$loop" --quiet 10000 >/dev/null 2>"$folder/log" ||
        { cat "$folder/log"; exit 1; }
    echo "functions that ran inside doubt_loop_run(), instructions in all of 10,000 inferences:"
    callgrind_annotate --auto=no --inclusive=no --threshold=100 "$folder/graph" 2>/dev/null |
        sed -n 's/ \[.*//; /(.*%)  *[^ ]*:/p' >"$folder/functions"
    cat "$folder/functions"
    if grep -Eq ':(malloc|calloc|realloc|free|pthread_mutex|mmap|brk|write|futex)' "$folder/functions"
    then
        echo "AN ALLOCATION, A LOCK OR A SYSTEM CALL IS AMONG THEM"
        exit 1
    fi
else
    echo "valgrind is not installed: apt-get install valgrind"
fi
