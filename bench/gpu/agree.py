#!/usr/bin/env python3
"""Sets doubt's medians of one cell beside those of event-loop for the same engine.

    agree.py RUN.json EVENT-LOOP.txt

RUN.json is what `doubt run --json` printed, EVENT-LOOP.txt what event-loop printed. Prints a table in
Markdown; the last column is doubt's median over the loop's, less one.
"""
import json
import re
import sys

with open(sys.argv[1]) as file:
    cell = next(c for c in json.load(file)["cells"] if c.get("device_ns"))
with open(sys.argv[2]) as file:
    loop = dict(re.findall(r"(single|back to back|wall) ([0-9.]+) us", file.read()))
print("| | doubt, us | event loop, us | difference |")
print("|---|---:|---:|---:|")
for title, field, key in (("events, one by one", "device_ns", "single"),
                          ("events, back to back", "device_train_ns", "back to back"),
                          ("wall time of the call", "call_ns", "wall")):
    ours, plain = cell[field] / 1e3, float(loop[key])
    print(f"| {title} | {ours:.2f} | {plain:.2f} | {100 * (ours / plain - 1):+.2f} % |")
