## doubt history: lists, shows, prints samples; says what is wrong. The null engine measures nothing, fast.
## Nothing to list is no failure; a store that is named and not there, or a series, is.
$ doubt history
nothing has been measured yet: doubt check and doubt run keep their series in *home/.local/share/doubt/doubt.db

$ doubt history --json | tr -d ' \n'; echo
{"series":[]}

$ doubt history --db no-such.db
doubt: there is no store at no-such.db yet: doubt check and doubt run make it
? 2

$ doubt history 1
doubt: there is no store at *home/.local/share/doubt/doubt.db yet: doubt check and doubt run make it; --db FILE names another store
? 2

$ doubt run resnet50 --engine null --restarts 2 --iterations 20 --warm-up 1ms --quiet --db h.db >/dev/null; echo $?
0

$ doubt history --db h.db
series   begun (UTC)           state      cells   result * command *
     1   20*-*-* *:*:*   finished       1   *.* ms   doubt run resnet50 *

$ doubt history 1 --db h.db
here *
...
--- series 1 ---
id                    1
command               doubt run resnet50 --engine null *
...
begun_ns              * ns (20*-*-* *:*:* UTC)
...
--- cell 0 ---
series                1
number                0
network               resnet50
...
mean_ns               * ns
...
--- restarts ---
cell   restart   position   outcome   samples * mean ms * min ms * max ms
   0         0          *   ok             20 *
   0         1          *   ok             20 *
...

$ doubt history 1 --db h.db --samples 0:1 | wc -l
20

$ doubt history 1 --db h.db --samples 0 | cut -f 1 | uniq -c
     20 0
     20 1

$ doubt history 1 --db h.db --samples 0:1 --json | tr -d ' \n0-9'; echo
{"series":,"cell":,"restarts":[{"restart":,"samples_ns":[,,,,,,,,,,,,,,,,,,,]}]}

$ doubt history 1 --db h.db --samples 0:7
doubt: cell 0 of series 1 has restarts 0 to 1, not 7
? 2

$ doubt history 1 --db h.db --samples 9
doubt: series 1 has no restarts of a cell 9; doubt history 1 lists what it has
? 2

$ doubt history 1 --db h.db --samples 0:
doubt: --samples 0:: the number of a cell is needed, and may be followed by a colon and that of a restart: 0 or 0:3
? 2

$ doubt history 2 --db h.db
doubt: there is no series 2 in the store h.db; doubt history lists what is there
? 2

$ doubt history one
doubt: "one" is no number of a series; doubt history lists them
? 2

$ doubt history --samples 0
doubt: --samples needs the number of a series before it: doubt history N --samples 0
? 2

$ doubt history --recover data/record/cell.json --db r.db
doubt: cannot recover data/record/cell.json: it was not written by doubt to rescue samples
? 2

$ doubt history --db r.db
nothing has been measured yet: doubt check and doubt run keep their series in r.db

$ doubt history --db data/record/cell.json
doubt: data/record/cell.json is not a store of doubt, or a damaged one (file is not a database); move it away
? 2

$ doubt history --fields | sed -n 1p
# What a result is

## What came of each series stands in the list; a narrow terminal keeps that and the command.
$ doubt check --engine null --network resnet50 --restarts 5 --iterations 45 --warm-up 1ms -q --db r.db >/dev/null; doubt check --engine null --network resnet50,pose --as-is --restarts 5 --iterations 45 --warm-up 1ms -q --db r.db >/dev/null; doubt compare resnet50 pose --engine null --pairs 10 --iterations 45 --warm-up 1ms -q --db r.db >/dev/null; doubt history --db r.db
series   begun (UTC) * state *cells   result * command *
     1   20*-*-* *:*:* finished       1   no verdict * doubt check *
     2   20*-*-* *:*:* finished       2   * doubt check *
     3   20*-*-* *:*:* finished       2   * doubt compare *

## A page calls the claim set and its columns as they were called when it was measured.
$ doubt history 1 --db r.db | sed -n '1p; /^network/p' | head -n 2
jetson-nano-2019   NVIDIA's Jetson Nano chart, 2019: *
network *chart *× chart *

$ TERM=xterm script -qec 'stty cols 70; doubt history --db h.db' /dev/null | tr -d '\r' | head -n 2
series   begun (UTC)           result *command
     1   20*-*-* *:*:*   *.* ms   doubt run *…

$ TERM=xterm script -qec 'stty cols 60; doubt history --wide --db h.db' /dev/null | tr -d '\r' | head -n 1
series   begun (UTC)           state      cells   result *
