/* SPDX-License-Identifier: MIT */
/* A program makes one bad access after another. Each ends it, and nothing else. */
#include <asm/caps.h>
#include <asm/trap.h>

#include "tests/lab/user.h"

/* The page at v->va is not to be executed. */
#define NOWHERE (v->va - PAGE_SIZE) /* nor is there a table */
#define HOLE	(v->va + PAGE_SIZE)
#define CODE	(v->va + 2 * PAGE_SIZE)
#define GOOD	(v->va + 3 * PAGE_SIZE)

enum trial {
	KERNEL_STORE,
	HOLE_LOAD,
	NOWHERE_CALL,
	ILLEGAL_CALL, /* of code that a user may not execute */
	CLOSED_CALL,  /* of a page without execute */
	NR_TRIALS
};

static const struct {
	const char *name;
	u8 access; /* enum user_access */
	u32 cause; /* FAULT_* that it must have */
	u32 never; /* and must not */
} trials[NR_TRIALS] = {
	[KERNEL_STORE] = {"a store to the kernel", ACCESS_STORE,
			  FAULT_USER | (CAP_SHARED_SPACE ? FAULT_PROTECTION : 0), FAULT_EXEC},
	[HOLE_LOAD] = {"a load from a hole", ACCESS_LOAD, FAULT_USER,
		       FAULT_PROTECTION | FAULT_WRITE | FAULT_EXEC},
	[NOWHERE_CALL] = {"a jump to nowhere", ACCESS_CALL, FAULT_USER,
			  FAULT_PROTECTION | FAULT_WRITE},
	[ILLEGAL_CALL] = {"an illegal instruction", ACCESS_CALL, FAULT_USER | FAULT_ILLEGAL,
			  FAULT_PROTECTION | FAULT_WRITE},
	[CLOSED_CALL] = {"a jump to a page without execute", ACCESS_CALL,
			 FAULT_USER | FAULT_PROTECTION | FAULT_EXEC, FAULT_WRITE},
};

/* How each ended, whether the accesses before it were made, and whether one behind it was. */
static struct role_end ends[NR_TRIALS];
static u32 good[NR_TRIALS], behind[NR_TRIALS];

/* On a CPU without this protection the right changes nothing in an entry. */
static bool has_no_execute(void)
{
	return !entry_same(mk_pte(1, PTE_USER | PTE_EXEC), mk_pte(1, PTE_USER));
}

static bool map(struct variant *v, vaddr_t va, u32 prot)
{
	return !is_error(
		do_mmap(&v->mm, va, PAGE_SIZE, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED));
}

static bool setup(struct variant *v)
{
	return map(v, v->va, PROT_READ | PROT_WRITE) &&
	       map(v, CODE, PROT_READ | PROT_WRITE | PROT_EXEC) &&
	       map(v, GOOD, PROT_READ | PROT_WRITE);
}

static vaddr_t address_of(struct variant *v, enum trial trial)
{
	const vaddr_t address[NR_TRIALS] = {
		[KERNEL_STORE] = KERNEL_BASE, [HOLE_LOAD] = HOLE,    [NOWHERE_CALL] = NOWHERE,
		[ILLEGAL_CALL] = CODE,	      [CLOSED_CALL] = v->va,
	};

	return address[trial];
}

static void make_access(vaddr_t va, enum user_access access)
{
	if (access == ACCESS_STORE)
		user_store(va, 1);
	else if (access == ACCESS_LOAD)
		(void)user_load(va);
	else
		user_call(va);
}

/* The accesses behind the bad one would be good ones, and must not be made. */
static void run_program(struct variant *v, enum trial trial)
{
	u32 word = 0x1000 + trial;

	role_restart(v);
	user_store(GOOD, word);
	good[trial] = user_load(GOOD) == word && user_xchg(GOOD, ~word) == word;
	make_access(address_of(v, trial), trials[trial].access);
	role_ended(v, lab_role(v), &ends[trial]);
	behind[trial] = user_load(GOOD) || user_xchg(GOOD, 5) || user_spin(GOOD, 5);
	user_store(GOOD, 6);
	user_call(GOOD);
	role_restart(v);
	behind[trial] |= user_load(GOOD) != ~word;
}

static bool is_made(enum trial trial)
{
	return trial != CLOSED_CALL || has_no_execute();
}

static void run(struct variant *v)
{
	/* Where nothing stops the fetch, it returns, and nothing else happens. */
	user_store(v->va, USER_RETURN_WORD);
	user_store(CODE, USER_ILLEGAL_WORD);
	for (enum trial trial = 0; trial < NR_TRIALS; trial++)
		if (is_made(trial))
			run_program(v, trial);
}

/* Returns NULL, or the reason why the trial failed. */
static const char *problem(struct variant *v, enum trial trial)
{
	const struct role_end *end = &ends[trial];
	vaddr_t address = address_of(v, trial);

	if (!good[trial])
		return "good accesses before it went wrong";
	if (!end->ended)
		return "it did not end the program";
	if (end->access != trials[trial].access ||
	    ALIGN_DOWN(end->address, PAGE_SIZE) != ALIGN_DOWN(address, PAGE_SIZE))
		return "another access or address is on record";
	if ((end->cause & trials[trial].cause) != trials[trial].cause ||
	    end->cause & trials[trial].never)
		return "its cause is another";
	return behind[trial] ? "the program went on behind it" : NULL;
}

static enum verdict judge(struct variant *v)
{
	for (enum trial trial = 0; trial < NR_TRIALS; trial++) {
		const char *wrong = is_made(trial) ? problem(v, trial) : NULL;

		if (!wrong)
			continue;
		lab_saw(v, "%s at 0x%llx: %s (%s at 0x%llx, cause 0x%x)", trials[trial].name,
			(unsigned long long)address_of(v, trial), wrong,
			user_access_name[ends[trial].access],
			(unsigned long long)ends[trial].address, ends[trial].cause);
		return VIOLATED;
	}
	lab_evidence(v,
		     "a store to the kernel, a load from a hole, a jump to nowhere and an illegal instruction each ended the program%s",
		     has_no_execute()
			     ? ", and so did a jump to a page without execute"
			     : "; a jump to a page without execute is not observable here, as no entry forbids it");
	return HELD;
}

SCENARIO(bad_access) = {
	.name = "space/bad-access",
	.rule = "a bad access ends the program that makes it, with its address and cause on record, and the kernel goes on",
	.reference = "Linux bad_area_nosemaphore(): SIGSEGV with the address and the cause",
	.mode = MODE_PROBE,
	.programs = true,
	.roles = {{"program", run}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
