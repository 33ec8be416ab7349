## Published figures: sets, claims, one claim, a file.
$ doubt claims
set *claims   network built in   could be tested *title
coral *26 *13   none *
independent *56 *38   7 by tensorrt*
jetson-benchmarks *9 *8   none *
jetson-inference *18 *0   none *
jetson-nano-2019 *5 *5   5 by tensorrt*NVIDIA's Jetson Nano chart, 2019*
jetson-nano-2019-rest *26 *
jetson-tx2-2018 *17 *
mlperf-v0.5 *11 *
mlperf-v0.7 *15 *
mlperf-v1.1 *10 *
mlperf-v2.0 *9 *
mlperf-v3.0 *21 *
mlperf-v4.1 *10 *
mmdeploy *3 *
ncnn *25 *
openvino-2022 *42 *21   none *
orin-dla *20 *
torch2trt *32 *
trt-object-detection *3 *
trt-pose *4 *

$ doubt claims mmdeploy
claim * device * network * input * precision   batch   engine * figure   date *
nano-2gb-resnet-50-c250   Jetson Nano 2GB   ResNet-50 (mmpretrain)   224x224   f32 * 59.32 ms   2024-09 (repo head)   unknown network
nano-2gb-resnet-50-c251 * 30.54 ms *
tx2-resnet-50-c252 * 24.13 ms *

$ doubt claims show nano-ssd-mobilenet-v2-300
nano-ssd-mobilenet-v2-300
figure             39 FPS
reads as           38.5 … 39.5 FPS
device             Jetson Nano
network            SSD-Mobilenet-V2, built in as ssd-mobilenet-v2
input              1x3x300x300
printed as         300x300
framework          TensorFlow
model file         sample_unpruned_mobilenet_v2.uff
precision          f16
batch              1
engine             tensorrt 5.0 (JetPack 4.2)
power mode         10 W (nvpmodel -m 0), jetson_clocks
boundary           call
statistic          mean
source             https://developer.nvidia.com/embedded/jetson-nano-dl-inference-benchmarks and
...
date               2019
confidence         quoted
remark             NVIDIA's own model with 37 classes, not the 91 of COCO. *
...
set                jetson-nano-2019, row C8: *
...
independent        26.069 ms, f16, TensorRT 5.0 (JetPack 4.2), *
                   jetson_clocks (nano-ssd-mobilenet-v2-m1)
...
physics            possible: 39/s x 2.30 GOP = 89.8 GOP/s, 19.0 % of 471.9 (128 cores x 2 (half2) x
                   2 (FMA) x 0.9216 GHz); ceiling 204.9/s; memory allows 1406/s: 18.21 MB at 25.6
                   GB/s; the arithmetic binds
peak from          https://github.com/ultralytics/ultralytics, *
...
memory from        https://github.com/ultralytics/ultralytics, *
...
contradicts        figures, nano-ssd-mobilenet-v2-m1-fps: 38.36 FPS against 39 FPS, ×1.02; not
                   stated alike: statistic
                   name, nano-ssd-mobilenet-v2-coco-m6: "SSD-Mobilenet-V2 COCO (91 cls)" and
                   "SSD-Mobilenet-V2" may be two networks: 22.7 FPS against 39 FPS, ×1.72
...
can be tested      *

## A range is two claims, each with one edge; a sum says of what; an independent figure names the claims.
$ doubt claims show nano-ssd-mobilenet-v2-coco-c41-high | grep -E '^(figure|reads|network|can)'
figure             up to 25 FPS
reads as           below 25.5 FPS
network            SSD-Mobilenet-V2 COCO (91 cls), not built in
can be tested      no: unknown network

$ doubt claims show nano-ssd-mobilenet-v2-coco-c41-low | grep '^reads'
reads as           from 21.5 FPS

$ doubt claims show xavier-nx-inception-v4-c32 | grep -A1 -E '^(reads|condition|can)'
reads as           311.725 … 311.735 FPS
device             Jetson Xavier NX
--
condition          GPU at batch 2 and two DLAs at batch 1 each, at once, rates summed
boundary           device
--
can be tested      no: GPU at batch 2 and two DLAs at batch 1 each, at once, rates summed; i8: the
                   built-in networks are not quantised; throughput is not measured

