/* SPDX-License-Identifier: MIT */
/* tests/lab/process.c: fork, wait, kill and exit of roles, with each of their errors. */
#include "tests/self/unit/whole_lab.h"

#include "kernel/errno.h"
#include "tests/self/unit/printed.h"

#define GOOD   (TESTED_VA + 2 * PAGE_SIZE) /* anonymous */
#define NOBODY 3			   /* forked, and played by nobody */

static struct scenario scenario;
static const struct cell holds = {.off = NR_GUARDS};
static int got[16];
static struct role_end end;
static bool ended;

static enum verdict judge(struct variant *of)
{
	ended = role_ended(of, 1, &end);
	return HELD;
}

static bool setup(struct variant *of)
{
	return !is_error(do_mmap(&of->mm, GOOD, PAGE_SIZE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED));
}

static struct outcome play_roles(void (*first)(struct variant *of),
				 void (*second)(struct variant *of), u32 forked)
{
	fresh();
	printed_reset();
	memset(got, 0xff, sizeof(got));
	run_seed = 1;
	scenario = (struct scenario){.name = "space/one",
				     .programs = true,
				     .roles = {{"first", first}, {"second", second}},
				     .forked = forked,
				     .setup = setup,
				     .judge = judge};
	return variant_run(&v, &scenario, &holds, MODE_PROBE);
}

/* --- fork ----------------------------------------------------------------------------------- */

static void return_at_once(struct variant *of)
{
	(void)of;
}

static void fork_anything(struct variant *of)
{
	got[0] = sys_fork(of, MAX_ROLES);
	got[1] = sys_fork(of, 32);
	got[2] = sys_fork(of, ~0u);
	got[3] = sys_fork(of, 0);
	got[4] = sys_fork(of, 2);
	got[5] = sys_fork(of, 1);
	got[6] = sys_fork(of, 1);
	got[7] = sys_wait(of, 1);
	got[8] = sys_fork(of, 1);
}

static void fork_without_memory(struct variant *of)
{
	struct page *taken[MODEL_FRAMES];
	unsigned n = 0;

	while ((taken[n] = alloc_page(ZONE_DIRECT)))
		n++;
	got[0] = sys_fork(of, 1);
	got[1] = sys_wait(of, 1);
	got[2] = sys_kill(of, 1);
	while (n--)
		put_page(taken[n]);
	got[3] = sys_fork(of, 1);
	got[4] = sys_wait(of, 1);
}

static void test_fork(void)
{
	struct outcome outcome = play_roles(fork_anything, return_at_once, BIT(1));

	CHECK(!outcome.complaint, "forks, good and bad: nothing leaks");
	CHECK(got[0] == -EAGAIN && got[1] == -EAGAIN && got[2] == -EAGAIN,
	      "a role beyond all that there are: -EAGAIN");
	CHECK(got[3] == -EAGAIN && got[4] == -EAGAIN, "a thread, or nobody: -EAGAIN");
	CHECK(!got[5] && got[6] == -EAGAIN && !got[7] && got[8] == -EAGAIN,
	      "a role is forked once, also after it has exited");
	outcome = play_roles(fork_without_memory, return_at_once, BIT(1));
	CHECK(!outcome.complaint && got[0] == -ENOMEM && got[1] == -ECHILD && got[2] == -ESRCH,
	      "no memory: -ENOMEM, and there is no child");
	CHECK(!got[3] && !got[4], "with memory it can be forked then");
}

/* --- wait ----------------------------------------------------------------------------------- */

static void wait_for_anything(struct variant *of)
{
	got[0] = sys_wait(of, 1);
	got[1] = sys_wait(of, 0);
	got[2] = sys_wait(of, MAX_ROLES);
	got[3] = sys_fork(of, 1);
	got[4] = sys_wait(of, 1);
	got[5] = sys_wait(of, 1);
	got[6] = sys_fork(of, NOBODY);
	got[7] = sys_wait(of, NOBODY);
	got[8] = sys_kill(of, NOBODY);
}

static void wait_for_others(struct variant *of)
{
	got[9] = sys_wait(of, 1);
	got[10] = sys_wait(of, 0);
	user_store(GOOD, 1);
}

static void test_wait(void)
{
	struct outcome outcome =
		play_roles(wait_for_anything, wait_for_others, BIT(1) | BIT(NOBODY));

	CHECK(!outcome.complaint, "waits, good and bad: nothing leaks");
	CHECK(got[0] == -ECHILD && got[1] == -ECHILD && got[2] == -ECHILD,
	      "before the fork, for a thread, for no role: -ECHILD");
	CHECK(!got[3] && !got[4] && got[5] == -ECHILD, "a child is waited for once");
	CHECK(!got[6] && got[7] == -ECHILD && got[8] == -ESRCH,
	      "a process that nobody plays: no wait until the deadline");
	CHECK(got[9] == -ECHILD && got[10] == -ECHILD, "a child for itself, or for its parent");
}

