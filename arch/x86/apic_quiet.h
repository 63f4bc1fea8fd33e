/* SPDX-License-Identifier: MIT */
/*
 * Making a local APIC quiet: what the firmware switched on in it, and what it left unfinished.
 * Pure code but for the two functions that it is given; see tests/self/unit/test_apic.c.
 */
#pragma once

#include "kernel/compiler.h"

struct apic_access {
	u32 (*read)(u32 reg);
	void (*write)(u32 reg, u32 value);
};

/*
 * Masks each local vector table entry that this APIC has, and touches no register that it does not
 * have: an xAPIC would note an error, and in x2APIC mode the access is a #GP. cmci: IA32_MCG_CAP
 * says that this CPU has corrected machine check interrupts.
 *
 * An entry that raises an SMI stays as it is. It does not come to us, and firmware may depend on
 * it, for instance to cool a machine.
 */
void apic_mask_lvts(const struct apic_access *apic, bool cmci);

/*
 * Ends what is in service (SDM vol. 3, 11.8.4): an interrupt that the firmware never acknowledged
 * would hold back those of the same and of lower priority. Gives up after one EOI for each of the
 * 256 vectors. Returns how many there were. Those that are only requested stay, and come as soon as
 * interrupts are on.
 */
unsigned apic_end_service(const struct apic_access *apic);
