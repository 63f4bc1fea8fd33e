/* SPDX-License-Identifier: MIT */
/* tests/lab/high_ram.c: which RAM above 4 GiB is fit for use. */
#include <string.h>

#include "tests/self/unit/machine.h"
#include "tests/self/unit/steps.h"

/* As a broken machine maps: this frame above 4 GiB is the one below it. */
#define NO_ALIAS 0xffffffffu
static pfn_t alias = NO_ALIAS;
static unsigned looks;

static void *map_alias(pfn_t pfn, enum window window)
{
	looks++;
	return page_map(pfn == alias ? pfn - MODEL_HIGH_PFN : pfn, window);
}

#define page_map map_alias
#include "tests/lab/high_ram.c"
#undef page_map

#define STRIDE (MODEL_FRAMES / 8)

u64 ram_unreachable;

static const char *const disguise =
				 "RAM above 4 GiB is the RAM below it in disguise, see hw/above-4G",
			 *const none = "no RAM above 4 GiB that has its decoy below (MEM=6G has)";

/* The probe, and that it gives back what it takes. */
static const char *found(void)
{
	u32 before = zone_free_frames();
	const char *problem;

	looks = 0;
	problem = probe();
	CHECK(zone_free_frames() == before, "no frame is kept");
	return problem ?: "";
}

static void test_distinct(void)
{
	machine_reset();
	CHECK(!*found() && looks == 2 * 7, "distinct; of the eight pairs frame 0 is in use");
}

/* Each name is written once before either is read, and the one above is read again when the word
 * below has changed once more. */
static void test_order(void)
{
	u32 *below, *above;

	machine_reset();
	below = page_map(2, WINDOW_A);
	above = page_map(MODEL_HIGH_PFN + 2, WINDOW_B);
	nr_step_names = 0;
	NAME_STEP(below[1], "below");
	NAME_STEP(above[1], "above");
	STEPS(pair_is_distinct(MODEL_HIGH_PFN + 2, 2),
	      "W below=10f0a55a; W above=4167a55a; R below; R above; W below=0; R above", "a pair");
	machine_reset();
	zone_add_frames(0, 1);
	alias = MODEL_HIGH_PFN;
	CHECK(!strcmp(found(), disguise) && looks == 2, "the first pair is looked at");
	alias = NO_ALIAS;
}

static void test_disguise(void)
{
	for (unsigned i = 0; i < 8; i++) {
		machine_reset();
		alias = MODEL_HIGH_PFN + i * STRIDE;
		CHECK(!strcmp(found(), i ? disguise : "") && looks == 2 * (i ? i : 7),
		      "pair %u is one frame: %s", i, i ? "found" : "not looked at");
		alias++;
		CHECK(!*found(), "a neighbour of it is not looked at");
	}
	alias = NO_ALIAS;
}

static void test_none(void)
{
	ram_unreachable = 0;
	machine_reset();
	while (alloc_page(ZONE_HIGH))
		;
	CHECK(!strcmp(found(), none) && !looks, "none that is free");
	machine_reset();
	while (alloc_page(ZONE_DIRECT))
		;
	CHECK(!strcmp(found(), none) && !looks, "none with a free frame below it");
	machine_reset();
	zones[ZONE_HIGH].nr = 7;
	CHECK(!strcmp(found(), none) && !looks, "fewer frames than pairs are none");
	zones[ZONE_HIGH].nr = 2 * 7;
	CHECK(!*found() && looks == 2 * 7, "as many are enough");
	zones[ZONE_HIGH].nr = 0;
	ram_unreachable = 1;
	CHECK(!strcmp(found(), "this CPU cannot address RAM above 4 GiB"),
	      "or the CPU cannot reach what there is");
}

static void test_once(void)
{
	machine_reset();
	CHECK(!high_ram_problem() && looks, "fit");
	alias = MODEL_HIGH_PFN + STRIDE;
	looks = 0;
	CHECK(!high_ram_problem() && !looks, "which is found out once");
}

int main(void)
{
	test_distinct();
	test_order();
	test_disguise();
	test_none();
	looks = 0;
	test_once();
	return tap_done();
}
