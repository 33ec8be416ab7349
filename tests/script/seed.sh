#!/bin/sh
# seed.sh: docs/SEED.md is what the program says today.
#   seed.sh SOURCE BUILD
set -eu
source=$1 build=$2
command -v python3 >/dev/null || { echo "skipped: needs python3"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 "$source/tools/make-seed" "$build/doubt" >"$scratch/SEED.md"
if ! diff -u "$source/docs/SEED.md" "$scratch/SEED.md"; then
    echo "seed.sh: docs/SEED.md is behind: tools/make-seed BUILD/doubt >docs/SEED.md"
    exit 1
fi
