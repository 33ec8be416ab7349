/* wrong_abi.c: a plug-in of a later version of the contract. */
#include "misbehave.h"

MISBEHAVE("wrong-abi", "is built for another contract", ops.abi = DOUBT_ENGINE_ABI + 1)
