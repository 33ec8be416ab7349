#!/bin/sh
# make-nano.sh: a Jetson Nano (L4T 32.7) whose files can be written, for tests of setting it.
#   make-nano.sh FOLDER [MODE]     MODE: 0 (MAXN) or 1 (5W, the default here)
#
# jetson-nano's tree, the files that a power mode and a lock of the clocks change, with the values
# that captures show, and the programs that change them.
set -eu
here=$(cd "$(dirname "$0")" && pwd) to=$1 mode=${2:-1}
mkdir -p "$to"
cp -R "$here/jetson-nano/." "$to"
chmod -R u+w "$to"

put() {
    [ -d "$to/${1%/*}" ] || mkdir -p "$to/${1%/*}"
    rm -f "$to/$1"
    echo "$2" >"$to/$1"
}

cpu=sys/devices/system/cpu gpu=sys/class/devfreq/57000000.gpu
for n in 0 1 2 3; do
    put $cpu/cpu$n/online 1
    put $cpu/cpu$n/cpufreq/scaling_governor schedutil
    put $cpu/cpu$n/cpufreq/scaling_available_governors \
        'interactive conservative ondemand userspace powersave performance schedutil'
    put $cpu/cpu$n/cpufreq/scaling_available_frequencies \
        '102000 204000 710400 825600 921600 1036800 1132800 1326000 1428000 1479000'
    put $cpu/cpu$n/cpufreq/cpuinfo_min_freq 102000
    put $cpu/cpu$n/cpufreq/cpuinfo_max_freq 1479000
    put $cpu/cpu$n/cpufreq/scaling_min_freq 102000
    put $cpu/cpu$n/cpufreq/scaling_max_freq 1479000
    put $cpu/cpu$n/cpufreq/scaling_cur_freq 1479000
    put $cpu/cpu$n/cpuidle/state0/name WFI
    put $cpu/cpu$n/cpuidle/state1/name c7
    put $cpu/cpu$n/cpuidle/state0/disable 0
    put $cpu/cpu$n/cpuidle/state1/disable 0
done
put $cpu/online 0-3
rm -rf "$to/$gpu"
put $gpu/governor nvhost_podgov
put $gpu/available_frequencies '76800000 153600000 230400000 307200000 384000000 460800000 537600000 614400000 691200000 768000000 844800000 921600000'
put $gpu/min_freq 76800000
put $gpu/max_freq 921600000
put $gpu/cur_freq 921600000
put $gpu/device/railgate_enable 1
put sys/kernel/debug/clk/override.emc/clk_state 0
put sys/kernel/debug/clk/override.emc/clk_rate 1600000000
put sys/kernel/debug/tegra_bwmgr/emc_min_rate 204000000
put sys/kernel/debug/tegra_bwmgr/emc_max_rate 1600000000
put sys/kernel/nvpmodel_emc_cap/emc_iso_cap 0
put sys/devices/gpu.0/power/control auto
put sys/devices/gpu.0/load 0
put sys/devices/pwm-fan/target_pwm 0
put sys/devices/pwm-fan/temp_control 1
put var/lib/nvpmodel/status pmode:0000
printf 'pmode:0000 fmode:fanNull' >"$to/var/lib/nvpmodel/status"
put etc/nvpmodel.conf '< POWER_MODEL ID=0 NAME=MAXN >
< POWER_MODEL ID=1 NAME=5W >
< PM_CONFIG DEFAULT=0 >'
mkdir -p "$to/usr/sbin" "$to/usr/bin" "$to/fake"
cp "$here/nvpmodel" "$to/usr/sbin/nvpmodel"
cp "$here/jetson_clocks" "$to/usr/bin/jetson_clocks"
cp "$here/tegra-common.sh" "$to/fake/common.sh"
cp "$here/nano-nvpmodel-p.txt" "$to/fake/nvpmodel-p.txt"
chmod 755 "$to/usr/sbin/nvpmodel" "$to/usr/bin/jetson_clocks"
[ "$mode" = 0 ] || "$to/usr/sbin/nvpmodel" -m "$mode"
