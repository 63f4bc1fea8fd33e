/* SPDX-License-Identifier: MIT */
/* Tests the values of console= in arch/x86/console.c and the way of its lines, on a UART of the
 * test's own. Names also in the model are other ones here. */
#include <stdio.h>
#include <string.h>

#include "kernel/compiler.h"

#define console_write x86_console_write
void console_early_init(void);
bool console_select(const char *name);
extern const char console_names[];
void x86_console_write(const char *bytes, size_t n);
void console_drain(void);

/* clang-format off: the one with the global `uart` comes last */
#include "drivers/spcr_find.c"
#include "drivers/uart8250.c"
#include "arch/x86/console.c"
/* clang-format on */
#undef console_write
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"
#include "tests/self/unit/uart_model.h"

#define MMIO 0xfe036000u

static bool screen_on;
static char on_screen[64];
static size_t sent_before; /* of the serial port, when the screen got its line */
static enum key pressed;
static paddr_t mapped;
static size_t mapped_size;

enum key ps2_key(void)
{
	return pressed;
}

void x86_screen_enable(bool on)
{
	screen_on = on;
}

void x86_screen_line(const char *bytes, size_t n)
{
	sent_before = model.nr_sent;
	memcpy(on_screen, bytes, n);
	on_screen[n] = 0;
}

void *map_physical(paddr_t pa, size_t size, enum memory_type type)
{
	mapped = type == MEMORY_UC ? pa : 0;
	mapped_size = size;
	return model_memory;
}

void *map_device(const struct boot_info *boot, paddr_t at, size_t size)
{
	(void)boot;
	(void)at;
	(void)size;
	return NULL;
}

/* A UART that answers at every port, so that each option finds one. */
static bool accepts(const char *text)
{
	screen_on = true;
	by = "default";
	plug_in(com_port[0], 1, 0);
	console_early_init();
	for (unsigned i = 0; i < ARRAY_SIZE(com_port); i++)
		if (strstr(text, (const char *[]){"com1", "com2", "com3", "com4"}[i]))
			plug_in(com_port[i], 1, 0);
	return console_select(text);
}

static bool goes_to(const char *text, paddr_t at, u32 speed)
{
	return accepts(text) && later.at == at && later.speed == speed && !later.memory_step &&
	       screen_on && *by == 'o';
}

static bool in_memory_at(const char *text, paddr_t at, u8 step)
{
	return accepts(text) && later.at == at && later.memory_step == step &&
	       later.access == step && later.speed == 115200 && !uart.present;
}

static void test_ports(void)
{
	CHECK(goes_to("com1", 0x3f8, 115200) && goes_to("com2", 0x2f8, 115200) &&
		      goes_to("com3", 0x3e8, 115200) && goes_to("com4", 0x2e8, 115200),
	      "com1 to com4: where PCs have them");
	CHECK(goes_to("com1", 0x3f8, 115200) && uart.present, "com1, and it is there");
	CHECK(!accepts("com0") && !accepts("com5") && !accepts("com") && !accepts("coma") &&
		      !accepts("com11"),
	      "there are no others");
	CHECK(goes_to("port:0x2f0", 0x2f0, 115200) && goes_to("port:752", 0x2f0, 115200) &&
		      goes_to("port:0xFFF8", 0xfff8, 115200) &&
		      goes_to("port:0xabc0", 0xabc0, 115200) && goes_to("port:9", 9, 115200) &&
		      goes_to("port:0x0", 0, 115200),
	      "any port, in both bases");
	CHECK(!accepts("port:0xfff9") && !accepts("port:") && !accepts("port:0x") &&
		      !accepts("port:0xg") && !accepts("port:a") && !accepts("port:0x2f8x") &&
		      !accepts("port:1a") && !accepts("port:0x/") && !accepts("port:0x:") &&
		      !accepts("port:0x`") && !accepts("port:0x@") && !accepts("port:65529"),
	      "but what is a port and a number");
}

static void test_speeds(void)
{
	CHECK(goes_to("com1:9600", 0x3f8, 9600) && goes_to("com1:115200", 0x3f8, 115200) &&
		      goes_to("com1:2", 0x3f8, 2) && goes_to("port:0x2f8:57600", 0x2f8, 57600),
	      "a speed that 115200 is a multiple of");
	CHECK(!accepts("com1:0") && !accepts("com1:1") && !accepts("com1:9601") &&
		      !accepts("com1:230400") && !accepts("com1:") && !accepts("com1:115201"),
	      "and no other");
}

