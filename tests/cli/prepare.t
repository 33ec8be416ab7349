## The whole story on a fake Jetson Nano in mode 1 (5W): `doubt check --prepare` with a stand-in for
## the five networks at the means of the re-run of 2019. Its device tells programmed times at once,
## so that figures and verdicts are the same on a busy machine.
$ sh data/../fake/make-nano.sh nano 1 && sh data/../fake/state.sh nano >before; printf '%s ' data/claims/nano-standin.json --engine synthetic --device programmed -O distribution=const -O restart-sd=20us --warm-up 1ms --iterations 45 --no-soak --seed 5eed -O mean@ssd-mobilenet-v2=26.2355ms -O mean@resnet50=27.8128ms -O mean@inception-v4=95.9434ms -O mean@pose=87.3721ms -O mean@super-resolution=67.5191ms -q >how; printf '%s\n' 'n=0; until "$@"; do n=$((n + 1)); [ $n -lt 300 ] || exit 1; sleep 0.1; done' >until; printf '%s\n' 'sh data/../fake/state.sh nano | diff before - && echo as before' >same; printf '%s\n' 'grep -q ^1 nano/sys/devices/system/cpu/cpu0/cpuidle/state1/disable' >locked

## Without --prepare nothing is changed: the condition that is not met, and the command.
$ DOUBT_ROOT=$PWD/nano doubt check $(cat how) -n resnet50 --restarts 2 --json >run.json; grep -E '"(differs|power_mode|verdict)"' run.json | head -3
    "power_mode": "nvpmodel 1 (5W), clocks not locked",
      "verdict": null,
      "differs": "other power mode",

$ sh same
as before

## With it.
$ DOUBT_ROOT=$PWD/nano doubt check $(cat how) --prepare --restarts 10
nano-standin       the five figures of the Jetson Nano chart, for a stand-in on a fake board
here               NVIDIA Jetson Nano Developer Kit, Arm Cortex-A57, 4 cores, synthetic *, batch 1, 1 thread

network            input   engine            precision   restarts × n   mean ms       95 % interval     FPS   chart      reads as         × chart   verdict
SSD-Mobilenet-V2   f32 1   synthetic 0.1.0   f32 asked        10 × 45   26.2298   26.2180 … 26.243*   38.12      39   38.5 … 39.5   0.978 ± 0.001   FALLS SHORT
ResNet-50          f32 1   synthetic 0.1.0   f32 asked        10 × 45   27.8071   27.7953 … 27.820*   35.96      36   35.5 … 36.5   0.999 ± 0.001   HOLDS
Inception V4       f32 1   synthetic 0.1.0   f32 asked        10 × 45   95.9377   95.9259 … 95.951*   10.42      11   10.5 … 11.5   0.948 ± 0.001   FALLS SHORT
Pose Estimation    f32 1   synthetic 0.1.0   f32 asked        10 × 45   87.3664   87.3546 … 87.3*   11.45      14   13.5 … 14.5   0.818 ± 0.001   FALLS SHORT
Super Resolution   f32 1   synthetic 0.1.0   f32 asked        10 × 45   67.5134   67.5016 … 67.527*   14.81      15   14.5 … 15.5   0.987 ± 0.001   HOLDS

measured           10 restarts × 45 iterations *
...
remark             all rows: a verdict from fewer than 10 restarts, or 100 iterations of each, can be false more often
                   than once in twenty, since a long warm-up and what is rare stay unseen: a longer budget, or
                   --restarts and --iterations, mend it (docs/COVERAGE.md, Short budgets)
...
prepared           mode 0 (was 1), clocks on (was off); put back at the end
machine            Linux 4.9.253-tegra aarch64, 4.157 GB memory, governor schedutil, *
...
kept               series 2: doubt history 2
? 1

$ sh same
as before

$ doubt history 2 --json | grep '"power_mode"'
    "power_mode": "nvpmodel 0 (MAXN), jetson_clocks",

## Interrupted, ended by force, and both processes ended by force: the machine is as it was, in the
## last case after the next start of any command.
$ DOUBT_ROOT=$PWD/nano doubt check $(cat how) --prepare -n pose --restarts 40 --no-store >/dev/null 2>said & pid=$!; sh until sh locked; kill -TERM $pid; wait $pid; echo $?; sh same
3
as before

