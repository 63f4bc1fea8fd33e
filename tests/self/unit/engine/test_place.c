/* SPDX-License-Identifier: MIT */
/* tools/interleave/place.c, trace.c and site.c: an address, an operation and a place in the
 * source, in words. */
#include "tools/interleave/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/model/model.h"
#include "kernel/hooks/race.h"
#include "kernel/smp/percpu.h"
#include "kernel/wait/wait.h"
#include "mm/page/page.h"
#include "mm/table/pgtable.h"
#include "tests/self/unit/tap.h"
#include "tools/interleave/lab.h"
#include "tools/interleave/site.h"
#include "tools/interleave/trace.h"

static bool is_named(const volatile void *p, unsigned width, const char *expected)
{
	char text[80];

	place_name((u64)p, width, text, sizeof(text));
	if (strcmp(text, expected))
		printf("# %s\n", text);
	return !strcmp(text, expected);
}

static void test_cpus(void)
{
	struct cpu *last = &cpus[MAX_CPUS - 1];

	CHECK(is_named(&cpus[0].shootdown.acks.number, 4, "CPU 0's shootdown.acks.number"),
	      "a word of CPU 0");
	CHECK(is_named(&cpus[1].shootdown.acks.ack[0], 4, "CPU 1's shootdown.acks.ack[0]") &&
		      is_named(&cpus[1].shootdown.acks.ack[2], 4, "CPU 1's shootdown.acks.ack[2]"),
	      "words of an array");
	CHECK(is_named(&last->shootdown.start, 8, "CPU 3's shootdown.start") &&
		      is_named(&last->shootdown.end, 8, "CPU 3's shootdown.end"),
	      "of the last CPU");
	CHECK(is_named((u8 *)&last->shootdown.end + 7, 1, "CPU 3's shootdown.end"),
	      "the last byte of it");
	CHECK(is_named(&cpus[2].call.acks.number, 4, "CPU 2's call.acks.number") &&
		      is_named(&cpus[2].call.acks.ack[1], 4, "CPU 2's call.acks.ack[1]"),
	      "what a call");
	CHECK(is_named(&cpus[2].call.function, 8, "CPU 2's call.function") &&
		      is_named(&cpus[2].call.argument, 8, "CPU 2's call.argument"),
	      "asks for");
	CHECK(is_named(&cpus[0].shootdown_pending, 4, "CPU 0's shootdown_pending") &&
		      is_named(&cpus[0].nowait_owed, 4, "CPU 0's nowait_owed") &&
		      is_named(&cpus[0].call_pending, 4, "CPU 0's call_pending"),
	      "what is owed");
	CHECK(is_named(&cpus[0].mm, 8, "CPU 0's mm") &&
		      is_named(&cpus[0].walk_seq, 4, "CPU 0's walk_seq"),
	      "its space, its walks");
	CHECK(is_named(&cpus[0].call_interrupts, 4, "CPU 0's call_interrupts"), "its interrupts");
}

static void test_variant(void)
{
	CHECK(is_named(&variant.mm.cpumask, 4, "mm.cpumask") &&
		      is_named(&variant.mm.cpu_attach_mask, 4, "mm.cpu_attach_mask") &&
		      is_named(&variant.mm.page_table_lock, 4, "mm.page_table_lock"),
	      "words of the space");
	CHECK(is_named(&variant.met[1], 4, "met[1]") &&
		      is_named(&variant.value[0], 4, "value[0]") &&
		      is_named(&variant.value[7], 4, "value[7]"),
	      "words of the roles");
}

static void test_frames(void)
{
	struct page *page = pfn_to_page(3), *high = pfn_to_page(MODEL_HIGH_PFN + 5),
		    *last = pfn_to_page(MODEL_FRAMES - 1);
	u8 *frame = model_frame(9), *end = (u8 *)model_frame(MODEL_FRAMES - 1) + PAGE_SIZE;

	CHECK(is_named(&page->count, 4, "frame 0x3's count") &&
		      is_named(&page->seq, 4, "frame 0x3's seq") &&
		      is_named(&page->table_lock, 4, "frame 0x3's table_lock"),
	      "what is known of a frame");
	CHECK(is_named(&pfn_to_page(0)->count, 4, "frame 0x0's count") &&
		      is_named(&last->count, 4, "frame 0x1f's count"),
	      "of the first and the last");
	CHECK(is_named(&high->count, 4, "frame 0x4000005's count"), "of a high one");
	CHECK(is_named(&zones[ZONE_HIGH].pcp[3].lock, 4, "CPU 3's frames lock"),
	      "the lock of what a CPU keeps");
	CHECK(is_named(&zones[ZONE_DIRECT].lock, 4, "zone lock") &&
		      is_named(&zones[ZONE_HIGH].lock, 4, "zone lock") &&
		      is_named((u8 *)&zones[ZONE_HIGH].lock + sizeof(zones[0].lock) - 1, 1,
			       "zone lock"),
	      "a zone's lock");
	CHECK(is_named(frame, 8, "frame 0x9+0x0") && is_named(frame + 60, 4, "frame 0x9+0x3c"),
	      "a word of a frame");
	CHECK(is_named(end - 4, 4, "frame 0x1f+0x3c") &&
		      is_named(model_frame(0), 4, "frame 0x0+0x0"),
	      "of the last, of the first");
	CHECK(is_named((u8 *)model_frame(MODEL_HIGH_PFN + 2) + 4, 4, "frame 0x4000002+0x4"),
	      "of a high one");
	CHECK(is_named(variant.ptep, 8, "entry") && is_named(variant.ptep, 4, "entry.low") &&
		      is_named((u8 *)variant.ptep + 4, 4, "entry.high"),
	      "the tested entry and its halves");
	CHECK(!is_named(variant.ptep + 1, 8, "entry") && is_named((void *)0x1234, 4, "0x1234"),
	      "nothing else has a name");
}

