/* SPDX-License-Identifier: MIT */
/* What CPUID says of the boot CPU; the others are taken to be like it. */
#pragma once

#include "arch/x86/cpuid.h"
#include "kernel/compiler.h"

struct x86_features {
	char vendor[13];
	char brand[49]; /* "": the CPU has none */
	u32 signature;	/* CPUID.1:EAX */
	bool nx, pse36, pat;
	bool mce, mca;	    /* machine checks: the exception, and banks that explain it */
	unsigned phys_bits; /* MAXPHYADDR */
	u32 apic_id;	    /* initial APIC id */
};

extern struct x86_features x86_features;

/* Panics if the CPU lacks something that the kernel cannot do without. */
void x86_features_init(void);
