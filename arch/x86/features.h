/* SPDX-License-Identifier: MIT */
/* The answers of CPUID on the boot CPU. The other CPUs are taken to be like it. */
#pragma once

#include "arch/x86/cpuid.h"
#include "kernel/compiler.h"

struct x86_features {
	char vendor[13];
	char brand[49]; /* "" if the CPU has none */
	u32 signature;	/* CPUID.1:EAX */
	bool nx, pse36, pat;
	bool mce, mca;	    /* the machine check exception, and banks with its causes */
	unsigned phys_bits; /* MAXPHYADDR */
	u32 apic_id;	    /* initial APIC id */
};

extern struct x86_features x86_features;

/* Panics if the CPU lacks a feature the kernel needs. */
void x86_features_init(void);
