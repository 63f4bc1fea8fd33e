/* SPDX-License-Identifier: MIT */
/*
 * The memory models against the litmus tests of the literature. Names are as in Alglave, Maranget
 * and Tautschnig, "Herding cats" (TOPLAS 2014), and n5 and n6 as in Sewell et al., "x86-TSO" (CACM
 * 2010).
 *
 * TSO is x86's, PSO is SPARC V9's (Architecture Manual, appendix D). WEAK has no hardware of its
 * own. not_in_weak[] lists the differences from ARMv8 and Power. A row is marked if ARM or Power
 * show it and WEAK does not.
 */
#include <asm/caps.h>

#include <stdlib.h>

#include "kernel/printk.h"
#include "tests/lab/options.h"
#include "tests/self/explore/program.h"
#include "tools/interleave/harness.h"
#include "tools/interleave/trace.h"

#define NEVER NR_MEMORY_MODELS

struct litmus {
	const char *name, *threads, *asks;
	enum memory_model from; /* the result asked for is observable under this model and weaker
				 * ones */
};

static const struct litmus tests[] = {
	/* A store, then a load of another location. */
	{"SB", "x=1 r0=y | y=1 r1=x", "r0=0 r1=0", MEMORY_TSO},
	{"SB+mb+po", "x=1 mb r0=y | y=1 r1=x", "r0=0 r1=0", MEMORY_TSO},
	{"SB+wmbs", "x=1 wmb r0=y | y=1 wmb r1=x", "r0=0 r1=0", MEMORY_TSO},
	{"SB+rmbs", "x=1 rmb r0=y | y=1 rmb r1=x", "r0=0 r1=0", MEMORY_TSO},
	/* With ARM's own pair, stlr and ldar, never. */
	{"SB+rel-acqs", "x=1.rel r0=y.acq | y=1.rel r1=x.acq", "r0=0 r1=0", MEMORY_TSO},
	/*
	 * Never on x86, because its locked instructions are full barriers. asm/atomic.h promises
	 * none.
	 */
	{"SB+ors", "x|=1 r0=y | y|=1 r1=x", "r0=0 r1=0", MEMORY_TSO},
	{"SB+xchgs", "r2=x<-1 r0=y | r3=y<-1 r1=x", "r0=0 r1=0", NEVER},
	{"SB+xchg-fences", "x=1 r2=z<-1 r0=y | y=1 r3=z<-1 r1=x", "r0=0 r1=0", NEVER},
	{"SB+mbs", "x=1 mb r0=y | y=1 mb r1=x", "r0=0 r1=0", NEVER},
	/* The CPU's own stores are seen early. */
	{"SB+rfis", "x=1 r0=x r1=y | y=1 r2=y r3=x", "r0=1 r1=0 r2=1 r3=0", MEMORY_TSO},
	{"n6", "x=1 r0=x r1=y | y=2 x=2", "r0=1 r1=0 x=1", MEMORY_TSO},
	{"n5", "x=1 r0=x | x=2 r1=x", "r0=2 r1=1", NEVER},

	/* Two stores, two loads. */
	{"MP", "x=1 y=1 | r0=y r1=x", "r0=1 r1=0", MEMORY_PSO},
	{"MP+po+rmb", "x=1 y=1 | r0=y rmb r1=x", "r0=1 r1=0", MEMORY_PSO},
	{"MP+po+acq", "x=1 y=1 | r0=y.acq r1=x", "r0=1 r1=0", MEMORY_PSO},
	{"MP+wmb+po", "x=1 wmb y=1 | r0=y r1=x", "r0=1 r1=0", MEMORY_WEAK},
	{"MP+rel+po", "x=1 y=1.rel | r0=y r1=x", "r0=1 r1=0", MEMORY_WEAK},
	{"MP+mb+wmb", "x=1 mb y=1 | r0=y wmb r1=x", "r0=1 r1=0", MEMORY_WEAK},
	{"MP+wmb+rmb", "x=1 wmb y=1 | r0=y rmb r1=x", "r0=1 r1=0", NEVER},
	{"MP+rel+acq", "x=1 y=1.rel | r0=y.acq r1=x", "r0=1 r1=0", NEVER},
	{"MP+mbs", "x=1 mb y=1 | r0=y mb r1=x", "r0=1 r1=0", NEVER},
	{"MP+wmb+addr", "x=1 wmb y=1 | r0=y r1=*x", "r0=1 r1=0", NEVER},
	{"MP+wmb+xchg", "x=1 wmb y=1 | r0=y<-2 r1=x", "r0=1 r1=0", NEVER},
	/* A release waits for all before it, and holds back nothing behind it. */
	{"MP+rel-po+rmb", "x=1 z=1.rel y=1 | r0=y rmb r1=x", "r0=1 r1=0", MEMORY_PSO},
	{"MP+wmb-po+rmb", "x=1 wmb z=1 y=1 | r0=y rmb r1=x", "r0=1 r1=0", NEVER},
	{"MP+or-wmb+rmb", "x|=1 wmb y=1 | r0=y rmb r1=x", "r0=1 r1=0", NEVER},
	{"MP+or+rmb", "x|=1 y=1 | r0=y rmb r1=x", "r0=1 r1=0", MEMORY_PSO},
	{"MP+fill+rmb", "fill:x=1 y=1 | r0=y rmb r1=x", "r0=1 r1=0", MEMORY_PSO},
	{"MP+fill-wmb+rmb", "fill:x=1 wmb y=1 | r0=y rmb r1=x", "r0=1 r1=0", NEVER},
	/* Observable on ARM, because only accesses behind the acquire come after it. */
	{"MP+wmb+acq-other", "x=1 wmb y=1 | r0=y r2=z.acq r1=x", "r0=1 r1=0", NEVER},
	/* By a spin. */
	{"MP+until", "x=1 y=1 | until:y=1 r0=x", "r0=0", MEMORY_PSO},
	{"MP+wmb+until", "x=1 wmb y=1 | until:y=1 r0=x", "r0=0", MEMORY_WEAK},
	{"MP+wmb+until-rmb", "x=1 wmb y=1 | until:y=1 rmb r0=x", "r0=0", NEVER},
	/* An acquire and an rmb come after the loads before them, a wmb does not. */
	{"MP+wmb+rmb-po", "x=1 wmb y=1 | r0=y rmb r2=z r1=x", "r0=1 r1=0", NEVER},

	/* A load, then a store. Observable on ARM and Power without a barrier. */
	{"LB", "r0=x y=1 | r1=y x=1", "r0=1 r1=1", NEVER},
	{"LB+mb+po", "r0=x mb y=1 | r1=y x=1", "r0=1 r1=1", NEVER},
	{"LB+acqs", "r0=x.acq y=1 | r1=y.acq x=1", "r0=1 r1=1", NEVER},
	{"LB+rels", "r0=x y=1.rel | r1=y x=1.rel", "r0=1 r1=1", NEVER},
	{"LB+mbs", "r0=x mb y=1 | r1=y mb x=1", "r0=1 r1=1", NEVER},

	/* Do two readers agree in which order two others stored? Without an rmb each may read old
	 * values. With one they agree. Observable on Power with rmbs. */
	{"IRIW", "x=1 | y=1 | r0=x r1=y | r2=y r3=x", "r0=1 r1=0 r2=1 r3=0", MEMORY_WEAK},
	{"IRIW+rmb+po", "x=1 | y=1 | r0=x rmb r1=y | r2=y r3=x", "r0=1 r1=0 r2=1 r3=0",
	 MEMORY_WEAK},
	{"IRIW+wmbs", "x=1 | y=1 | r0=x wmb r1=y | r2=y wmb r3=x", "r0=1 r1=0 r2=1 r3=0",
	 MEMORY_WEAK},
	{"IRIW+rmbs", "x=1 | y=1 | r0=x rmb r1=y | r2=y rmb r3=x", "r0=1 r1=0 r2=1 r3=0", NEVER},
	{"IRIW+acqs", "x=1 | y=1 | r0=x.acq r1=y | r2=y.acq r3=x", "r0=1 r1=0 r2=1 r3=0", NEVER},
	{"IRIW+addrs", "x=1 | y=1 | r0=x r1=*y | r2=y r3=*x", "r0=1 r1=0 r2=1 r3=0", NEVER},
	{"IRIW+mbs", "x=1 | y=1 | r0=x mb r1=y | r2=y mb r3=x", "r0=1 r1=0 r2=1 r3=0", NEVER},

	/*
	 * Does the third CPU see a store that the second has seen and told on? Observable on Power
	 * without mb.
	 */
	{"WRC", "x=1 | r0=x y=1 | r1=y r2=x", "r0=1 r1=1 r2=0", MEMORY_WEAK},
	{"WRC+po+rmb", "x=1 | r0=x y=1 | r1=y rmb r2=x", "r0=1 r1=1 r2=0", NEVER},
	{"WRC+rel+acq", "x=1 | r0=x y=1.rel | r1=y.acq r2=x", "r0=1 r1=1 r2=0", NEVER},
	{"RWC", "x=1 | r0=x r1=y | y=1 r2=x", "r0=1 r1=0 r2=0", MEMORY_TSO},
	{"RWC+po+mb", "x=1 | r0=x r1=y | y=1 mb r2=x", "r0=1 r1=0 r2=0", MEMORY_WEAK},
	{"RWC+rmb+mb", "x=1 | r0=x rmb r1=y | y=1 mb r2=x", "r0=1 r1=0 r2=0", NEVER},

	/* One location. */
	{"CoRR", "x=1 | r0=x r1=x", "r0=1 r1=0", NEVER},
	{"CoRR-newest", "x=1 x=2 | r0=x r1=x", "r0=2 r1=1", NEVER},
	{"CoRR-older", "x=1 x=2 | r0=x r1=x", "r0=1 r1=0", NEVER},
	{"CoRR-forward", "x=1 x=2 | r0=x r1=x", "r0=1 r1=2", MEMORY_SC},
	{"CoRR2", "x=1 | x=2 | r0=x r1=x | r2=x r3=x", "r0=1 r1=2 r2=2 r3=1", NEVER},
	{"CoWW", "x=1 x=2 | r0=x", "x=1", NEVER},
	{"CoWR", "x=1 r0=x | x=2", "r0=0", NEVER},
	{"CoWR-final", "x=1 r0=x | x=2", "r0=2 x=1", NEVER},
	{"CoRW", "r0=x x=1 | x=2", "r0=1", NEVER},
	{"CoRW-final", "r0=x x=1 | x=2", "r0=2 x=2", NEVER},
	{"CoWR-other", "x=1 x=2 | x=3 r0=x r1=x", "r0=3 r1=1 x=2", MEMORY_SC},
	{"CoWR-older", "x=1 x=2 | x=3 r0=x r1=x", "r0=2 r1=1", NEVER},
	{"CoRMW", "r0=x<-1 | r1=x<-2", "r0=0 r1=0", NEVER},
	{"CoOR", "x|=1 | x|=2", "x=2", NEVER},

	/* Two stores against a store and a load. */
	{"R", "x=1 y=1 | y=2 r0=x", "y=2 r0=0", MEMORY_TSO},
	{"R+wmb+po", "x=1 wmb y=1 | y=2 r0=x", "y=2 r0=0", MEMORY_TSO},
	{"R+wmb+rmb", "x=1 wmb y=1 | y=2 rmb r0=x", "y=2 r0=0", MEMORY_TSO},
	{"R+rel+acq", "x=1 y=1.rel | y=2 r0=x.acq", "y=2 r0=0", MEMORY_TSO},
	{"R+po+mb", "x=1 y=1 | y=2 mb r0=x", "y=2 r0=0", MEMORY_PSO},
	{"R+wmb+mb", "x=1 wmb y=1 | y=2 mb r0=x", "y=2 r0=0", NEVER},
	{"R+rel+mb", "x=1 y=1.rel | y=2 mb r0=x", "y=2 r0=0", NEVER},
	{"R+mbs", "x=1 mb y=1 | y=2 mb r0=x", "y=2 r0=0", NEVER},

	/* Two stores against a load and a store. S+wmb+po is observable on ARM and Power. */
	{"S", "x=2 y=1 | r0=y x=1", "x=2 r0=1", MEMORY_PSO},
	{"S+po+mb", "x=2 y=1 | r0=y mb x=1", "x=2 r0=1", MEMORY_PSO},
	{"S+po+acq", "x=2 y=1 | r0=y.acq x=1", "x=2 r0=1", MEMORY_PSO},
	{"S+wmb+po", "x=2 wmb y=1 | r0=y x=1", "x=2 r0=1", NEVER},
	{"S+wmb+rmb", "x=2 wmb y=1 | r0=y rmb x=1", "x=2 r0=1", NEVER},
	{"S+rel+acq", "x=2 y=1.rel | r0=y.acq x=1", "x=2 r0=1", NEVER},
	{"S+mbs", "x=2 mb y=1 | r0=y mb x=1", "x=2 r0=1", NEVER},

	/* Two stores against two stores. */
	{"2+2W", "x=1 y=2 | y=1 x=2", "x=1 y=1", MEMORY_PSO},
	{"2+2W+wmb+po", "x=1 wmb y=2 | y=1 x=2", "x=1 y=1", MEMORY_PSO},
	{"2+2W+rmbs", "x=1 rmb y=2 | y=1 rmb x=2", "x=1 y=1", MEMORY_PSO},
	{"2+2W+wmbs", "x=1 wmb y=2 | y=1 wmb x=2", "x=1 y=1", NEVER},
	{"2+2W+rels", "x=1 y=2.rel | y=1 x=2.rel", "x=1 y=1", NEVER},
	{"2+2W+mbs", "x=1 mb y=2 | y=1 mb x=2", "x=1 y=1", NEVER},

	/* An interrupt is no barrier for the sender or the target. The answers are release and
	 * acquire. */
	{"call-stores", "x=1 call1:r0=x | y=1", "r0=0", NEVER},
	{"call-answers", "call1:x=1 r0=x | y=1", "r0=0", NEVER},
	{"call-inside", "y=1 call1:x=1 | r0=x r1=y", "r0=1 r1=0", NEVER},
	{"call-held-off", "call1:x=1 | off r0=x r1=x on", "r0=0 r1=1", NEVER},
	{"call-ends-wait", "call1:x=1 | until:x=1 r0=x", "r0=0", NEVER},
	{"call-around", "r0=x call1:x=1 | y=1", "r0=1", NEVER},
	{"call-before-off", "y=1 call1:x=1 | r2=y off r0=x on", "r2=0 r0=1", MEMORY_SC},
	{"call-between", "call1:x=1 | r0=x r1=x", "r0=0 r1=1", MEMORY_SC},

	/* An interrupt comes between a load and the barrier behind it. Its handler may still see
	 * values forbidden to the code behind the barrier, or store before it. */
	{"wake-before-rmb", "x=1 wmb y=1 wake1:r3=z,r2=x | r0=y z=1 rmb", "r0=1 r3=1 r2=0",
	 MEMORY_WEAK},
	{"wake-behind-rmb", "x=1 wmb y=1 wake1:r3=z,r2=x | r0=y rmb z=1", "r0=1 r3=1 r2=0", NEVER},
	{"wake-before-acq", "x=1 wmb y=1 wake1:r3=z,r2=x | r0=y z=1 r4=w.acq", "r0=1 r3=1 r2=0",
	 MEMORY_WEAK},
	{"wake-before-wmb", "wake1:r3=x,z=1 | x=1 wmb | r0=z rmb r1=x", "r3=1 r0=1 r1=0",
	 MEMORY_PSO},
	{"wake-wmb-inside", "wake1:r3=x,z=1 | x=1 wmb y=1 | r0=y rmb r1=x", "r0=1 r1=0", NEVER},

	/* It also comes between a load and the register loaded with the result. */
	{"call-before-root", "x=1 call1:R=x | R=x", "R=0", MEMORY_SC},
	{"call-off-root", "x=1 call1:R=x | off R=x on", "R=0", NEVER},

	/* The hardware's walker reads memory, past its CPU's stores. A walk makes newer values
	 * visible only to itself. */
	{"walk-own", "map r0=walk", "r0=0", MEMORY_TSO},
	{"walk-own+mb", "map mb r0=walk", "r0=0", NEVER},
	{"walk-own-later", "map r0=walk r1=walk", "r0=0 r1=1", MEMORY_TSO},
	{"walk-cached", "map mb r0=walk r1=walk", "r1=0", NEVER},
	{"walk-other+wmb", "t=1 wmb map | r0=walk r1=t", "r0=1 r1=0", MEMORY_WEAK},
	{"walk-other+wmb+rmb", "t=1 wmb map | r0=walk rmb r1=t", "r0=1 r1=0", NEVER},
	/* A store through a translation is a store like any other, and waits with them. A broadcast
	 * waits for it. */
	{"user-SB", "u=1 r0=y | y=1 mb r1=x", "r0=0 r1=0", MEMORY_TSO},
	{"user-SB+mb", "u=1 mb r0=y | y=1 mb r1=x", "r0=0 r1=0", NEVER},
	{"user-MP", "u=1 y=1 | r0=y rmb r1=x", "r0=1 r1=0", MEMORY_PSO},
	{"user-MP+rel", "u=1 y=1.rel | r0=y rmb r1=x", "r0=1 r1=0", NEVER},
	{"user-overtakes", "y=1 u=1 | r0=x rmb r1=y", "r0=1 r1=0", MEMORY_PSO},
	{"user-own", "u=1 r0=x", "r0=0", NEVER},
	{"user-ipte", "u=1 | ipte r0=x r1=x", "r0=0 r1=1", NEVER},
	{"walk-third", "r0=x r1=t | t=1 | r2=t r3=walk x=1", "r0=1 r1=0 r2=1", MEMORY_WEAK},
};

