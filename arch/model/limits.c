/* SPDX-License-Identifier: MIT */
/* What the model has room for, and what has run out. */
#include "arch/model/machine.h"

const char *model_limit;
unsigned model_room_buffer = MODEL_BUFFER, model_room_old = MODEL_OLD, model_room_tlb = MODEL_TLB;
