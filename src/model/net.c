/* net.c: see net.h: the table of networks. */
#include "model/net.h"

#include "model/net_int.h"
#include "model/tensor.h"
#include "util/str.h"

#include <strings.h>

/* The chart's five first. */
static const struct doubt_net nets[] = {
    {"ssd-mobilenet-v2", "SSD-Mobilenet-V2",
     "finds objects of 36 classes in 300x300 pixels, non-maximum suppression included",
     "NVIDIA's sampleUffSSD_rect (37 classes, post-processing), TensorFlow Object Detection API's "
     "ssd_mobilenet_v2_coco_2018_03_29 (body, anchors)",
     "certain: classes, input size and post-processing; inferred: body, taps and anchors",
     doubti_build_ssd},
    {"resnet50", "ResNet-50", "classifies 224x224 pixels into 1000 classes",
     "ResNet50_224x224.prototxt (Caffe ResNet-50 v1: stride in the first 1x1 of a stage)",
     "certain: every layer", doubti_build_resnet50},
    {"inception-v4", "Inception V4", "classifies 299x299 pixels into 1000 classes",
     "inception_v4.prototxt (Caffe)", "certain: every layer", doubti_build_inception_v4},
    {"pose", "Pose Estimation", "finds people's joints in 456x256 pixels",
     "pose_estimation.prototxt (layer for layer Open Model Zoo's human-pose-estimation-0001)",
     "certain: every layer; the chart's label says 256x256, the file 256x456", doubti_build_pose},
    {"super-resolution", "Super Resolution", "makes 1443x963 pixels out of 481x321",
     "super_resolution_bsd500 (ONNX, exported by PyTorch)", "certain: every layer",
     doubti_build_super_resolution},
    {"vgg19", "VGG-19", "classifies 224x224 pixels into 1000 classes", "vgg19_N2.prototxt (Caffe)",
     "certain: every layer", doubti_build_vgg19},
    {"unet", "U-Net", "segments 512x512 grey pixels", "unet-segmentation.uff (Keras)",
     "certain: every layer", doubti_build_unet},
    {"tiny-yolov3", "Tiny YOLO V3", "finds objects of 80 classes in 416x416 pixels; raw heads",
     "yolov3-tiny.cfg (Darknet)",
     "certain: every layer; decoding of the heads, part of the chart's figure, is left out",
     doubti_build_tiny_yolov3},
    {"mobilenet-v2", "MobileNet-v2", "classifies 300x300 pixels into 1000 classes; logits",
     "Sandler et al. 2018, width 1.0",
     "inferred: no file of the chart's network is known; the size is the chart's",
     doubti_build_mobilenet_v2},
};

enum { NET_COUNT = sizeof nets / sizeof nets[0], BATCH_MAX = 4096 };

size_t doubt_net_count(void)
{
    return NET_COUNT;
}

const struct doubt_net *doubt_net_at(size_t i)
{
    return i < NET_COUNT ? &nets[i] : NULL;
}

enum doubt_code doubt_net_find(const char *name, const struct doubt_net **net,
                               struct doubt_err *err)
{
    struct doubt_str list;
    const char *names[NET_COUNT + 1] = {NULL};
    doubt_str_init(&list, 700);
    for (size_t i = 0; i < NET_COUNT; i++) {
        if (strcasecmp(name, nets[i].name) == 0 || strcasecmp(name, nets[i].title) == 0) {
            doubt_str_free(&list);
            *net = &nets[i];
            return DOUBT_OK;
        }
        names[i] = nets[i].name;
        doubt_str_addf(&list, "%s%s", i == 0 ? "" : ", ", names[i]);
    }
    doubt_err_set(err, DOUBT_E_NOT_FOUND, "there is no network \"%.100s\"%s built in are %s", name,
                  doubt_str_hint(name, names, "").text, doubt_str_text(&list));
    doubt_str_free(&list);
    return DOUBT_E_NOT_FOUND;
}

enum doubt_code doubt_net_build(const struct doubt_net *net, const struct doubt_net_params *params,
                                struct doubt_graph **graph, struct doubt_err *err)
{
    *graph = NULL;
    if (params->batch < 1 || params->batch > BATCH_MAX)
        return doubt_err_set(err, DOUBT_E_ARGUMENT, "batch %d for %s; 1 to %d are accepted",
                             (int)params->batch, net->name, BATCH_MAX);
    if (params->dtype != DOUBT_F32 && params->dtype != DOUBT_F16)
        return doubt_err_set(err, DOUBT_E_ARGUMENT,
                             "element type %s for %s; f32 and f16 are accepted",
                             doubt_dtype_name(params->dtype), net->name);
    struct doubt_graph *made = doubt_graph_new(net->name);
    if (made == NULL)
        return doubt_err_set(err, DOUBT_E_MEMORY, "out of memory while building %s", net->name);
    enum doubt_code code = net->build(made, params, err);
    if (code == DOUBT_OK)
        *graph = made;
    else
        doubt_graph_free(made);
    return code;
}
