## A claim of one's own, by options; it is checked as a file would be.
$ doubt claims add my-board --title 'My board, 2026' -F id=mine-1 -F 'device=My Board' -F network=resnet50 -F figure=1,804.9 -F unit=FPS -F source=https://example.org -F batch=8 -F precision=f16
mine-1 is in */.config/doubt/claims/my-board.json: doubt claims show mine-1

$ doubt claims show mine-1
mine-1
figure             1,804.9 FPS
reads as           1804.85 … 1804.95 FPS
device             My Board
network            resnet50, built in as resnet50
precision          f16
batch              8
source             https://example.org
set                my-board: My board, 2026
independent        no measurement of the same known
physics            not known: the device is not in the table of peaks
can be tested      on a My Board: doubt check my-board --network resnet50

$ doubt claims add my-board -F id=mine-2 -F 'device=My Board' -F 'title=BERT' -F 'remark=unknown network: not built in' -F figure=2.31 -F unit=ms -F source=https://example.org --json
{
  "id": "mine-2",
  "set": "my-board",
  "path": "*/.config/doubt/claims/my-board.json"
}

$ cat ~/.config/doubt/claims/my-board.json
{
  "name": "my-board",
  "title": "My board, 2026",
  "claims": [
    {
      "id": "mine-1",
      "device": "My Board",
      "network": "resnet50",
      "figure": "1,804.9",
      "unit": "FPS",
      "source": "https://example.org",
      "batch": 8,
      "precision": "f16"
    },
    {
      "id": "mine-2",
      "device": "My Board",
      "title": "BERT",
      "remark": "unknown network: not built in",
      "figure": "2.31",
      "unit": "ms",
      "source": "https://example.org",
      "network": ""
    }
  ]
}

$ doubt claims validate ~/.config/doubt/claims/my-board.json
*/.config/doubt/claims/my-board.json: 2 claims, My board, 2026

## All that is missing at once; a figure may bring its unit.
$ doubt claims add other-board
doubt: a claim needs device (the device, as it names itself), network (one that is built in; else title and remark), figure (the figure, digit for digit as it is written), unit (its unit: FPS, img/s, samples/s, inf/s, QPS, ips, ns, us, ms, s), source (where it stands: an address, a page), id (a name for the claim, that no other has): give --field NAME=VALUE for each, or --ask
? 2

$ doubt claims add other-board -F id=other-1 -F device=Other -F network=resnet50 -F 'figure=up to 36FPS' -F source=x && doubt claims show other-1 | sed -n 2,3p
other-1 is in */.config/doubt/claims/other-board.json: doubt claims show other-1
figure             up to 36 FPS
reads as           below 36.5 FPS

$ doubt claims add other-board -F id=other-2 -F device=Other -F network=resnet50 -F 'figure=36 frames' -F source=x
doubt: field "figure": figure "36 frames": unit "frames" is not known; accepted are ns, us, ms, s, FPS, img/s, images/s, samples/s, inf/s, ips, QPS
? 2

$ doubt claims add other-board -F id=other-2 -F device=Other -F network=resnet50 -F figure=36FPS -F unit=ms -F source=x
doubt: --field unit is given twice
? 2

## Nothing is written that is there already, or that would stand for a shipped set.
$ doubt claims add my-board -F id=mine-1 -F 'device=My Board' -F network=vgg19 -F figure=1 -F unit=FPS -F source=x
doubt: there is a claim "mine-1" already, in my-board: choose another id
? 2

$ doubt claims add other -F id=nano-resnet50 -F 'device=My Board' -F network=vgg19 -F figure=1 -F unit=FPS -F source=x
doubt: there is a claim "nano-resnet50" already, in jetson-nano-2019: choose another id
? 2

$ doubt claims add my-board -F id=mine-3 -F 'device=My Board' -F network=resnet50 -F figure=1,804.9 -F unit=FPS -F source=https://example.org -F batch=8 -F precision=f16
doubt: "mine-1" of */.config/doubt/claims/my-board.json says the same: every condition, figure and source
? 2

$ doubt claims add coral -F id=mine-4 -F 'device=My Board' -F network=vgg19 -F figure=1 -F unit=FPS -F source=x
doubt: coral is a shipped set, and a file of that name would stand for it; choose another name
? 2

