/* SPDX-License-Identifier: MIT */
#include "arch/x86/asm_defs.h"
#include "arch/x86/i8259.h"
#include <asm/io.h>

/* A0 is 0 at the first port, 1 at the second. */
#define MASTER	     0x20
#define SLAVE	     0xa0
#define A0	     1
#define CASCADE	     2 /* the slave is at this input of the master, on every PC since the AT */
#define LINES	     8u
#define SPURIOUS     7u /* the answer if no line asks */
#define ALL_MASKED   0xff
#define ICW1_CASCADE 0x11 /* edge triggered, two of them, ICW4 follows */
#define ICW4_8086    0x01
#define OCW3_ISR     0x0b /* the next read of A0=0 gives the lines in service */
#define OCW2_EOI     0x60 /* of one line, + its number */

_Static_assert(VECTOR_I8259 % LINES == 0, "ICW2 has the upper five bits of a vector only");

/* ICW2 to ICW4 go to A0=1, in this order. After them A0=1 is the mask again. */
static void init(u16 port, unsigned base, u8 icw3)
{
	outb(port + A0, ALL_MASKED);
	outb(port, ICW1_CASCADE);
	outb(port + A0, (u8)base);
	outb(port + A0, icw3);
	outb(port + A0, ICW4_8086);
	outb(port + A0, ALL_MASKED); /* ICW1 cleared it */
}

void i8259_init(void)
{
	init(MASTER, VECTOR_I8259, 1 << CASCADE);
	init(SLAVE, VECTOR_I8259 + LINES, CASCADE);
}

/* A spurious interrupt has no line in service, and an EOI would end another line's. */
static bool is_spurious(u16 port, unsigned line)
{
	if (line != SPURIOUS)
		return false;
	outb(port, OCW3_ISR);
	return !(inb(port) & 1 << SPURIOUS);
}

/* To the master, a spurious interrupt of the slave is a real one of its CASCADE line. */
void i8259_ack(unsigned vector)
{
	unsigned line = (vector - VECTOR_I8259) % LINES;
	u16 port = vector < VECTOR_I8259 + LINES ? MASTER : SLAVE;

	if (!is_spurious(port, line))
		outb(port, (u8)(OCW2_EOI + line));
	if (port == SLAVE)
		outb(MASTER, OCW2_EOI + CASCADE);
}
