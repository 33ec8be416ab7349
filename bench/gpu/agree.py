#!/usr/bin/env python3
"""Sets doubt's medians of one cell beside those of event-loop for the same engine.

    agree.py RUN.json EVENT-LOOP.txt

RUN.json is what `doubt history N --json` or `doubt run --json` printed, EVENT-LOOP.txt a line of
event-loop for each of its processes. Prints a table in Markdown: doubt's median (of its restarts'
medians), the median of the processes' and what lies between their least and largest, and how far
doubt's is from that median.
"""
import json
import re
import statistics
import sys

with open(sys.argv[1]) as file:
    cell = next(c for c in json.load(file)["cells"] if c.get("device_ns"))
with open(sys.argv[2]) as file:
    text = file.read()
loops = {key: [float(us) for us in re.findall(key + r" ([0-9.]+) us", text)]
         for key in ("single", "back to back", "wall")}
print(f"| | doubt, us | event loop, us, median of {len(loops['wall'])} processes | least to largest | difference |")
print("|---|---:|---:|---:|---:|")
for title, field, key in (("events, one by one", "device_ns", "single"),
                          ("events, back to back", "device_train_ns", "back to back"),
                          ("wall time of the call", "call_ns", "wall")):
    ours, plain = cell[field] / 1e3, statistics.median(loops[key])
    print(f"| {title} | {ours:.2f} | {plain:.2f} | {min(loops[key]):.2f} to {max(loops[key]):.2f} | "
          f"{100 * (ours / plain - 1):+.2f} % |")
