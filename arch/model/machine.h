/* SPDX-License-Identifier: MIT */
/*
 * The model as a concurrent machine: what a CPU is about to do, what it has in its store buffer,
 * which older values it may still load, what its TLB holds. An exploration decides who goes next;
 * without one (unit tests) every operation takes place at once, on memory itself.
 *
 * The four memory models:
 *	SC	a store reaches memory at once
 *	TSO	stores wait in a FIFO, the CPU's own loads look there first (x86: Sewell et al.,
 *		x86-TSO, CACM 2010)
 *	PSO	a FIFO for each location; smp_wmb() separates, a release comes after all before it
 *	WEAK	PSO, and a load may give any value that the location has had since the CPU's last
 *		smp_rmb() or acquire, never an older one than it gave before (coherence). A load
 *		through an address that was loaded comes after that (phys_to_virt(), or a pointer).
 *
 * A read-modify-write that returns nothing (atomic_or, atomic_and) has no order: it waits in the
 * buffer as a store does, and is computed when it reaches memory. x86's locked instructions are
 * stronger; the protocol is held to what asm/atomic.h promises.
 *
 * Not in WEAK: a load that comes before an older load's address is known, stores that overtake
 * loads (LB), stores that some CPUs see before others do.
 */
#pragma once

#include <asm/barrier.h>
#include <asm/ipi.h>
#include <asm/entry.h>
#include <asm/smp.h>

enum memory_model {
	MEMORY_SC,
	MEMORY_TSO,
	MEMORY_PSO,
	MEMORY_WEAK,
	NR_MEMORY_MODELS
};

/*
 * What a CPU can be about to do. Which of these need a place in the order is not the model's to say
 * (model_submit); each operation of include/asm/ says beside its declaration when it does.
 */
enum op_kind {
	OP_NONE,      /* the CPU has nothing more to do; it still takes interrupts */
	OP_READ,      /* address, size, order */
	OP_WRITE,     /* and value */
	OP_RMW,	      /* and rmw, expected */
	OP_FILL,      /* address, size in bytes: every 64-bit word becomes value */
	OP_MB,	      /* waits until the CPU's store buffer is empty */
	OP_FENCE,     /* value: enum model_barrier; another barrier, or one with an empty buffer */
	OP_IRQ_OFF,   /* the last moment for an interrupt */
	OP_IPI,	      /* target, value: enum ipi */
	OP_BROADCAST, /* address or 0: invalid entry; every CPU drops [value, expected) */
	OP_ROOT,      /* the register: address, the root that is loaded; the TLB is empty then */
	OP_TLB_WRITE, /* software fills the TLB: address; value: its struct tlb_pair */
	OP_FLUSH,     /* this CPU drops [value, expected) */
	OP_WALK,      /* the hardware translates `address`; result: whether it can, see walk.c */
	OP_WAIT,      /* goes on after memory has changed; value: enum wait_kind */
	OP_EVENT,     /* nothing but its place in the order */
	NR_OP_KINDS
};

struct op {
	u8 kind, size, order, rmw;
	u8 target;
	u8 access;   /* OP_WALK: what for, FAULT_WRITE, FAULT_USER and FAULT_EXEC of asm/trap.h */
	bool inside; /* the access of an instruction whose translation is done: no interrupt and no
		      * broadcast before it; expected: of a store, see struct buffered */
	u8 point;    /* OP_EVENT: enum race_point */
	u64 address, value, expected, result;
	const void *pc; /* in the code that asked for it */
};

#define MODEL_BUFFER 32u /* stores on their way, a CPU */
#define MODEL_OLD    48u /* values overwritten but not out of sight, a CPU */
#define MODEL_TLB    16u /* translations, a CPU */

enum buffered_change {
	CHANGE_STORE,
	CHANGE_OR,
	CHANGE_AND,
};

struct buffered {
	u64 address, value;
	u16 size, epoch; /* size > 8: a fill; epoch: smp_wmb()s before it */
	u8 change;	 /* enum buffered_change */
	bool release;
	u16 page; /* a store through a translation: 1 + the number of its page; else 0 */
};
_Static_assert(sizeof(struct buffered) == 24, "padding tells states apart");

struct old_word {
	u64 address; /* of a word of 32 bits, or 64 where they are loaded at once */
	u64 value;
};

struct translation {
	bool valid, write, dirty, unused[5]; /* no padding, as above */
	vaddr_t va;
	pte_t pte;
};
_Static_assert(sizeof(struct translation) == 24, "padding tells states apart");

#define MODEL_FILLED 4u /* addresses that the hardware may translate by itself */
#define MODEL_UPPERS 4u /* levels below the top one */

/* How far the hardware has come on its way to an address: for each level below the top one the
 * frame of the table, + 1; 0: not there yet. A walk that has stopped half way and a cache of upper
 * entries are the same thing. [0]: the table of ptes. */
struct halfway {
	u32 table[MODEL_UPPERS];
};

struct model_cpu {
	bool irqs_off, in_nmi;
	bool asleep;	    /* until the next interrupt */
	bool waiting, news; /* news: memory has changed since it last began to look */
	u8 level;	    /* interrupts it is inside of */
	u32 pending;	    /* bit: enum ipi */
	u16 nr_buffered, epoch, nr_old;
	struct op op;
	struct buffered buffer[MODEL_BUFFER]; /* oldest first */
	struct old_word old[MODEL_OLD];	      /* by address, then oldest first */
	paddr_t root;
	struct translation tlb[MODEL_TLB];
	pgd_t top[PTRS_PER_PGD]; /* PREALLOCATED_PMDS: as they were when the root was loaded */
	struct halfway halfway[MODEL_FILLED];
};

