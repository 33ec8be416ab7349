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
$ doubt check trt-pose
doubt: nothing of trt-pose can be measured: nano-trt-pose-resnet18-att-c58 (unknown network), *
? 2

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
