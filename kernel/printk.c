/* SPDX-License-Identifier: MIT */
/* Formats lines, and writes each of them whole to the console. */
#include "kernel/printk.h"

#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/console.h>
#include <asm/irq.h>
#include <asm/smp.h>

#include "kernel/div.h"
#include "kernel/panic.h"
#include "kernel/string.h"

struct output {
	char *buffer;
	size_t size, used; /* the text was cut if used has passed size */
};

struct spec {
	bool left, zero, prefix;
	unsigned width;
	unsigned longs; /* 0 for int, 1 for long or size_t, 2 for long long */
};

static void put(struct output *out, char c)
{
	if (out->used + 1 < out->size)
		out->buffer[out->used] = c;
	out->used++;
}

static void put_times(struct output *out, char c, size_t n)
{
	for (; n; n--)
		put(out, c);
}

/* head is a sign or a prefix. Zeros come behind it, spaces before it. */
static void put_padded(struct output *out, const struct spec *spec, const char *head,
		       const char *text, size_t n)
{
	size_t length = strlen(head) + n;
	size_t pad = spec->width > length ? spec->width - length : 0;

	put_times(out, ' ', spec->left || spec->zero ? 0 : pad);
	for (; *head; head++)
		put(out, *head);
	put_times(out, '0', spec->zero && !spec->left ? pad : 0);
	for (size_t i = 0; i < n; i++)
		put(out, text[i]);
	put_times(out, ' ', spec->left ? pad : 0);
}

static void put_number(struct output *out, const struct spec *spec, u64 value, bool hex, bool minus)
{
	char text[24];
	size_t at = sizeof(text);
	const char *head = minus ? "-" : hex && spec->prefix && value ? "0x" : "";

	do {
		if (hex) {
			text[--at] = "0123456789abcdef"[value & 15];
			value >>= 4;
		} else {
			u32 digit;

			value = div_u64(value, 10, &digit);
			text[--at] = (char)('0' + digit);
		}
	} while (value);
	put_padded(out, spec, head, text + at, sizeof(text) - at);
}

static const char *parse_spec(const char *f, struct spec *spec)
{
	*spec = (struct spec){0};
	for (;; f++) {
		if (*f == '-')
			spec->left = true;
		else if (*f == '0')
			spec->zero = true;
		else if (*f == '#')
			spec->prefix = true;
		else
			break;
	}
	for (; *f >= '0' && *f <= '9'; f++)
		spec->width = spec->width * 10 + (unsigned)(*f - '0');
	for (; *f == 'l' || *f == 'z'; f++)
		spec->longs++;
	return f;
}

int vsnprintk(char *buffer, size_t size, const char *format, va_list args)
{
	struct output out = {buffer, size, 0};

	for (const char *f = format; *f; f++) {
		struct spec spec;
		u64 value;

		if (*f != '%') {
			put(&out, *f);
			continue;
		}
		f = parse_spec(f + 1, &spec);
		switch (*f) {
		case 's': {
			const char *s = va_arg(args, const char *);

			put_padded(&out, &spec, "", s, strlen(s));
			break;
		}
		case 'c': {
			char c = (char)va_arg(args, int);

			put_padded(&out, &spec, "", &c, 1);
			break;
		}
		case 'd': {
			long long v = spec.longs > 1 ? va_arg(args, long long)
				      : spec.longs   ? va_arg(args, long)
						     : va_arg(args, int);

			put_number(&out, &spec, v < 0 ? -(u64)v : (u64)v, false, v < 0);
			break;
		}
		case 'p':
			value = (unsigned long)va_arg(args, void *);
			put_number(&out, &spec, value, true, false);
			break;
		case 'u':
		case 'x':
			value = spec.longs > 1 ? va_arg(args, unsigned long long)
				: spec.longs   ? va_arg(args, unsigned long)
					       : va_arg(args, unsigned);
			put_number(&out, &spec, value, *f == 'x', false);
			break;
		default:
			put(&out, *f);
		}
	}
	if (size)
		buffer[min(out.used, size - 1)] = 0;
	return (int)out.used;
}

int snprintk(char *buffer, size_t size, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintk(buffer, size, format, args);
	va_end(args);
	return n;
}

int scnprintk(char *buffer, size_t size, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintk(buffer, size, format, args);
	va_end(args);
	return min(n, (int)size - 1);
}

/* Holds the owner's CPU + 1 for the time of one line. It is no spinlock of kernel/wait/spinlock.h,
 * because it must work before there are CPUs, with interrupts off, and after its owner has died. */
static u32 console_owner;

#define CONSOLE_PATIENCE 50000000u

/* Takes the lock from its owner in a panic or after too many spins, and ends the owner's line. */
static void console_lock(void)
{
	for (u32 spins = 0; atomic_cmpxchg(&console_owner, 0, cpu_id() + 1); spins++) {
		if (panic_running(cpu_id()) || spins == CONSOLE_PATIENCE) {
			WRITE_ONCE(console_owner, cpu_id() + 1);
			console_write("\n", 1);
			return;
		}
		cpu_relax();
	}
}

static void write_line(const char *line, size_t n)
{
	u32 flags = irq_save();

	console_lock();
	console_write(line, n);
	smp_store_release(&console_owner, 0);
	irq_restore(flags);
}

void printk(const char *format, ...)
{
	char line[PRINTK_LINE];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintk(line, sizeof(line), format, args);
	va_end(args);
	if ((size_t)n >= sizeof(line)) {
		memcpy(line + sizeof(line) - 5, "...\n", 4);
		n = sizeof(line) - 1;
	}
	write_line(line, (size_t)n);
}
