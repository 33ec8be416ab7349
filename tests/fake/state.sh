#!/bin/sh
# state.sh: every file of a tree with its text, but for doubt's own and the fakes' own: two outputs
# that agree are two machines in the same state.
#   state.sh FOLDER
cd "$1" || exit 1
# The last two are what the kernel makes of the others.
find . -path ./fake -prune -o -path ./var/lib/doubt -prune -o \
    -path ./sys/devices/system/cpu/online -prune -o -name '*cur_freq' -prune -o -type f -print |
    LC_ALL=C sort | while read -r file; do
    printf '%s: ' "$file"
    tr '\0\n' '  ' <"$file"
    echo
done
