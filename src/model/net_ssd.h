/* net_ssd.h: what the two files of SSD-Mobilenet-V2 share: net_ssd.c (feature maps, heads) and
 * net_ssd_nms.c (anchors, boxes, suppression). Only for these.
 */
#ifndef DOUBT_MODEL_NET_SSD_H
#define DOUBT_MODEL_NET_SSD_H

#include "model/net_int.h"

enum { DOUBTI_SSD_CLASSES = 37, DOUBTI_SSD_MAPS = 6, DOUBTI_SSD_ANCHORS = 1917 };

/* Feature maps, fine to coarse: positions along a side, anchors at each position. */
struct doubti_ssd_map {
    int size, anchors;
};
extern const struct doubti_ssd_map doubti_ssd_maps[DOUBTI_SSD_MAPS];

/* The 100 best detections of each image, [N, 100, 7]: image, label, score, x1, y1, x2, y2. raw is
 * [N, 1917, 4], scores [N, 1917, 37]. */
const char *doubti_ssd_detect(struct doubti_net *n, const char *raw, const char *scores);

#endif
