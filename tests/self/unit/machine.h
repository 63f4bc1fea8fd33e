/* SPDX-License-Identifier: MIT */
/* The kernel's state on the model, fresh for each test. */
#pragma once

#include <setjmp.h>

#include "arch/model/model.h"
#include "kernel/hooks/guard.h"
#include "kernel/hooks/race.h"
#include "kernel/smp/percpu.h"
#include "mm/mm.h"
#include "mm/page/swap.h"
#include "mm/page/zero.h"

/*
 * Resets memory and CPUs, with guards on, default choices, and no hooks. Frame 0 is the zero page,
 * and all other frames are free.
 */
void machine_reset(void);

/* panic_running() is true for this CPU. A reset sets it to none. */
extern unsigned machine_dying;

/* Returns a frame of the zone, filled with one word. The caller has the reference. Never NULL. */
struct page *new_frame(enum zone_id zone);
/* Returns an entry writable for the user, young and dirty. */
pte_t user_pte(struct page *page);
/* Establishes a fresh frame of the zone at va, which must succeed. Returns the frame. */
struct page *map_frame(struct mm *mm, vaddr_t va, enum zone_id zone);
/* Calls mm_switch() on that CPU. */
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
 * True if the statement panics. panic_says() can then look at the text. Locks and disabled
 * interrupts of the statement stay, so reset the machine afterwards.
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