$ doubt claims show agx-xavier-inception-v4-m18-user | grep -A1 '^claimed'
claimed            704 FPS, i8, *(agx-xavier-inception-v4-m18-page)
                   704 FPS, i8, *(agx-xavier-inception-v4-c40)

$ doubt claims show nano-unet-c14 | grep '^independent'
independent        no measurement of the same known

## Search; filters meet.
$ doubt claims --device 'jetson tx2' --network inception-v4 | grep -c '^tx2-inception-v4'
3

$ doubt claims --network resnet50 --year 2020 | sed 's/ .*//'
claim
xavier-nx-resnet-50-c38

$ doubt claims mlperf-v3.0 --device h100 | sed 's/ .*//'
claim
h100-80gb-hbm3-resnet-50-v1-5-c160-offline
h100-80gb-hbm3-resnet-50-v1-5-c161-server
h100-80gb-hbm3-retinanet-c162-offline
h100-pcie-resnet-50-v1-5-c163-offline
h100-pcie-retinanet-c164-offline
h100-80gb-hbm3-resnet-50-v1-5-offline-mean-latency
h100-80gb-hbm3-resnet-50-v1-5-offline-median-latency

$ doubt claims --device abacus
doubt: no claim matches; *
? 2

$ doubt claims --vendor google --network 'inception v4' --year 2019 | sed 's/ .*//'
claim
coral-usb-accelerator-inception-v4-c210-usb
coral-dev-board-inception-v4-c210-board
coral-dev-board-inception-v4-m14
coral-dev-board-inception-v4-c31

## What the devices can do at most.
$ doubt claims jetson-nano-2019 --ceilings | sed 's/ *$//'
claim * of peak    ceiling * possible?
nano-ssd-mobilenet-v2-300 * 39 FPS    2.30    19.0 %    205 FPS * arithmetic   possible
nano-resnet50 * 36 FPS    7.72    58.9 %   61.2 FPS * arithmetic   possible
nano-inception-v4 * 11 FPS   24.51    57.1 %   19.3 FPS * arithmetic   possible
nano-pose * 14 FPS   15.29    45.4 %   30.9 FPS * arithmetic   possible
nano-super-resolution * 15 FPS   20.96    66.6 %   22.5 FPS * arithmetic   possible

$ doubt claims ncnn --ceilings --network vgg-16 --device 'jetson nano' | tail -n 4
nano-vgg-16-c233: 2.235/s x 30.94 GOP = 69.2 GOP/s, 146.1 % of 47.3 (4 cores x 4 lanes x 2 (FMA) x
  1.479 GHz); ceiling 1.53/s, at the highest peak since no precision is stated; memory allows
  185.4/s: 138.1 MB at 25.6 GB/s; the arithmetic binds. Above the ceiling of direct convolution:
  needs Winograd (Winograd gains at most 5.06 here, sparsity 1) or another network

$ doubt claims orin-dla --ceilings --json | grep -E '"(binds|possible)"' | sort | uniq -c
      4       "binds": "arithmetic",
      4       "possible": "possible",

$ echo '{"name": "m", "title": "t", "claims": [{"id": "a", "device": "Jetson Nano", "network": "vgg19", "precision": "f16", "batch": 1, "figure": "100", "unit": "FPS", "source": "x"}]}' >fast.json; doubt claims ./fast.json --ceilings | tail -n 3
a: 100/s x 39.26 GOP = 3926.4 GOP/s, 832.1 % of 471.9 (128 cores x 2 (half2) x 2 (FMA) x 0.9216
  GHz); ceiling 12.02/s; memory allows 89.08/s: 287.4 MB at 25.6 GB/s; the arithmetic binds. The
  bytes cannot be moved that fast: impossible as stated

## What cannot stand beside each other. A mean of MLPerf's wrapped at 2^64 ns.
$ doubt claims --contradictions | tail -n 13 | grep -oE '^[a-z]+ +[0-9]+'
label              4
file               4
figures            8
name               8
drift              20
copy               2
mean               2
sum                52
flight             15
size               2

