@need mount

## The disk fills up while a series is stored: the samples go into a file, which is named, and the
## series goes on.
$ mkdir small; unshare -rm sh -c 'mount -t tmpfs -o size=300k none small && doubt run data/copy.onnx --engine ref --restarts 6 --iterations 100000 --warm-up 1ms -q --db small/x.db' 2>&1 | grep -E '^(doubt|mean|kept)'
doubt: cannot write to the store small/x.db: no space left there; measuring goes on
doubt: the samples are in */work/doubt-rescue-*.bin; once there is space, doubt history --recover */work/doubt-rescue-*.bin puts them into the store
mean *
kept               */work/doubt-rescue-*.bin

## Later it is put back, every restart of it that was not in the store.
$ doubt history --recover doubt-rescue-*.bin
*series 1*

$ doubt history 1 --json | grep -E '"(iterations|outcome)":' | sort | uniq -c | sort -rn | sed -n '1,2p'
*"outcome": "ok"*
...

$ mkdir small2; unshare -rm sh -c 'mount -t tmpfs -o size=300k none small2 && doubt run data/copy.onnx --engine ref --restarts 6 --iterations 100000 --warm-up 1ms -q --db small2/x.db' >/dev/null 2>&1
? 4

## What the rows were set beside as well is in that file with them.
$ mkdir small3 kept; TMPDIR=$PWD/kept unshare -rm sh -c 'mount -t tmpfs -o size=300k none small3 && doubt check data/claims/shared-rows.json --engine null --restarts 6 --iterations 100000 --warm-up 1ms --no-soak -q --db small3/x.db' >page.txt 2>&1
? 4

$ doubt history --recover kept/doubt-rescue-*.bin --db beside.db
series 1: * restarts recovered; kept/doubt-rescue-*.bin is no longer needed

$ doubt history 1 --db beside.db >again.txt; for page in page again; do sed -n '/^the same rows/,/^c /p' $page.txt >$page.table; done; cmp page.table again.table && cut -d ' ' -f 1 again.table
the
b
c
