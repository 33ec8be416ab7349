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
  5    the machine could not be set or put back
  141  ended by SIGPIPE*
...

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
doubt: unknown command "chekc": did you mean "check"? doubt help lists them
? 2

$ doubt zzzzzz
doubt: unknown command "zzzzzz"; doubt help lists them
? 2

$ doubt --json check >/dev/null
doubt: --json stands before the command; write doubt COMMAND [OPTIONS], doubt help lists the commands
? 2

$ doubt help check run
doubt: "run" is one word too many; doubt help --help lists what it takes
? 2

$ doubt help --mam
doubt: unknown option --mam: did you mean "--man"? doubt help --help lists what it takes
? 2

## Under --json a failure is one document on standard output, beside the sentence on standard error.
$ doubt run --json 2>/dev/null
{
  "error": {
    "code": "E_USAGE",
    "sentence": "nothing to run: name a network (doubt networks lists them) or an ONNX file"
  }
}
? 2

$ doubt run x.onnx --frob --json >error.json; echo "status $?"; grep -c . error.json; grep -o '"code": .*' error.json
doubt: unknown option --frob; doubt run --help lists what it takes
status 2
6
"code": "E_USAGE",

$ doubt chekc --json 2>/dev/null | grep sentence
    "sentence": "unknown command \"chekc\": did you mean \"check\"? doubt help lists them"

$ doubt --json 2>/dev/null
{
  "error": {
    "code": "E_USAGE",
    "sentence": "no command is given; doubt help lists them"
  }
}
? 2

$ doubt engines no-such --json 2>/dev/null | grep code
    "code": "E_NOT_FOUND",

## An option's value is no option.
$ doubt history --db --json
doubt: there is no store at --json yet: doubt check and doubt run make it
? 2

## The help as JSON.
$ doubt help --json | grep -E '^  "' | sed 's/:.*//'
  "version"
  "summary"
  "commands"
  "options"
  "exit_status"
  "environment"

$ doubt help check --json | sed -n '1,3p'
{
  "name": "check",
  "summary": "do published figures hold here? Runs a claim set's networks",

$ doubt check --help --json | sed -n '1,2p'
{
  "name": "check",

$ doubt --version --json
{"version": "*.*.*"}

$ doubt help --man --json 2>/dev/null | grep sentence
    "sentence": "--man is one page of all commands, as man(7) source: leave --json out"

$ doubt history --fields --json | sed -n '1,8p'
{
  "series": [
    {
      "name": "id",
      "type": "integer",
      "unit": "",
      "meaning": "*"
    },

## A full disk and a closed output are noticed.
$ doubt help >/dev/full
doubt: cannot write to standard output: No space left on device
? 4

$ doubt help --man >&-
doubt: cannot write to standard output: Bad file descriptor
? 4

## A reader that went away wanted no more: the end of other programs, by SIGPIPE, and no word. Who
## ignores that signal is told.
$ { python3 -c 'import os, signal; signal.signal(signal.SIGPIPE, signal.SIG_DFL); os.execlp("sh", "sh", "-c", "sleep 0.2; doubt help --man; echo status $? >&2")'; } | true
status 141

$ { python3 -c 'import os, signal; signal.signal(signal.SIGPIPE, signal.SIG_IGN); os.execlp("sh", "sh", "-c", "sleep 0.2; doubt help --man; echo status $? >&2")'; } | true
doubt: cannot write to standard output: Broken pipe
status 4