$ doubt claims add ../coral -F id=mine-4
doubt: "../coral" cannot be a set's name: letters, digits, "-", "_" and "." are accepted, at most 64, the first a letter or digit
? 2

## Wrong fields.
$ doubt claims add my-board -F id=mine-5 -F 'device=My Board' -F network=resnet51
doubt: field "network": there is no network "resnet51": did you mean "resnet50"? built in are ssd-mobilenet-v2, resnet50, inception-v4, pose, super-resolution, vgg19, unet, tiny-yolov3, mobilenet-v2; or leave it out, and say in title what the source calls it, and in remark why it is unknown
? 2

$ doubt claims add my-board -F figure=fast -F unit=FPS
doubt: field "figure": figure "fast": no positive number found; accepted are forms such as 36 FPS, 27.8 ms, up to 1,804.9 img/s, ~2.2k QPS
? 2

$ doubt claims add my-board -F figure=-1
doubt: field "figure": figure "-1 ms": no positive number found; accepted are forms such as 36 FPS, 27.8 ms, up to 1,804.9 img/s, ~2.2k QPS
? 2

$ doubt claims add my-board -F figure=nan -F unit=FPS
doubt: field "figure": figure "nan": no positive number found; accepted are forms such as 36 FPS, 27.8 ms, up to 1,804.9 img/s, ~2.2k QPS
? 2

$ doubt claims add my-board -F batch=0
doubt: field "batch": an integer of at least 1 is needed
? 2

$ doubt claims add my-board -F batch=1e3
doubt: field "batch": an integer of at least 1 is needed
? 2

$ doubt claims add my-board -F precision=fp16
doubt: field "precision": "fp16" is not known; one of: f32 tf32 bf16 f16 i8; "" is not stated
? 2

$ doubt claims add my-board -F devise=Nano
doubt: a claim has no field "devise": did you mean "device"? there are: device, network, title, figure, unit, source, date, input, label, framework, file, output, precision, batch, engine, power_mode, boundary, statistic, condition, samples, confidence, row, remark, id
? 2

$ doubt claims add my-board -F device
doubt: --field "device" is not NAME=VALUE, for example device="Jetson Nano"
? 2

$ doubt claims add my-board -F device=a -F device=b
doubt: --field device is given twice
? 2

$ doubt claims add my-board -F "source=$(printf '\377')"
doubt: field "source": the text is not UTF-8
? 2

$ doubt claims add my-board -F "source=$(printf 'a\033[31mb')"
doubt: field "source": the text has control characters
? 2

$ doubt claims add my-board -F 'device=My Board' -F network=vgg19
doubt: a claim needs figure (the figure, digit for digit as it is written), unit (its unit: FPS, img/s, samples/s, inf/s, QPS, ips, ns, us, ms, s), source (where it stands: an address, a page), id (a name for the claim, that no other has): give --field NAME=VALUE for each, or --ask
? 2

$ doubt claims add my-board -F 'device=My Board' -F figure=1 -F unit=FPS -F source=x -F id=b
doubt: a claim needs network (one that is built in; else title and remark): give --field NAME=VALUE for each, or --ask
? 2

$ doubt claims add
doubt: add needs a set: doubt claims add my-board
? 2

$ doubt claims coral --field a=b
doubt: --field, --title and --ask are for doubt claims add SET
? 2

$ ls ~/.config/doubt/claims; grep -c '"id"' ~/.config/doubt/claims/my-board.json
my-board.json
other-board.json
2

