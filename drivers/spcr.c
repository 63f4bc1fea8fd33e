/* SPDX-License-Identifier: MIT */
/* Turns an SPCR into the place, the speed and the register layout of a serial port. */
#include "drivers/bytes.h"
#include "drivers/spcr.h"

#define SIZE		 80u /* of revision 1, the shortest */
#define REVISION	 8
#define TYPE		 36
#define SPACE		 40 /* of a generic address structure (ACPI 5.2.3.2) */
#define WIDTH		 41
#define ACCESS		 43
#define ADDRESS		 44
#define SPEED		 58
#define CLOCK		 76 /* Hz or 0, from revision 3 on */
#define PRECISE_SPEED	 80 /* bits a second or 0, from revision 4 on */
#define SPACE_MEMORY	 0
#define SPACE_PORT	 1
#define ACCESS_DWORD	 3
#define TYPE_16550	 0
#define TYPE_16450	 1
#define TYPE_16550NVIDIA 5
#define TYPE_16550GAS	 0x12

/* 0 means as the firmware left it. The codes between are reserved. */
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

static bool is_8250(u8 type)
{
	return type == TYPE_16550 || type == TYPE_16450 || type == TYPE_16550NVIDIA ||
	       type == TYPE_16550GAS;
}

static void parse_speed(const u8 *spcr, size_t n, struct uart8250_place *place)
{
	place->speed = speed_of(spcr[SPEED]);
	if (spcr[REVISION] >= 4 && n >= PRECISE_SPEED + 4 && get32(spcr + PRECISE_SPEED))
		place->speed = get32(spcr + PRECISE_SPEED);
	if (spcr[REVISION] >= 3)
		place->clock = get32(spcr + CLOCK);
}

/* On a UART in memory nearly any clock is possible, such as 48 MHz. The firmware has set the
 * divisor, because it writes there itself. */
static void parse_memory(const u8 *spcr, struct uart8250_place *place)
{
	bool wide = spcr[WIDTH] == 32;

	place->memory_step = wide ? 4 : spcr[WIDTH] == 16 ? 2 : 1;
	place->access = wide && (!spcr[ACCESS] || spcr[ACCESS] == ACCESS_DWORD) ? 4 : 1;
	place->keep_divisor = !place->clock;
}

const char *spcr_parse(const u8 *spcr, size_t n, struct uart8250_place *place)
{
	if (n < SIZE)
		return "length below 80";
	if (!is_8250(spcr[TYPE]))
		return "interface type not of the 8250 family";
	*place = (struct uart8250_place){.at = get64(spcr + ADDRESS)};
	if (!place->at)
		return "address 0, console redirection is off";
	parse_speed(spcr, n, place);
	if (spcr[SPACE] == SPACE_PORT)
		return place->at <= 0xfff8 ? NULL : "port above 0xfff8";
	if (spcr[SPACE] != SPACE_MEMORY)
		return "address space neither memory nor ports";
	parse_memory(spcr, place);
	if (place->at % 4 || place->at > ~(paddr_t)0 - UART8250_BYTES)
		return "address in memory not a multiple of 4, or at the end of all";
	return NULL;
}