static void test_memory(void)
{
	CHECK(in_memory_at("mmio:0xfe036000", MMIO, 1) &&
		      in_memory_at("mmio32:0xfe036000", MMIO, 4) &&
		      in_memory_at("mmio32:4", 4, 4) &&
		      in_memory_at("mmio:0xfe036003", MMIO + 3, 1),
	      "memory: later, when it can be mapped");
	CHECK(in_memory_at("mmio:0xfffffffffffff", 0xfffffffffffff, 1) &&
		      !accepts("mmio:0x10000000000000") && !accepts("mmio32:0x10000000000000"),
	      "addresses have 52 bits");
	CHECK(!accepts("mmio32:0xfe036001") && !accepts("mmio32:0xfe036002") && !accepts("mmio:"),
	      "32-bit registers are aligned");
	accepts("mmio32:0xfe036000");
	plug_in(0, 4, 4);
	x86_console_init(&(struct boot_info){.nr_ram = 0}, 0);
	CHECK(mapped == MMIO && mapped_size == 32 && uart.present && uart.place.access == 4,
	      "and then the device is used");
}

static void test_lists(void)
{
	CHECK(accepts("none") && !uart.present && !later.at && screen_on, "none: no serial port");
	CHECK(accepts("noscreen") && !screen_on && *by == 'd' && uart.present,
	      "noscreen: the port stays as it was");
	CHECK(accepts("none,noscreen") && !screen_on && !uart.present && accepts("com2,noscreen") &&
		      later.at == 0x2f8 && !screen_on,
	      "both, with a comma");
	CHECK(!accepts("") && !accepts("none,") && !accepts(",none") && !accepts("none noscreen") &&
		      !accepts("nonee") && !accepts("com2;"),
	      "and nothing else");
}

/* The option is read twice, and a port already started is left alone. */
static void test_twice(void)
{
	unsigned long writes;

	accepts("com1:9600");
	writes = model.writes;
	CHECK(console_select("com1:9600") && model.writes == writes && uart.present,
	      "the same option again changes nothing");
	CHECK(console_select("com1:19200") && model.writes > writes && later.speed == 19200,
	      "another speed does");
}

static void test_lines(void)
{
	accepts("com1");
	model.nr_sent = 0;
	x86_console_write("ab\n", 3);
	CHECK(model.nr_sent >= 3 && !memcmp(model.sent, "ab", 2) && !strcmp(on_screen, "ab\n"),
	      "a line goes to the serial port and to the screen");
	CHECK(sent_before == model.nr_sent, "to the port first, because drawing may be what fails");
	unplug(0xff);
	console_early_init();
	x86_console_write("b\n", 2);
	CHECK(!uart.present && !model.writes, "a port that does not answer is not written to");
	accepts("none");
	model.nr_sent = 0;
	x86_console_write("c\n", 2);
	CHECK(!model.nr_sent && !strcmp(on_screen, "c\n"), "without a port, to the screen alone");
}

static bool asked_by(enum key key, bool came, u8 byte, const char *what)
{
	const char *said;

	pressed = key;
	model.looped = byte;
	model.has_looped = came;
	said = console_stop_asked();
	return what ? said && !strcmp(said, what) : !said;
}

/* Any key ends a soak. On the serial port only Ctrl-C does, because an unconnected line makes
 * characters of its own. */
static void test_stop(void)
{
	accepts("com1");
	CHECK(asked_by(KEY_NONE, false, 0, NULL), "nobody asks for an end");
	CHECK(asked_by(KEY_OTHER, false, 0, "a key was pressed") &&
		      asked_by(KEY_R, false, 0, "a key was pressed"),
	      "a key does");
	CHECK(asked_by(KEY_NONE, true, 0x03, "Ctrl-C on the serial port") &&
		      asked_by(KEY_NONE, true, 'c', NULL) && asked_by(KEY_NONE, true, 0x43, NULL),
	      "Ctrl-C does, and no other character");
	accepts("none");
	CHECK(asked_by(KEY_NONE, true, 0x03, NULL), "no serial port, nobody there");
}

int main(void)
{
	test_ports();
	test_speeds();
	test_memory();
	test_lists();
	test_twice();
	test_lines();
	test_stop();
	return tap_done();
}
