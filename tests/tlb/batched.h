/* SPDX-License-Identifier: MIT */
/* Helpers for scenarios in which page-out takes a program's page away and owes its flush, while the
 * program does something that relies on the empty slot. */
#pragma once

#include "tests/lab/driver.h"
#include "tests/lab/mapped.h"
#include "tests/lab/user.h"

enum {
	PROGRAM,
	RECLAIMER,
};

/* v->value: */
enum {
	OUT = AFTER + 1, /* how many pages went out */
	ERROR,		 /* what the program's call returned */
};

static inline void take_out(struct variant *v)
{
	v->value[OUT] = sys_driver_page_out_range(v->va, PAGE_SIZE);
}

/* The program makes its call and looks again while the flush is owed. */
static const struct step call_when_owed[] = {
	STEP(RECLAIMER, role_start, REACHED(PROGRAM, role_middle)),
	STEP(PROGRAM, role_middle, REACHED(RECLAIMER, batch_unmapped)),
	STEP(RECLAIMER, batch_unmapped, REACHED(PROGRAM, role_done)),
};
