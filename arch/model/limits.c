/* SPDX-License-Identifier: MIT */
/* The model's limits, and the one that ran out. */
#include "arch/model/machine.h"

const char *model_limit;
unsigned model_room_buffer = MODEL_BUFFER, model_room_old = MODEL_OLD, model_room_tlb = MODEL_TLB;
