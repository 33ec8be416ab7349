#!/bin/sh
# floors.sh ROOT BUILD: the rules hold, and a broken one is noticed.
set -eu
"$1/tools/check-floors" "$1"
"$1/tools/check-length" "$1"
bad=$(mktemp -d)
trap 'rm -rf "$bad"' EXIT
mkdir -p "$bad/src/stats" "$bad/engines/x" "$bad/tests/engines"
echo '#include "measure/series.h"' >"$bad/src/stats/up.c"
! "$1/tools/check-floors" "$bad" >"$bad/said" || { echo "an include that points up went unnoticed"; exit 1; }
grep -q 'src/stats/up.c: floor stats may not include' "$bad/said"
rm "$bad/src/stats/up.c"
echo '#include "util/str.h"' >"$bad/engines/x/x.c"
! "$1/tools/check-floors" "$bad" >"$bad/said" || { echo "a plug-in that sees the core went unnoticed"; exit 1; }
grep -q 'engines/x/x.c: a plug-in may include' "$bad/said"
