/* SPDX-License-Identifier: MIT */
/* Shows three ends of a program. A child exits and its parent waits for it. A program is killed in
 * the middle of a fault. A thread leaves its space to another thread. */
#include "kernel/errno.h"
#include "mm/table/pgtable.h"
#include "tests/lab/process.h"

#define PAGES 4u

/* v->value, in all three scenarios: */
enum {
	CALL, /* the first call with a wrong result, from 1, and the result */
	RESULT,
	READ, /* by the first role in the end */
	INHERITED,
	PRIVATE,
	AFTER, /* by the child: before its store, behind it, and behind its exit */
};

static bool setup(struct variant *v)
{
	return !is_error(do_mmap(&v->mm, v->va, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED));
}

/* One role of each scenario makes calls. */
static void must_be(struct variant *v, u32 call, int result, int expected)
{
	if (result == expected || v->value[CALL])
		return;
	v->value[CALL] = call;
	v->value[RESULT] = (u32)result;
}

static bool calls_went_wrong(struct variant *v, const char *const *calls)
{
	if (!v->value[CALL])
		return false;
	lab_saw(v, "%s gave %d", calls[v->value[CALL] - 1], (int)v->value[RESULT]);
	return true;
}

static pte_t entry_at(struct variant *v, vaddr_t va)
{
	pte_t *ptep = pte_lookup(&v->mm, va);

	return ptep ? entry_read(ptep) : PTE_NONE;
}

/* --- a child exits, and its parent waits ------------------------------------------------------ */

enum {
	PARENT,
	CHILD,
};

#define PARENT_WORD 0x9a2e47u
#define CHILD_WORD  0xc41du

enum {
	WAIT_EARLY = 1,
	KILL_EARLY,
	FORK_NOBODY,
	FORK_THREAD,
	FORK,
	FORK_TWICE,
	WAIT_THREAD,
	WAIT,
	WAIT_TWICE,
	KILL_LATE,
	FORK_USED,
};

static const char *const parents_calls[] = {
	"wait() for a child before the fork",
	"kill() of a child before the fork",
	"fork() for a role that does not exist",
	"fork() for a thread",
	"fork()",
	"fork() for the same role again",
	"wait() for a thread",
	"wait() for the child",
	"wait() for the child again",
	"kill() of a child that was waited for",
	"fork() for a role that has exited",
};

static void fork_and_wait(struct variant *v)
{
	user_store(v->va, PARENT_WORD);
	must_be(v, WAIT_EARLY, sys_wait(v, CHILD), -ECHILD);
	must_be(v, KILL_EARLY, sys_kill(v, CHILD), -ESRCH);
	must_be(v, FORK_NOBODY, sys_fork(v, MAX_ROLES + 3), -EAGAIN);
	must_be(v, FORK_THREAD, sys_fork(v, PARENT), -EAGAIN);
	must_be(v, FORK, sys_fork(v, CHILD), 0);
	must_be(v, FORK_TWICE, sys_fork(v, CHILD), -EAGAIN);
	must_be(v, WAIT_THREAD, sys_wait(v, PARENT), -ECHILD);
	must_be(v, WAIT, sys_wait(v, CHILD), 0);
	race_point(role_middle);
	must_be(v, WAIT_TWICE, sys_wait(v, CHILD), -ECHILD);
	must_be(v, KILL_LATE, sys_kill(v, CHILD), -ESRCH);
	must_be(v, FORK_USED, sys_fork(v, CHILD), -EAGAIN);
	v->value[READ] = user_load(v->va);
}

static void store_and_exit(struct variant *v)
{
	v->value[INHERITED] = user_load(v->va);
	user_store(v->va, CHILD_WORD);
	v->value[PRIVATE] = user_load(v->va);
	race_point(role_middle);
	sys_exit(v);
	v->value[AFTER] = user_load(v->va);
}

static enum verdict judge_exit(struct variant *v)
{
	unsigned waited = lab_when(PARENT, RACE_role_middle, 1),
		 gone = lab_when(CHILD, RACE_zap_done, 1);
	pte_t pte = entry_at(v, v->va);

	if (calls_went_wrong(v, parents_calls))
		return VIOLATED;
	if (v->value[READ] != PARENT_WORD || v->value[INHERITED] != PARENT_WORD ||
	    v->value[PRIVATE] != CHILD_WORD || v->value[AFTER]) {
		lab_saw(v, "the parent read 0x%x, the child 0x%x, 0x%x, and 0x%x behind its exit",
			v->value[READ], v->value[INHERITED], v->value[PRIVATE], v->value[AFTER]);
		return VIOLATED;
	}
	if (!gone || waited < gone) {
		lab_saw(v, "wait() returned before the child's space was gone");
		return VIOLATED;
	}
	if (!entry_present(pte) || page_count(pfn_to_page(entry_pfn(pte))) != 1) {
		lab_saw(v, "the parent's page still has a reference of the child's");
		return VIOLATED;
	}
	lab_evidence(v,
		     "the child exited, and its space was gone when the parent's wait() returned");
	return HELD;
}

