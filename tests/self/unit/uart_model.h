/* SPDX-License-Identifier: MIT */
/*
 * One UART of the 8250 family, at ports or in memory. If the test says so, sending takes time, as
 * on Bochs and real chips. A character still in the shift register when loopback begins then comes
 * back, and a character is garbled if its divisor or format changes. Include it once in a program,
 * together with drivers/uart8250.c.
 */
#pragma once

#include <string.h>

#include <asm/io.h>

#define MODEL_MEMORY 64u

static struct {
	bool there;
	u64 at;	    /* of register 0, a port or an offset in model_memory */
	u8 step;    /* bytes from register to register */
	u8 access;  /* in memory, 1 for bytes only, 4 for 32-bit accesses only, 0 for both */
	bool stuck; /* never empty */
	bool no_sent_bit;
	u8 silent; /* the value of all registers if it is not there */
	bool ram;  /* bytes with their values kept, in its place */
	u8 ier, lcr, mcr, low, high, looped;
	bool has_looped;
	unsigned takes; /* reads of the line status for each character */
	unsigned left;	/* the same, until the line is at rest */
	u8 damage;	/* bits of the line status for the character received */
	u8 shifting;	/* the character on the line meanwhile */
	char sent[64];
	unsigned nr_sent;
	unsigned garbled; /* characters on the line when something changed below them */
	unsigned wrong;	  /* accesses to no register of that device */
	unsigned long reads, writes;
} model;

static u8 model_memory[MODEL_MEMORY];

static u8 model_status(void)
{
	u8 sent = model.no_sent_bit ? 0 : 0x40;

	if (model.left && !--model.left && model.mcr & 0x10) {
		model.looped = model.shifting;
		model.has_looped = true;
	}
	if (model.stuck)
		return model.has_looped;
	return (u8)(0x20 | (model.left ? 0 : sent) | model.has_looped | model.damage);
}

static u8 model_get(u64 offset)
{
	model.reads++;
	if (model.ram)
		return model_memory[offset];
	if (!model.there)
		return model.silent;
	if (offset % model.step || offset / model.step > 7)
		return 0;
	switch (offset / model.step) {
	case 0:
		if (model.lcr & 0x80)
			return model.low;
		model.has_looped = false;
		return model.looped;
	case 1:
		return model.lcr & 0x80 ? model.high : model.ier;
	case 2:
		return 0xc1;
	case 3:
		return model.lcr;
	case 4:
		return model.mcr;
	case 5:
		return model_status();
	}
	return 0;
}

static void model_send(u8 value)
{
	model.shifting = value;
	model.left = model.takes;
	if (!(model.mcr & 0x10)) {
		if (model.nr_sent < sizeof(model.sent))
			model.sent[model.nr_sent++] = (char)value;
	} else if (!model.left) {
		model.looped = value;
		model.has_looped = true;
	}
}

static void model_set(u64 offset, u8 value)
{
	bool divisor = model.lcr & 0x80;

	model.writes++;
	if (model.ram)
		model_memory[offset] = value;
	if (!model.there)
		return;
	if (offset % model.step || offset / model.step > 7) {
		model.wrong++;
		return;
	}
	switch (offset / model.step) {
	case 0:
		if (!divisor)
			model_send(value);
		else
			model.low = value;
		model.garbled += divisor && model.left;
		break;
	case 1:
		*(divisor ? &model.high : &model.ier) = (u8)(divisor ? value : value & 15);
		break;
	case 2:
		model.garbled += value & 4 && model.left;
		break;
	case 3:
		model.garbled += model.left && value != model.lcr;
		model.lcr = value;
		break;
	case 4:
		model.garbled += model.left && (value ^ model.mcr) & 0x10;
		model.mcr = value & 0x1f;
		break;
	}
}

static u64 model_offset(const volatile void *p)
{
	return (u64)((const volatile u8 *)p - model_memory) - model.at;
}

u8 inb(u16 port)
{
	return model_get(port - model.at);
}

void outb(u16 port, u8 value)
{
	model_set(port - model.at, value);
}

/* An access of the wrong width reads as nothing, and is lost. */
static bool width_is_wrong(u8 bytes)
{
	return model.there && model.access && model.access != bytes;
}

u8 mmio_read8(const volatile void *p)
{
	return width_is_wrong(1) ? 0 : model_get(model_offset(p));
}

void mmio_write8(volatile void *p, u8 value)
{
	if (width_is_wrong(1))
		model.wrong++;
	else
		model_set(model_offset(p), value);
}

u32 mmio_read32(const volatile void *p)
{
	return width_is_wrong(4) ? 0 : model_get(model_offset(p)) | 0xabcdef00;
}

void mmio_write32(volatile void *p, u32 value)
{
	if (width_is_wrong(4) || value > 0xff)
		model.wrong++;
	else
		model_set(model_offset(p), (u8)value);
}

static void plug_in(u64 at, u8 step, u8 access)
{
	memset(&model, 0, sizeof(model));
	model.there = true;
	model.at = at;
	model.step = step;
	model.access = access;
}

static void unplug(u8 reads_as)
{
	memset(&model, 0, sizeof(model));
	model.silent = reads_as;
}
