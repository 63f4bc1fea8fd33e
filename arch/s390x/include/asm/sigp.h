/* SPDX-License-Identifier: MIT */
/* SIGNAL PROCESSOR (Principles of Operation, chapter 4, "CPU Signaling and Response"). */
#pragma once

#include "kernel/compiler.h"

enum sigp_order {
	SIGP_SENSE = 0x01,
	SIGP_EXTERNAL_CALL = 0x02,
	SIGP_EMERGENCY = 0x03,
	SIGP_START = 0x04,
	SIGP_STOP = 0x05,
	SIGP_RESTART = 0x06,
	SIGP_STOP_AND_STORE_STATUS = 0x09,
	SIGP_INITIAL_CPU_RESET = 0x0b,
	SIGP_SET_PREFIX = 0x0d,
};

/* Condition codes */
enum sigp_answer {
	SIGP_ACCEPTED,
	SIGP_STATUS_STORED,
	SIGP_BUSY,
	SIGP_NOT_OPERATIONAL, /* there is no such CPU */
};

#define SIGP_STATUS_STOPPED 0x40u

/* Sends one order, once. *status gets the stored status if the answer is SIGP_STATUS_STORED. */
static inline enum sigp_answer sigp_once(u32 hw_id, enum sigp_order order, u64 parameter,
					 u32 *status)
{
	register u64 word __asm__("1") = parameter;
	int cc;

	__asm__ __volatile__("sigp %1,%2,0(%3)\n\tipm %0\n\tsrl %0,28"
			     : "=d"(cc), "+d"(word)
			     : "d"((u64)hw_id), "a"((u64)order)
			     : "memory", "cc");
	*status = (u32)word;
	return (enum sigp_answer)cc;
}

/* Repeats the order, bounded, while the CPU is busy with an earlier one. */
enum sigp_answer sigp(u32 hw_id, enum sigp_order order, u64 parameter, u32 *status);
