/* SPDX-License-Identifier: MIT */
/* The bench as the machine's job, in place of the lab. */
#include "kernel/cmdline.h"
#include "kernel/printk.h"
#include "kernel/smp/job.h"
#include "tests/bench/bench.h"

/* `make bench` and tools/run pass this to every image. Here it changes nothing. */
static bool set_nothing(const char *rest, const char *value)
{
	(void)rest;
	return !value;
}
OPTION(option_bench, "bench", "", set_nothing, false);
OPTION(option_strict, "strict", "", set_nothing, false);

static void bench_main(void)
{
	printk("1..%u\n", walk_rows() + ceiling_rows() + flush_rows() + vma_rows() + fault_rows() +
				  file_rows() + swap_rows() + rmap_rows() + range_rows());
	walk_bench();
	ceiling_bench();
	flush_bench();
	vma_bench();
	fault_bench();
	file_bench();
	swap_bench();
	rmap_bench();
	range_bench();
}
MAIN_JOB("bench", bench_main);