SCENARIO(child_exits) = {
	.name = "space/exit",
	.rule = "a child that exits gives its space back before its parent's wait() returns, and no call finds the child afterwards",
	.reference =
		"Linux do_exit(): exit_mm() before exit_notify(); wait_task_zombie(); POSIX fork(), waitpid()",
	.mode = MODE_PROBE,
	.programs = true,
	.roles_meet = true,
	.roles = {[PARENT] = {"parent", fork_and_wait}, [CHILD] = {"child", store_and_exit}},
	.forked = BIT(CHILD),
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge_exit,
};

/* --- one program kills another in the middle of a fault --------------------------------------- */

enum {
	VICTIM,
	KILLER,
};

enum {
	UNMAP = 1,
};

static const char *const killers_calls[] = {"munmap() after the kill"};

static void store_to_each(struct variant *v)
{
	user_store(v->va, 1);
	user_store(v->va + PAGE_SIZE, 2);
	race_point(role_probe);
	user_store(v->va + 2 * PAGE_SIZE, 3);
}

/* The call behind the kill needs each lock of the victim's fault. */
static void kill_it(struct variant *v)
{
	v->flag[KILLER] = !sys_kill(v, VICTIM);
	race_point(role_middle);
	must_be(v, UNMAP, sys_munmap(v->va + 3 * PAGE_SIZE, PAGE_SIZE), 0);
}

static enum verdict judge_kill(struct variant *v)
{
	unsigned killed = lab_when(KILLER, RACE_role_middle, 1),
		 probed = lab_when(VICTIM, RACE_role_probe, 1);
	bool stored = !entry_none(entry_at(v, v->va + 2 * PAGE_SIZE));
	struct role_end end;
	bool ended = role_ended(v, VICTIM, &end);

	v->outcome = ended ? "killed" : "over before";
	if (calls_went_wrong(v, killers_calls))
		return VIOLATED;
	if (stored == ended) {
		lab_saw(v, "the program was%s killed, and its last store was%s made",
			ended ? "" : " not", stored ? "" : " not");
		return VIOLATED;
	}
	if (v->flag[KILLER] && killed < probed && !end.killed) {
		lab_saw(v, "kill() had returned, and CPU %u's program went on", v->cpu[VICTIM]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !end.killed)
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u's fault was finished, and the program made no access behind it",
		     v->cpu[VICTIM]);
	return HELD;
}

static const struct step kill_in_the_fault[] = {
	STEP(KILLER, role_start, REACHED_TIMES(VICTIM, fault_unlocked, 2)),
	{.role = VICTIM,
	 .at = RACE_fault_unlocked,
	 .nth = 2,
	 .until = {REACHED(KILLER, role_middle)}},
};

SCENARIO(killed) = {
	.name = "space/kill",
	.rule = "a program that is killed makes no access after its fault, and leaves no lock and no frame behind",
	.reference =
		"Linux exit_to_user_mode_loop(): a fatal signal is taken on the way back from a fault",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[VICTIM] = {"victim", store_to_each}, [KILLER] = {"killer", kill_it}},
	.script = STEPS(kill_in_the_fault),
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge_kill,
};

/* --- a thread leaves its space while another one faults there --------------------------------- */

enum {
	STAYER,
	LEAVER,
};

enum {
	PROTECT = 1,
	DROP,
};

static const char *const stayers_calls[] = {"mprotect()", "madvise()"};

static void fault_and_change(struct variant *v)
{
	user_store(v->va, PARENT_WORD);
	v->value[READ] = user_load(v->va);
	must_be(v, PROTECT, sys_mprotect(v->va, PAGE_SIZE, PROT_READ), 0);
	must_be(v, DROP, sys_madvise(v->va, PAGE_SIZE, MADV_DONTNEED), 0);
}

static void load_and_leave(struct variant *v)
{
	v->flag[LEAVER] = !user_load(v->va + PAGE_SIZE);
	sys_exit(v);
	v->value[AFTER] = user_load(v->va + PAGE_SIZE);
}

static enum verdict judge_leave(struct variant *v)
{
	struct role_end end;

	if (calls_went_wrong(v, stayers_calls))
		return VIOLATED;
	if (role_ended(v, STAYER, &end) || v->value[READ] != PARENT_WORD || !v->flag[LEAVER] ||
	    v->value[AFTER]) {
		lab_saw(v,
			"the thread that stayed read 0x%x and %s, the other one read 0x%x behind its exit",
			v->value[READ], end.ended ? "ended" : "went on", v->value[AFTER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u's fault went on while CPU %u left the space", v->cpu[STAYER],
		     v->cpu[LEAVER]);
	return HELD;
}

static const struct step leave_in_the_fault[] = {
	STEP(LEAVER, role_start, REACHED(STAYER, fault_unlocked)),
	STEP(STAYER, fault_unlocked, REACHED(LEAVER, role_done)),
};

SCENARIO(thread_leaves) = {
	.name = "space/leave",
	.rule = "a thread that exits leaves the space to the others, whose faults and calls go on",
	.reference = "Linux exit_mm(): mmput() of a space that others use",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[STAYER] = {"stayer", fault_and_change}, [LEAVER] = {"leaver", load_and_leave}},
	.script = STEPS(leave_in_the_fault),
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge_leave,
};
