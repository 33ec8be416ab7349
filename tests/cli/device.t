## What a machine is, what can be read of it and why not; trees of other machines by DOUBT_ROOT.
$ DOUBT_ROOT=fake/jetson-nano doubt device show | sed -n '/^board/,/^virtual/p'
board       NVIDIA Jetson Nano Developer Kit
soc         NVIDIA Tegra X1 (tegra210)
cpu         Arm Cortex-A57
cpus        4
cores       4
quota       not available: no limit is set
gpu         Maxwell GPU of Tegra X1
memory      4.157 GB
system      Ubuntu 18.04.6 LTS, L4T 32.7.1
kernel      Linux 4.9.253-tegra aarch64
release     L4T 32.7.1, JetPack 4.6.1
driver      not available: no library below another root (DOUBT_NVML names one)
libraries   CUDA 10.2.300, cuDNN 8.2.1.32, TensorRT 8.2.1
virtual     none

$ DOUBT_ROOT=fake/jetson-nano doubt device show | grep -E '^(probe|cpufreq|devfreq|memory-clock|thermal|fan|ina3221|powercap|nvml|pressure|load) ' | grep -v 'running'
probe          of       what                 value       path
cpufreq        CPU      cpu0 clock           1.428 GHz   /sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq
devfreq        GPU      57000000.gpu clock   76.8 MHz    /sys/class/devfreq/57000000.gpu/cur_freq
memory-clock   memory   EMC clock            1.6 GHz     /sys/kernel/debug/clk/override.emc/clk_rate
thermal        other    AO-therm             41.5 degC   /sys/class/thermal/thermal_zone0/temp
thermal        CPU      CPU-therm            33.5 degC   /sys/class/thermal/thermal_zone1/temp
thermal        GPU      GPU-therm            31 degC     /sys/class/thermal/thermal_zone2/temp
thermal        other    PLL-therm            31.5 degC   /sys/class/thermal/thermal_zone3/temp
thermal        other    thermal-fan-est      32 degC     /sys/class/thermal/thermal_zone5/temp
fan            other    pwm-fan cur_pwm      0 of 255    /sys/devices/pwm-fan/cur_pwm
fan            other    pwm-fan target_pwm   0 of 255    /sys/devices/pwm-fan/target_pwm
ina3221        board    POM_5V_IN            2.729 W     /sys/bus/i2c/drivers/ina3221x/6-0040/iio:device0/in_power0_input
ina3221        GPU      POM_5V_GPU           0.158 W     /sys/bus/i2c/drivers/ina3221x/6-0040/iio:device0/in_power1_input
ina3221        CPU      POM_5V_CPU           0.909 W     /sys/bus/i2c/drivers/ina3221x/6-0040/iio:device0/in_power2_input
load           CPU      runnable tasks       1           /proc/loadavg
load           CPU      steal                0.000 s     /proc/stat
probe not available   why
thermal               a constant, not a sensor: PMIC-Die
powercap              the kernel offers no RAPL counter here
nvml                  no library below another root (DOUBT_NVML names one)
pressure              the kernel tells no pressure (PSI)
fan        0             0 to 255                 yes          /sys/devices/pwm-fan/target_pwm

$ DOUBT_ROOT=fake/jetson-tx2 doubt device show | grep -E '^(board|soc|cpu |cpus|release|ina3221)'
board       quill
soc         NVIDIA Tegra X2 (tegra186)
cpu         Arm Cortex-A57
cpus        4
release     L4T 32.7.6, JetPack 4.6.6
ina3221        GPU      VDD_SYS_GPU            0.4 W       /sys/bus/i2c/drivers/ina3221x/0-0040/iio:device0/in_power0_input
ina3221        other    VDD_SYS_SOC            0.4 W       /sys/bus/i2c/drivers/ina3221x/0-0040/iio:device0/in_power1_input
ina3221        other    VDD_4V0_WIFI           0 W         /sys/bus/i2c/drivers/ina3221x/0-0040/iio:device0/in_power2_input
ina3221        board    VDD_IN                 2.003 W     /sys/bus/i2c/drivers/ina3221x/0-0041/iio:device1/in_power0_input
ina3221        CPU      VDD_SYS_CPU            0.32 W      /sys/bus/i2c/drivers/ina3221x/0-0041/iio:device1/in_power1_input
ina3221        memory   VDD_SYS_DDR            0.24 W      /sys/bus/i2c/drivers/ina3221x/0-0041/iio:device1/in_power2_input
soctherm              the kernel counts no over-current events here

