## What can run here, what cannot, and what brings it.
$ doubt engines null
null          *, built in
              returns at once: *

$ doubt engines synthetic
synthetic     *, built in
              takes a programmed random time *
...
              --option *
...

$ doubt engines ref
ref           *, built in
              the reference interpreter: *

## Without any library: a reason and a command for each.
$ cd / && PATH="${PATH%%:*}:/bin" DOUBT_PRIVATE=/nowhere DOUBT_ONNXRUNTIME=/no/such.so doubt engines onnxruntime
onnxruntime   not usable: *DOUBT_ONNXRUNTIME*/no/such.so*
...

## Plug-ins that cannot be used stay in the list, with their reason; named, they are an error.
$ DOUBT_ENGINE_PATH=engines doubt engines --json | grep -A3 -E '"(wrong-abi|no-entry|missing-function)"' | grep reason
...
      "reason": *version 2 of the plug-in contract*

$ DOUBT_ENGINE_PATH=engines doubt engines wrong-abi
doubt: engine wrong-abi cannot be used: *version 2 of the plug-in contract*
? 2

$ DOUBT_ENGINE_PATH=engines doubt engines no-entry
doubt: *does not export doubt_engine_entry()
? 2

$ DOUBT_ENGINE_PATH=engines doubt engines missing-function
doubt: *lacks the required function *
? 2

## One that crashes while it loads is a line like any other.
$ DOUBT_ENGINE_PATH=engines doubt engines crash-load
crash-load    not usable: *
...

$ DOUBT_ENGINE_PATH=engines doubt engines --json | grep -c '"usable": true' | xargs test 3 -le

$ DOUBT_ENGINE_PATH=engines doubt engines skeleton --json
{
  "engines": [
    {
      "name": "skeleton",
      "built_in": false,
      "usable": true,
      "reason": null,
...
      "devices": [
...
      "options": [
        {
          "name": "elements",
          "accepted": "a whole number from 1 to 1048576",
          "fallback": "1024",
          "help": "numbers that are copied"
        }
      ]
    }
  ]
}

## Bad input
$ doubt engines openvina
doubt: *"openvina"*openvino*
? 2

$ doubt engines --library x.so
doubt: --library x.so belongs to one engine: name it, doubt engines NAME --library FILE
? 2

$ doubt engines onnxruntime --library /no/such.so
doubt: --library names /no/such.so, which is not there: give the path of the shared object itself
? 2

$ doubt engines onnxruntime --library /etc
doubt: --library names /etc, which is not a file: give the path of the shared object itself
? 2

## A file that is no library, and a library that is another one.
$ doubt engines onnxruntime --library /etc/passwd
doubt: engine onnxruntime: cannot load /etc/passwd: *
? 2

$ doubt run data/tiny.onnx --engine openvino --library engines/doubt-engine-hang.so
doubt: engine openvino: */doubt-engine-hang.so has no ov_*
? 2

$ DOUBT_ONNXRUNTIME=/etc/passwd doubt run data/tiny.onnx --engine onnxruntime
doubt: engine onnxruntime: cannot load /etc/passwd: *
? 2

$ DOUBT_ONNXRUNTIME=/nope doubt run data/tiny.onnx --engine onnxruntime
doubt: $DOUBT_ONNXRUNTIME names /nope, which is not there: give the path of the shared object itself
? 2

## A name that is longer than its column has a line of its own.
$ DOUBT_ENGINE_PATH=engines doubt engines | grep -A1 '^missing-function'
missing-function
              not usable: *

$ doubt engines --option a=b
doubt: --option a=b belongs to one engine: name it, doubt engines NAME --option NAME=VALUE
? 2