static const char *const not_in_weak[] = {
	"a store that overtakes a load before it (LB)",
	"stores that some CPUs see before others do (IRIW with read barriers, WRC on Power)",
	"a load that comes before the load of its address (Alpha)",
	"values older than an acquire or a dependent load, where that gave an old one itself",
};

enum {
	OTHERWISE,
	ASKED,
};

static const struct litmus *test;
static bool asked_is_wrong; /* so that the search shows the way to it */

static const char *judge(unsigned *class)
{
	bool holds = program_holds(test->asks);

	*class = holds ? ASKED : OTHERWISE;
	return holds && asked_is_wrong ? "what is asked is observable" : NULL;
}

static struct exploration exploration(bool whole)
{
	return (struct exploration){
		.cpus = program_threads(),
		.setup = program_setup,
		.run = program_run,
		.judge = judge,
		.whole = whole,
		.max_states = 1000000,
	};
}

static void print_witness(void)
{
	struct exploration what = exploration(true);
	struct result result;

	asked_is_wrong = true;
	result = explore(&what);
	asked_is_wrong = false;
	printk("# ev=witness scenario=litmus/%s rule=\"%s\" saw=\"%s\" "
	       "places=\"x: frame 0x1, y: frame 0x2, z: frame 0x3\"\n",
	       test->name, test->threads, test->asks);
	trace_path(&what, &result, program_role);
	free(result.path);
}

