/* SPDX-License-Identifier: MIT */
/* What a counterexample is made of, for those who make a schedule of it. */
#pragma once

#include "arch/model/machine.h"

#define MAX_ACCESSES 8u

enum item_kind {
	ITEM_STEP,	/* of the counterexample */
	ITEM_POINT,	/* a race point is reached */
	ITEM_INTERRUPT, /* one is taken: the handler begins; a step too */
};

struct accessed {
	u64 address;
	u32 size;
	bool write;
};

/* What happened, in the order of the counterexample. */
struct item {
	u8 kind, cpu;
	u8 level;	/* how many interrupts the CPU is inside of; of an interrupt: with it */
	bool irqs_off;	/* of OP_IPI: the target's are */
	u8 point;	/* ITEM_POINT: enum race_point */
	u8 op;		/* ITEM_STEP: enum op_kind */
	u8 target, ipi; /* OP_IPI; ITEM_INTERRUPT: ipi */
	u64 found;	/* OP_READ, OP_RMW: what was there */
	unsigned
		step; /* its number in the counterexample, from 1; of a point: its CPU's last one */
	unsigned nr_accesses;
	struct accessed access[MAX_ACCESSES];
};
