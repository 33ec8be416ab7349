## doubt check --family: claims that share the error of 5 %.

$ doubt check --engine null --restarts 5 --iterations 120 --warm-up 1ms --as-is -q --network resnet50,pose --db f.db | grep '^error'
error              of these 2 verdicts, at most 0.1 are expected to be false; --family 2 makes that 0.05; more where

$ doubt check --engine null --restarts 5 --iterations 120 --warm-up 1ms --as-is -q --network resnet50,pose --family 10 --db f.db | grep -A 1 '^error'
error              each verdict is wrong with probability at most 0.005, and any of a family of 10 with at most 0.05;
                   more where the remark on few or short restarts says so

## A family smaller than the table does not cover it.
$ doubt check --engine null --restarts 5 --iterations 120 --warm-up 1ms --as-is -q --network resnet50,pose,super-resolution --family 2 --no-store | grep -A 2 '^error'
error              each verdict is wrong with probability at most 0.025, and any of a family of 2 with at most 0.05;
                   of these 3 verdicts, at most 0.075 are expected to be false; --family 3 makes that 0.05; more where
                   the remark on few or short restarts says so

## One verdict by itself is what it says; figures that are not judged are none.
$ doubt check --engine null --restarts 5 --iterations 120 --warm-up 1ms --as-is -q --network pose --no-store | grep -c '^error'
0
? 1

$ doubt check --engine null --restarts 5 --iterations 120 --warm-up 1ms -q --network resnet50,pose --no-store | grep -c '^error'
0
? 1

$ doubt history 2 --db f.db | grep '^family\|^level\|^error'
error              each verdict is wrong with probability at most 0.005, and any of a family of 10 with at most 0.05;
family                10
level                 0.005
level                 0.005
level                 0.005

## Looks divide it further: at 20 restarts and at the end.
$ doubt check --engine null --restarts 30 --iterations 120 --warm-up 1ms --as-is -q --network pose --family 10 --db f.db >/dev/null; doubt history 3 --db f.db | grep '^level' | uniq
level                 0.0025

$ doubt check --family 0
doubt: --family "0" *1 to 100000*
? 2
