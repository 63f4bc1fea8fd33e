/* SPDX-License-Identifier: MIT */
/* The local APIC of this CPU, in the mode the firmware left the boot CPU's in (SDM vol. 3, chapter
 * 11). */
#pragma once

#include "kernel/compiler.h"

/* Maps the registers. Call once, on the boot CPU. */
void apic_map(void);
/* Switches the APIC on, in the boot CPU's mode and at its address, so that apic_id() works. Call on
 * each CPU. */
void apic_enable(void);
/* Switches the APIC on with all its own interrupts masked and nothing in service. Call on each CPU
 * before its interrupts are on for the first time. */
void apic_init(void);
/* From now on this CPU takes only the kernel's own interrupts. Others stay pending in its APIC. */
void apic_only_ours(void);
/* From now on this CPU takes the chipset's NMIs. */
void apic_take_nmi(void);
u32 apic_id(void);
bool apic_is_x2apic(void);
/* Returns the largest id a single CPU can have in this mode. */
u32 apic_id_max(void);
void apic_eoi(void);
/* Tells whether the vector is in service. False also before apic_map(). An interrupt from the 8259A
 * is never in service here (11.8.4). */
bool apic_in_service(unsigned vector);

/* Low word of the interrupt command register (11.6.1). */
#define ICR_FIXED   0x00000u
#define ICR_NMI	    0x00400u
#define ICR_INIT    0x00500u
#define ICR_STARTUP 0x00600u
#define ICR_ASSERT  0x04000u

/* Sends to the CPU with this id. Returns false if an earlier send is still pending after a long
 * time. */
bool apic_send(u32 hw_id, u32 icr);
/* Waits, bounded, until the last send is delivered. */
bool apic_delivered(void);
/* Returns the errors since the last call (11.5.3). */
u32 apic_errors(void);
