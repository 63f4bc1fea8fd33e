/* SPDX-License-Identifier: MIT */
/*
 * Reads the microcode's revision. Intel has it in IA32_BIOS_SIGN_ID. After a 0 was written to this
 * register, CPUID leaf 1 puts the revision into its high half (SDM vol. 3, 9.11.7.1, "Determining
 * the Signature"). On AMD, from family 0fh on, the register of the same number has the patch level
 * in its low half, and is only read (BKDG, MSR 0000_008B).
 */
#include "arch/x86/features.h"
#include "arch/x86/microcode.h"
#include "arch/x86/msr.h"

#define MSR_UPDATE   0x8b
#define INTEL_FAMILY 6u
#define AMD_FAMILY   15u
#define FAMILY(eax)  ((eax) >> 8 & 0xf) /* without its extension, which only adds to it */

static bool is_by(const char *vendor, unsigned family)
{
	return !__builtin_strcmp(x86_features.vendor, vendor) &&
	       FAMILY(x86_features.signature) >= family;
}

bool x86_microcode(u32 *revision)
{
	bool intel = is_by("GenuineIntel", INTEL_FAMILY);
	u64 value;

	if (!intel && !is_by("AuthenticAMD", AMD_FAMILY))
		return false;
	if (intel && !msr_try_write(MSR_UPDATE, 0))
		return false;
	if (intel)
		x86_cpuid(1);
	if (!msr_try_read(MSR_UPDATE, &value))
		return false;
	*revision = (u32)(intel ? value >> 32 : value);
	return true;
}
