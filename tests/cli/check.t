## A claim set beside this machine. The null engine makes it quick: it computes nothing. Whether its
## 20 ns are steady is up to the machine, so the last column is left open.
$ doubt check --engine null --restarts 5 --iterations 40 --warm-up 1ms --seed 5eed -q
jetson-nano-2019   NVIDIA's Jetson Nano chart, 2019: *
here               *, null *, batch 1*

network  *mean ms  *95 % interval  *FPS   chart  *× chart   verdict
SSD-Mobilenet-V2 *39 *
ResNet-50 *36 *
Inception V4 *11 *
Pose Estimation *14 *
Super Resolution *15 *

measured           5 restarts × 40 iterations · measuring cost * ns each · took * · seed 5eed
...
not judged         the figures were published for Jetson Nano; --as-is judges them all the same
...
kept               series 1: doubt history 1

$ doubt check --engine null --restarts 5 --iterations 40 --warm-up 1ms --as-is -q --network resnet50,pose | grep -E '^(ResNet|Pose|judged)'
ResNet-50 *36 *
Pose Estimation *14 *
judged             as if the conditions were met; they are not: other device, *

$ doubt check --engine null --restarts 5 --iterations 40 --warm-up 1ms --as-is --network resnet50,pose --json 2>/dev/null | grep -c '"verdict": "'
2

$ doubt check --engine null --restarts 5 --iterations 40 --warm-up 1ms --json 2>/dev/null | grep -E '"(claim_set|claim|claim_figure|differs)":' | sed -n '1,4p'
    "claim_set": "jetson-nano-2019",
      "claim": "nano-ssd-mobilenet-v2-300",
      "claim_figure": "39 FPS",
      "differs": "other device, *

## A row without a figure has no conditions, and nothing that could be judged.
$ doubt check --engine ./engines/doubt-engine-wrong-output.so --restarts 5 --iterations 10 --network super-resolution -q --no-soak --no-store | grep -E '^(Super|void|conditions|not judged)'
Super Resolution   wrong-output 1   f32                    0      15   14.5 … 15.5   void
void               output *

## A set of one's own, by path.
$ echo '{"name": "mine", "title": "My own", "claims": [{"id": "a", "device": "Board", "network": "pose", "title": "Pose", "figure": "1", "unit": "s", "source": "https://example.org"}]}' >mine.json; doubt check ./mine.json --engine null --restarts 5 --iterations 40 --warm-up 1ms -q --no-store
mine               My own
...
network  *figure  *× figure   verdict
Pose *1 s *
...
not judged         the figures were published for Board; *
...

## A network that is not built in is left out, and said.
$ echo '{"name": "mine", "title": "My own", "claims": [{"id": "a", "device": "Board", "network": "pose", "title": "Pose", "figure": "1", "unit": "s", "source": "x"}, {"id": "b", "device": "Board", "network": "bert", "title": "BERT", "figure": "1", "unit": "s", "source": "x"}]}' >two.json; doubt check ./two.json --engine null --restarts 5 --iterations 40 --warm-up 1ms -q --no-store | grep '^not measured'
not measured       b (no such built-in network)

## What no engine can measure is said with its reason.
$ doubt check trt-pose --engine null
trt-pose           NVIDIA's trt_pose, 2021: Nano and Xavier

not measured * network * figure   why
nano-trt-pose-resnet18-att-c58 *  22 FPS   unknown network
nano-trt-pose-densenet121-att-c59 *  12 FPS   unknown network
xavier-trt-pose-resnet18-att-c60 * 251 FPS   unknown network
xavier-trt-pose-densenet121-att-c61 * 101 FPS   unknown network

nothing to measure no engine can test a claim of it as published; --as-is measures networks that are
                   built in all the same
? 3

