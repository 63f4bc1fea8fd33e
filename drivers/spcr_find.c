/* SPDX-License-Identifier: MIT */
/* Tries the serial port of an SPCR, and reports the outcome. */
#include "drivers/spcr.h"
#include "kernel/printk.h"

static bool find_in_memory(const struct uart8250_place *place, spcr_map_t *map,
			   struct uart8250 *uart, char *said, size_t size)
{
	void *memory = map(place->at, UART8250_BYTES);

	if (memory && uart8250_find(uart, place, memory))
		return true;
	if (memory)
		snprintk(said, size,
			 "nothing answers at mmio:%#llx, bytes from register to register tried: %s",
			 (unsigned long long)place->at, uart8250_shapes);
	else
		snprintk(said, size, "not tried, RAM or out of reach: mmio:%#llx",
			 (unsigned long long)place->at);
	return false;
}

bool spcr_find(const u8 *spcr, size_t n, spcr_map_t *map, struct uart8250 *uart, char *said,
	       size_t size)
{
	struct uart8250_place place;
	const char *problem = spcr_parse(spcr, n, &place);

	said[0] = 0;
	if (problem) {
		snprintk(said, size, "%s", problem);
		return false;
	}
	if (place.memory_step)
		return find_in_memory(&place, map, uart, said, size);
	if (uart8250_init(uart, &place, NULL))
		return true;
	snprintk(said, size, "nothing answers at port:%#llx", (unsigned long long)place.at);
	return false;
}
