## Which of two is faster. The program of the synthetic engine is known; the differences asked for
## here are so large that a busy machine does not hide them.
$ doubt compare resnet50 --engine synthetic -O mean=500us -O sd=5us --b option:mean=1ms,option:seed=2 --pairs 10 -i 30 -w 1ms --seed 5eed -q
here               *, synthetic *, batch 1*
both               ResNet-50*, boundary call, options sd=5us

    options           mean ms *
A   mean=500us *
B   mean=1ms seed=2 *

A FASTER           by at least * %: B takes * of the time of A, 95 % interval * … *
pairs              10 in blocks ABBA or BAAB by a coin; signed-rank interval
measured           10 restarts × 30 iterations · measuring cost * each · took * · seed 5eed
...
kept               series 1: doubt history 1

## The store shows the same page again, and the restarts with their places.
$ doubt history 1 | grep -E '^(A FASTER|pairs|compare_(pairs|verdict|margin)|options)'
A FASTER           by at least *
pairs              10 in blocks*
compare_margin        0.01
compare_verdict       A FASTER
compare_pairs         10
options               mean=500us sd=5us
options               sd=5us mean=1ms seed=2

$ doubt history 1 --samples 1:9 | wc -l
30

## A condition decides the exit status, written as one word or as two. A device that tells
## programmed times leaves the answer on a busy machine.
$ doubt compare resnet50 --engine synthetic --device programmed -O mean=500us --b option:mean=1ms --pairs 10 -i 30 -w 1ms --no-store -q --fail-if slower-than 10% | grep 'fail if'
fail if            B slower than A by more than 10 %: it is

$ doubt compare resnet50 --engine synthetic --device programmed -O mean=500us --b option:mean=1ms --pairs 10 -i 30 -w 1ms --no-store -q --fail-if=slower-than 10% >out; echo $?
1

$ doubt compare resnet50 --engine synthetic --device programmed -O mean=500us --a option:mean=1ms --pairs 10 -i 30 -w 1ms --no-store -q --fail-if 'slower-than 10%'
...
B FASTER           by at least *
fail if            B slower than A by more than 10 %: excluded
...

## Two sides that are the same are not called different.
$ doubt compare resnet50 --engine synthetic --device programmed -O mean=500us --pairs 10 -i 30 -w 1ms --margin 99% --no-store -q
...
A and B            differ in nothing that is recorded: *
...
EQUIVALENT         within 99 %: *
...

## Interrupted: what there is gets printed, and nobody is told more than is known.
$ timeout --preserve-status -s INT 2 doubt compare resnet50 --engine synthetic -O mean=1ms --pairs 10 -i 10000 -w 1ms -q --fail-if slower-than 2%
...
NOT COMPARED       there are not enough measurements of both sides
interrupted        the figures rest on what was measured until then
...
? 3

## One JSON document: the records, and the pairs with their log ratios.
$ doubt compare resnet50 --engine synthetic --device programmed -O mean=500us --b option:mean=1ms --pairs 10 -i 30 -w 1ms --no-store -q --json | grep -E '"(compare_verdict|compare_pairs|first|log_ratio)"' | sed 's/[0-9.e-]*,*$//' | sort | uniq -c | sed 's/^ *//; s/"first": "[AB]"/first/'
5       first
5       first
10       "log_ratio": 
1     "compare_pairs": 
1     "compare_verdict": "A FASTER"

## Variables, a network file for each side, and outputs that are checked.
$ doubt compare data/tiny.onnx ./data/tiny.onnx --engine ref --b env:DOUBT_TEST=1 --pairs 10 -i 30 -w 1ms --no-store -q
...
both               tiny.onnx*, boundary call

    file * environment * mean ms *
A   data/tiny.onnx *
B   ./data/tiny.onnx   DOUBT_TEST=1 *
...
outputs            A: ref, relative error 0.0e+00; B: ref, relative error 0.0e+00
...

## A side that cannot be measured.
$ doubt compare data/copy.onnx --a engine=ref --b engine=engines/doubt-engine-crash.so --pairs 10 -i 30 -w 1ms --no-store -q
...
NOT COMPARED       there are not enough measurements of both sides
...
failed             B: *
...
? 4

## Wrong usage is a sentence.
$ doubt compare
doubt: nothing to compare: name one network or ONNX file for both sides, or one for each*
? 2

$ doubt compare resnet50 --a engine=null --b engin=null
doubt: side B: there is no setting "engin" of one side: did you mean "engine"?*
? 2

$ doubt compare resnet50 --a engine=null
doubt: side A has the engine null and side B none: write --b engine=NAME, or --engine NAME for both
? 2

$ doubt compare resnet50 --engine null --a bf16
doubt: side A: "bf16" is no setting: write NAME=VALUE, for example precision=bf16
? 2

$ doubt compare resnet50 --engine null --b precision=f17
doubt: side B: --precision "f17" is unknown: did you mean "*"? accepted: *
? 2

$ doubt compare resnet50 --engine null --b seed=1
doubt: side B: there is no setting "seed" of one side*
? 2

$ doubt compare resnet50 resnet51 --engine null
doubt: side B: *"resnet51"*
? 2

$ doubt compare resnet50 --engine null --fail-if faster-than 2%
doubt: *
? 2

$ doubt compare resnet50 --engine null --fail-if slower-than
doubt: --fail-if slower-than "" is not a percentage from 0 to 1000: write 2%*
? 2

## A percentage is one with the sign and without.
$ doubt compare resnet50 --engine synthetic --device programmed -O mean=500us --pairs 10 -i 30 -w 1ms --margin 99 --fail-if slower-than 10 --no-store -q | grep 'fail if'
fail if            B slower than A by more than 10 %: *

$ doubt compare resnet50 --engine null --margin 1ms
doubt: --margin "1ms" is not a percentage from 0 to 99: write 2% or 2, which are the same
? 2

$ doubt compare resnet50 --engine null --pairs 9
doubt: --pairs "9" is not a whole number from 10 to 1000*
? 2

$ doubt compare resnet50 --engine null --b env:NAME
doubt: side B: env "NAME" is not NAME=VALUE*
? 2

## Two sides without a difference are said at once, not after three minutes.
$ doubt compare resnet50 --engine null --pairs 10 --iterations 45 --warm-up 1ms --no-store 2>&1 >/dev/null | grep '^doubt: A and B'
doubt: A and B are the same, so this measures how well differences are told from nothing; --a and --b say what one side has of its own, such as --b threads=1

$ doubt compare resnet50 --engine null --a threads=1 --b threads=1 --pairs 10 --iterations 45 --warm-up 1ms --no-store 2>&1 >/dev/null | grep -c '^doubt: A and B'
1

$ doubt compare resnet50 pose --engine null --pairs 10 --iterations 45 --warm-up 1ms --no-store 2>&1 >/dev/null | grep -c '^doubt: A and B'
0
? 1