## Each shipped set has a plan: rows, or the reason for every claim that has none.
$ for set in $(doubt claims --json | sed -n 's/.*"name": "\(.*\)",/\1/p'); do doubt check $set --plan --engine null --json >plan.json; status=$?; echo "$set: exit $status, $(grep -c '"precision"' plan.json) rows, $(grep -c '"rows_of"' plan.json) with them, $(grep -c '"why"' plan.json) not measured of $(doubt claims $set --json | grep -c '"id"')"; done
coral: exit 3, 0 rows, 0 with them, 26 not measured of 26
independent: exit 0, 2 rows, 5 with them, 49 not measured of 56
jetson-benchmarks: exit 3, 0 rows, 0 with them, 9 not measured of 9
jetson-inference: exit 3, 0 rows, 0 with them, 18 not measured of 18
jetson-nano-2019: exit 0, 5 rows, 0 with them, 0 not measured of 5
jetson-nano-2019-rest: exit 0, 6 rows, 3 with them, 17 not measured of 26
jetson-tx2-2018: exit 0, 1 rows, 2 with them, 14 not measured of 17
mlperf-v0.5: exit 3, 0 rows, 0 with them, 11 not measured of 11
mlperf-v0.7: exit 3, 0 rows, 0 with them, 15 not measured of 15
mlperf-v1.1: exit 3, 0 rows, 0 with them, 10 not measured of 10
mlperf-v2.0: exit 3, 0 rows, 0 with them, 9 not measured of 9
mlperf-v3.0: exit 3, 0 rows, 0 with them, 21 not measured of 21
mlperf-v4.1: exit 3, 0 rows, 0 with them, 10 not measured of 10
mmdeploy: exit 3, 0 rows, 0 with them, 3 not measured of 3
ncnn: exit 3, 0 rows, 0 with them, 25 not measured of 25
openvino-2022: exit 3, 0 rows, 0 with them, 42 not measured of 42
orin-dla: exit 3, 0 rows, 0 with them, 20 not measured of 20
torch2trt: exit 0, 1 rows, 0 with them, 31 not measured of 32
trt-object-detection: exit 3, 0 rows, 0 with them, 3 not measured of 3
trt-pose: exit 3, 0 rows, 0 with them, 4 not measured of 4

$ doubt check orin-dla --plan --engine null | sed -n 's/.* img.s   //p' | sort | uniq -c | sed 's/^ *//'
20 unknown network; both DLAs, summed; i8: the built-in networks are not quantised

$ doubt check jetson-benchmarks --plan --engine null | sed -n 's/.* FPS   //p' | sort -u
GPU at batch 2 and two DLAs at batch 1 each, at once, rates summed; i8: the built-in networks are not quantised; throughput is not measured
GPU at batch 4 and two DLAs at batch 2 each, at once, rates summed; i8: the built-in networks are not quantised; throughput is not measured
i8: the built-in networks are not quantised
i8: the built-in networks are not quantised; throughput is not measured
unknown network; GPU at batch 8 and two DLAs at batch 2 each, at once, rates summed; i8: the built-in networks are not quantised; throughput is not measured

## A claim of any set; its network at another size than the built-in one is not the same thing.
$ doubt check --claim nano-vgg-19-c12 --plan --engine null --restarts 7
jetson-nano-2019-rest  NVIDIA's Jetson Nano chart, 2019: its other rows, and the competitors'

network   claim             engine   precision   batch   figure
VGG-19    nano-vgg-19-c12   null     f32             1   10 FPS

restarts           7 of each row, interleaved in random order

$ doubt check --claim nano-ssd-mobilenet-v2-c7 --plan --engine null | grep c7
nano-ssd-mobilenet-v2-c7   SSD-Mobilenet-V2   27 FPS   input 272x480, built in with 300x300

$ doubt check --claim nano-ssd-mobilenet-v2-c7 --plan --engine null --as-is | grep c7
SSD-Mobilenet-V2   nano-ssd-mobilenet-v2-c7   null     f32             1   27 FPS

$ doubt check jetson-nano-2019 --claim nano-resnet51
doubt: jetson-nano-2019 has no claim "nano-resnet51": did you mean "nano-resnet50"? doubt claims jetson-nano-2019 lists them
? 2

## What differs is named with its likely direction; a device that is said to be another is recorded.
$ doubt check --engine null --network resnet50 --restarts 5 --iterations 40 --warm-up 1ms -q --no-store --claim-device 'NVIDIA Jetson Nano' | grep -A3 -E '^(device|conditions)'
device             NVIDIA Jetson Nano by --claim-device; the machine says: *
...
conditions         engine: claimed by tensorrt 5.0 (JetPack 4.2), here null *; precision: claimed in f16, here
                   unknown; boundary: claimed device, here call, which times more: likely slower here; input: claimed
                   1x3x224x224, here f32 1; power mode: claimed 10 W (nvpmodel -m 0), jetson_clocks, here *
...

$ doubt check --engine null --network resnet50 --restarts 5 --iterations 40 --warm-up 1ms -q --no-store --claim-device 'Jetson Nano' --json | grep -E '"(claim_device|differs|peak_f32)"'
    "claim_device": "Jetson Nano",
    "peak_f32": null,
      "differs": "other engine, unknown precision, other boundary, other input, *",