$ doubt claims mlperf-v4.1 --contradictions | grep -A4 '^mean  *h200'
mean               h200-resnet-50-v1-5-offline-mean-latency and
                   h200-resnet-50-v1-5-offline-median-latency: a mean of 5.258 s cannot be beside a
                   median of 315.751 s: half of the times are at least that long; with 8 x 2^64 ns /
                   475200000 added it is 315.81 s: the sum in nanoseconds passed 2^64 8 times
*

$ doubt claims orin-dla --contradictions | head -n 3
sum                agx-orin-64gb-resnet-50-c98: the figure of Jetson AGX Orin 64GB is a sum: both
                   DLAs, summed
sum                agx-orin-64gb-resnet-50-c99: the figure of Jetson AGX Orin 64GB is a sum: both

$ doubt claims torch2trt --contradictions --device xavier | grep -A2 '^flight' | head -n 3
flight             agx-xavier-resnet-18-c52-fps and agx-xavier-resnet-18-c52-latency: 722 FPS and
                   1.64 ms need at least 1.18 inputs under way at once: they cannot both be of one
                   after the other

$ doubt claims jetson-nano-2019 --contradictions | grep -oE '^[a-z]+  .*[a-z0-9]:|[a-z0-9-]+:' | head -n 3
label              nano-pose:
file               nano-resnet50:
file               nano-inception-v4:

$ doubt claims trt-pose --contradictions | grep -c ' 0: '
10

$ doubt claims show intel-ncs2-openpose-c25 --json | grep -A4 '"rule"'
      "rule": "label",
      "claim": "intel-ncs2-openpose-c25",
      "other": "",
      "text": "the source prints 256x256, the file that was run has 1x3x256x456"
    }

## JSON.
$ doubt claims --json | grep -c '"testable_here"'
20

$ doubt claims jetson-nano-2019 --json | grep -E '"(id|figure|reads_lo|reads_hi)"' | sed -n '5,8p'
      "id": "nano-resnet50",
      "figure": "36",
      "reads_lo": 35.5,
      "reads_hi": 36.5

$ doubt claims show nano-ssd-mobilenet-v2-300 --json | grep -c '"row": "M'
6

## A set of one's own is found by name, and a broken one beside it hides none.
$ mkdir -p ~/.config/doubt/claims; echo '{"name": "mine", "title": "My own", "claims": [{"id": "a", "device": "Board", "network": "pose", "figure": "1.50", "unit": "s", "source": "x", "engine": "ref"}]}' >~/.config/doubt/claims/mine.json; echo '{' >~/.config/doubt/claims/broken.json; doubt claims 2>&1 | grep -E 'broken|mine|trt-pose'
doubt: left out: *broken.json, line *
mine *1 *1   1 by ref *My own
trt-pose *

$ doubt claims show a 2>/dev/null
a
figure             1.50 s
reads as           1.495 … 1.505 s
device             Board
network            pose, built in as pose
engine             ref
source             x
set                mine: My own
independent        no measurement of the same known
physics            not known: the device is not in the table of peaks
can be tested      on a Board: doubt check mine --network pose

## Files.
$ doubt claims validate ~/.config/doubt/claims/mine.json
*mine.json: 1 claim, My own

$ doubt claims validate ~/.config/doubt/claims/mine.json --json
{
  "name": "mine",
  "title": "My own",
  "claims": 1
}

$ printf '{"name": "m", "title": "t",\n"claims": [\n{"id": "a", "device": "B", "network": "resnet51",\n"figure": "1", "unit": "s", "source": "x"}]}' >bad.json; doubt claims validate bad.json
doubt: bad.json, line 3, claim "a", field "network": there is no network "resnet51": did you mean "resnet50"? *; or "", and a remark that says why it is unknown
? 2

$ printf '{"name": "m", "title": "t",\n"claims": [\n{"id": "a", "device": "B", "network": "",\n"figure": "1", "unit": "s", "source": "x"}]}' >bad.json; doubt claims validate bad.json
doubt: bad.json, line 3, claim "a", field "title": it is needed where network is "": what the source calls it
? 2

$ printf '{"name": "m", "title": "t",\r\n"claims": [\r\n{"id": "a", "device": "B", "network": "pose",\r\n"figure": "-1", "unit": "s", "source": "x"}]}' >bad.json; doubt claims validate bad.json
doubt: bad.json, line 4, claim "a", field "figure": *
? 2

