/* SPDX-License-Identifier: MIT */
/*
 * The model as a concurrent machine, with each CPU's pending operation, its store buffer, the older
 * values it may still load, and its TLB. An exploration decides who goes next. Without one (unit
 * tests) every operation takes place at once, on memory itself.
 *
 * The four memory models:
 *	SC	a store reaches memory at once
 *	TSO	stores wait in a FIFO, and the CPU's own loads look there first (x86: Sewell et
 *		al., x86-TSO, CACM 2010)
 *	PSO	a FIFO for each location; smp_wmb() separates, a release comes after all before it
 *	WEAK	PSO, and a load may give any value of the location since the CPU's last smp_rmb()
 *		or acquire, but never an older one than it gave before (coherence). A load through
 *		a loaded address comes after the load of the address (phys_to_virt(), or a pointer).
 *
 * A read-modify-write that returns nothing (atomic_or, atomic_and) has no order. It waits in the
 * buffer as a store does, and is computed when it reaches memory. x86's locked instructions are
 * stronger, but the protocol is held to the promises of asm/atomic.h.
 *
 * WEAK does not have a load that comes before an older load's address is known, stores that
 * overtake loads (LB), or stores seen by some CPUs before others.
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
 * The operations of a CPU. The model does not decide which of these need a place in the order
 * (model_submit). Each operation of include/asm/ says beside its declaration when it does.
 */
enum op_kind {
	OP_NONE,      /* the CPU has nothing more to do, but still takes interrupts */
	OP_READ,      /* address, size, order */
	OP_WRITE,     /* and value */
	OP_RMW,	      /* and rmw, expected */
	OP_FILL,      /* address, size in bytes. Every 64-bit word becomes value */
	OP_MB,	      /* waits until the CPU's store buffer is empty */
	OP_FENCE,     /* value is an enum model_barrier. Another barrier, or one with an empty
		       * buffer */
	OP_IRQ_OFF,   /* the last moment for an interrupt */
	OP_IPI,	      /* target, and an enum ipi in value */
	OP_BROADCAST, /* address of an invalid entry, or 0. Every CPU drops [value, expected) */
	OP_ROOT,      /* the register. address is the loaded root, and the TLB is empty then */
	OP_TLB_WRITE, /* software fills the TLB with the struct tlb_pair in value, for address */
	OP_FLUSH,     /* this CPU drops [value, expected) */
	OP_WALK,      /* the hardware translates `address`. result is true if it can, see walk.c */
	OP_WAIT,      /* goes on after memory has changed. value is an enum wait_kind */
	OP_EVENT,     /* only a place in the order */
	NR_OP_KINDS
};

struct op {
	u8 kind, size, order, rmw;
	u8 target;
	u8 access;   /* of an OP_WALK, FAULT_WRITE, FAULT_USER and FAULT_EXEC of asm/trap.h */
	bool inside; /* the access of an instruction after its translation. No interrupt and no
		      * broadcast come before it. A store has struct buffered's page in
		      * `expected` */
	u8 point;    /* the enum race_point of an OP_EVENT */
	u64 address, value, expected, result;
	const void *pc; /* in the caller's code */
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
	u16 size, epoch; /* a size > 8 is a fill; epoch is the number of smp_wmb()s before it */
	u8 change;	 /* an enum buffered_change */
	bool release;
	u16 page; /* 1 + the number of the page of a store through a translation, else 0 */
};
_Static_assert(sizeof(struct buffered) == 24, "padding tells states apart");