/* --- operations ------------------------------------------------------------------------------- */

static bool says(struct op op, const char *expected)
{
	char text[200];
	bool good;

	trace_say(&op, text, sizeof(text));
	good = !strncmp(text, expected, strlen(expected)) &&
	       !strcmp(text + strlen(expected), " at -");
	if (!good)
		printf("# %s\n", text);
	return good;
}

static void test_operations(void)
{
	u64 lock = (u64)&zones[0].lock;

	CHECK(says((struct op){.kind = OP_READ, .address = lock, .size = 4}, "read zone lock") &&
		      says((struct op){.kind = OP_READ, .address = lock, .size = 4, .inside = true},
			   "hardware loads zone lock"),
	      "loads");
	CHECK(says((struct op){.kind = OP_WRITE, .address = lock, .size = 4}, "write zone lock") &&
		      says(
			      (struct op){
				      .kind = OP_WRITE, .address = lock, .size = 4, .inside = true},
			      "hardware stores zone lock"),
	      "stores");
	CHECK(says((struct op){.kind = OP_READ, .address = lock, .order = MODEL_ACQUIRE},
		   "read zone lock (acquire)") &&
		      says((struct op){.kind = OP_WRITE, .address = lock, .order = MODEL_RELEASE},
			   "write zone lock (release)") &&
		      says((struct op){.kind = OP_READ, .address = lock, .order = MODEL_FULL},
			   "read zone lock"),
	      "their order");
	CHECK(says((struct op){.kind = OP_RMW, .rmw = RMW_XCHG, .address = lock},
		   "exchange zone lock") &&
		      says((struct op){.kind = OP_RMW, .rmw = RMW_CMPXCHG, .address = lock},
			   "compare and exchange zone lock") &&
		      says((struct op){.kind = OP_RMW, .rmw = RMW_ADD, .address = lock},
			   "add to zone lock") &&
		      says((struct op){.kind = OP_RMW, .rmw = RMW_OR, .address = lock},
			   "set bits in zone lock") &&
		      says((struct op){.kind = OP_RMW, .rmw = RMW_AND, .address = lock},
			   "keep bits of zone lock"),
	      "read-modify-writes");
	CHECK(says((struct op){.kind = OP_FILL, .address = (u64)model_frame(9)},
		   "fill frame 0x9+0x0"),
	      "a fill");
	CHECK(says((struct op){.kind = OP_IPI, .target = 2, .value = IPI_SHOOTDOWN},
		   "send shootdown to CPU 2") &&
		      says((struct op){.kind = OP_IPI, .value = IPI_SHOOTDOWN_NOWAIT},
			   "send nowait NMI to CPU 0") &&
		      says((struct op){.kind = OP_IPI, .value = IPI_CALL}, "send call to CPU 0") &&
		      says((struct op){.kind = OP_IPI, .value = IPI_WAKE}, "send wake to CPU 0"),
	      "interrupts");
	CHECK(says((struct op){.kind = OP_IRQ_OFF}, "interrupts off") &&
		      says((struct op){.kind = OP_BROADCAST, .value = 0x400},
			   "invalidate on every CPU 0x400") &&
		      says((struct op){.kind = OP_WALK, .address = 0x444},
			   "hardware translates 0x444"),
	      "the rest of a machine");
	CHECK(says((struct op){.kind = OP_ROOT, .address = 0x40}, "load the root 0x40") &&
		      says((struct op){.kind = OP_ROOT, .address = ~0ull}, "leave the root") &&
		      says((struct op){.kind = OP_TLB_WRITE, .address = 0x80},
			   "write the TLB at 0x80") &&
		      says((struct op){.kind = OP_FLUSH, .value = 0xc0}, "flush 0xc0"),
	      "its TLB");
	CHECK(says((struct op){.kind = OP_WAIT, .value = WAIT_GRACE},
		   "wait for grace: look again") &&
		      says((struct op){.kind = OP_EVENT, .point = RACE_role_done}, "role_done") &&
		      says((struct op){.kind = OP_MB}, "barrier") &&
		      says((struct op){.kind = OP_FENCE}, "barrier"),
	      "waits, events and barriers");
}

/* --- places ----------------------------------------------------------------------------------- */

static void test_sites(void)
{
	struct site site;

	site_find(NULL, &site);
	CHECK(!strcmp(site.text, "-") && !site.file[0] && !strcmp(site.file_line, "-"),
	      "nobody's place");
	site_find((const u8 *)test_sites + 5, &site);
	CHECK(!strncmp(site.text, "test_sites:", 11) && atoi(site.text + 11) > 100,
	      "function and line: %s", site.text);
	CHECK(!strcmp(site.file, "tests/self/unit/engine/test_place.c"),
	      "the file from the top of the source: %s", site.file);
	CHECK(!strncmp(site.file_line, "test_place.c:", 13) &&
		      !strcmp(site.file_line + 13, site.text + 11),
	      "file and line: %s", site.file_line);
	site_find((const u8 *)model_write + 5, &site);
	CHECK(!strcmp(site.text, "-") && !site.file[0], "helpers of the port are no place");
	site_find((const void *)16, &site);
	CHECK(!strcmp(site.text, "-"), "nor is what is no code");
}

int main(void)
{
	lab_reset(2);
	if (!mm_create(&variant.mm))
		return 1;
	variant.ptep = pte_alloc(&variant.mm, 0);
	test_cpus();
	test_variant();
	test_frames();
	test_operations();
	test_sites();
	return tap_done();
}
