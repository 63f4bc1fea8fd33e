/* SPDX-License-Identifier: MIT */
/*
 * Polls the keyboard of a PC, and resets the machine (IBM PC AT Technical Reference, 1984, 8042 and
 * keyboard, and Intel ICH9 data sheet, 13.7.5, RST_CNT).
 */
#include "drivers/ps2.h"
#include <asm/io.h>

#define DATA	    0x60
#define STATUS	    0x64
#define STATUS_FULL BIT(0) /* a byte for us */
#define STATUS_BUSY BIT(1)
#define STATUS_AUX  BIT(5) /* it is the mouse's */
#define PULSE_RESET 0xfe
#define RST_CNT	    0xcf9
#define RST_HARD    0x06
#define NOBODY	    0xff /* an empty bus */

#define CODE_RELEASED 0x80 /* or an answer of the keyboard */
#define CODE_R	      0x13

enum key ps2_key(void)
{
	u8 status = inb(STATUS), code;

	if (status == NOBODY || !(status & STATUS_FULL))
		return KEY_NONE;
	code = inb(DATA);
	if (status & STATUS_AUX || !code || code >= CODE_RELEASED)
		return KEY_NONE;
	return code == CODE_R ? KEY_R : KEY_OTHER;
}

void ps2_reset_machine(void)
{
	outb(RST_CNT, RST_HARD);
	for (unsigned i = 0; i < 100000 && inb(STATUS) & STATUS_BUSY; i++)
		;
	outb(STATUS, PULSE_RESET);
}
