## The built-in networks: counted from the graph, written as ONNX.
$ doubt networks
name               title              input              parameters             MACs    weights
ssd-mobilenet-v2   SSD-Mobilenet-V2   f32 1x3x300x300     *    * MB
resnet50           ResNet-50          f32 1x3x224x224    25,557,096    3,857,973,248   *
inception-v4       Inception V4       f32 1x3x299x299    42,679,816   12,253,974,624   *
pose               Pose Estimation    f32 1x3x256x456     4,108,594    7,685,898,240   *
super-resolution   Super Resolution   f32 1x3x321x481        68,059   10,479,504,672   *
vgg19              VGG-19             f32 1x3x224x224   143,667,240   19,632,062,464   574.7 MB
unet               U-Net              f32 1x1x512x512       *
tiny-yolov3        Tiny YOLO V3       f32 1x3x416x416     *
mobilenet-v2       MobileNet-v2       f32 1x3x300x300     *

$ doubt networks resnet50 --batch 2
resnet50           ResNet-50
...
input              f32 2x3x224x224
parameters         25,557,096
MACs               7,715,946,496
...
source             *
...
certainty          certain*
...

$ doubt networks resnet50 --json | grep -E '"(name|parameters|macs)"'
      "name": "resnet50",
      "parameters": 25557096,
      "macs": 3857973248,

$ doubt networks --json | grep -c '"name"'
9

$ doubt networks --export super-resolution -o sr.onnx
*  sr.onnx

$ sha256sum sr.onnx | cut -d ' ' -f 1 >by-sha256sum; doubt networks --export super-resolution -o again.onnx | cut -d ' ' -f 1 | cmp - by-sha256sum

$ doubt networks --export super-resolution -o f16.onnx --precision f16 -q; stat -c %s sr.onnx f16.onnx
27*
1*

## Bad input
$ doubt networks resnet51
doubt: *"resnet51"*resnet50*
? 2

$ doubt networks --export nothing -o x.onnx; ls x.onnx
doubt: *"nothing"*
ls: *
? 2

$ doubt networks --export pose
doubt: --export needs a file to write: -o pose.onnx
? 2

$ doubt networks -o x.onnx
doubt: -o x.onnx: nothing to write; --export NAME says which network
? 2

$ doubt networks --export pose -o /no/such/folder/x.onnx
doubt: *
? 2

$ doubt networks --precision f61
doubt: --precision "f61" is unknown; accepted: f32, f16; doubt networks --help lists what it takes
? 2

$ doubt networks --batch 0
doubt: --batch "0" is not a whole number from 1 to 4096; doubt networks --help lists what it takes
? 2

## What is no file is not replaced by one.
$ mkfifo pipe; doubt networks --export super-resolution -o pipe; ls -l pipe | cut -c 1; rm pipe
doubt: pipe is a device, pipe or socket, which a file would replace: give the path of a file
p
