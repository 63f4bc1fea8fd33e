/* SPDX-License-Identifier: MIT */
/* Tests arch/x86/i8259.c on two controllers of its own, made from the 8259A's data sheet. */
#include <string.h>

#include "arch/x86/i8259.c"
#include "tests/self/unit/tap.h"

static struct chip {
	u8 icw1, icw2, icw3, icw4, mask, in_service;
	unsigned next; /* the ICW expected at A0=1, or 0 for the mask */
	bool read_isr;
	unsigned wrong, eois;
} chips[2];

static struct chip *chip_at(u16 port)
{
	return &chips[port >= 0xa0];
}

static void set_icw1(struct chip *chip, u8 value)
{
	*chip = (struct chip){.icw1 = value, .next = 2, .wrong = chip->wrong + !(value & 1)};
}

static void command(struct chip *chip, u8 value)
{
	if (value & 0x10) {
		set_icw1(chip, value);
	} else if (value & 0x08) { /* OCW3 */
		chip->read_isr = (value & 3) == 3;
	} else if ((value & 0xf8) == 0x60) { /* OCW2, specific EOI */
		chip->eois++;
		chip->wrong += !(chip->in_service & 1 << (value & 7));
		chip->in_service &= (u8) ~(1 << (value & 7));
	} else {
		chip->wrong++;
	}
}

static void data(struct chip *chip, u8 value)
{
	u8 *const icw[] = {&chip->mask, NULL, &chip->icw2, &chip->icw3, &chip->icw4};

	*icw[chip->next] = value;
	chip->next = chip->next && chip->next < 4 ? chip->next + 1 : 0;
}

void outb(u16 port, u8 value)
{
	if (port & 1)
		data(chip_at(port), value);
	else
		command(chip_at(port), value);
}

u8 inb(u16 port)
{
	struct chip *chip = chip_at(port);

	chip->wrong += port & 1 || !chip->read_isr;
	return chip->in_service;
}

static unsigned wrong(void)
{
	return chips[0].wrong + chips[1].wrong;
}

static void test_init(void)
{
	memset(chips, 0, sizeof(chips));
	i8259_init();
	CHECK(chips[0].icw1 == 0x11 && chips[1].icw1 == 0x11 && !chips[0].next && !chips[1].next,
	      "four words each, edge triggered, cascaded");
	CHECK(chips[0].icw2 == 0x20 && chips[1].icw2 == 0x28, "vectors 0x20 to 0x2f");
	CHECK(chips[0].icw3 == 0x04 && chips[1].icw3 == 2, "the slave is at line 2");
	CHECK(chips[0].icw4 == 1 && chips[1].icw4 == 1, "8086 mode, EOI by hand");
	CHECK(chips[0].mask == 0xff && chips[1].mask == 0xff, "all lines are masked");
	CHECK(!wrong(), "no other command");
}

static void ack(const char *what, unsigned vector, u8 master, u8 slave, unsigned master_eois,
		unsigned slave_eois)
{
	memset(chips, 0, sizeof(chips));
	chips[0].in_service = master;
	chips[1].in_service = slave;
	i8259_ack(vector);
	CHECK(chips[0].eois == master_eois && chips[1].eois == slave_eois && !wrong(), "%s", what);
}

int main(void)
{
	test_init();
	ack("IRQ 0: one EOI", 0x20, 1 << 0, 0, 1, 0);
	ack("IRQ 7 that is real: one EOI", 0x27, 1 << 7, 0, 1, 0);
	ack("IRQ 7 for nothing: no EOI", 0x27, 0, 0, 0, 0);
	ack("IRQ 7 for nothing, while another is in service: that one's EOI is not ours", 0x27,
	    1 << 0, 0, 0, 0);
	ack("IRQ 8: an EOI to both", 0x28, 1 << 2, 1 << 0, 1, 1);
	ack("IRQ 15 that is real: an EOI to both", 0x2f, 1 << 2, 1 << 7, 1, 1);
	ack("IRQ 15 for nothing: to the master only", 0x2f, 1 << 2, 0, 1, 0);
	return tap_done();
}
