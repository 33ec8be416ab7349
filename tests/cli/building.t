## What an engine builds and keeps is set apart: no part of the budget, and no later restart pays for it.
$ doubt run data/copy.onnx --engine engines/doubt-engine-builds.so --budget 4s --no-soak -q --no-store | grep -A1 '^building'
building           1 s for building engines, which are kept: no part of the budget or of a restart
*

$ doubt run data/copy.onnx --engine engines/doubt-engine-builds.so --budget 4s --no-soak -q --no-store --json | grep building_ns
    "building_ns": null*
