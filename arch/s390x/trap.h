/* SPDX-License-Identifier: MIT */
/* Program interruption codes (Principles of Operation, chapter 6, "Program Interruption"). */
#pragma once

#include <asm/trap.h>

#define PROGRAM_PROTECTION		  0x04u
#define PROGRAM_SEGMENT			  0x10u
#define PROGRAM_PAGE			  0x11u
#define PROGRAM_TRANSLATION_SPECIFICATION 0x12u
#define PROGRAM_ASCE_TYPE		  0x38u
#define PROGRAM_REGION3			  0x3bu
#define NR_PROGRAMS			  0x40u

unsigned program_code(const struct trap_frame *frame);
