/* SPDX-License-Identifier: MIT */
/* drivers/ps2.c on a controller of the test's own: which bytes are a key, and each access of a
 * reset. */
#include <stdio.h>
#include <string.h>

#include "drivers/ps2.c"
#include "tests/self/unit/tap.h"

static u8 status, data;
static unsigned strange;			/* reads of other ports */
static unsigned busy, data_reads, status_reads; /* busy for so many looks at the status */
static char written[100];

u8 inb(u16 port)
{
	if (port == 0x60) {
		data_reads++;
		return data;
	}
	strange += port != 0x64;
	status_reads++;
	if (busy) {
		busy--;
		return 0x02;
	}
	return status;
}

void outb(u16 port, u8 value)
{
	size_t n = strlen(written);

	snprintf(written + n, sizeof(written) - n, "%x=%x after %u; ", port, value, status_reads);
}

static enum key key(u8 with_status, u8 with_data)
{
	status = with_status;
	data = with_data;
	data_reads = 0;
	return ps2_key();
}

static void test_keys(void)
{
	CHECK(key(0, 0x13) == KEY_NONE && !data_reads, "no byte is waiting");
	CHECK(key(0xff, 0x13) == KEY_NONE && !data_reads, "nor is there on an empty bus");
	CHECK(key(0x02, 0x13) == KEY_NONE && !data_reads, "a busy controller has none for us");
	CHECK(key(0x01, 0x13) == KEY_R && data_reads == 1, "R");
	CHECK(key(0x1d, 0x13) == KEY_R, "whatever else the controller says");
	CHECK(key(0x01, 0x12) == KEY_OTHER && key(0x01, 0x14) == KEY_OTHER,
	      "its neighbours are others");
	CHECK(key(0x01, 0x01) == KEY_OTHER && key(0x01, 0x7f) == KEY_OTHER,
	      "the first and the last key");
	CHECK(key(0x01, 0x00) == KEY_NONE && key(0x01, 0x80) == KEY_NONE &&
		      key(0x01, 0x93) == KEY_NONE && key(0x01, 0xfa) == KEY_NONE,
	      "an error, a key that is let go and an answer are no keys");
	CHECK(key(0x21, 0x13) == KEY_NONE && data_reads == 1,
	      "the mouse's byte is taken, and is none");
}

static void reset(unsigned looks, const char *expected, const char *what)
{
	written[0] = 0;
	status_reads = 0;
	status = 0;
	busy = looks;
	ps2_reset_machine();
	CHECK(!strcmp(written, expected), "%s: %s", what, written);
}

static void test_reset(void)
{
	reset(0, "cf9=6 after 0; 64=fe after 1; ",
	      "a reset by the chipset, then by the controller");
	reset(3, "cf9=6 after 0; 64=fe after 4; ", "which is waited for");
	written[0] = 0;
	status_reads = 0;
	busy = 1000000;
	ps2_reset_machine();
	CHECK(status_reads == 100000 && strstr(written, "64=fe"), "but not for ever");
}

int main(void)
{
	test_keys();
	test_reset();
	CHECK(!strange, "no other port is read");
	return tap_done();
}
