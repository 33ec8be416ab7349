## Knobs of a fake Jetson Nano in mode 1 (5W), set from the command line and put back.
$ sh data/../fake/make-nano.sh nano 1 && sh data/../fake/state.sh nano >before && export DOUBT_ROOT=$PWD/nano && doubt device set clocks=on mode=0 && doubt device set fan=100
mode 0 (was 1)
clocks on (was off)
doubt: `doubt device restore` puts it back
fan 100 (was 0)
doubt: `doubt device restore` puts it back

$ cat nano/var/lib/nvpmodel/status; cat nano/sys/class/devfreq/57000000.gpu/min_freq nano/sys/devices/system/cpu/cpu3/cpuidle/state1/disable nano/sys/devices/system/cpu/cpu3/online
pmode:0000 fmode:fanNull921600000
1
1

$ DOUBT_ROOT=$PWD/nano doubt device set mode=MAXN --json
{
  "set": [
    {
      "knob": "mode",
      "value": "MAXN",
      "unit": "",
      "before": "0",
      "changed": false
    }
  ]
}

$ DOUBT_ROOT=$PWD/nano doubt device restore && sh data/../fake/state.sh nano | diff before - && echo as before
put back: mode, clocks, fan
as before

$ DOUBT_ROOT=$PWD/nano doubt device restore
nothing to put back: no journal says that anything was set

$ DOUBT_ROOT=$PWD/nano doubt device restore --json
{
  "restored": 0
}

## Nothing is changed by what is refused.
$ DOUBT_ROOT=$PWD/nano doubt device set mode=7
doubt: mode: this machine has no power mode "7"; it has: 0 (MAXN), 1 (5W)
? 2

$ DOUBT_ROOT=$PWD/nano doubt device set fan=100 cpu-max=1
doubt: cpu-max: 1 kHz: 102000 to 1479000 kHz are accepted here
? 2

$ DOUBT_ROOT=$PWD/nano doubt device set fan=300
doubt: fan: 300: 0 to 255 are accepted
? 2

$ DOUBT_ROOT=$PWD/nano doubt device set clock=on
doubt: there is no knob "clock": did you mean "clocks"? the knobs are: mode, governor, cpu-max, cpu-min, boost, gpu-power, gpu-clock, clocks, fan
? 2

$ DOUBT_ROOT=$PWD/nano doubt device set fan=1 fan=2
doubt: fan is given twice
? 2

$ DOUBT_ROOT=$PWD/nano doubt device set fan
doubt: "fan" is no KNOB=VALUE, as mode=0; `doubt device show` lists the knobs
? 2

$ DOUBT_ROOT=$PWD/nano doubt device set
doubt: doubt device set takes 1 to 16 KNOB=VALUE
? 2

$ DOUBT_ROOT=$PWD/nano doubt device sett fan=1
doubt: "sett" is no word of doubt device: did you mean "set"? the words are show, set, restore
? 2

$ DOUBT_ROOT=$PWD/nano doubt device restore now
doubt: "now" is one word too many; doubt device --help lists what it takes
? 2

$ DOUBT_ROOT=$PWD/nano doubt device set boost=on
doubt: boost cannot be set here: the kernel offers no boost here
? 5

$ DOUBT_ROOT=$PWD/nano doubt device set gpu-clock=1410
doubt: gpu-clock cannot be set here: there is no libnvidia-ml.so.1
? 5

$ sh data/../fake/state.sh nano | diff before - && echo as before
as before

## nvpmodel that wants a reboot gets none.
$ echo reboot >nano/fake/manners; DOUBT_ROOT=$PWD/nano doubt device set mode=0
doubt: power mode 0 needs a reboot, which doubt never starts; nothing was changed: run `sudo nvpmodel -m 0` yourself, let it reboot, and start doubt again
? 5

$ ls nano/fake/rebooted; rm nano/fake/manners; sh data/../fake/state.sh nano | diff before - && echo as before
ls: cannot access 'nano/fake/rebooted': No such file or directory
as before

## What does not take, though the program ends with 0, is an error, and all is put back.
$ echo 'silent /sys/class/devfreq/57000000.gpu/min_freq' >nano/fake/manners; DOUBT_ROOT=$PWD/nano doubt device set fan=9 clocks=on
doubt: clocks were to be locked by jetson_clocks, and 7 of 12 are: /sys/class/devfreq/57000000.gpu/min_freq is below its maximum
? 5

$ rm nano/fake/manners; sh data/../fake/state.sh nano | diff before - && echo as before
as before

## A journal that is none changes nothing, and is not passed over.
$ DOUBT_STATE=$PWD/state DOUBT_ROOT=$PWD/nano doubt device set fan=9 -q; sed -i 's/^sys.devices.pwm-fan.target_pwm=0/etc\/passwd=0/' state/machine.journal; DOUBT_STATE=$PWD/state DOUBT_ROOT=$PWD/nano doubt device restore
fan 9 (was 0)
doubt: */state/machine.journal, line 6: the entry holds what its knob could not have saved
? 5

$ rm -r state; echo 0 >nano/sys/devices/pwm-fan/target_pwm; echo 1 >nano/sys/devices/pwm-fan/temp_control; sh data/../fake/state.sh nano | diff before - && echo as before
as before

## Another board's tree: no such knob.
$ DOUBT_ROOT=$PWD/data/../fake/server doubt device set mode=0
doubt: mode cannot be set here: there is no nvpmodel
? 5
