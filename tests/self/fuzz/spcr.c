/* SPDX-License-Identifier: MIT */
/* Fuzzes drivers/spcr.c from the RSDP to the console's place, with the input of tables.h. */
#include "drivers/spcr.h"

#include "drivers/acpi.h"
#include "tests/self/fuzz/tables.h"

/* No access of uart8250_find() may leave [at, at + UART8250_BYTES), or the machine's ports. */
static void check(const struct uart8250_place *place)
{
	MUST(place->at);
	if (!place->memory_step) {
		MUST(place->at <= 0xfff8 && !place->keep_divisor);
		return;
	}
	MUST(place->memory_step == 1 || place->memory_step == 2 || place->memory_step == 4);
	MUST(place->access == 1 || (place->access == 4 && place->memory_step == 4));
	MUST(place->at % 4 == 0 && place->at + UART8250_BYTES > place->at);
	MUST(place->keep_divisor == !place->clock);
}

/* Parses a table as found. The place must agree with the table. */
static void parse(const u8 *bytes, size_t n)
{
	u8 *spcr = exact_copy(bytes, n);
	struct uart8250_place place = {.at = 0};
	const char *problem = spcr_parse(spcr, n, &place);

	if (!problem) {
		struct input address = {spcr + 44, 8};

		check(&place);
		MUST(n >= 80 && take_number(&address, 8) == place.at);
	}
	MUST(!problem || problem[0]);
	free(spcr);
}

static void parse_pieces(struct input pieces)
{
	while (pieces.left) {
		size_t n;
		const u8 *bytes;

		take_number(&pieces, 4);
		n = (size_t)take_number(&pieces, 2);
		bytes = take_bytes(&pieces, &n);
		parse(bytes, n);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input input = {data, size};
	paddr_t rsdp = take_number(&input, 4);

	parse_pieces(input);
	for (unsigned pass = 0; pass < 2; pass++) {
		const u8 *spcr;
		size_t n = 0;

		add_pieces(input);
		physical_sets_checksums = pass;
		spcr = acpi_find(rsdp, "SPCR", physical_map, &n);
		if (spcr) {
			/* Its signature may be another one if pieces overlap. */
			MUST(n >= ACPI_HEADER);
			parse(spcr, n);
		}
		physical_reset();
	}
	return 0;
}