extern struct model_cpu model_cpu[MODEL_CPUS];
/* What went wrong with the model itself (a buffer that is too small); NULL: nothing. Whatever runs
 * out ends the exploration by this, and names the limit: the machine that is modelled has no such
 * end. */
extern const char *model_limit;
/* How much of MODEL_BUFFER, MODEL_OLD and MODEL_TLB there is. A self-test makes one of them 1. */
extern unsigned model_room_buffer, model_room_old, model_room_tlb;

/* Set: takes over an operation, and returns when it has taken place; or returns false: it may take
 * place at once, as nobody else can tell when it does. */
extern bool (*model_submit)(struct op *op);
/* It takes place, as a step of an exploration if there is one; returns op->result. */
u64 model_perform(struct op *op);
/* Told of accesses that the hardware makes by itself, inside an operation. May be NULL. */
extern void (*model_note)(const struct model_cpu *cpu, const struct op *op);
/* An exploration is on: interrupts come when it says so. */
extern bool model_concurrent;
extern enum memory_model memory_model;
extern const char *const memory_model_name[NR_MEMORY_MODELS]; /* as the word model= has them */

/* In which width the CPU loads the 32-bit word in a way that may give an old value: 4 bytes, 8, 0
 * for never. Set for MEMORY_WEAK. */
extern unsigned (*model_remembers)(unsigned cpu, u64 address);

/* What IPI_WAKE does instead of interrupt_wake(), which begins with no barrier. May be NULL. */
extern void (*model_wake_hook)(void);

/* Asked for by whoever explores. */
void model_wait(u32 kind);
void model_event(unsigned point, u64 value);

/* Memory itself, no buffers: for those that nobody else can tell. */
void op_at_once(struct op *op);
/* The CPU's operation, that nobody else can tell the moment of, takes place now, unless one of its
 * own stores on their way stands before it (false). */
bool op_quietly(struct model_cpu *cpu, struct op *op);
/* Can the operation that the CPU is about to do take place now? */
bool op_enabled(const struct model_cpu *cpu);
/* In how many ways: loads under WEAK have more than one. */
unsigned op_ways(const struct model_cpu *cpu);
/* It takes place, in the n-th way; result in cpu->op. */
void op_perform(struct model_cpu *cpu, unsigned way);
/* A read-modify-write of memory itself: the hardware's own. */
void rmw_now(struct model_cpu *cpu, struct op *op);

/* The n-th store of the buffer may reach memory; it does. */
bool store_can_commit(const struct model_cpu *cpu, unsigned n);
void store_commit(struct model_cpu *cpu, unsigned n);

/* A barrier that needs not wait: those but OP_MB, and that with an empty buffer. */
void op_barrier(struct model_cpu *cpu, enum model_barrier kind);
/* The CPU got these bytes' address from a load: it has seen what was there then. */
void old_forget(struct model_cpu *cpu, u64 address, unsigned size);
/* OP_WALK: result 1 and expected, the entry used; or result 0 and value, the fault's cause. */
void tlb_walk(struct model_cpu *cpu, struct op *op);
/* OP_BROADCAST */
void tlb_broadcast(struct model_cpu *cpu, struct op *op);
/* OP_ROOT, OP_TLB_WRITE, OP_FLUSH */
void tlb_load_root(struct model_cpu *cpu, const struct op *op);
void tlb_write(struct model_cpu *cpu, const struct op *op);
void tlb_flush(struct model_cpu *cpu, const struct op *op);

/* The page of a translation that this CPU has cached and the tables do not justify: its entry is
 * gone, names another frame, or gives fewer rights. False: there is none. A pure look, for when no
 * flush is owed. */
bool tlb_unjustified(const struct model_cpu *cpu, vaddr_t *va);

/*
 * Hardware that fills its TLB without being asked. A step of it reads one entry on the way to one
 * of these addresses, from wherever the CPU has got to before; at the last level the translation is
 * there. Flushes and loads of the root forget where it had got to. Only with CAP_HW_WALKER.
 */
extern bool model_filling;
extern vaddr_t model_filled[MODEL_FILLED]; /* page-aligned */
extern unsigned model_nr_filled;
/* Would reading the entry of this level (1: the pte) bring the CPU on? */
bool fill_possible(struct model_cpu *cpu, unsigned address, unsigned level);
/* It does; returns the frame of the table that was read. */
pfn_t fill_step(struct model_cpu *cpu, unsigned address, unsigned level);
/* The CPU has got to a table that is not on the way any more. As tlb_unjustified(). */
bool fill_unjustified(const struct model_cpu *cpu, vaddr_t *va);
/* Would the barrier change anything for what this CPU does later? Another barrier now would not. */
bool op_fence_matters(const struct model_cpu *cpu, enum model_barrier kind);

/* The CPU, interrupted between two operations, takes this interrupt. */
void model_interrupt(enum ipi ipi);
bool model_deliverable(unsigned cpu, enum ipi ipi);
