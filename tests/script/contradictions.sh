#!/bin/sh
# contradictions.sh: the table of docs/CLAIMS.md is what the rules find, and every finding is judged.
#   contradictions.sh SOURCE BUILD
set -eu
source=$1 build=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sh "$source/tools/make-contradictions" "$build/doubt" >"$scratch/made"
sed -n '/<!-- contradictions -->/,/<!-- end -->/p' "$source/docs/CLAIMS.md" | grep '^|' >"$scratch/page"
if ! diff -u "$scratch/page" "$scratch/made"; then
    echo "contradictions.sh: docs/CLAIMS.md is behind: tools/make-contradictions BUILD/doubt prints the table"
    exit 1
fi
