/* SPDX-License-Identifier: MIT */
/*
 * How fast the TSC counts, from what a PC has to measure it by or says of it. Pure code: the
 * counters are the caller's functions. Rates are in kHz, and 0 is a rate that is not known.
 */
#pragma once

#include "kernel/compiler.h"

#define CLOCK_KHZ_MIN 1000u	/* an interpreter's TSC */
#define CLOCK_KHZ_MAX 20000000u /* twice what any CPU does */
/* With nothing to tell it by: more than today's CPUs do, so that no wait is cut short. */
#define CLOCK_KHZ_GUESS 5000000u

/* In the order in which they are believed: what is measured, then what the CPU says of itself. */
enum clock_source {
	CLOCK_PIT,
	CLOCK_PM_TIMER,
	CLOCK_HPET,
	CLOCK_CPUID15,
	CLOCK_CPUID16,
	CLOCK_GUESS,
	NR_CLOCK_SOURCES,
};
#define NR_CLOCK_COUNTERS (CLOCK_HPET + 1)
extern const char *const clock_source_name[NR_CLOCK_SOURCES];

/* A counter of known rate. start: sets it going. stop: leaves it as it was, and returns false if
 * the count cannot be trusted. Both may be NULL. */
struct clock_counter {
	void (*start)(void);
	bool (*stop)(void);
	u32 (*read)(void); /* counts upwards */
	u32 mask;	   /* of the bits that it has, from bit 0 on */
	u32 period_fs;	   /* femtoseconds of a tick */
};

struct clock_choice {
	enum clock_source source;
	u32 khz;
	enum clock_source check; /* a second counter, or CLOCK_GUESS: there was none */
	u32 check_khz;
	bool agree;
};

/* The TSC, as cycles() reads it, for about 5 ms of the counter. 0 if that stands still, or if the
 * result is below CLOCK_KHZ_MIN or above CLOCK_KHZ_MAX. */
u32 clock_rate_measure(const struct clock_counter *counter, u64 (*cycles)(void));
/* `cycles` of the TSC took `ticks` of a counter. */
u32 clock_rate_of(u64 cycles, u32 ticks, u32 period_fs);
/* CPUID leaf 15H: EAX, EBX and ECX (SDM vol. 2, CPUID). signature: EAX of leaf 1. */
u32 clock_rate_cpuid15(u32 denominator, u32 numerator, u32 crystal_hz, u32 signature);
/* CPUID leaf 16H, EAX: the base frequency in MHz, which the TSC keeps (SDM vol. 3, 18.17). */
u32 clock_rate_cpuid16(u32 base_mhz);
/* khz: by source. Two counters that differ by more than an eighth do not agree, and then the faster
 * rate is taken, because a wait that is too long harms nobody. */
struct clock_choice clock_choose(const u32 khz[NR_CLOCK_SOURCES]);