$ DOUBT_ROOT=fake/jetson-xavier-nx doubt device show | grep -E '^(board|soc|cpu |release|ina3221|gpu-load|soctherm)'
board       NVIDIA Jetson Xavier NX Developer Kit
soc         NVIDIA Xavier (tegra194)
cpu         NVIDIA Carmel
release     L4T 35.3.1, JetPack 5.1.1
gpu-load       GPU      GPU load                           99.0 %       /sys/devices/gpu.0/load
ina3221        board    VDD_IN                             14.7 W       /sys/bus/i2c/drivers/ina3221/7-0040/hwmon/hwmon4/in1_input
ina3221        other    VDD_CPU_GPU_CV                     10.88 W      /sys/bus/i2c/drivers/ina3221/7-0040/hwmon/hwmon4/in2_input
ina3221        other    VDD_SOC                            1.404 W      /sys/bus/i2c/drivers/ina3221/7-0040/hwmon/hwmon4/in3_input
soctherm       board    oc1: input over critical current   0            /sys/class/hwmon/hwmon5/oc1_event_cnt
soctherm       board    oc2: input below 4.5 V             0            /sys/class/hwmon/hwmon5/oc2_event_cnt
soctherm       board    oc3: input over warning current    0            /sys/class/hwmon/hwmon5/oc3_event_cnt

$ DOUBT_ROOT=fake/jetson-agx-orin-jp5 doubt device show | grep -E '^(board|soc|release|ina3221|thermal)'
board       Jetson AGX Orin
soc         NVIDIA Orin (tegra234)
release     L4T 35.3.1, JetPack 5.1.1
thermal        CPU      CPU-therm                         42.59 degC   /sys/class/thermal/thermal_zone0/temp
thermal        other    SOC0-therm                        39.38 degC   /sys/class/thermal/thermal_zone5/temp
thermal        other    SOC1-therm                        40.47 degC   /sys/class/thermal/thermal_zone6/temp
thermal        other    SOC2-therm                        39.34 degC   /sys/class/thermal/thermal_zone7/temp
thermal        other    tj-therm                          42.59 degC   /sys/class/thermal/thermal_zone8/temp
thermal        board    Tboard_tegra                      32 degC      /sys/class/thermal/thermal_zone9/temp
thermal        other    Tdiode_tegra                      33.25 degC   /sys/class/thermal/thermal_zone10/temp
ina3221        GPU      VDD_GPU_SOC                       2.4 W        /sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon3/in1_input
ina3221        CPU      VDD_CPU_CV                        0.4 W        /sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon3/in2_input
ina3221        other    VIN_SYS_5V0                       4.032 W      /sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon3/in3_input
ina3221        memory   VDDQ_VDD2_1V8AO                   0.301 W      /sys/bus/i2c/drivers/ina3221/1-0041/hwmon/hwmon4/in2_input
ina3221        board    sum of the rails                  7.133 W
soctherm       board    oc1: under-voltage                0            /sys/class/hwmon/hwmon1/oc1_event_cnt
soctherm       board    oc2: average over-current         0            /sys/class/hwmon/hwmon1/oc2_event_cnt
soctherm       board    oc3: instantaneous over-current   0            /sys/class/hwmon/hwmon1/oc3_event_cnt
thermal               it says -256 degC: there is no sensor behind it: GPU-therm, CV0-therm,

