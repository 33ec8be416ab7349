## doubt check --family: claims that share the error of 5 %. The device tells programmed times at
## once, so that there are verdicts on a busy machine too.
$ printf '%s ' --engine synthetic --device programmed -O mean=1ms -O distribution=const -O restart-sd=1us --warm-up 1ms --seed 5eed --iterations 120 --no-soak -q >how

$ doubt check $(cat how) --restarts 10 --as-is --network resnet50,pose --db f.db | grep '^error'
error              of these 2 verdicts, at most 0.1 are expected to be false; --family 2 makes that 0.05

$ doubt check $(cat how) --restarts 10 --as-is --network resnet50,pose --family 10 --db f.db | grep -A 1 '^error'
error              each verdict is wrong with probability at most 0.005, and any of a family of 10 with at most 0.05
conditions *

## What few restarts cost is not in these numbers, and said.
$ doubt check $(cat how) --restarts 5 --as-is --network resnet50,pose --no-store | grep -A 1 '^error'
error              of these 2 verdicts, at most 0.1 are expected to be false; --family 2 makes that 0.05; more where
                   the remark on few or short restarts says so

## A family smaller than the table does not cover it.
$ doubt check $(cat how) --restarts 10 --as-is --network resnet50,pose,super-resolution --family 2 --no-store | grep -A 2 '^error'
error              each verdict is wrong with probability at most 0.025, and any of a family of 2 with at most 0.05;
                   of these 3 verdicts, at most 0.075 are expected to be false; --family 3 makes that 0.05
conditions *

## One verdict by itself is what it says; figures that are not judged are none.
$ doubt check $(cat how) --restarts 10 --as-is --network pose --no-store | grep -c '^error'
0
? 1

$ doubt check $(cat how) --restarts 10 --network resnet50,pose --no-store | grep -c '^error'
0
? 1

$ doubt history 2 --db f.db | grep '^family\|^level\|^error'
error              each verdict is wrong with probability at most 0.005, and any of a family of 10 with at most 0.05
family                10
level                 0.005
level                 0.005
level                 0.005

## Looks divide it further: at 20 restarts and at the end.
$ doubt check $(cat how) --restarts 30 --as-is --network pose --family 10 --db f.db >/dev/null; doubt history 3 --db f.db | grep '^level' | uniq
level                 0.0025

$ doubt check --family 0
doubt: --family "0" *1 to 100000*
? 2
