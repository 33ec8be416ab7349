## The frame of the program: help, version, commands that are none.
$ doubt --version
doubt *.*.*

$ doubt
...
usage: doubt COMMAND [OPTIONS] ...
...
? 2

$ doubt --help
...
  check * claim set*
  run *
...
  5   the machine could not be set or put back

$ doubt help
...
usage: doubt COMMAND [OPTIONS] ...
...

$ doubt help check | sed -n '1,3p'
doubt check: do published figures hold here? Runs a claim set's networks

usage: doubt check [OPTIONS] [CLAIM-SET]

## --help counts wherever it stands.
$ doubt run --frobnicate --help | sed -n '1,1p'
doubt run: how fast is a network here: mean and percentiles with intervals

## Every command has an example.
$ for c in check run networks engines help; do doubt $c --help | grep -A1 '^examples' | tail -n 1; done
  doubt check
  doubt run resnet50
  doubt networks
  doubt engines
  doubt help check

$ doubt help --man | sed -n '1,3p'
.\" Made by `doubt help --man`; do not edit.
.TH DOUBT 1 "" "doubt *" "User Commands"
.SH NAME

$ doubt chekc
doubt: unknown command "chekc": did you mean "check"?
? 2

$ doubt zzzzzz
doubt: unknown command "zzzzzz"; doubt help lists them
? 2

$ doubt --json check
doubt: --json stands before the command; write doubt COMMAND [OPTIONS], doubt help lists the commands
? 2

$ doubt help check run
doubt: "run" is one word too many; doubt help --help lists what it takes
? 2

$ doubt help --mam
doubt: unknown option --mam: did you mean --man? doubt help --help lists what it takes
? 2

## A full disk and a closed pipe are noticed.
$ doubt help >/dev/full
doubt: cannot write to standard output: No space left on device
? 4

$ doubt help --man >&-
doubt: cannot write to standard output: Bad file descriptor
? 4

$ { sleep 0.2; doubt help --man; echo "status $?" >&2; } | true
doubt: cannot write to standard output: Broken pipe
status 4
