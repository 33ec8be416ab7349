#!/bin/sh
# summary.sh BUILD [N]: time and memory of a whole summary of N samples (10,000,000), beside NumPy and
# SciPy on the same file, in turns. CPU seconds, median of five pairs; figures must agree.
#
# Two versions, from PyPI into Python environments below BUILD, made once: the one of Debian 12, and a
# later one that sorts with the vector instructions of the processor.
set -eu
build=${1:?"usage: summary.sh BUILD-FOLDER [N]"} n=${2:-10000000}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
"$build/bench/summary" make "$work/samples" "$n"

# The least time of each step over the pairs.
steps() {
    awk '{ s = $(NF - 1); sub(/ +[0-9.]+ s$/, "")
           if (!($0 in t)) { name[++k] = $0; t[$0] = s } else if (s < t[$0]) t[$0] = s }
         END { for (i = 1; i <= k; i++) printf "  %s %.3f", name[i], t[name[i]]; print "" }' "$@"
}

beside() {
    venv=$build/bench/venv-numpy-$1
    if ! "$venv/bin/python" -c 'import numpy, scipy' 2>/dev/null; then
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet "numpy==$1" "scipy==$2"
    fi
    rm -f "$work"/ours* "$work"/theirs* "$work/pairs"
    for pair in 1 2 3 4 5; do
        "$build/bench/summary" "$work/samples" >"$work/ours" 2>"$work/ours.$pair"
        "$venv/bin/python" "$here/summary.py" "$work/samples" >"$work/theirs" 2>"$work/theirs.$pair"
        paste -d ' ' "$work/ours" "$work/theirs" | grep '^seconds' >>"$work/pairs"
    done
    echo
    echo "NumPy $1, SciPy $2, $n samples"
    paste -d ' ' "$work/ours" "$work/theirs" | awk '
        $1 != $3 { print "NOT THE SAME FIGURE: " $1 " and " $3; bad = 1 }
        $1 == "memory" { if ($2 > 2.5) bad = 1
            memory = "memory      " $2 " and " $4 " of the samples (wanted: at most 2.5)" }
        $1 == "memory" || $1 == "seconds" { next }
        { d = $2 - $4; if (d < 0) d = -d; m = $2 < 0 ? -$2 : $2; count++
          if (d > 1e-9 * m) { print "DIFFERENT: " $0; bad = 1 } }
        END { print count " figures agree to 9 digits at least"; print memory; exit bad }'
    printf 'doubt, s: '; steps "$work"/ours.?
    printf 'NumPy, s: '; steps "$work"/theirs.?
    awk '{ print $2 / $4, $2, $4 }' "$work/pairs" | sort -n | awk '{ line[NR] = $0 }
        END { split(line[3], f, " ")
              printf "ratio       %.3f (%.3f s and %.3f s; wanted: at most 0.2)\n", f[1], f[2], f[3] }'
}

beside 1.24.2 1.10.1
beside 2.2.6 1.15.3
