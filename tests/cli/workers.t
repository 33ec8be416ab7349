## What was asked of the workers' processes is set, read back, shown and kept.
$ doubt run resnet50 --engine synthetic --restarts 2 --iterations 50 --warm-up 1ms --no-soak -q --db w.db --cpus 0 --priority 5 | grep '^workers'
workers            on CPU 0 only, priority 5

$ doubt history 1 --db w.db | grep '^workers'
workers            on CPU 0 only, priority 5

## Nothing is said where nothing was asked.
$ doubt run resnet50 --engine synthetic --restarts 2 --iterations 50 --warm-up 1ms --no-soak -q --no-store | grep -c '^workers'
0
? 1

$ doubt compare resnet50 --engine synthetic --a option=mean=2ms --b option=mean=1ms --pairs 10 --iterations 20 --warm-up 1ms --no-soak -q --no-store --cpus 0 | grep '^workers'
workers            on CPU 0 only

## CPUs that are none of ours, lists that are none, priorities that are none.
$ doubt run resnet50 --engine synthetic --cpus 0,1023
doubt: --cpus 0,1023: CPU 1023 is not among those that doubt may use here, which are *
? 2

$ doubt run resnet50 --engine synthetic --cpus 3-1
doubt: --cpus: "3-1" is not a list of CPUs: write numbers from 0 to 1023 and ranges, the lower end first, for example 0-3,6
? 2

$ doubt check --cpus 0,,1
doubt: --cpus: "0,,1" is not a list of CPUs: *
? 2

$ doubt compare resnet50 --engine synthetic --a threads=1 --b threads=2 --cpus 9999
doubt: side A: --cpus: "9999" is not a list of CPUs: *
? 2

$ doubt run resnet50 --engine synthetic --priority 20
doubt: --priority "20" is not a whole number from -20 to 19
? 2

$ doubt run resnet50 --engine synthetic --priority high
doubt: --priority "high" is not a whole number from -20 to 19
? 2

## What needs rights that are not there gives no figure, and the sentence has the command. Root goes
## without the two rights that count here.
$ printf '%s\n' '[ "$(id -u)" -ne 0 ] || set -- setpriv --bounding-set -sys_nice,-sys_resource "$@"' 'ulimit -l 0' 'exec "$@"' >plain; sh plain doubt run resnet50 --engine synthetic --restarts 2 --iterations 50 -q --no-soak --db p.db --priority -5 | grep -A1 '^failed'
failed             priority -5 could not be set: the worker's is *, and going below it needs root, CAP_SYS_NICE or a
                   limit that allows it: sudo prlimit --pid $$ --nice=25

$ sh plain doubt run resnet50 --engine synthetic --restarts 2 --iterations 50 -q --no-soak --no-store --lock-memory | grep -A2 '^failed'
failed             the worker's memory could not be locked: RLIMIT_MEMLOCK is 0 B, and its address space takes *
...

$ sh plain doubt run resnet50 --engine synthetic --restarts 2 --iterations 50 -q --no-soak --no-store --priority -5 >/dev/null
? 4
