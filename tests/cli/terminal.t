## On a terminal: colour unless NO_COLOR says no, columns that fit, one live line on stderr.
$ TERM=xterm script -qec 'stty cols 64; doubt check --engine null --network pose --as-is --restarts 5 --iterations 40 --warm-up 1ms --no-store 2>/dev/null' /dev/null | tr -d '\r' | grep '^Pose' | tr '\033' '!'
Pose Estimation *![*m*![0m

$ NO_COLOR=1 TERM=xterm script -qec 'stty cols 64; doubt check --engine null --network pose --as-is --restarts 5 --iterations 40 --warm-up 1ms --no-store 2>/dev/null' /dev/null | tr -d '\r' | grep '^Pose' | grep -c "$(printf '\033')"
0
? 1

$ TERM=xterm script -qec 'stty cols 64; doubt check --engine null --network pose --as-is --restarts 5 --iterations 40 --warm-up 1ms --no-store 2>/dev/null' /dev/null | tr -d '\r' | grep '^network'
network *× chart   verdict

$ TERM=xterm script -qec 'stty cols 64; doubt check --engine null --network pose --as-is --restarts 5 --iterations 40 --warm-up 1ms --no-store 2>/dev/null' /dev/null | tr -d '\r' | grep -A 2 '^not shown'
not shown          *input,*
...
*--wide or --json *

$ TERM=xterm script -qec 'stty cols 64; doubt check --wide --engine null --network pose --as-is --restarts 5 --iterations 40 --warm-up 1ms --no-store 2>/dev/null' /dev/null | tr -d '\r' | grep '^network'
network *input *engine *precision *restarts × n *mean ms *95 % interval *FPS *chart *× chart   verdict

$ TERM=xterm script -qec 'doubt run resnet50 --engine null --restarts 5 --iterations 40 --warm-up 1ms --no-store >/dev/null' /dev/null | tr '\033\r' '!<'
...
<![Kpilot 0/2 · 1 s *<![K

## A part of the line that does not fit is left out whole.
$ TERM=xterm script -qec 'stty cols 30; doubt run resnet50 --engine null --restarts 5 --iterations 40 --warm-up 1ms --no-store >/dev/null' /dev/null | tr '\033\r' '!<' | grep -o 'pilot 0/2[^!<]*' | head -n 1
pilot 0/2 · 1 s

## --quiet has no live line.
$ TERM=xterm script -qec 'doubt run resnet50 --engine null --restarts 5 --iterations 40 --warm-up 1ms --no-store -q >/dev/null' /dev/null