## What this machine can do at most is measured where something is computed.
$ doubt check --engine ref --network unet --precision f32 --restarts 2 --iterations 1 --warm-up 1ms -q --no-store jetson-nano-2019-rest --wide 2>&1 | grep -E '^(network|Unet|peak here)'
network * chart      reads as *× chart   verdict            physics allows
Unet      f32 1x1x512x512   ref * 17.5 … 18.5 * too few restarts *
peak here          * GFLOP/s in f32 (median *

$ doubt check jetson-nano-2019-rest --network pse
doubt: jetson-nano-2019-rest has no network "pse": did you mean "pose"? it has: mobilenet-v2, ssd-mobilenet-v2, tiny-yolov3, vgg19, unet, resnet50, pose, super-resolution, inception-v4
? 2

## Bad input
$ doubt check jetson-nano-2091
doubt: *"jetson-nano-2091"*jetson-nano-2019*
? 2

$ doubt check --network resnet51
doubt: jetson-nano-2019 has no network "resnet51": did you mean "resnet50"? it has: ssd-mobilenet-v2, resnet50, inception-v4, pose, super-resolution
? 2

$ doubt check --precision f32,f61
doubt: --precision "f61" is unknown; accepted: any, f32, tf32, bf16, f16
? 2

$ doubt check --engine ref --precision bf16
doubt: engine ref does not compute in bf16 here; accepted: f32, any
? 2

$ doubt check --engine ref --engines all
doubt: --engine ref and --engines all exclude each other
? 2

$ doubt check --engines al
doubt: --engines "al" is unknown: did you mean "all"? accepted: best, all; doubt check --help lists what it takes
? 2

$ echo '{"name": 5}' >bad.json; doubt check ./bad.json
doubt: *bad.json*
? 2

$ PATH="$PWD/../bin:/bin" DOUBT_PRIVATE=/nowhere DOUBT_ONNXRUNTIME=/no/such.so DOUBT_OPENVINO=/no/such.so doubt check
doubt: no engine can be used here: *. script/engines brings the engines; --engine ref measures doubt's own slow reference instead
? 2

## Several claims for one network and batch share the rows of the first; --claim measures another.
$ doubt check data/claims/shared-rows.json --plan --engine synthetic
shared             Several figures of one network and batch

network    claim   engine      precision   batch   figure
resnet50   a       synthetic   f32             1   36 FPS
resnet50   d       synthetic   f32             2   60 FPS

restarts           20 of each row, interleaved in random order

the same rows beside    figure   rows of
b                      27.8 ms   a
c                        30 ms   a

$ doubt check data/claims/shared-rows.json --plan --engine synthetic --claim b --json
{
  "claim_set": "shared",
  "restarts": 20,
  "rows": [
    {
      "claim": "b",
      "network": "resnet50",
      "engine": "synthetic",
      "precision": "f32",
      "batch": 1,
      "figure": "27.8",
      "unit": "ms"
    }
  ],
  "also": [],
  "not_measured": [],
  "prepare": null
}

$ doubt check data/claims/shared-rows.json --engine synthetic --restarts 5 --budget 6s --db also.db >page.txt 2>/dev/null; sed -n '/^the same rows/,$p' page.txt
the same rows beside   engine            precision * figure * × figure   verdict
b                      synthetic 0.1.0   f32 asked   27.8 ms *
c                      synthetic 0.1.0   f32 asked     30 ms *

## That table is kept: the store prints it again, and each of its rows is a record of its own.
$ doubt history 1 --db also.db >again.txt; for page in page again; do sed -n '/^the same rows/,/^c /p' $page.txt >$page.table; done; cmp page.table again.table && grep -A4 ', also ' again.txt
--- cell 0, also 0 ---
series                1
cell                  0
number                0
claim                 b
--
--- cell 0, also 1 ---
series                1
cell                  0
number                1
claim                 c

$ doubt check data/claims/shared-rows.json --engine synthetic --as-is --restarts 5 --budget 6s --db also.db --json >page.json 2>/dev/null; doubt history 2 --db also.db --json >again.json; python3 -c 'import json; a, b = (json.load(open(f))["also"] for f in ("page.json", "again.json")); print(a == b, b[0]["verdict"] is not None); [print(r["series"], r["cell"], r["number"], r["claim"], r["claim_figure"], r["differs"], sep=", ") for r in b]'
True True
2, 0, 0, b, 27.8 ms, other device, unknown precision
2, 0, 1, c, 30 ms, other device

## What no row could come of is refused with its own reason, with --plan too.
$ doubt check -p int8 --plan
doubt: --precision "int8" is unknown; accepted: any, f32, tf32, bf16, f16
? 2

$ doubt check --network resnet50 --claim nano-inception-v4 --plan
doubt: no claim of jetson-nano-2019 is wanted by both --network and --claim: leave one of them out; doubt claims jetson-nano-2019 lists which network a claim is for
? 2

$ doubt check --claim-device 'Jetson Nani' --plan
doubt: --claim-device: no claim of jetson-nano-2019 is of a device "Jetson Nani": did you mean "Jetson Nano"? they are of: Jetson Nano
? 2

$ doubt check --claim nano-vgg-19
doubt: no claim set has a claim "nano-vgg-19": did you mean "nano-vgg-19-c12" of jetson-nano-2019-rest? doubt claims lists the sets, doubt claims SET a set's claims
? 2

$ doubt check --claim zzzzzz
doubt: no claim set has a claim "zzzzzz"; doubt claims lists the sets, doubt claims SET a set's claims
? 2
