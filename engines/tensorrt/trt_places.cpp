/* trt_places.cpp: the places of trt_api.h as one table per major version.
 *
 * A unit of work is one table. Not checked here: tools/check-trt-headers does that.
 */
#include "trt_api.h"

#define PLACE_8(class_, method, result, arguments, in8, in10, in11) in8,
#define PLACE_10(class_, method, result, arguments, in8, in10, in11) in10,
#define PLACE_11(class_, method, result, arguments, in8, in10, in11) in11,
#define ONLY_8(class_, method, result, arguments, in8) in8,
#define ONLY_10(class_, method, result, arguments, in10, in11) in10,
#define ONLY_11(class_, method, result, arguments, in10, in11) in11,
#define NOT_HERE(...) -1,

/* In the order of struct trt_places. */
#define PLACES(NOW, IN_8, IN_10)                                                                   \
    {                                                                                              \
        TRT_CALLS(NOW)                                                                             \
        TRT_CALLS_8(IN_8)                                                                          \
        TRT_CALLS_10(IN_10) TRT_PARSER_CALLS(NOW) TRT_PARSER_ERASE(NOW) TRT_CALLBACKS(NOW)         \
    }

static const struct trt_places places_8 = PLACES(PLACE_8, ONLY_8, NOT_HERE);
static const struct trt_places places_10 = PLACES(PLACE_10, NOT_HERE, ONLY_10);
static const struct trt_places places_11 = PLACES(PLACE_11, NOT_HERE, ONLY_11);

const struct trt_places *trt_places_of(int major)
{
    return major == 8 ? &places_8 : major == 10 ? &places_10 : major == 11 ? &places_11 : nullptr;
}