static void fork_the_idle(struct variant *of)
{
	got[0] = sys_fork(of, 1);
	got[1] = sys_wait(of, 1);
}

static void test_idle(void)
{
	struct outcome outcome;

	play_roles(return_at_once, return_at_once, BIT(1));
	scenario.roles[0].run = fork_the_idle;
	options.idle_role = 1;
	outcome = variant_run(&v, &scenario, &holds, MODE_PROBE);
	CHECK(!outcome.complaint && !got[0] && got[1] == -ECHILD,
	      "nor does a wait for an idle role last");
}

/* --- kill and exit -------------------------------------------------------------------------- */

static void wait_for_ever(struct variant *of)
{
	got[2] = sys_fork(of, 1);
	got[3] = sys_wait(of, 1);
	user_store(GOOD, 1); /* of a killed program */
	got[4] = (int)user_load(GOOD);
}

/* The child never ends: its parent is killed, and the parent's store never comes. */
static void end_the_child(struct variant *of)
{
	got[0] = sys_kill(of, 0);
	while (!READ_ONCE(of->ends[0].ended))
		cpu_relax();
}

static void test_kill(void)
{
	struct outcome outcome = play_roles(wait_for_ever, end_the_child, BIT(1));

	CHECK(!outcome.complaint && !got[0] && !got[2] && got[3] == -EINTR && !got[4],
	      "a program that is killed while it waits: -EINTR, and its accesses do nothing");
	PRINTED("# ev=role-ended role=first access=store address=0x480 cause=killed\n",
		"and the log says so");
}

static void fork_and_kill(struct variant *of)
{
	got[0] = sys_fork(of, 1);
	while (!is_over(of, 1))
		cpu_relax();
	got[1] = sys_kill(of, 1);
	got[2] = sys_wait(of, 1);
	got[3] = sys_kill(of, 1);
	got[4] = sys_kill(of, MAX_ROLES);
}

static void exit_twice(struct variant *of)
{
	user_store(GOOD, 7);
	sys_exit(of);
	sys_exit(of);
	got[5] = this_cpu()->mm || of->mm.cpumask & BIT(of->cpu[1]) ||
		 of->mm.cpu_attach_mask & BIT(of->cpu[1]);
	role_restart(of);
	user_store(GOOD, 8);
	got[6] = (int)user_load(GOOD);
	got[7] = (int)user_spin(GOOD, 0);
}

static void test_exit(void)
{
	struct outcome outcome = play_roles(fork_and_kill, exit_twice, BIT(1));

	CHECK(!outcome.complaint && !got[0] && !got[1] && !got[2] && got[3] == -ESRCH &&
		      got[4] == -ESRCH,
	      "kill() of a child that has exited: 0 until it was waited for, and -ESRCH then");
	CHECK(!got[5] && !got[6] && !got[7] && !ended,
	      "behind an exit there is no space and no access, and none was a bad one");
}

static void stay(struct variant *of)
{
	while (!is_over(of, 1))
		cpu_relax();
	user_store(GOOD, 9);
	got[1] = (int)user_load(GOOD);
	got[2] = sys_kill(of, 1);
	got[3] = sys_munmap(GOOD, PAGE_SIZE);
}

static void test_thread(void)
{
	struct outcome outcome = play_roles(stay, exit_twice, 0);

	CHECK(!outcome.complaint && !got[5], "a thread that exits has left the space");
	CHECK(got[1] == 9 && got[2] == -ESRCH && !got[3],
	      "which the other one goes on to use and to change");
	variant_begin(&v, &scenario, &holds, MODE_STRESS);
	model_switch_cpu(v.cpu[1]);
	mm_switch(&v.mm);
	for (unsigned round = 0; round < 2; round++) {
		process_run(&v, 1);
		CHECK(!this_cpu()->mm, "round %u: it has left", round);
		user_begin(&v);
	}
	model_switch_cpu(0);
	CHECK(!variant_end(&v), "it comes back for each round, and nothing leaks");
}

/* --- rounds --------------------------------------------------------------------------------- */

static void fork_the_first(struct variant *of)
{
	got[0] = sys_fork(of, 0);
}

/* Also the first role may be the child. */
static void test_next_round(void)
{
	play_roles(return_at_once, fork_the_first, BIT(0));
	CHECK(!got[0], "a fork of the first role");
	variant_begin(&v, &scenario, &holds, MODE_STRESS);
	for (unsigned role = 0; role < MAX_ROLES; role++)
		v.process[role].state = PROCESS_REAPED;
	process_reset(&v);
	for (unsigned role = 0; role < MAX_ROLES; role++)
		CHECK(v.process[role].state == PROCESS_NONE,
		      "role %u has no process in the next round", role);
	variant_end(&v);
}

int main(void)
{
	test_fork();
	test_wait();
	test_idle();
	test_kill();
	test_exit();
	test_thread();
	test_next_round();
	return tap_done();
}
