## On a terminal: colour unless NO_COLOR says no, columns that fit, one live line on stderr.
$ TERM=xterm script -qec 'stty cols 64; doubt check --engine null --network pose --as-is --restarts 5 --iterations 40 --warm-up 1ms --no-store 2>/dev/null' /dev/null | tr -d '\r' | grep '^Pose' | tr '\033' '!'
Pose Estimation *![*m*![0m

$ NO_COLOR=1 TERM=xterm script -qec 'stty cols 64; doubt check --engine null --network pose --as-is --restarts 5 --iterations 40 --warm-up 1ms --no-store 2>/dev/null' /dev/null | tr -d '\r' | grep '^Pose' | grep -c "$(printf '\033')"
0
? 1

$ TERM=xterm script -qec 'stty cols 64; doubt check --engine null --network pose --as-is --restarts 5 --iterations 40 --warm-up 1ms --no-store 2>/dev/null' /dev/null | tr -d '\r' | grep '^network'
network *× chart   verdict

$ TERM=xterm script -qec 'stty cols 64; doubt check --engine null --network pose --as-is --restarts 5 --iterations 40 --warm-up 1ms --no-store 2>/dev/null' /dev/null | tr -d '\r' | grep -A 2 '^not shown'
not shown: input,*
...
*--wide or --json *

$ TERM=xterm script -qec 'stty cols 64; doubt check --wide --engine null --network pose --as-is --restarts 5 --iterations 40 --warm-up 1ms --no-store 2>/dev/null' /dev/null | tr -d '\r' | grep '^network'
network *input *engine *precision *restarts × n *mean ms *95 % interval *FPS *chart *× chart   verdict

## Every table says what a narrow terminal leaves out, and titles of sets are broken to the width.
$ TERM=xterm script -qec 'stty cols 50; doubt claims jetson-nano-2019' /dev/null | tr -d '\r'
claim                       device        figure
nano-ssd-mobilenet-v2-300   Jetson Nano   39 FPS
nano-resnet50               Jetson Nano   36 FPS
nano-inception-v4           Jetson Nano   11 FPS
nano-pose                   Jetson Nano   14 FPS
nano-super-resolution       Jetson Nano   15 FPS
not shown: network, input, precision, batch,
...
or --json has them

$ TERM=xterm script -qec 'stty cols 50; doubt claims jetson-nano-2019 --wide' /dev/null | tr -d '\r' | head -n 1
claim                       device        network            input         precision   batch   engine                       figure   date*

$ for wide in '' --wide; do TERM=xterm script -qec "stty cols 50; doubt check --plan --engine synthetic $wide" /dev/null | tr -d '\r' | grep -E '^(network|not shown)'; done
network            engine      precision   figure
not shown: claim, batch: too wide for this
network            claim                       engine      precision   batch   figure

$ TERM=xterm script -qec 'stty cols 50; doubt claims' /dev/null | tr -d '\r' | head -n 5
set                     claims   title
coral                       26   Google's Coral
                                 figures, 2019 to
                                 2020: Edge TPU on
                                 several hosts

$ TERM=xterm script -qec 'doubt run resnet50 --engine null --restarts 5 --iterations 40 --warm-up 1ms --no-store >/dev/null' /dev/null | tr '\033\r' '!<'
...
<![Kpilot 0/2 · 1 s *<![K

## A part of the line that does not fit is left out whole.
$ TERM=xterm script -qec 'stty cols 30; doubt run resnet50 --engine null --restarts 5 --iterations 40 --warm-up 1ms --no-store >/dev/null' /dev/null | tr '\033\r' '!<' | grep -o 'pilot 0/2[^!<]*' | head -n 1
pilot 0/2 · 1 s

## --quiet has no live line.
$ TERM=xterm script -qec 'doubt run resnet50 --engine null --restarts 5 --iterations 40 --warm-up 1ms --no-store -q >/dev/null' /dev/null
