/* SPDX-License-Identifier: MIT */
/* An IPI to a CPU with interrupts off is taken when they are on again, and until then the sender
 * waits. */
#include <asm/irq.h>

#include "kernel/smp/smp_call.h"
#include "tests/lab/lab.h"

enum {
	HOLDER,
	SENDER,
};

static struct {
	bool off;	      /* shared, the holder's interrupts */
	u32 taken, taken_off; /* by the holder, and of these while interrupts were off */
	bool answered_off;    /* the sender went on while they were off */
} found;

static bool setup(struct variant *v)
{
	(void)v;
	found = (typeof(found)){.off = false};
	return true;
}

/* The script keeps the CPU at role_middle until the sender waits for it. */
static void hold(struct variant *v)
{
	u32 flags = irq_save();

	(void)v;
	WRITE_ONCE(found.off, true);
	race_point(role_middle);
	for (unsigned i = 0; i < 1000; i++)
		cpu_relax();
	WRITE_ONCE(found.off, false);
	irq_restore(flags);
}

static void handle(void *argument)
{
	(void)argument;
	found.taken++;
	found.taken_off += READ_ONCE(found.off);
}

static void send(struct variant *v)
{
	call_cpus(BIT(v->cpu[HOLDER]), handle, NULL);
	found.answered_off = READ_ONCE(found.off);
}

static enum verdict judge(struct variant *v)
{
	if (found.taken_off || found.answered_off || found.taken != 1) {
		lab_saw(v, "the IPI was taken %u times, %u of them while interrupts were off%s",
			found.taken, found.taken_off,
			found.answered_off ? ", and answered then" : "");
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_counted(v, found.taken);
	lab_evidence(
		v,
		"the sender waited while CPU %u held interrupts off; the IPI was taken after that",
		v->cpu[HOLDER]);
	return HELD;
}

static const struct step send_while_masked[] = {
	STEP(HOLDER, role_middle, BLOCKED_ON_ME(SENDER)),
	STEP(SENDER, role_start, REACHED(HOLDER, role_middle)),
};

SCENARIO(ipi_masked) = {
	.name = "hw/ipi-masked",
	.rule = "an IPI that arrives while interrupts are off is kept, and taken once "
		"they are on again",
	.reference = "Intel SDM vol. 3, 6.8.1 (IF), 11.8.4 (IRR)",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(1, "IPI that was sent while interrupts were off")},
	.roles = {[HOLDER] = {"holder", hold}, [SENDER] = {"sender", send}},
	.script = STEPS(send_while_masked),
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