$ DOUBT_ROOT=$PWD/nano doubt check $(cat how) --prepare -n pose --restarts 40 --no-store >/dev/null 2>said & pid=$!; sh until sh locked; kill -9 $pid; wait $pid 2>/dev/null; sh until grep -q . said; cat said; sh same
doubt: the machine was put back (mode, clocks) after doubt was ended
as before

$ DOUBT_ROOT=$PWD/nano doubt check $(cat how) --prepare -n pose --restarts 40 --no-store >/dev/null 2>&1 & pid=$!; sh until sh locked; kill -9 $(cat /proc/$pid/task/$pid/children) $pid; wait $pid 2>/dev/null; sh locked && echo still locked; DOUBT_ROOT=$PWD/nano doubt engines synthetic >/dev/null; sh same
still locked
doubt: the machine was put back (mode, clocks): an earlier doubt was ended before it could
as before

## Two at once: the second is refused, and names the first.
$ DOUBT_ROOT=$PWD/nano doubt check $(cat how) --prepare -n pose --restarts 40 --no-store >/dev/null 2>&1 & pid=$!; sh until sh locked; DOUBT_ROOT=$PWD/nano doubt device set fan=9 2>&1 | sed "s/process $pid/process PID/"; kill -TERM $pid; wait $pid; sh same
doubt: another doubt (process PID) has set this machine and will put it back: wait for its end, or end it (*/nano/var/lib/doubt/machine.lock)
as before

## Clocks that stay where they are although they were locked: marked, and nothing is judged.
$ echo slow >nano/fake/manners; DOUBT_ROOT=$PWD/nano doubt check data/claims/nano-standin.json -n resnet50 --engine synthetic -O mean=27.8128ms --prepare --restarts 2 --iterations 45 --warm-up 1ms --no-soak --no-store -q --json >run.json; grep -E '"(verdict|differs)"' run.json | head -2; rm nano/fake/manners; sh data/../fake/state.sh nano | diff before - && echo as before
      "verdict": null,
      "differs": "other boundary, off clock in * % of samples",
as before

## A Jetson in the state already: nothing is set. Another board, a misspelt network: refused.
$ sh data/../fake/make-nano.sh other 0 && DOUBT_ROOT=$PWD/other doubt device set clocks=on -q >/dev/null && DOUBT_ROOT=$PWD/other doubt check $(cat how) --prepare -n resnet50 --restarts 2 --no-store | grep '^prepared'; DOUBT_ROOT=$PWD/other doubt device restore
prepared           the machine was in the state asked for
put back: clocks

$ DOUBT_ROOT=$PWD/data/../fake/server doubt check $(cat how) --prepare --no-store
doubt: --prepare would set "10 W (nvpmodel -m 0), jetson_clocks", which is asked of a Jetson Nano; this machine is Dell Inc. PowerEdge R740, Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz, 8 CPUs on 4 cores. Without --prepare it is measured as it is
? 5

$ doubt check $(cat how) -n resnet50 -O mean@resnet5=1ms --no-store
doubt: --option "mean@resnet5=1ms" is for a network that the set has not: did you mean "resnet50"? NAME@NETWORK=VALUE takes one of its networks
? 2

## A plan says what --prepare would do, or why it would fail; nothing is changed for it.
$ DOUBT_ROOT=$PWD/data/../fake/server doubt check $(cat how) --prepare --plan --no-store | sed -n '/^prepare/,$p'
prepare            would fail: --prepare would set "10 W (nvpmodel -m 0), jetson_clocks", which is
                   asked of a Jetson Nano; this machine is Dell Inc. PowerEdge R740, Intel(R)
                   Xeon(R) Gold 6230 CPU @ 2.10GHz, 8 CPUs on 4 cores. Without --prepare it is
                   measured as it is

$ doubt check data/claims/nano-standin.json -n resnet50 --engine synthetic --prepare --plan --json | python3 -c 'import json,sys; p=json.load(sys.stdin)["prepare"]; print(p["possible"], p["what"][:35])'
False --prepare would set "10 W (nvpmodel

$ sh data/../fake/make-nano.sh third 1; DOUBT_ROOT=$PWD/third doubt check $(cat how) --prepare --plan | grep '^prepare'; DOUBT_ROOT=$PWD/third doubt device set mode=0 clocks=on -q >/dev/null; DOUBT_ROOT=$PWD/third doubt check $(cat how) --prepare --plan | grep '^prepare'; DOUBT_ROOT=$PWD/third doubt device restore
prepare            would set mode 0, clocks on; put back at the end
prepare            the machine is in the state asked for
put back: mode, clocks
