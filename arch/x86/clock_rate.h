/* SPDX-License-Identifier: MIT */
/*
 * The rate of the TSC, measured by a PC's counters or told by its CPU. Pure code, because the
 * counters are the caller's functions. Rates are in kHz, and 0 is an unknown rate.
 */
#pragma once

#include "kernel/compiler.h"

#define CLOCK_KHZ_MIN 1000u	/* an interpreter's TSC */
#define CLOCK_KHZ_MAX 20000000u /* twice the rate of any CPU */
/* The rate if nothing tells it. It is above that of today's CPUs, so that no wait is cut short. */
#define CLOCK_KHZ_GUESS 5000000u

/* The most trusted first. Measured rates come before those the CPU tells. */
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

/* A counter of known rate. start() sets it going. stop() leaves it as it was, and returns false if
 * the count cannot be trusted. Both may be NULL. */
struct clock_counter {
	void (*start)(void);
	bool (*stop)(void);
	u32 (*read)(void); /* counts upwards */
	u32 mask;	   /* its bits, from bit 0 on */
	u32 period_fs;	   /* femtoseconds of a tick */
};

struct clock_choice {
	enum clock_source source;
	u32 khz;
	enum clock_source check; /* a second counter, or CLOCK_GUESS if there was none */
	u32 check_khz;
	bool agree;
};

/* Measures the TSC for about 5 ms of the counter, by the caller's cycles(). Returns 0 if the
 * counter stands still, or if the rate is below CLOCK_KHZ_MIN or above CLOCK_KHZ_MAX. */
u32 clock_rate_measure(const struct clock_counter *counter, u64 (*cycles)(void));
/* Returns the TSC's rate if it counts `cycles` in `ticks` of a counter. */
u32 clock_rate_of(u64 cycles, u32 ticks, u32 period_fs);
/* Takes EAX, EBX and ECX of CPUID leaf 15H (SDM vol. 2, CPUID), and EAX of leaf 1 in signature. */
u32 clock_rate_cpuid15(u32 denominator, u32 numerator, u32 crystal_hz, u32 signature);
/* Takes EAX of CPUID leaf 16H, the base frequency in MHz, which is also the TSC's (SDM vol. 3,
 * 18.17). */
u32 clock_rate_cpuid16(u32 base_mhz);
/* Takes a rate per source. If two counters differ by more than an eighth, they do not agree. Then
 * the faster rate is taken, because too long a wait harms nobody. */
struct clock_choice clock_choose(const u32 khz[NR_CLOCK_SOURCES]);
