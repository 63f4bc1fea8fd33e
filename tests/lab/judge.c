/* SPDX-License-Identifier: MIT */
/* The judges' words. */
#include "kernel/printk.h"
#include "tests/lab/lab.h"

void lab_saw(struct variant *v, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintk(v->saw, sizeof(v->saw), format, args);
	va_end(args);
}

void lab_evidence(struct variant *v, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintk(v->evidence, sizeof(v->evidence), format, args);
	va_end(args);
}
