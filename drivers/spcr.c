/* SPDX-License-Identifier: MIT */
#include "drivers/spcr.h"
#include "drivers/bytes.h"

#define SIZE	      80u /* of revision 1, the shortest */
#define TYPE	      36
#define SPACE	      40 /* of a generic address structure (ACPI 5.2.3.2) */
#define WIDTH	      41
#define ADDRESS	      44
#define SPEED	      58
#define SPACE_MEMORY  0
#define SPACE_PORT    1
#define TYPE_16550    0
#define TYPE_16450    1
#define TYPE_16550GAS 0x12

/* 0: as the firmware left it. */
static u32 speed_of(u8 code)
{
	switch (code) {
	case 3:
		return 9600;
	case 4:
		return 19200;
	case 6:
		return 57600;
	case 7:
		return 115200;
	default:
		return 0;
	}
}

bool spcr_parse(const u8 *spcr, size_t n, struct uart8250_place *place)
{
	if (n < SIZE)
		return false;
	if (spcr[TYPE] != TYPE_16550 && spcr[TYPE] != TYPE_16450 && spcr[TYPE] != TYPE_16550GAS)
		return false;
	*place = (struct uart8250_place){get64(spcr + ADDRESS), 0, speed_of(spcr[SPEED])};
	if (!place->at)
		return false; /* "console redirection is disabled" */
	if (spcr[SPACE] == SPACE_PORT)
		return place->at <= 0xfff8;
	place->memory_step = spcr[WIDTH] == 32 ? 4 : 1;
	return spcr[SPACE] == SPACE_MEMORY;
}
