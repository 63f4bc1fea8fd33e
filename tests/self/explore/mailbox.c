/* SPDX-License-Identifier: MIT */
/* The example of docs/explorer.md: a protocol of its own, once right, once with plain accesses. */
#include "tests/lab/lab.h"

/* Of v->value: */
enum {
	MESSAGE, /* shared */
	SENT,	 /* shared: the message is there */
	GOT,	 /* the message, as the receiver read it */
};

/* Of v->flag: */
enum {
	SEEN, /* the receiver saw that it is there */
};

static void send(struct variant *v)
{
	WRITE_ONCE(v->value[MESSAGE], 42);
	smp_store_release(&v->value[SENT], 1);
}

static void send_plainly(struct variant *v)
{
	WRITE_ONCE(v->value[MESSAGE], 42);
	WRITE_ONCE(v->value[SENT], 1);
}

static void receive(struct variant *v)
{
	v->flag[SEEN] = smp_load_acquire(&v->value[SENT]);
	v->value[GOT] = READ_ONCE(v->value[MESSAGE]);
}

static enum verdict judge(struct variant *v)
{
	if (v->flag[SEEN] && v->value[GOT] != 42) {
		lab_saw(v, "the flag was set, and the message read %u", v->value[GOT]);
		return VIOLATED;
	}
	return v->flag[SEEN] ? HELD : NO_EVIDENCE;
}

#define COMMON                                                                                     \
	.rule = "who sees the flag sees the message", .mode = MODE_EXPLORED,                       \
	.reference = "Linux Documentation/memory-barriers.txt, ACQUIRE and RELEASE",               \
	.judge = judge

SCENARIO(mailbox) = {
	COMMON,
	.name = "explore/mailbox",
	.roles = {{"receiver", receive}, {"sender", send}},
	CELLS(HOLDS()),
};

SCENARIO(mailbox_plain) = {
	COMMON,
	.name = "explore/mailbox-plain",
	.roles = {{"receiver", receive}, {"sender", send_plainly}},
	CELLS(HISTORICAL("a plain store of the flag may overtake the message", FROM(PSO))),
};
