#!/bin/sh
# end-to-end.sh BUILD [SERIES [SEED [FOLDER]]]: verdicts on times whose truth is known, through
# `doubt check` with worker processes on a real clock. Prints the tables; see README.md.
#
# SERIES: 504 when left out, 14 of each combination. SEED: hexadecimal. FOLDER keeps claims, records
# and samples; when it holds a run already, that run is continued. Status as of end-to-end tally.
# PATIENCE=SECONDS in the environment: wait so long before each series for a machine at rest, which is
# looked for before the series begins and never afterwards.
set -eu
usage="usage: end-to-end.sh BUILD-FOLDER [SERIES [SEED [FOLDER]]]"
build=$(cd "${1:?"$usage"}" && pwd) series=${2:-504} seed=${3:-e2e}
helper=$build/bench/end-to-end doubt=$build/doubt
[ -x "$helper" ] || { echo "end-to-end: $helper is not there: ninja -C $build bench-end-to-end"; exit 2; }
folder=${4:-}
if [ -z "$folder" ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder"

# Percent of the CPUs' time that was used over the last half second.
used() {
    read -r _ user nice system idle rest </proc/stat
    sleep 0.5
    read -r _ user2 nice2 system2 idle2 rest </proc/stat
    busy=$((user2 - user + nice2 - nice + system2 - system))
    echo $((100 * busy / (busy + idle2 - idle + 1)))
}

await_rest() {
    tries=$((2 * ${PATIENCE:-0}))
    while [ $tries -gt 0 ] && [ "$(used)" -gt 10 ]; do
        tries=$((tries - 1))
    done
}

# check CLAIMS RECORD OPTION...: one series. Status 1 of doubt says that the figure is not reached, 3
# that there is no conclusion: both are answers.
check() {
    claims=$1 record=$2 status=0
    shift 2
    "$doubt" check "$claims" --engine synthetic "$@" --as-is --json --quiet --iterations 200 \
        --warm-up 2ms --db "$folder/doubt.db" >"$record.new" 2>"$folder/error" </dev/null || status=$?
    case $status in
    0 | 1 | 3) mv "$record.new" "$record" ;;
    *)
        echo "end-to-end: $claims ended with status $status:"
        cat "$folder/error"
        exit 2
        ;;
    esac
}

# The first series only tells the cost of measuring, which the others' truth is made with.
if [ ! -e "$folder/plan" ]; then
    mkdir -p "$folder/cost"
    "$helper" plan "$folder/cost" 1 "$seed" 0
    check "$folder/cost/claims-0.json" "$folder/cost/series.json" --option mean=200us
    "$helper" plan "$folder" "$series" "$seed" "$("$helper" cost "$folder/cost/series.json")"
fi
started=$(cut -d ' ' -f 1-3 /proc/loadavg)
while read -r number options; do
    [ ! -e "$folder/series-$number.json" ] || continue
    await_rest
    check "$folder/claims-$number.json" "$folder/series-$number.json" $options
done <"$folder/plan"
echo "load of the machine (1, 5, 15 minutes): $started at the start, $(cut -d ' ' -f 1-3 /proc/loadavg) at the end"
"$helper" tally "$folder"