static void print_limits(void)
{
	static bool printed;

	if (printed)
		return;
	printed = true;
	printk("# ev=limits text=\"exhaustive for these programs and models, not a proof\"\n");
	for (unsigned i = 0; i < ARRAY_SIZE(not_in_weak); i++)
		printk("# ev=limits model=weak lacks=\"%s\"\n", not_in_weak[i]);
}

static const char *word(bool observable)
{
	return observable ? "observable" : "never";
}

/* Returns 0 if there is no end. */
static unsigned long long ways(const struct result *result)
{
	return result->interleavings < 0 ? 0 : (unsigned long long)result->interleavings;
}

static bool run(unsigned row)
{
	bool expected, seen, reduced;
	struct exploration what;
	struct result result, small;

	test = &tests[row];
	expected = memory_model >= test->from;
	print_limits();
	program_set(test->threads);
	what = exploration(false);
	what.blind = true;
	small = explore(&what);
	reduced = small.end[ASKED];
	what = exploration(true);
	result = explore(&what);
	seen = result.end[ASKED];
	if (seen && (expected != seen || options.verbose))
		print_witness();
	printk("# ev=litmus name=%s model=%s threads=\"%s\" asks=\"%s\" expected=%s got=%s "
	       "got-reduced=%s states=%u ends=%u asked=%u ways=%llu whole-ways=%llu\n",
	       test->name, memory_model_name[memory_model], test->threads, test->asks,
	       word(expected), word(seen), word(reduced), result.states, result.ends,
	       result.end[ASKED], ways(&small), ways(&result));
	if (result.ending != END_HOLDS)
		printk("# ev=stopped name=%s what=\"%s\"\n", test->name, result.what);
	free(result.path);
	free(small.path);
	return result.ending == END_HOLDS && small.ending == END_HOLDS && seen == expected &&
	       reduced == expected;
}

static const char *name(unsigned row)
{
	static char text[40];

	snprintk(text, sizeof(text), "litmus/%s", tests[row].name);
	return text;
}

static bool under(unsigned row, enum memory_model model)
{
	(void)model;
	program_set(tests[row].threads);
	return (CAP_HW_WALKER || !program_walks()) &&
	       (CAP_BROADCAST_FLUSH || !program_broadcasts());
}

const struct harness litmus_harness = {ARRAY_SIZE(tests), name, under, run};
