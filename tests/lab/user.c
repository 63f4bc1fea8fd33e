/* SPDX-License-Identifier: MIT */
/* Makes the accesses of roles in user mode, and ends a program by a bad one. */
#include "tests/lab/user.h"

#include <asm/irq.h>
#include <asm/trap.h>

#include "kernel/printk.h"
#include "kernel/smp/user_stop.h"

const char *const user_access_name[NR_ACCESSES] = {
	[ACCESS_LOAD] = "load", [ACCESS_STORE] = "store", [ACCESS_XCHG] = "xchg",
	[ACCESS_SPIN] = "spin", [ACCESS_CALL] = "call",
};

static const char *const cause_name[] = {"protection", "write", "user",	  "reserved",
					 "exec",       "limit", "illegal", "bus"};

/* The variant in play, NULL if its roles are no programs. */
static struct variant *played;

void user_begin(struct variant *v)
{
	played = v->scenario->programs ? v : NULL;
	for (unsigned role = 0; role < v->nr_roles; role++) {
		v->ends[role] = (struct role_end){0};
		user_stop_forget(v->cpu[role]);
	}
}

bool role_ended(const struct variant *v, unsigned role, struct role_end *end)
{
	*end = v->ends[role];
	return end->ended;
}

void role_restart(struct variant *v)
{
	v->ends[lab_role(v)] = (struct role_end){.exited = v->ends[lab_role(v)].exited};
}

/* The calling role makes no access any more. */
static bool has_ended(void)
{
	const struct role_end *end;

	if (!played)
		return false;
	end = &played->ends[lab_role(played)];
	return end->ended || end->exited;
}

void fault_cause_text(u32 cause, char *text, size_t size)
{
	size_t used = 0;

	text[0] = 0;
	for (unsigned bit = 0; bit < ARRAY_SIZE(cause_name); bit++)
		if (cause & BIT(bit))
			used += (size_t)scnprintk(text + used, size - used, used ? ",%s" : "%s",
						  cause_name[bit]);
	if (!(cause & (FAULT_PROTECTION | FAULT_RESERVED | FAULT_LIMIT | FAULT_ILLEGAL)))
		scnprintk(text + used, size - used, used ? ",%s" : "%s", "absent");
}

static void end_role(struct variant *v, unsigned role, enum user_access access,
		     const struct fault *fault)
{
	char cause[80];

	v->ends[role] = (struct role_end){
		.ended = true, .access = access, .cause = fault->cause, .address = fault->address,
		.killed = !fault->cause};
	if (v->mode == MODE_STRESS || v->mode == MODE_EXPLORED)
		return;
	if (fault->cause)
		fault_cause_text(fault->cause, cause, sizeof(cause));
	else
		snprintk(cause, sizeof(cause), "killed");
	printk("# ev=role-ended role=%s access=%s address=0x%llx cause=%s\n",
	       v->scenario->roles[role].name, user_access_name[access],
	       (unsigned long long)fault->address, cause);
}

/* Runs user code at pc, for the access to va. Returns the value of its call, or 0 if the program
 * has ended. */
static u32 run(enum user_access access, vaddr_t pc, vaddr_t va, u32 value)
{
	struct fault fault;
	unsigned role;
	u32 result;

	if (!played)
		panic("user_%s() in a scenario that does not say .programs",
		      user_access_name[access]);
	role = lab_role(played);
	if (has_ended())
		return 0;
	if (READ_ONCE(played->roles_killed) & BIT(role)) {
		end_role(played, role, access, &(struct fault){va, 0});
		return 0;
	}
	if (user_run(pc, 0, va, value, &result, &fault))
		return result;
	end_role(played, role, access, &fault);
	return 0;
}

u32 user_load(vaddr_t va)
{
	return run(ACCESS_LOAD, user_code_at(user_load_code), va, 0);
}

void user_store(vaddr_t va, u32 value)
{
	run(ACCESS_STORE, user_code_at(user_store_code), va, value);
}

u32 user_xchg(vaddr_t va, u32 value)
{
	return run(ACCESS_XCHG, user_code_at(user_xchg_code), va, value);
}

/* The hardware fetches at va as it enters user mode. */
void user_call(vaddr_t va)
{
	run(ACCESS_CALL, va, 0, 0);
}

void user_stop(struct variant *v, unsigned role)
{
	user_stop_cpu(v->cpu[role]);
}

/* One stay in user mode. Returns false if a stop ended it, or came before it. */
static bool spin(vaddr_t va, u32 while_value, u32 *value)
{
	u32 flags = irq_save();
	bool goes_on = user_spin_begin();

	if (goes_on) {
		*value = run(ACCESS_SPIN, user_code_at(user_spin_code), va, while_value);
		goes_on = user_spin_end(!has_ended());
	}
	irq_restore(flags);
	return goes_on;
}

u32 user_spin(vaddr_t va, u32 while_value)
{
	struct patience patience = {0};
	u32 value = while_value;

	while (!has_ended() && spin(va, while_value, &value)) {
		if (value != while_value || wait_is_abandoned())
			return value;
		if (patience_over(&patience))
			panic("role %s spun in user mode for %u s at 0x%llx: no role stored there or stopped it",
			      played->scenario->roles[lab_role(played)].name, wait_deadline_s,
			      (unsigned long long)va);
	}
	return has_ended() ? 0 : while_value;
}
