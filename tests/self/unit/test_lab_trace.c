/* SPDX-License-Identifier: MIT */
/* tests/lab/trace.c and freerun.c: what is on record of the roles, in which order, and who
 * lingers. */
#include <string.h>

#include "tests/lab/freerun.c"
#undef NO_ROLE
#include "tests/lab/trace.c"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

struct options options;
u32 run_seed = 0x1234;

static enum plant_id plant;
static struct variant v;
static unsigned acts, act_role, act_point, relaxed;
static bool added_with_irqs_on;

bool planted(enum plant_id id)
{
	added_with_irqs_on |= irqs_enabled(); /* trace_add() asks */
	return id == plant;
}

void scenario_act_at(struct variant *of, unsigned role, enum race_point point)
{
	CHECK(of == &v, "the acts of this variant");
	acts++;
	act_role = role;
	act_point = point;
}

static void fresh(void)
{
	machine_reset();
	options = (struct options){.idle_role = MAX_ROLES};
	plant = NR_PLANTS;
	acts = relaxed = 0;
	trace_reset();
}

static void add(unsigned role, enum race_point point, u64 value, u32 ticket)
{
	struct race_site site = {"f", 7, (u16)point, "a.c"};

	trace_add(role, &site, value, ticket);
}

static void test_entries(void)
{
	const struct trace_entry *entries;
	unsigned nr, lost;

	fresh();
	trace_entries(&nr, &lost);
	CHECK(!nr && !lost && !lab_when(0, RACE_zap_done, 1), "nothing at first");
	add(0, RACE_walk_begin, 5, 1);
	add(1, RACE_zap_done, 6, 2);
	add(0, RACE_zap_done, 7, 3);
	add(1, RACE_zap_done, 8, 4);
	entries = trace_entries(&nr, &lost);
	CHECK(nr == 4 && !lost, "each event is an entry");
	CHECK(entries[1].role == 1 && entries[1].value == 6 && entries[1].ticket == 2 &&
		      entries[1].site.point == RACE_zap_done && entries[1].site.line == 7 &&
		      !strcmp(entries[1].site.function, "f") &&
		      !strcmp(entries[1].site.file, "a.c"),
	      "as it came");
	CHECK(lab_when(0, RACE_walk_begin, 1) == 1 && lab_when(1, RACE_zap_done, 1) == 2 &&
		      lab_when(0, RACE_zap_done, 1) == 3 && lab_when(1, RACE_zap_done, 2) == 4,
	      "when a role was at a point, the first or the second time");
	CHECK(!lab_when(1, RACE_zap_done, 3) && !lab_when(0, RACE_zap_done, 2) &&
		      !lab_when(1, RACE_walk_begin, 1),
	      "or never");
	CHECK(lab_value_at(1) == 5 && lab_value_at(4) == 8, "with which value");
	trace_reset();
	trace_entries(&nr, &lost);
	CHECK(!nr && !lost && !trace_took_part(0) && !trace_took_part(1), "and all is forgotten");
}

static void test_room(void)
{
	unsigned nr, lost;

	fresh();
	for (u32 i = 1; i < TRACE_SIZE; i++)
		add(3, RACE_zap_done, i, i);
	trace_entries(&nr, &lost);
	CHECK(nr == 127 && !lost, "room for one more");
	add(3, RACE_zap_done, 128, 128);
	trace_entries(&nr, &lost);
	CHECK(nr == 128 && !lost && lab_value_at(128) == 128, "which is taken");
	CHECK(lab_when(3, RACE_zap_done, 128) == 128, "and found");
	add(3, RACE_role_start, 129, 129);
	add(3, RACE_wait_blocked, 130, 130);
	trace_entries(&nr, &lost);
	CHECK(nr == 128 && lost == 2 && !lab_when(3, RACE_role_start, 1) && !trace_blocked(),
	      "what comes after that is lost, and counted");
	CHECK(trace_in_order(false), "the rest is in order");
	plant = PLANT_loss;
	trace_entries(&nr, &lost);
	CHECK(nr == 4 && lost == 126, "lab.plant=loss: room for four");
	trace_reset();
	for (u32 i = 1; i <= 5; i++)
		add(3, RACE_zap_done, i, i);
	trace_entries(&nr, &lost);
	CHECK(nr == 4 && lost == 1 && !lab_when(3, RACE_zap_done, 5), "the fifth is lost");
}

