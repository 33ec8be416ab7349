#!/bin/sh
# run.sh: plays a golden transcript: runs its commands and compares what they print.
#
#   run.sh PROGRAM FILE.t          0: all as written; 1: not; 77: skipped, with the reason
#   DOUBT_BLESS=1 run.sh ...       rewrites, in FILE.t, what does not match
#
# A transcript holds blocks:
#
#   ## a remark, anywhere
#   @need engine NAME              skip the file where `doubt engines NAME` cannot be used
#   @need mount                    skip it where no private mount can be made
#   @need small-address-space      skip it where a sanitizer keeps terabytes of addresses for itself
#   $ command                      run by sh; stdout and stderr are one text
#   expected line                  "*" stands for anything within a line
#   ...                            alone on a line: any number of lines
#   ? 2                            exit status, where it is not 0
#
# Every file gets a scratch folder with its own HOME; in the working folder lie data (tests/data),
# engines (the plug-ins that misbehave) and fake (trees of other machines); `doubt` and `player` are
# on PATH. Blank lines at the end of an output do not count.
set -u

program=$(realpath "$1") transcript=$(realpath "$2")
tests=$(realpath "$(dirname "$0")/..")
scratch=$(mktemp -d "${TMPDIR:-/tmp}/doubt-cli.XXXXXX") || exit 1
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
mkdir "$scratch/home" "$scratch/work" "$scratch/bin"
ln -s "$program" "$scratch/bin/doubt"
ln -s "$tests/data" "$scratch/work/data"
ln -s "$(dirname "$program")/tests/engines" "$scratch/work/engines"
ln -s "$tests/fake" "$scratch/work/fake"
ln -s "$(dirname "$program")/tests/player" "$scratch/bin/player"
cd "$scratch/work" || exit 1

unset NO_COLOR XDG_CACHE_HOME XDG_DATA_HOME XDG_CONFIG_HOME DOUBT_ENGINE_PATH DOUBT_WORKER
export TMPDIR="$scratch/work" HOME="$scratch/home" PATH="$scratch/bin:$PATH" TERM=dumb LC_ALL=C.UTF-8

# Reads expected, then actual; 0 when they agree.
cat >"$scratch/match.awk" <<'AWK'
function to_regex(glob,    out, i, c) {
    out = "^"
    for (i = 1; i <= length(glob); i++) {
        c = substr(glob, i, 1)
        if (c == "*") out = out ".*"
        else if (index("\\^.[]$()|+?{}", c)) out = out "\\" c
        else out = out c
    }
    return out "$"
}
function match_from(e, a,    i) {
    for (; e <= expected_count; e++) {
        if (expected[e] == "...") {
            for (i = a; i <= actual_count + 1; i++)
                if (match_from(e + 1, i)) return 1
            return 0
        }
        if (a > actual_count || actual[a] !~ regex[e]) return 0
        a++
    }
    return a == actual_count + 1
}
FILENAME == ARGV[1] { expected[++expected_count] = $0; regex[expected_count] = to_regex($0); next }
{ actual[++actual_count] = $0 }
END {
    while (expected_count > 0 && expected[expected_count] == "") expected_count--
    while (actual_count > 0 && actual[actual_count] == "") actual_count--
    exit !match_from(1, 1)
}
AWK

failures=0 command='' status_wanted=0
: >"$scratch/expected"
: >"$scratch/blessed"

# Prints a file without the blank lines at its end.
trimmed() {
    awk '{ if ($0 == "") blank++; else { while (blank > 0) { print ""; blank-- } print } }' "$1"
}

play() {
    [ -n "$command" ] || return 0
    sh -c "$command" >"$scratch/actual" 2>&1 </dev/null
    status=$?
    printf '$ %s\n' "$command" >>"$scratch/blessed"
    if LC_ALL=C awk -f "$scratch/match.awk" "$scratch/expected" "$scratch/actual"; then
        trimmed "$scratch/expected" >>"$scratch/blessed"
    else
        trimmed "$scratch/actual" >>"$scratch/blessed"
        failures=$((failures + 1))
        printf '%s: output of: %s\n' "$transcript" "$command"
        diff -u "$scratch/expected" "$scratch/actual" | tail -n +3
    fi
    if [ "$status" -ne "$status_wanted" ]; then
        failures=$((failures + 1))
        printf '%s: exit status %s, not %s, of: %s\n' "$transcript" "$status" "$status_wanted" \
            "$command"
    fi
    [ "$status" -eq 0 ] || printf '? %s\n' "$status" >>"$scratch/blessed"
    printf '\n' >>"$scratch/blessed"
    command='' status_wanted=0
    : >"$scratch/expected"
}

need() {
    if [ "${1%% *}" = engine ]; then
        name=${1#engine }
        doubt engines "$name" --json 2>/dev/null | grep -q '"usable": true' && return
        echo "skipped: engine $name cannot be used here:"
        doubt engines "$name" 2>&1
        exit 77
    fi
    if [ "$1" = mount ]; then
        unshare -rm sh -c 'mount -t tmpfs none /mnt' 2>/dev/null && return
        echo "skipped: no private mount can be made here"
        exit 77
    fi
    if [ "$1" = small-address-space ]; then
        grep -q '^DOUBT_SANITIZE:STRING=.' "$(dirname "$program")/CMakeCache.txt" 2>/dev/null || return
        echo "skipped: built with sanitizers, which no limit of the address space suits"
        exit 77
    fi
    echo "$transcript: unknown need: $1"
    exit 1
}

while IFS= read -r line || [ -n "$line" ]; do
    case $line in
    '$ '*)
        play
        command=${line#??}
        ;;
    '? '*) status_wanted=${line#??} ;;
    '## '*)
        play
        printf '%s\n' "$line" >>"$scratch/blessed"
        ;;
    '@need '*)
        need "${line#@need }"
        printf '%s\n\n' "$line" >>"$scratch/blessed"
        ;;
    *) [ -z "$command" ] || printf '%s\n' "$line" >>"$scratch/expected" ;;
    esac
done <"$transcript"
play

if [ -n "${DOUBT_BLESS:-}" ]; then
    cat -s "$scratch/blessed" | trimmed /dev/stdin >"$transcript"
    echo "$transcript: rewritten"
    exit 0
fi
[ "$failures" -eq 0 ]
