## A supervisor that is killed: its series runs no more, and what was kept has its figures.

$ doubt run resnet50 --engine synthetic -O mean=1ms -O sd=10us -O distribution=normal --restarts 1000 --iterations 60 --warm-up 1ms --quiet --db k.db >/dev/null 2>&1 & echo $! >pid

## Six restarts or more are in the store.
$ until [ "$(doubt history 1 --db k.db --samples 0 2>/dev/null | cut -f 1 | uniq | wc -l)" -ge 6 ]; do sleep 0.1; done

$ doubt history --db k.db
series   begun (UTC)           state     cells   command *
     1   20*-*-* *:*:*   running       1   doubt run resnet50 *

$ doubt history 1 --db k.db | grep '^unfinished\|^mean_ns'
unfinished         the series was never ended: it runs, or was killed

$ kill -9 "$(cat pid)"

$ until doubt history --db k.db | grep -q killed; do sleep 0.1; done

$ doubt history --db k.db
series   begun (UTC)           state    cells   command *
     1   20*-*-* *:*:*   killed       1   doubt run resnet50 *

## On a busy machine an interval may have no lower end.
$ doubt history 1 --db k.db
here *
...
mean * *
...
killed             the series was never ended, and its process is gone: the figures rest on the restarts that were
                   kept until then, and are not judged
measured           * restarts × 60 iterations * measuring cost *
...
state                 killed
...
supervisor_pid        *
supervisor_started    *
boot_id               *
pid_space             pid:[*]
...
--- cell 0 ---
...
restarts_planned      1000
...
level                 0.0125
...
mean_ns               *
...
mean_hi_ns            *
...
--- restarts ---
...

$ doubt history 1 --db k.db --json | grep -c '"state": "killed"'
1

## The store itself was not written to, and goes on to take series.
$ doubt run resnet50 --engine null --restarts 2 --iterations 20 --warm-up 1ms --quiet --db k.db >/dev/null

$ doubt history --db k.db
series   begun (UTC)           state      cells   result * command *
     1   20*-*-* *:*:*   killed         1   * doubt run resnet50 *
     2   20*-*-* *:*:*   finished       1   * ms   doubt run resnet50 *
