/* SPDX-License-Identifier: MIT */
#include "arch/x86/console.h"
#include "arch/x86/device.h"
#include "arch/x86/paging.h"
#include "arch/x86/screen.h"
#include "drivers/acpi.h"
#include "drivers/ps2.h"
#include "drivers/spcr.h"
#include "kernel/printk.h"
#include <asm/console.h>

/* The ports of PCs since the AT. Under EFI the BIOS's own list is missing. */
static const u16 com_port[] = {0x3f8, 0x2f8, 0x3e8, 0x2e8};

#define UART_BYTES(place) ((place)->memory_step * 8u)

const char console_names[] = "=com1|com2|com3|com4|port:<number>|mmio:<address>|mmio32:<address>, each with :<speed>, or none; and ,noscreen";

static struct uart8250 uart;
static struct uart8250_place later; /* if memory_step is set, to be mapped first */
static const char *by = "default";
static char spcr_said[160]; /* why the firmware's port is not used */
static const struct boot_info *boot_ram;

static void set_place(const struct uart8250_place *place)
{
	uart.present = false;
	later = *place;
	if (!place->memory_step)
		uart8250_init(&uart, place, NULL);
}

void console_early_init(void)
{
	const struct uart8250_place com1 = {.at = com_port[0], .speed = UART8250_SPEED_MAX};

	set_place(&com1);
}

/* Skips `part` in *text. Returns false and skips nothing if *text does not begin with it. */
static bool skip(const char **text, const char *part)
{
	const char *p = *text;

	for (; *part; part++)
		if (*p++ != *part)
			return false;
	*text = p;
	return true;
}

/* base is 10 or 16 */
static bool digit_of(char c, unsigned base, unsigned *digit)
{
	char lower = (char)(c | 0x20);
	bool letter = base == 16 && lower >= 'a' && lower <= 'f';

	*digit = letter ? (unsigned)(lower - 'a' + 10) : (unsigned)(c - '0');
	return letter || (c >= '0' && c <= '9');
}

static bool number(const char **text, u64 most, u64 *value)
{
	unsigned base = skip(text, "0x") ? 16 : 10, digit;
	const char *start = *text;

	for (*value = 0; digit_of(**text, base, &digit); (*text)++) {
		*value = *value * base + digit;
		if (*value > most)
			return false;
	}
	return *text != start;
}

static bool speed(const char **text, struct uart8250_place *place)
{
	u64 value = UART8250_SPEED_MAX;

	if (skip(text, ":") && (!number(text, UART8250_SPEED_MAX, &value) || value < 2 ||
				UART8250_SPEED_MAX % (u32)value))
		return false;
	place->speed = (u32)value;
	return true;
}

static bool com(const char **text, struct uart8250_place *place)
{
	unsigned n;

	if (!skip(text, "com") || !digit_of(**text, 10, &n) || !n || n > ARRAY_SIZE(com_port))
		return false;
	(*text)++;
	place->at = com_port[n - 1];
	return true;
}

static bool place_of(const char **text, struct uart8250_place *place)
{
	bool ok;

	*place = (struct uart8250_place){0};
	if (skip(text, "port:")) {
		ok = number(text, 0xfff8, &place->at);
	} else if (skip(text, "mmio32:")) {
		place->memory_step = place->access = 4;
		ok = number(text, ~0ull >> 12, &place->at) && !(place->at & 3);
	} else if (skip(text, "mmio:")) {
		place->memory_step = place->access = 1;
		ok = number(text, ~0ull >> 12, &place->at);
	} else {
		ok = com(text, place);
	}
	return ok && speed(text, place);
}

static bool item(const char **text)
{
	struct uart8250_place place;

	if (skip(text, "noscreen")) {
		x86_screen_enable(false);
		return true;
	}
	by = "option";
	if (skip(text, "none")) {
		uart.present = false;
		later = (struct uart8250_place){0};
		return true;
	}
	/* The option is read twice, but a working port is not started anew. */
	if (!place_of(text, &place))
		return false;
	if (place.at != later.at || place.memory_step != later.memory_step ||
	    place.speed != later.speed)
		set_place(&place);
	return true;
}

bool console_select(const char *text)
{
	do {
		if (!item(&text))
			return false;
	} while (skip(&text, ","));
	return !*text;
}

static const u8 *map_table(paddr_t at, size_t size)
{
	return map_physical(at, size, MEMORY_WB);
}

static bool in_memory(struct uart8250 *to, const struct uart8250_place *place)
{
	void *memory = map_physical(place->at, UART_BYTES(place), MEMORY_UC);

	return memory && uart8250_init(to, place, memory);
}

static void *map_registers(paddr_t at, size_t size)
{
	return map_device(boot_ram, at, size);
}

static void ask_firmware(paddr_t rsdp)
{
	struct uart8250 other;
	size_t n;
	const u8 *spcr = acpi_find(rsdp, "SPCR", map_table, &n);

	if (!spcr || !spcr_find(spcr, n, map_registers, &other, spcr_said, sizeof(spcr_said)))
		return;
	uart = other;
	later = other.place;
	by = "spcr";
}

void x86_console_init(const struct boot_info *boot, paddr_t rsdp)
{
	boot_ram = boot;
	if (later.memory_step)
		in_memory(&uart, &later);
	else if (*by == 'd' && rsdp)
		ask_firmware(rsdp);
}

void x86_console_print(void)
{
	char registers[32] = "", why[sizeof(spcr_said) + 16] = "";

	if (later.memory_step)
		snprintk(registers, sizeof(registers), " step=%u access=%u", later.memory_step,
			 later.access);
	if (spcr_said[0])
		snprintk(why, sizeof(why), " spcr=\"%s\"", spcr_said);
	printk("# ev=console serial=%s:%#llx%s speed=%u by=%s state=%s%s\n",
	       later.memory_step ? "mmio" : "port", (unsigned long long)later.at, registers,
	       later.speed, by, uart.present ? "there" : "none", why);
}

void console_write(const char *bytes, size_t n)
{
	uart8250_write(&uart, bytes, n);
	x86_screen_line(bytes, n);
}

const char *console_stop_asked(void)
{
	u8 byte;

	if (ps2_key() != KEY_NONE)
		return "a key was pressed";
	return uart8250_read(&uart, &byte) && byte == UART8250_CTRL_C ? "Ctrl-C on the serial port"
								      : NULL;
}

void console_drain(void)
{
	uart8250_drain(&uart);
}
