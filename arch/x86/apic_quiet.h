/* SPDX-License-Identifier: MIT */
/*
 * Makes a local APIC quiet, because the firmware may have switched something on in it, or left it
 * unfinished. Pure code but for the two functions of struct apic_access, tested in
 * tests/self/unit/test_apic.c.
 */
#pragma once

#include "kernel/compiler.h"

struct apic_access {
	u32 (*read)(u32 reg);
	void (*write)(u32 reg, u32 value);
};

/*
 * Masks each local vector table entry of this APIC, and touches no register it lacks. At a missing
 * one an xAPIC would note an error, and in x2APIC mode the access is a #GP. Pass in cmci whether
 * IA32_MCG_CAP announces corrected machine check interrupts.
 *
 * An entry that raises an SMI stays as it is. It does not come to us, and firmware may depend on
 * it, for instance to cool a machine.
 */
void apic_mask_lvts(const struct apic_access *apic, bool cmci);

/*
 * Ends all interrupts in service (SDM vol. 3, 11.8.4). If the firmware never acknowledged one, it
 * would hold back all others of the same and of lower priority. Gives up after one EOI for each of
 * the 256 vectors. Returns the number of EOIs. Interrupts that are only requested stay, and come as
 * soon as interrupts are on.
 */
unsigned apic_end_service(const struct apic_access *apic);