$ DOUBT_ROOT=fake/jetson-agx-orin-jp6 doubt device show | grep -E '^(release|ina3221|thermal|soctherm|cpufreq|devfreq)'
release     L4T 36.4.7
cpufreq        CPU      cpu0 clock                        1.421 GHz    /sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq
cpufreq        CPU      cpu0 clock, measured              862 MHz      /sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_cur_freq
cpufreq        CPU      cpu4 clock                        1.498 GHz    /sys/devices/system/cpu/cpu4/cpufreq/scaling_cur_freq
cpufreq        CPU      cpu4 clock, measured              862 MHz      /sys/devices/system/cpu/cpu4/cpufreq/cpuinfo_cur_freq
devfreq        GPU      17000000.gpu clock                306 MHz      /sys/class/devfreq/17000000.gpu/cur_freq
thermal        CPU      cpu-thermal                       50.88 degC   /sys/class/thermal/thermal_zone0/temp
thermal        GPU      gpu-thermal                       51.41 degC   /sys/class/thermal/thermal_zone1/temp
thermal        other    soc0-thermal                      48.47 degC   /sys/class/thermal/thermal_zone5/temp
thermal        other    soc1-thermal                      48.19 degC   /sys/class/thermal/thermal_zone6/temp
thermal        other    soc2-thermal                      47.16 degC   /sys/class/thermal/thermal_zone7/temp
thermal        other    tj-thermal                        51.41 degC   /sys/class/thermal/thermal_zone8/temp
ina3221        GPU      VDD_GPU_SOC                       3.15 W       /sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon2/in1_input
ina3221        CPU      VDD_CPU_CV                        1.6 W        /sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon2/in2_input
ina3221        other    VIN_SYS_5V0                       4.968 W      /sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon2/in3_input
ina3221        memory   VDDQ_VDD2_1V8AO                   0.6138 W     /sys/bus/i2c/drivers/ina3221/1-0041/hwmon/hwmon4/in2_input
ina3221        board    sum of the rails                  10.33 W
soctherm       board    oc1: under-voltage                0            /sys/class/hwmon/hwmon3/oc1_event_cnt
soctherm       board    oc2: average over-current         0            /sys/class/hwmon/hwmon3/oc2_event_cnt
soctherm       board    oc3: instantaneous over-current   27390        /sys/class/hwmon/hwmon3/oc3_event_cnt
thermal, ina3221      cannot be read: Is a directory: cv0-thermal, cv1-thermal, cv2-thermal, 1-0041

$ DOUBT_ROOT=fake/raspberry-pi-4 doubt device show | grep -E '^(board|soc|cpu |cpufreq|hwmon|firmware|ina3221)'
board       Raspberry Pi 4 Model B Rev 1.4
soc         Broadcom BCM2711
cpu         Arm Cortex-A72
cpufreq    CPU     cpu0 clock             1.8 GHz       /sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq
cpufreq    CPU     cpu0 clock, measured   1.5 GHz       /sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_cur_freq
hwmon      CPU     cpu_thermal temp1      82.3 degC     /sys/class/hwmon/hwmon0/temp1_input
hwmon      board   rpi_volt in0           none          /sys/class/hwmon/hwmon1/in0_lcrit_alarm
firmware   CPU     firmware throttling    temperature   /sys/devices/platform/soc/soc:firmware/get_throttled
ina3221               no INA3221 power monitor here
soctherm              the kernel counts no over-current events here

