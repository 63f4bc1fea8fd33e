/* SPDX-License-Identifier: MIT */
/* The items of a counterexample, for a schedule to be made of it. */
#pragma once

#include "arch/model/machine.h"

#define MAX_ACCESSES 8u

enum item_kind {
	ITEM_STEP,	/* of the counterexample */
	ITEM_POINT,	/* a race point is reached */
	ITEM_INTERRUPT, /* one is taken and its handler begins. A step too */
};

struct accessed {
	u64 address;
	u32 size;
	bool write;
};

/* One event, in the order of the counterexample. */
struct item {
	u8 kind, cpu;
	u8 level;	/* the number of interrupts the CPU is inside of, an interrupt counting
			 * itself */
	bool irqs_off;	/* OP_IPI's target has its interrupts off */
	u8 point;	/* the enum race_point of an ITEM_POINT */
	u8 op;		/* the enum op_kind of an ITEM_STEP */
	u8 target, ipi; /* of an OP_IPI; an ITEM_INTERRUPT has ipi */
	u64 found;	/* the old value of an OP_READ or OP_RMW */
	unsigned
		step; /* its number in the counterexample, from 1. A point has its CPU's last one */
	unsigned nr_accesses;
	struct accessed access[MAX_ACCESSES];
};