## Asked for field by field; an answer that will not do is asked for again.
$ printf '%s\n' 'My Board' resnet51 resnet50 '' '' fast 36 hours FPS '' https://example.org 2026 '' '' '' '' '' fp16 f16 none 4 '' '' call '' '' '' read '' '' mine-1 mine-6 | doubt claims add my-board --ask 2>&1 | tr -d '\r' | sed 's/: doubt:/\n&/g'
device (needed): the device, as it names itself: network: the built-in network, as `doubt networks` lists it; empty: not built in
: doubt: field "network": there is no network "resnet51": did you mean "resnet50"? built in are ssd-mobilenet-v2, resnet50, inception-v4, pose, super-resolution, vgg19, unet, tiny-yolov3, mobilenet-v2; or leave it out, and say in title what the source calls it, and in remark why it is unknown
network: the built-in network, as `doubt networks` lists it; empty: not built in: title: the network's name at the source: figure (needed): the figure, digit for digit as it is written
: doubt: every claim needs it
figure (needed): the figure, digit for digit as it is written
: doubt: field "figure": figure "fast": no positive number found; accepted are forms such as 36 FPS, 27.8 ms, up to 1,804.9 img/s, ~2.2k QPS
figure (needed): the figure, digit for digit as it is written: unit (needed): its unit: FPS, img/s, samples/s, inf/s, QPS, ips, ns, us, ms, s
: doubt: field "figure": figure "36 hours": unit "hours" is not known; accepted are ns, us, ms, s, FPS, img/s, images/s, samples/s, inf/s, ips, QPS
unit (needed): its unit: FPS, img/s, samples/s, inf/s, QPS, ips, ns, us, ms, s: source (needed): where it stands: an address, a page
: doubt: every claim needs it
source (needed): where it stands: an address, a page: date: when it was published: input: sizes of the input, height before width: 1x3x224x224: label: the size that the source prints, where it is another: framework: the framework that the source prints: TensorFlow: file: the model file that the source's instructions name: output: the outputs that were asked for, where they are not all: precision: the precision (f32 tf32 bf16 f16 i8)
: doubt: field "precision": "fp16" is not known; one of: f32 tf32 bf16 f16 i8; "" is not stated
precision: the precision (f32 tf32 bf16 f16 i8): batch: the batch: a whole number
: doubt: field "batch": an integer of at least 1 is needed
batch: the batch: a whole number: engine: the engine and its version: tensorrt 10.3: power_mode: the power mode, and whether clocks were pinned: boundary: what was timed: events on the device, the call, or host to host (call host device): statistic: mean, median, p50, p90, p95, p99 or what the source calls it: condition: what no other field can say: both DLAs, summed: samples: inferences that the figure was made of: confidence: read there, quoted by others, or inferred (read quoted inferred): row: a number in a table of your own: remark: what a reader should know; needed for a network that is not built in: id (needed): a name for the claim, that no other has
: doubt: there is a claim "mine-1" already, in my-board: choose another id
id (needed): a name for the claim, that no other has: mine-6 is in */.config/doubt/claims/my-board.json: doubt claims show mine-6

$ printf 'My Board\n' | doubt claims add my-board --ask 2>&1 | tail -n 1
device (needed): the device, as it names itself: network: the built-in network, as `doubt networks` lists it; empty: not built in: doubt: the answers ended at field "network"; nothing was written

$ TERM=xterm script -qec 'doubt claims add my-board' /dev/null </dev/null 2>&1 | tr -d '\r' | head -c 50
device (needed): the device, as it names itself: d

## A file that stands for a shipped set is said to.
$ cp ~/.config/doubt/claims/my-board.json ~/.config/doubt/claims/coral.json; doubt claims coral 2>&1 | head -n 1; doubt check coral --plan --engine null 2>&1 | head -n 1; rm ~/.config/doubt/claims/coral.json
doubt: */.config/doubt/claims/coral.json stands for the shipped set coral
doubt: */.config/doubt/claims/coral.json stands for the shipped set coral

## A broken set of one's own is not added to, and stays as it is.
$ echo '{"name": "my-board", "title": "t", "claims": [{"id": "x"}]}' >~/.config/doubt/claims/my-board.json; doubt claims add my-board -F id=mine-7 -F 'device=My Board' -F network=vgg19 -F figure=1 -F unit=FPS -F source=x; cat ~/.config/doubt/claims/my-board.json
doubt: */.config/doubt/claims/my-board.json, line 1, claim "x", field "device": it is missing, but every claim needs it
{"name": "my-board", "title": "t", "claims": [{"id": "x"}]}

## No place to write.
$ rm -r ~/.config/doubt; touch ~/.config/doubt; doubt claims add my-board -F id=mine-8 -F 'device=My Board' -F network=vgg19 -F figure=1 -F unit=FPS -F source=x
doubt: cannot make folder */.config/doubt/claims: Not a directory
? 2