struct old_word {
	u64 address; /* of a word of 32 bits, or of 64 if they are loaded at once */
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

/* The hardware's progress on its way to an address, with 1 + the frame of the table for each level
 * below the top one, or 0 for a level not reached yet. A walk stopped half way and a cache of upper
 * entries are the same thing. [0] is the table of ptes. */
struct halfway {
	u32 table[MODEL_UPPERS];
};

struct model_cpu {
	bool irqs_off, in_nmi;
	bool asleep;	    /* until the next interrupt */
	bool waiting, news; /* news is set if memory has changed since its last look began */
	u8 level;	    /* the number of interrupts it is inside of */
	bool in_user;	    /* in user_run(), and in no fault of it */
	bool left_user;	    /* a trap of user mode has ended user_run() */
	u32 pending;	    /* one bit for each enum ipi */
	u16 nr_buffered, epoch, nr_old;
	struct op op;
	struct buffered buffer[MODEL_BUFFER]; /* oldest first */
	struct old_word old[MODEL_OLD];	      /* by address, then oldest first */
	paddr_t root;
	struct translation tlb[MODEL_TLB];
	pgd_t top[PTRS_PER_PGD]; /* with PREALLOCATED_PMDS, as they were when the root was loaded */
	struct halfway halfway[MODEL_FILLED];
};

extern struct model_cpu model_cpu[MODEL_CPUS];
/* Names the limit of the model that ran out (a buffer that is too small), or is NULL. The
 * exploration ends then, because the modelled machine has no such limit. */
extern const char *model_limit;

/* A limit of the model that only the model has. */
struct room {
	const char *limit; /* in words, for model_limit */
	unsigned size;	   /* in use. A self-test makes it small */
	unsigned most;	   /* ever asked for, in all explorations of the program */
};
extern struct room room_buffer, room_old, room_tlb, room_filled;
/* Returns whether `nr` of them have room at once. If not, sets model_limit. */
bool room_for(struct room *room, unsigned nr);

/* If set, takes over an operation, and returns true when it has taken place. Returns false if the
 * operation may take place at once, because no other CPU can tell when it does. */
extern bool (*model_submit)(struct op *op);
/* Performs the operation, as a step of an exploration if there is one. Returns op->result. */
u64 model_perform(struct op *op);
/* Called for each access that the hardware makes by itself, inside an operation. May be NULL. */
extern void (*model_note)(const struct model_cpu *cpu, const struct op *op);
/* Set in an exploration, which decides when interrupts come. */
extern bool model_concurrent;
extern enum memory_model memory_model;
extern const char *const memory_model_name[NR_MEMORY_MODELS]; /* as in model= */

/* Returns the width of the CPU's loads of this 32-bit word that may give an old value, 4 or 8
 * bytes, or 0 if there are none. Set for MEMORY_WEAK. */
extern unsigned (*model_remembers)(unsigned cpu, u64 address);

/* Set while the exploration looks at memory by the protocol's own functions. No CPU makes these
 * loads, so they put no older value out of a CPU's sight. */
extern bool model_outside;

/* Called by IPI_WAKE in place of interrupt_wake(), which begins with no barrier. May be NULL. */
extern void (*model_wake_hook)(void);

/* The exploration defines this. */
void model_wait(u32 kind);
void model_event(unsigned point, u64 value);

/* Performs the operation on memory itself, without buffers. Call if no other CPU can tell when. */
void op_at_once(struct op *op);
/* Performs the CPU's operation at once. Call if no other CPU can tell when. Returns false if a
 * buffered store of its own must come first. */
bool op_quietly(struct model_cpu *cpu, struct op *op);
/* Can the CPU's operation take place now? */
bool op_enabled(const struct model_cpu *cpu);
/* Returns the number of ways. Loads under WEAK have more than one. */
unsigned op_ways(const struct model_cpu *cpu);
/* Performs the operation in the n-th way, with the result in cpu->op. */
void op_perform(struct model_cpu *cpu, unsigned way);
/* Performs a read-modify-write of memory itself, as the hardware's own. */
void rmw_now(struct model_cpu *cpu, struct op *op);

/* Can the n-th store of the buffer reach memory? store_commit() lets it. */
bool store_can_commit(const struct model_cpu *cpu, unsigned n);
void store_commit(struct model_cpu *cpu, unsigned n);

/*
 * Performs a barrier that does not have to wait, so any but OP_MB, and OP_MB with an empty buffer.
 */
void op_barrier(struct model_cpu *cpu, enum model_barrier kind);
/* The CPU got these bytes' address from a load, so it has seen the values of that moment. */
void old_forget(struct model_cpu *cpu, u64 address, unsigned size);
/*
 * OP_WALK. Sets result to 1 and expected to the entry used, or result to 0 and value to the fault's
 * cause.
 */
void tlb_walk(struct model_cpu *cpu, struct op *op);
/* OP_BROADCAST */
void tlb_broadcast(struct model_cpu *cpu, struct op *op);
/* OP_ROOT, OP_TLB_WRITE, OP_FLUSH */
void tlb_load_root(struct model_cpu *cpu, const struct op *op);
void tlb_write(struct model_cpu *cpu, const struct op *op);
void tlb_flush(struct model_cpu *cpu, const struct op *op);

/* Looks for a translation cached by this CPU but not justified by the tables, because its entry is
 * gone, names another frame, or gives fewer rights. Returns true with its page in *va. Changes
 * nothing. Call when no flush is owed. */
bool tlb_unjustified(const struct model_cpu *cpu, vaddr_t *va);

/*
 * Hardware that fills its TLB without being asked. Each of its steps reads one entry on the way to
 * one of these addresses, from the place reached before. The last level gives the translation.
 * Flushes and loads of the root forget the place. Only with CAP_HW_WALKER.
 */
extern bool model_filling;
extern vaddr_t model_filled[MODEL_FILLED]; /* page-aligned */
extern unsigned model_nr_filled;
/* Would the CPU get further by reading the entry of this level (1 for the pte)? */
bool fill_possible(struct model_cpu *cpu, unsigned address, unsigned level);
/* Reads that entry. Returns the frame of its table. */
pfn_t fill_step(struct model_cpu *cpu, unsigned address, unsigned level);
/* Is the CPU at a table that is not on the way any more? As tlb_unjustified(). */
bool fill_unjustified(const struct model_cpu *cpu, vaddr_t *va);
/*
 * Would the barrier change anything for the CPU's later accesses? A second one in a row does not.
 */
bool op_fence_matters(const struct model_cpu *cpu, enum model_barrier kind);

/* The CPU, between two operations, takes this interrupt. */
void model_interrupt(enum ipi ipi);
bool model_deliverable(unsigned cpu, enum ipi ipi);
