## The five means of the post beside the chart: which lie outside of its digits, and no verdict.
$ doubt judge --pair 26.2355ms=39FPS --pair 27.8128ms=36FPS --pair 95.9434ms=11FPS --pair 87.3721ms=14FPS --pair 67.5191ms=15FPS | head -n 6
 * measured   in the claim's unit   claim      reads as   % of claim   verdict
26.2355 ms * 38.12 * 38.5 … 39.5 * 97.7   outside, no verdict
27.8128 ms * 35.95 * 35.5 … 36.5 * 99.9   inside, no verdict
95.9434 ms * 10.42 * 10.5 … 11.5 * 94.8   outside, no verdict
87.3721 ms * 11.45 * 13.5 … 14.5 * 81.8   outside, no verdict
67.5191 ms * 14.81 * 14.5 … 15.5 * 98.7   inside, no verdict

## The same from a file, each beside the claim for its network; what the file does not hold is said.
$ doubt import data/seed/means.csv --claim-set jetson-nano-2019 | grep -E 'FPS .* … |^no verdict|^differs' | cut -c1-120
SSD-Mobilenet-V2 *38.12 *39 FPS   38.5 … 39.5 *97.7   outside, no verdict
ResNet-50 *35.95 *36 FPS   35.5 … 36.5 *99.9   inside, no verdict
Inception V4 *10.42 *11 FPS   10.5 … 11.5 *94.8   outside, no verdict
Pose Estimation *11.45 *14 FPS   13.5 … 14.5 *81.8   outside, no verdict
Super Resolution *14.81 *15 FPS   14.5 … 15.5 *98.7   inside, no verdict
no verdict *
differs * unknown device*
...

## With the spread of the best public re-run, what the reader's doubt was worth.
$ for pair in 26.2355:39 27.8128:36 95.9434:11 87.3721:14 67.5191:15; do doubt judge --measured ${pair%:*}ms --sd 0.015% --n 26 --claim ${pair#*:}FPS --json | sed -n 's/.*"verdict": "\(.*\)",/\1/p'; done
FALLS SHORT
HOLDS
FALLS SHORT
FALLS SHORT
HOLDS
