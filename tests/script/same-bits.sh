#!/bin/sh
# same-bits.sh ROOT BUILD: the same seed gives the same figures, to the last printed digit, by gcc, by
# clang and on aarch64. Simulated coverage and verdicts, a summary of samples with 17 digits, a judged
# claim. aarch64: the folder build-aarch64 of script/cross, under qemu-user; skipped where it is not.
set -eu
root=$1 build=$2
! grep -Eq '^(DOUBT_SANITIZE:STRING=.|CMAKE_TOOLCHAIN_FILE)' "$build/CMakeCache.txt" ||
    { echo "skipped: compares plain native builds with others"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

make() { cmake --build "$1" --target bench-coverage bench-summary doubt >"$work/log" 2>&1 || { tail -n 30 "$work/log"; exit 1; }; }

# figures FOLDER OUT SEED [EMULATOR...]: everything that is compared, into OUT.
figures() {
    folder=$1 out=$2 seed=$3
    shift 3
    "$@" "$folder/bench/coverage" --series 50 --truth 500 --iterations 100 --seed "$seed" \
        --tsv "$out.tsv" >"$out" 2>"$work/progress" || true # its demands are for long runs
    [ -s "$out.tsv" ] || { cat "$work/progress"; exit 1; }
    "$@" "$folder/bench/summary" make "$out.samples" 200000
    "$@" "$folder/bench/summary" "$out.samples" 2>"$work/steps" | grep -Ev '^(seconds|memory) ' >>"$out"
    "$@" "$folder/doubt" judge --measured 27.81,27.79,27.84,27.80,27.83,27.82,27.77,27.81ms \
        --claim 36FPS --json >>"$out" || [ $? = 3 ]
    cat "$out.tsv" >>"$out"
}

compare() {
    cmp "$work/$1" "$work/$2" && return 0
    diff "$work/$1" "$work/$2" | head -n 20
    echo "the figures of $1 and $2 differ"
    exit 1
}

make "$build"
figures "$build" "$work/here" 5eed
[ "$(grep -c . "$work/here")" -gt 1000 ]
figures "$build" "$work/seed" 5eee
! cmp -s "$work/here" "$work/seed" || { echo "another seed gives the same figures"; exit 1; }

for compiler in gcc clang; do
    command -v $compiler >/dev/null || { echo "$compiler is not installed"; continue; }
    cmake -S "$root" -B "$work/build-$compiler" -G Ninja -DDOUBT_TESTS=OFF \
        -DCMAKE_C_COMPILER=$compiler >"$work/log"
    make "$work/build-$compiler"
    figures "$work/build-$compiler" "$work/$compiler" 5eed
    compare here $compiler
    echo "$compiler: the same"
done

[ -e "$root/build-aarch64/build.ninja" ] && command -v qemu-aarch64-static >/dev/null ||
    { echo "aarch64 is not compared: script/cross makes build-aarch64"; exit 77; }
make "$root/build-aarch64"
figures "$root/build-aarch64" "$work/aarch64" 5eed qemu-aarch64-static -L "$root/.cross/aarch64"
compare here aarch64
echo "aarch64: the same"