$ printf '\377' >bad.json; doubt claims validate bad.json
doubt: bad.json, line 1, *
? 2

$ head -c 2000000 /dev/zero >big.json; doubt claims validate big.json
doubt: *big.json*
? 2

$ truncate -s 1G huge.json; doubt claims validate huge.json
doubt: *huge.json* 1048576 *
? 2

$ head -c 700 /dev/zero | tr '\0' '[' >deep.json; doubt claims validate deep.json
doubt: deep.json, line 1*
? 2

$ printf '{"name": "m", "title": "t", "claims": [{"id": "a", "figure": "36' >cut.json; doubt claims validate cut.json
doubt: cut.json, line 1*
? 2

$ printf '{"name": "m", "title": "t",\n"claims": [\n{"id": "a", "device": "B", "network": "pose", "figure": "1", "unit": "s", "source": "x"},\n{"id": "a", "device": "B", "network": "pose", "figure": "2", "unit": "s", "source": "x"}]}' >twice.json; doubt claims validate twice.json
doubt: twice.json, line 4, claim "a", field "id": another claim of this file has the same
? 2

$ printf '{"name": "m", "title": "t",\n"claims": [\n{"id": "a", "device": "B", "network": "pose", "figure": "1", "unit": "s",\n"samples": 0, "source": "x"}]}' >zero.json; doubt claims validate zero.json
doubt: zero.json, line 4, claim "a", field "samples": an integer of at least 1 is needed; leave it out if not stated
? 2

$ doubt claims validate none.json
doubt: *none.json*
? 2

## Bad input
$ doubt claims show nano-resnet51 2>&1 | tail -n 1
doubt: there is no claim "nano-resnet51": did you mean "nano-resnet50"? doubt claims SET lists a set's claims

$ doubt claims jetson-nano-2091
doubt: there is no claim set "jetson-nano-2091": did you mean "jetson-nano-2019"?*
? 2

$ doubt claims show
doubt: show needs a claim: doubt claims show nano-resnet50
? 2

$ doubt claims validate
doubt: validate needs a file: doubt claims validate ./my-board.json
? 2

$ doubt claims coral ncnn
doubt: "ncnn" is one word too many: accepted are a set's name, show ID, add SET and validate FILE
? 2

$ doubt claims ceilings ncnn
doubt: "ceilings" is an option: doubt claims --ceilings, or doubt claims SET --ceilings
? 2

$ doubt claims ncnn --ceilings --contradictions
doubt: --ceilings and --contradictions are two lists: give one
? 2

$ doubt claims show nano-resnet50 --year 2019
doubt: show takes one name; --device, --network, --vendor, --year, --ceilings and --contradictions are for lists
? 2

$ doubt claims --year 1066
doubt: --year "1066" is not a whole number from 1990 to 2999; *
? 2

## What rests on a peak for which no source could be read is marked.
$ COLUMNS=200 doubt claims --device 'Jetson Orin NX' --ceilings
doubt: left out: */broken.json, line 2, column 0: not JSON: string or '}' expected near end of file
claim                                       device           network          input     precision              figure    GOP   of peak            ceiling   by memory   binds        possible?
orin-nx-resnet-50-v1-5-c156-single-stream   Jetson Orin NX   ResNet-50 v1.5   224x224   i8                   1.088 ms   8.18    19.6 %            0.21 ms     0.17 ms   arithmetic   possible
orin-nx-resnet-50-v1-5-c157-offline         Jetson Orin NX   ResNet-50 v1.5   224x224   i8          2517.99 samples/s   8.18   ?22.6 %   ?11120 samples/s        none   arithmetic   possible
orin-nx-retinanet-c158-single-stream        Jetson Orin NX   RetinaNet        800x800   i8                  34.192 ms                                                                the network's work is not known
orin-nx-retinanet-c159-offline              Jetson Orin NX   RetinaNet        800x800   i8          36.1357 samples/s                                                                the network's work is not known

Figures after a ? are not verified: no source that states the device's peak or bandwidth could be
read