static void nap_once(unsigned role, u32 ticket)
{
	add(role, RACE_nap_announcing, 0, ticket);
	add(role, RACE_nap_announced, 0, ticket + 1);
	add(role, RACE_nap_over, 1, ticket + 2);
}

static void test_naps(void)
{
	unsigned nr, lost;

	fresh();
	add(1, RACE_wait_blocked, 0, 1);
	for (u32 i = 0; i < TRACE_SIZE; i++)
		nap_once(1, 2 + 3 * i);
	trace_entries(&nr, &lost);
	CHECK(nr == 4 && !lost, "a wait of many naps: the first is on record");
	nap_once(0, 2000);
	add(1, RACE_served_half, 0, 2010);
	nap_once(1, 2020);
	nap_once(1, 2030);
	trace_entries(&nr, &lost);
	CHECK(nr == 11 && lab_when(0, RACE_nap_over, 1) == 7 && lab_when(1, RACE_nap_over, 2) == 11,
	      "so is another role's, and the next after something else");
	CHECK(trace_in_order(false), "tickets may be left out");
	trace_reset();
	nap_once(1, 1);
	trace_entries(&nr, &lost);
	CHECK(nr == 3, "and so is the first of the next variant");
}

static void test_order(void)
{
	fresh();
	CHECK(trace_in_order(false) && trace_in_order(true), "nothing is in order");
	add(0, RACE_zap_done, 0, 1);
	add(1, RACE_zap_done, 0, 2);
	add(0, RACE_zap_done, 0, 3);
	CHECK(trace_in_order(false) && trace_in_order(true), "tickets that grow");
	add(1, RACE_zap_done, 0, 3);
	CHECK(!trace_in_order(false), "the same twice is out of order");
	CHECK(trace_in_order(true), "but not of two roles that count for themselves");
	add(1, RACE_zap_done, 0, 3);
	CHECK(!trace_in_order(true), "as it is of one");
	trace_reset();
	add(0, RACE_zap_done, 0, 0);
	CHECK(!trace_in_order(false) && !trace_in_order(true), "and the first ticket is 1");
	trace_reset();
	plant = PLANT_order;
	for (u32 i = 1; i <= 4; i++)
		add(0, RACE_zap_done, i, i);
	plant = NR_PLANTS;
	CHECK(lab_value_at(1) == 2 && lab_value_at(2) == 1 && lab_value_at(3) == 4 &&
		      lab_value_at(4) == 3,
	      "lab.plant=order: neighbours change places");
}

/* These do not count as a role's part. They are its CPU's work in an interrupt, the switch to the
 * space, and mere positions of the role. */
static bool is_no_part(enum race_point point)
{
	switch (point) {
	case RACE_served_half:
	case RACE_switch_root_read:
	case RACE_switch_loaded:
	case RACE_switch_left:
	case RACE_role_start:
	case RACE_role_done:
		return true;
	default:
		return false;
	}
}

static void test_part(void)
{
	for (unsigned point = 0; point < NR_RACES; point++) {
		fresh();
		add(2, point, 0, 1);
		CHECK(!trace_took_part(2), "%s before its start is none of it", race_name[point]);
		add(2, RACE_role_start, 0, 2);
		CHECK(!trace_took_part(2), "nor is its start");
		add(2, point, 0, 3);
		CHECK(trace_took_part(2) == !is_no_part(point) && !trace_took_part(1) &&
			      !trace_took_part(3),
		      "who came by %s took part: %s", race_name[point],
		      is_no_part(point) ? "no" : "yes");
	}
	fresh();
	add(1, RACE_role_start, 0, 1);
	add(1, RACE_zap_done, 0, 2);
	add(1, RACE_role_done, 0, 3);
	CHECK(trace_took_part(1), "it stays so");
	trace_reset();
	add(1, RACE_zap_done, 0, 1);
	CHECK(!trace_took_part(1), "a new round begins anew");
}