$ DOUBT_ROOT=fake/laptop doubt device show | grep -E '^(board|gpu |thermal|cooling|hwmon|fan|powercap|cgroup)'
board       Dell Inc. XPS 13 9380
gpu         Intel GPU, PCI device 0x3ea0
thermal    other    INT3400 Thermal                                    20 degC        /sys/class/thermal/thermal_zone0/temp
thermal    CPU      x86_pkg_temp                                       71 degC        /sys/class/thermal/thermal_zone1/temp
cooling    CPU      Processor 0                                        0 of 3         /sys/class/thermal/cooling_device0/cur_state
cooling    CPU      Processor 1                                        0 of 3         /sys/class/thermal/cooling_device1/cur_state
fan        other    dell_smm pwm1                                      128 of 255     /sys/class/hwmon/hwmon2/pwm1
fan        other    dell_smm fan1_input                                2501 1/min     /sys/class/hwmon/hwmon2/fan1_input
hwmon      CPU      coretemp Package id 0                              71 degC        /sys/class/hwmon/hwmon0/temp1_input
hwmon      CPU      coretemp Core 0                                    71 degC        /sys/class/hwmon/hwmon0/temp2_input
hwmon      CPU      coretemp Core 1                                    68 degC        /sys/class/hwmon/hwmon0/temp3_input
hwmon      other    BAT0 power1                                        11.25 W        /sys/class/hwmon/hwmon1/power1_input
hwmon      other    BAT0 in0                                           7.6 V          /sys/class/hwmon/hwmon1/in0_input
hwmon      other    BAT0 curr1                                         1.48 A         /sys/class/hwmon/hwmon1/curr1_input
powercap   CPU      package-0 (intel-rapl-mmio:0)                      262143.200 J   /sys/class/powercap/intel-rapl-mmio:0/energy_uj
powercap   CPU      package-0 (intel-rapl:0)                           262143.200 J   /sys/class/powercap/intel-rapl:0/energy_uj
powercap   CPU      core (intel-rapl:0:0)                              12.346 J       /sys/class/powercap/intel-rapl:0:0/energy_uj
powercap   GPU      uncore (intel-rapl:0:1)                            0.346 J        /sys/class/powercap/intel-rapl:0:1/energy_uj
powercap   memory   dram (intel-rapl:0:2)                              1.000 J        /sys/class/powercap/intel-rapl:0:2/energy_uj
powercap   board    psys (intel-rapl:1)                                7.000 J        /sys/class/powercap/intel-rapl:1/energy_uj
cgroup     CPU      throttled time of /user.slice/user-1000.slice      0.250 s        /sys/fs/cgroup/user.slice/user-1000.slice/cpu.stat
cgroup     CPU      throttled periods of /user.slice/user-1000.slice   4              /sys/fs/cgroup/user.slice/user-1000.slice/cpu.stat
cgroup     CPU      throttled time of /user.slice                      0.000 s        /sys/fs/cgroup/user.slice/cpu.stat
cgroup     CPU      throttled periods of /user.slice                   0              /sys/fs/cgroup/user.slice/cpu.stat
thermal               it says 0 degC: there is no sensor behind it: iwlwifi_1
cooling               its driver says -1: no state: intel_powerclamp 2
fan                    there is no /sys/devices/pwm-fan/target_pwm

## A guest without a sensor: not available, with the reason, and never 0.
$ DOUBT_ROOT=fake/vm doubt device show | grep -E '^(virtual|cpufreq|devfreq|thermal|hwmon|ina3221|powercap|nvml|pressure)'
virtual     QEMU virtual machine
cpufreq               the kernel offers no cpufreq here
devfreq               the kernel scales no device here (devfreq)
thermal               the kernel has no thermal zone here
hwmon                 the kernel has no hardware monitor here
ina3221               no INA3221 power monitor here
powercap              the kernel offers no RAPL counter here
nvml                  no library below another root (DOUBT_NVML names one)
pressure              the kernel tells no pressure (PSI)

