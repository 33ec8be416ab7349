# tegra-common.sh: what the fake nvpmodel and jetson_clocks share. They are part of a tree that
# make-nano.sh makes; the tree's own folder is their "/".
#
# fake/manners in the tree, one a line, makes them misbehave as real ones were seen to:
#   reboot              a change of mode asks for a reboot, and reboots when told so
#   old                 a lock sets the fan to 255, as scripts of L4T 32.1 and 32.2 do
#   readonly PATH       a write fails and is said to have failed; the exit status stays 0
#   silent PATH         a write does nothing and says nothing
#   hang                the program does not end
#   slow                clocks stay where they are, whatever limits say
# fake/at, "N PID...": these processes are killed before the N-th write of all programs of this tree.

manners=$root/fake/manners at=$root/fake/at count=$root/fake/count failed=0

has_manner() { # WORD [PATH]
    [ -e "$manners" ] || return 1
    while read -r word path; do
        [ "$word" = "$1" ] && [ "${path:-}" = "${2:-}" ] && return 0
    done <"$manners"
    return 1
}

# Counts writes; only where a test wants to know.
step() {
    [ -e "$count" ] || return 0
    read -r n <"$count"
    n=$((n + 1))
    echo $n >"$count"
    [ -e "$at" ] || return 0
    read -r when pids <"$at"
    [ "$n" != "$when" ] || kill -9 $pids
}

put() { # PATH VALUE
    step
    [ -e "$root$1" ] || return 1
    ! has_manner silent "$1" || return 0
    if has_manner readonly "$1" || [ ! -w "$root$1" ]; then
        failed=1
        return 1
    fi
    echo "$2" >"$root$1"
}

# What the kernel then runs at; "slow" in fake/manners leaves it as it is.
runs_at() { # PATH VALUE
    has_manner slow || echo "$2" >"$root$1"
}

get() { # PATH: into $value
    value=
    [ -e "$root$1" ] && read -r value <"$root$1"
}

hang_if_told() {
    while has_manner hang; do sleep 1; done
}

cpus='0 1 2 3' cpu=/sys/devices/system/cpu/cpu gpu=/sys/class/devfreq/57000000.gpu
