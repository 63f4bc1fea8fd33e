/* SPDX-License-Identifier: MIT */
/* The parts of model_reset(). */
#pragma once

void cpus_reset(void);
void interrupts_reset(void);
void memory_reset(void);
void tlb_reset(void);
void record_reset(void);
void devices_reset(void);