$ doubt claims show orin-nx-resnet-50-v1-5-c157-offline | grep -A2 -E '^(physics|peak)'
doubt: left out: */broken.json, line 2, column 0: not JSON: string or '}' expected near end of file
physics            possible: 2518/s x 8.18 GOP = 20592.1 GOP/s, 22.6 % of 90936.9 (32 tensor cores x
                   512 MAC x 2 x 1.173 GHz + not more than the same unit in the AGX Orin; its clock
                   here was not read, 2 of them, not verified); ceiling 1.112e+04/s; memory sets no
--
peak from          no source that could be read: not verified
memory from        https://github.com/ultralytics/ultralytics, docs/en/guides/nvidia-jetson.md at
                   01007503, after NVIDIA's page of the modules, read 2026-11

$ COLUMNS=200 doubt claims --device 'Raspberry Pi 3 Model B Plus' --ceilings
doubt: left out: */broken.json, line 2, column 0: not JSON: string or '}' expected near end of file
claim                                                device                        network            input        figure    GOP   of peak   ceiling   by memory   binds        possible?
rpi-3-model-b-plus-mobilenet-v2-ssd-m13-tensorflow   Raspberry Pi 3 Model B Plus   MobileNet-V2 SSD   300x300    654.0 ms                                                       the network's work is not known
rpi-3-model-b-plus-mobilenet-v2-ssd-m13-tflite       Raspberry Pi 3 Model B Plus   MobileNet-V2 SSD   300x300    379.6 ms                                                       the network's work is not known
rpi-3-model-b-plus-resnet-50-c242                    Raspberry Pi 3 Model B Plus   ResNet-50          224x224   587.42 ms   7.72    29.3 %    172 ms    ?6.26 ms   arithmetic   possible
rpi-3-model-b-plus-mobilenet-v2-c243                 Raspberry Pi 3 Model B Plus   MobileNet-V2       224x224   111.68 ms   0.60    12.0 %   13.4 ms    ?0.78 ms   arithmetic   possible

Figures after a ? are not verified: no source that states the device's peak or bandwidth could be
read

$ doubt claims show rpi-3-model-b-plus-resnet-50-c242 | grep -A2 -E '^(physics|memory)'
doubt: left out: */broken.json, line 2, column 0: not JSON: string or '}' expected near end of file
physics            possible: 1.702/s x 7.72 GOP = 13.1 GOP/s, 29.3 % of 44.8 (4 cores x 4 lanes x 2
                   (FMA) x 1.4 GHz (3B+; 1.2 GHz in the 3B)); ceiling 5.806/s, at the highest peak
                   since no precision is stated; memory allows 159.8/s: 25.03 MB at 4 GB/s (not
--
memory from        no source that could be read: not verified
can be tested      no: unknown network; on the CPU, 4 threads

$ doubt claims --device 'Jetson Orin NX' --ceilings --json | grep -c '"peak_verified": false'
doubt: left out: */broken.json, line 2, column 0: not JSON: string or '}' expected near end of file
1

## What is empty is said to be.
$ doubt check /dev/null
doubt: /dev/null is empty: there is no claim set in it; docs/CLAIMS.md has the format
? 2

$ printf ' \n' >blank.json; doubt claims validate blank.json
doubt: blank.json is empty: there is no claim set in it; docs/CLAIMS.md has the format
? 2

$ doubt claims validate ''
doubt: the file's name is empty
? 2

$ doubt import ''
doubt: a file's name is empty: name the file, or - for standard input
? 2

## Other encodings: a byte order mark is passed over, UTF-16 is named.
$ (printf '\357\273\277'; cat data/claims/shared-rows.json) >bom.json; doubt claims validate bom.json
bom.json: 4 claims, Several figures of one network and batch

$ (printf '\357\273\277'; sed 's/resnet50/resnet51/' data/claims/shared-rows.json) >bom.json; doubt claims validate bom.json
doubt: bom.json, line 6, claim "a", field "network": there is no network "resnet51": did you mean "resnet50"? *
? 2

$ printf '\377\376{\000' >utf16.json; doubt claims validate utf16.json
doubt: utf16.json is UTF-16 text: convert it, with iconv -f UTF-16 -t UTF-8
? 2