/* Roles and points in order, as "0 role_middle": did role 1 change things while role 0 was at
 * work? */
struct come {
	u8 role, point;
};
#define AT(role, point)                                                                            \
	{                                                                                          \
		(role), RACE_##point                                                               \
	}
#define OVERLAP(expected, what, ...)                                                               \
	do {                                                                                       \
		static const struct come come_[] = {__VA_ARGS__};                                  \
                                                                                                   \
		fresh();                                                                           \
		for (unsigned i_ = 0; i_ < ARRAY_SIZE(come_); i_++)                                \
			add(come_[i_].role, come_[i_].point, 0, i_ + 1);                           \
		CHECK(trace_overlapped() == (expected), what);                                     \
	} while (0)

static void test_overlap(void)
{
	OVERLAP(false, "one role alone overlaps with nobody", AT(0, walk_begin), AT(0, walk_end));
	OVERLAP(false, "whichever it is", AT(1, clear_done), AT(1, zap_done));
	OVERLAP(false, "one after the other", AT(0, walk_begin), AT(0, walk_end), AT(1, clear_done),
		AT(1, zap_done));
	OVERLAP(false, "or the other way round", AT(1, clear_done), AT(1, zap_done),
		AT(0, walk_begin), AT(0, walk_end));
	OVERLAP(true, "one within the other", AT(0, walk_begin), AT(1, clear_done),
		AT(0, walk_end));
	OVERLAP(true, "and the other way round", AT(1, clear_done), AT(0, walk_begin),
		AT(1, zap_done));
	OVERLAP(true, "one in the middle of the other", AT(0, walk_begin), AT(1, clear_done),
		AT(0, walk_end), AT(1, zap_done));
	OVERLAP(true, "the changing one first", AT(1, clear_done), AT(0, walk_begin),
		AT(1, zap_done), AT(0, walk_end));
	OVERLAP(false, "loads before the protocol's steps do not count", AT(0, role_middle),
		AT(1, clear_done), AT(0, walk_begin), AT(0, walk_end));
	OVERLAP(false, "nor do those after them", AT(0, walk_begin), AT(0, walk_end),
		AT(1, clear_done), AT(0, role_middle), AT(1, zap_done), AT(0, role_done));
	OVERLAP(true, "one that only loads is at work from its first look to its end",
		AT(0, role_probe), AT(1, clear_done), AT(1, zap_done), AT(0, role_done));
	OVERLAP(false, "and not before", AT(0, role_start), AT(1, clear_done), AT(0, role_probe),
		AT(0, role_done));
	OVERLAP(false, "nor after", AT(0, role_probe), AT(0, role_done), AT(1, clear_done));
	OVERLAP(true, "two that only load", AT(1, role_middle), AT(0, role_middle),
		AT(1, role_done), AT(0, role_done));
	OVERLAP(false, "a third role's steps are no first look of another's", AT(2, role_middle),
		AT(1, clear_done), AT(0, role_probe), AT(0, role_done));
	OVERLAP(false, "a third role's steps are nobody's here", AT(0, walk_begin),
		AT(2, clear_done), AT(0, walk_end));
}

static void test_blocked(void)
{
	fresh();
	add(0, RACE_wait_spinning, 0, 1);
	add(0, RACE_zap_done, 0, 2);
	CHECK(!trace_blocked(), "nobody published a wait");
	add(1, RACE_wait_blocked, 0, 3);
	CHECK(trace_blocked(), "role 1 did");
	trace_reset();
	add(0, RACE_wait_blocked, 0, 1);
	add(0, RACE_zap_done, 0, 2);
	CHECK(trace_blocked(), "role 0 did, as its first step");
}

static void count_relax(void)
{
	relaxed++;
}