$ DOUBT_ROOT=fake/vm doubt device show | sed -n '/^probe not/,$p'
probe not available   why
cpufreq               the kernel offers no cpufreq here
devfreq               the kernel scales no device here (devfreq)
memory-clock          no Tegra whose kernel shows it (debugfs)
gpu-load              no Tegra GPU here
thermal               the kernel has no thermal zone here
cooling               the kernel has no cooling device here
fan                   the kernel shows no fan here
hwmon                 the kernel has no hardware monitor here
ina3221               no INA3221 power monitor here
powercap              the kernel offers no RAPL counter here
soctherm              the kernel counts no over-current events here
firmware              no Raspberry Pi firmware here
nvml                  no library below another root (DOUBT_NVML names one)
pressure              the kernel tells no pressure (PSI)
worker                no worker runs: voluntary switches, forced switches, migrations
cgroup                no control group here limits CPU time

knob not available           why
mode                         there is no nvpmodel
governor, cpu-max, cpu-min   the kernel offers no cpufreq here
boost                        the kernel offers no boost here
gpu-power, gpu-clock         *
clocks                       there is no jetson_clocks
fan                          there is no /sys/devices/pwm-fan/target_pwm

$ DOUBT_ROOT=fake/vm doubt device show --wide | grep -E '^(probe|cpufreq|worker|knob|governor)'
probe          of       what                 value                                                                 path
cpufreq                 cpufreq              not available: the kernel offers no cpufreq here
worker         worker   voluntary switches   not available: no worker runs                                         /proc/PID/task/*/status
worker         worker   forced switches      not available: no worker runs                                         /proc/PID/task/*/status
worker         worker   migrations           not available: no worker runs                                         /proc/PID/task/*/sched
knob        value                                                        accepted                                     can be set                                        path
governor    not available: the kernel offers no cpufreq here             one of the kernel's                          no: the kernel offers no cpufreq here             /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor

$ DOUBT_ROOT=fake/vm doubt device show --json | python3 -c 'import json,sys; d=json.load(sys.stdin); print(sorted(d)); print(all(p["reason"] for p in d["probes"] if p["value"] is None), all(p["readable"] == (p["value"] is not None) for p in d["probes"]))'
['knobs', 'machine', 'probes']
True True

$ DOUBT_ROOT=fake/jetson-nano doubt device show --json | python3 -c 'import json,sys; d=json.load(sys.stdin); p=[p for p in d["probes"] if p["name"]=="POM_5V_IN"][0]; print(p["value"], p["unit"], p["total"], p["path"])'
2.729 W True /sys/bus/i2c/drivers/ina3221x/6-0040/iio:device0/in_power0_input

## How often a sensor updates is measured; one that stays has no period to be seen.
$ cp -r fake/jetson-nano nano && DOUBT_ROOT=nano player nano fake/steady.series doubt device show --periods --json >periods.json; python3 -c 'import json; d=json.load(open("periods.json")); p={p["name"]:p for p in d["probes"]}; print(90e6 <= p["POM_5V_IN"]["period_ns"], p["POM_5V_CPU"]["period_ns"], p["POM_5V_CPU"]["period_reason"])'
True None 0 changes in 5 s

## This machine, whatever it has.
$ doubt device | grep -cE '^(cpufreq|thermal|load|worker)' | xargs test 4 -le

## While a restart runs: a locked clock that falls is marked, power is integrated.
$ cp -r fake/jetson-nano hot && DOUBT_ROOT=hot player hot fake/heating.series doubt run resnet50 --engine synthetic --option mean=2ms --restarts 3 --iterations 600 --no-soak --json --quiet >hot.json; python3 -c 'import json; c=json.load(open("hot.json"))["cells"][0]; print(c["off_clock_share"] > 0.2, c["conditions_unmet"][:9], c["throttle_reason"]); print(c["throttled_share"], 4 < c["power_w"] < 5.5, 0 < c["energy_bound_j"] < c["energy_j"], c["fps_per_watt"] > 0); print(c["energy_source"])'
True off clock 57000000.gpu clock not at its 921.6 MHz
None True True True
POM_5V_IN (ina3221), power integrated, updates every * ms

$ cp -r fake/jetson-nano cool && DOUBT_ROOT=cool player cool fake/steady.series doubt run resnet50 --engine synthetic --option mean=2ms --restarts 3 --iterations 600 --no-soak --json --quiet >cool.json; python3 -c 'import json; c=json.load(open("cool.json"))["cells"][0]; print(c["off_clock_share"], c["conditions_unmet"], abs(c["power_w"] - 5) < 0.01, abs(c["fps_per_watt"] * c["energy_j"] - 1) < 1e-6)'
0.0 None True True

## Without a sensor there is no energy, and the record says why.
$ DOUBT_ROOT=fake/vm doubt run resnet50 --engine synthetic --restarts 2 --iterations 50 --json --quiet >vm.json; python3 -c 'import json; c=json.load(open("vm.json"))["cells"][0]; print(c["energy_j"], c["power_w"], c["energy_source"], c["throttled_share"])'
None None no sensor of power or energy can be read None

## Idle power is measured and subtracted when asked; this one only idles.
$ DOUBT_ROOT=cool player cool fake/steady.series doubt run resnet50 --engine synthetic --option mean=2ms --restarts 2 --iterations 300 --no-soak --subtract-idle --json --quiet >idle.json; python3 -c 'import json; d=json.load(open("idle.json")); c=d["cells"][0]; print(abs(d["series"]["idle_power_w"] - 5) < 0.01, abs(c["power_w"]) < 0.02, c["energy_source"])'
True True POM_5V_IN (ina3221), power integrated, updates every * ms, idle power subtracted

## Where a temperature or a clock can be read, work comes first until they stay; with a budget in its share.
$ DOUBT_ROOT=cool doubt run resnet50 --engine synthetic --restarts 2 --iterations 20 --budget 20s --json --quiet >soak.json; python3 -c 'import json; s=json.load(open("soak.json"))["series"]; print(s["soak"], s["soak_ns"] >= 1e9)'
steady within 2 K and 2 % of the clock for 1 s True

$ rm -r cool/sys/class/thermal; DOUBT_ROOT=cool doubt run resnet50 --engine synthetic --restarts 2 --iterations 20 --budget 20s --json --quiet >soak.json; python3 -c 'import json; s=json.load(open("soak.json"))["series"]; print(s["soak"], s["soak_ns"] >= 1e9)'
steady within 2 % of the clock for 1 s True

$ printf '%s\n' '0 sys/class/devfreq/57000000.gpu/cur_freq 921600000' '900 sys/class/devfreq/57000000.gpu/cur_freq 76800000' 'repeat 1800' >swing; DOUBT_ROOT=cool player cool swing doubt run resnet50 --engine synthetic --restarts 2 --iterations 20 --budget 60s --json --quiet >soak.json; python3 -c 'import json; s=json.load(open("soak.json"))["series"]; print(s["soak"], s["soak_ns"] >= 6e9)'
not steady: the GPU's clock still moved True

## Where neither can be read there is none, and the line below the table names the option that works first all the same.
$ DOUBT_ROOT=fake/vm doubt run resnet50 --engine synthetic --restarts 2 --iterations 20 --quiet --no-store | sed -n '/^not controlled/,$p' | tr -s '\n ' ' ' | grep -o 'soak none.*first'
soak none: no temperature and no clock can be read here; --soak 120s works that long first

$ DOUBT_ROOT=fake/vm doubt run resnet50 --engine synthetic --restarts 2 --iterations 20 --soak 300ms --quiet --no-store | grep ^soak
soak               * before the first restart: as long as was asked for

$ doubt run resnet50 --engine synthetic --soak 1s --no-soak --quiet --no-store
doubt: --soak and --no-soak contradict each other: give one of them
? 2

## Bad input.
$ doubt device shwo
doubt: "shwo" is no word of doubt device: did you mean "show"? the words are show, set, restore
? 2

$ doubt device show now
doubt: "now" is one word too many; doubt device --help lists what it takes
? 2

$ doubt device restore --periods
doubt: --periods belongs to doubt device show: leave it out
? 2
