#!/bin/sh
# end-to-end.sh ROOT BUILD: twenty short series of programmed times through `doubt check`, verdicts
# against what each series' times are known to have been. Nothing here depends on how fast or how
# busy the machine is; bench/end-to-end/README.md has the whole proof.
set -eu
root=$1 build=$2
! grep -Eq '^(DOUBT_SANITIZE:STRING=.|CMAKE_TOOLCHAIN_FILE)' "$build/CMakeCache.txt" ||
    { echo "skipped: processes of a plain native build only"; exit 77; }
cmake --build "$build" --target bench-end-to-end >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sh "$root/bench/end-to-end/end-to-end.sh" "$build" 20 50eed "$work/run"
helper=$build/bench/end-to-end
# The same numbers again, from what was kept.
"$helper" tally "$work/run" >"$work/again"
grep -q '^20 series' "$work/again"
# Were the truth another one, it would be noticed: by its verdicts, and by single samples. With a
# truth slower by a millisecond HOLDS and EXCEEDS are false, with a faster one HOLDS and FALLS SHORT:
# a busy machine leaves many of the one or of the other. Four false ones of twenty are noticed, so
# eight that are conclusive suffice.
noticed=0
for shift in 1000000 -1000000; do
    status=0
    "$helper" tally "$work/run" "$shift" >"$work/off" || status=$?
    ! { [ $status = 1 ] && grep -q 'NOT MET.*replayed truth' "$work/off"; } || noticed=1
done
conclusive=$(sed -n 's/^| replayed truth, all series | 20 | *\([0-9]*\) .*/\1/p' "$work/again")
[ $noticed = 1 ] || [ "$conclusive" -lt 8 ]
mkdir "$work/other"
cp "$work"/run/*.json "$work/run/doubt.db" "$work/other"
read -r count seed cost <"$work/run/design"
echo "$count $seed $((${cost%.*} - 30000))" >"$work/other/design"
status=0
"$helper" tally "$work/other" >"$work/longer" || status=$?
[ $status = 1 ] && grep -q 'NOT MET.*shorter than the time that was programmed' "$work/longer"
# A series that is not there is not passed over.
rm "$work/other/series-3.json"
status=0
"$helper" tally "$work/other" >/dev/null 2>"$work/said" || status=$?
[ $status = 2 ] && grep -q '1 of 20 series are missing' "$work/said"
