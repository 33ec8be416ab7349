## Can doubt check run here? Without any engine it cannot, and the command that brings one is named.
$ PATH="$PWD/../bin:/bin" DOUBT_PRIVATE=/nowhere DOUBT_ONNXRUNTIME=/no/such.so DOUBT_OPENVINO=/no/such.so doubt doctor
onnxruntime     broken   $DOUBT_ONNXRUNTIME names /no/such.so, which is not there: *
...
                         to mend it: unset DOUBT_ONNXRUNTIME
openvino        broken   $DOUBT_OPENVINO names /no/such.so, which is not there: *
...
engines         broken   none can be used here; *
                         to mend it: script/engines
store           ok       */home/.local/share/doubt/doubt.db, * free
networks        *
clock           * CLOCK_MONOTONIC_RAW: a reading takes * ns, resolution * ns*
...
cpu             ok       *
...
others          *
...

doubt check cannot run here: there is no engine
? 4

## Nothing was made by looking.
$ find ../home -name 'doubt*'

## Nowhere to keep anything.
$ env -u HOME doubt doctor | grep -A1 -E '^(store|networks) '
store           broken   there is no place to keep samples: neither XDG_DATA_HOME nor HOME is set
                         to mend it: *
networks        broken   there is no place to write networks: neither XDG_CACHE_HOME nor HOME is set
                         to mend it: *

$ echo 'this is no store, however long it may be: no, not at all. No, not at all. No, not at all. No.' >doubt.db; mkdir data-home data-home/doubt; cp doubt.db data-home/doubt; XDG_DATA_HOME="$PWD/data-home" doubt doctor | grep -A3 '^store *broken'
store           broken   */data-home/doubt/doubt.db*
...

$ XDG_DATA_HOME=/dev/null/x doubt doctor --json | grep -E '"can_check"|"conclusion"'
  "can_check": false,
  "conclusion": "doubt check cannot run here: *",

$ doubt doctor now
doubt: "now" is one word too many; doubt doctor --help lists what it takes
? 2
