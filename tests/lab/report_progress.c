/* SPDX-License-Identifier: MIT */
/* Reports how far the run is, with its plan, its passes, and the rest of one. */
#include <asm/clock.h>
#include <asm/smp.h>

#include "kernel/div.h"
#include "kernel/printk.h"
#include "tests/lab/passes.h"
#include "tests/lab/plant.h"
#include "tests/lab/report.h"

#define SECOND_NS     1000000000u
#define TELL_EVERY_NS (SECOND_NS / 2)

static u64 all_rounds, all_overlaps; /* of stress, in all passes */

void report_plan(unsigned n)
{
	passes_plan(n);
	printk("1..%u\n", n + planted(PLANT_plan));
}

void report_rounds(u32 rounds, u32 overlaps)
{
	all_rounds += rounds;
	all_overlaps += overlaps;
}

void report_pass(u32 of)
{
	static u64 told;
	u64 now = clock_ns();
	u32 seconds = (u32)div_u64(now, SECOND_NS, NULL);

	/* Passes of few variants take milliseconds, and nobody reads so many lines. */
	if (!pass_is_first() && now - told < SECOND_NS)
		return;
	told = now;
	printk("# ev=pass n=%u of=%u passed=%u failed=%u skipped=%u known=%u rounds=%llu overlaps=%llu seconds=%u\n",
	       pass_number(), of, pass_count(ROW_PASSED), pass_count(ROW_FAILED),
	       pass_count(ROW_SKIPPED), pass_count(ROW_KNOWN), (unsigned long long)all_rounds,
	       (unsigned long long)all_overlaps, seconds);
}

/* A moment by the clock of one CPU. Two clocks are never compared. */
struct moment {
	u64 ns;
	unsigned cpu;
};

static struct {
	u32 done, of;
	u64 left;		    /* ns, about, at `looked` */
	struct moment told, looked; /* told between variants, looked also within one */
} progress;

static struct moment this_moment(void)
{
	return (struct moment){clock_ns(), cpu_id()};
}

/* Returns the ns since the moment. On another CPU it returns 0, and the moment begins anew. */
static u64 since(struct moment *moment)
{
	struct moment now = this_moment();

	if (moment->cpu == now.cpu)
		return now.ns - moment->ns;
	*moment = now;
	return 0;
}

static void print_progress(void)
{
	printk("# ev=progress done=%u of=%u eta=%u\n", progress.done, progress.of,
	       (u32)div_u64(progress.left + SECOND_NS / 2, SECOND_NS, NULL));
}

void report_progress(u32 done, u32 of, u32 eta)
{
	bool end = pass_is_first() && (!done || done == of);

	progress.done = done;
	progress.of = of;
	progress.left = (u64)eta * SECOND_NS;
	progress.looked = this_moment();
	if (!end && since(&progress.told) < TELL_EVERY_NS)
		return;
	progress.told = progress.looked;
	print_progress();
}

void report_tick(void)
{
	u64 passed = since(&progress.looked);

	if (passed < TELL_EVERY_NS)
		return;
	progress.looked = this_moment();
	progress.left -= min(passed, progress.left);
	print_progress();
}
