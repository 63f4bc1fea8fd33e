/* SPDX-License-Identifier: MIT */
/* Tests the screen's entry in arch/x86/pat.h, for tables of real machines. */
#include "arch/x86/pat.h"

#include "kernel/compiler.h"
#include "tests/self/unit/tap.h"

static const struct {
	const char *name;
	u64 pat;
	unsigned entry, type;
} tables[] = {
	{"after reset", PAT_RESET, 2, PAT_UC_MINUS},
	{"Linux's: write-combining in entry 1", 0x0407050600070106, 2, PAT_UC_MINUS},
	{"write-combining in entry 2", 0x0007040600010406, 6, PAT_UC_MINUS},
	{"write-combining in entries 2 and 6", 0x0001040600010406, 2, PAT_WC},
	{"write-combining in entry 1 alone", 0x0006040600060106, 1, PAT_WC},
	{"neither", 0x0006040600060406, 3, PAT_UC},
	{"write-back everywhere", 0x0606060606060606, 3, 6},
	{"uncached everywhere", 0, 2, PAT_UC},
};

int main(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(tables); i++) {
		unsigned entry = pat_for_pixels(tables[i].pat);

		CHECK(entry == tables[i].entry && pat_type(tables[i].pat, entry) == tables[i].type,
		      "%s: entry %u", tables[i].name, tables[i].entry);
	}
	return tap_done();
}
