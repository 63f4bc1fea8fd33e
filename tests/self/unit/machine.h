/* SPDX-License-Identifier: MIT */
/* The kernel's state on the model, as each test wants it: fresh. */
#pragma once

#include <setjmp.h>

#include "arch/model/model.h"
#include "kernel/hooks/guard.h"
#include "kernel/hooks/race.h"
#include "kernel/smp/percpu.h"
#include "mm/mm.h"
#include "mm/page/page.h"

/* Memory and CPUs reset, guards on, default choices, no hooks, all frames but frame 0 free. */
void machine_reset(void);

/* The CPU for which panic_running() is true; none at the reset. */
extern unsigned machine_dying;

/* A frame of the zone, its contents one word; the caller has the reference. Never NULL. */
struct page *new_frame(enum zone_id zone);
/* What a user may write, young and dirty. */
pte_t user_pte(struct page *page);
/* A fresh frame of the zone at va, and mm_establish() must succeed; returns it. */
struct page *map_frame(struct mm *mm, vaddr_t va, enum zone_id zone);
/* mm_switch() on that CPU. */
void load_on(unsigned cpu, struct mm *mm);

#define AS_CPU(cpu, statement)                                                                     \
	do {                                                                                       \
		unsigned was_cpu_ = model_switch_cpu(cpu);                                         \
		statement;                                                                         \
		model_switch_cpu(was_cpu_);                                                        \
	} while (0)
#define GUARD_OFF(name)	      (guard_off[GUARD_##name] = 1)
#define CHOOSE(choice, value) (choice_value[CHOICE_##choice] = VALUE_##choice##_##value)

/*
 * True if the statement panics, in a way that panic_says() can look at. What the statement left
 * behind (locks, interrupts off) stays: reset the machine afterwards.
 */
#define PANICS(statement)                                                                          \
	({                                                                                         \
		volatile bool panicked_ = true;                                                    \
		if (!setjmp(panic_target)) {                                                       \
			panic_expected = true;                                                     \
			statement;                                                                 \
			panicked_ = false;                                                         \
		}                                                                                  \
		panic_expected = false;                                                            \
		panicked_;                                                                         \
	})
extern jmp_buf panic_target;
extern bool panic_expected;
bool panic_says(const char *part);