static void reach(unsigned cpu, enum race_point point, u64 value)
{
	struct race_site site = {"f", 7, (u16)point, "a.c"};

	AS_CPU(cpu, race_reached(&site, value));
}

/* By the header, every other time none, else up to 2^9. */
static u32 pauses(struct random *random)
{
	u32 most = 1;

	if (random_next(random) % 2)
		most = 1u << random_next(random) % 10;
	return random_next(random) % most;
}

static void test_free(void)
{
	struct random expected[2];
	const struct trace_entry *entries;
	unsigned nr, lost, total = 0;

	fresh();
	v = (struct variant){.nr_roles = 2, .cpu = {2, 1}};
	add(0, RACE_zap_done, 0, 9);
	free_begin(&v, 3);
	trace_entries(&nr, &lost);
	CHECK(!nr && race_recording(), "free_begin(): a new record");
	expected[0] = random_stream(0x1234 + 3, 1);
	expected[1] = random_stream(0x1234 + 3, 2);
	model_relax_hook = count_relax;
	added_with_irqs_on = false;
	for (unsigned i = 0; i < 40; i++) {
		u32 n = pauses(&expected[i % 2]);

		relaxed = 0;
		reach(i % 2 ? 1 : 2, RACE_zap_done, i);
		CHECK(relaxed == n, "arrival %u of role %u: %u pauses", i, i % 2, n);
		total += n;
	}
	CHECK(total, "of which there are some");
	CHECK(!added_with_irqs_on, "no interrupt comes between an event and its place on record");
	entries = trace_entries(&nr, &lost);
	CHECK(nr == 40 && entries[0].role == 0 && entries[1].role == 1 && entries[39].value == 39,
	      "each is on record");
	CHECK(entries[0].ticket == 1 && entries[1].ticket == 1 && entries[2].ticket == 2 &&
		      entries[39].ticket == 20,
	      "each role counts for itself");
	CHECK(acts == 40 && act_role == 1 && act_point == RACE_zap_done, "and may act there");
	CHECK(model_irqs_on(1) && model_irqs_on(2), "with interrupts on again");
	acts = relaxed = 0;
	reach(0, RACE_zap_done, 0);
	reach(3, RACE_zap_done, 0);
	reach(1, RACE_wait_spinning, 0);
	reach(1, RACE_wait_blocked, (u64)WAIT_JOB << 32 | 4);
	trace_entries(&nr, &lost);
	CHECK(nr == 40 && !acts && !relaxed,
	      "CPUs without a role, a wait that goes on and one for the others do not count");
	reach(1, RACE_wait_blocked, (u64)WAIT_ACK << 32 | 4);
	reach(1, RACE_clear_done, (u64)WAIT_JOB << 32);
	trace_entries(&nr, &lost);
	CHECK(nr == 42 && acts == 2, "other waits do");
	options.idle_role = 1;
	reach(1, RACE_zap_done, 0);
	CHECK(acts == 2, "an idle role does not act");
	reach(2, RACE_zap_done, 0);
	CHECK(acts == 3, "others do");
	AS_CPU(2, irq_disable());
	reach(2, RACE_zap_done, 0);
	CHECK(!model_irqs_on(2), "interrupts that were off stay off");
	v = (struct variant){.nr_roles = 1, .cpu = {3}};
	options.idle_role = MAX_ROLES;
	free_begin(&v, 0);
	reach(2, RACE_zap_done, 0);
	reach(1, RACE_zap_done, 0);
	reach(0, RACE_zap_done, 0);
	reach(3, RACE_zap_done, 0);
	entries = trace_entries(&nr, &lost);
	CHECK(nr == 1 && entries[0].ticket == 1 && !entries[0].role,
	      "the next round has other CPUs, and counts anew");
	free_end();
	reach(3, RACE_zap_done, 0);
	trace_entries(&nr, &lost);
	CHECK(nr == 1 && !race_recording(), "free_end(): nothing is recorded any more");
}

int main(void)
{
	test_entries();
	test_room();
	test_naps();
	test_order();
	test_part();
	test_overlap();
	test_blocked();
	test_free();
	return tap_done();
}
