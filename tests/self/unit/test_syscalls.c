/* SPDX-License-Identifier: MIT */
/* mm/space/syscalls.c: each call changes entries under the mmap lock of the caller's space. */
#include <string.h>

#include "mm/space/syscalls.h"
#include "mm/table/lookup.h"
#include "tests/self/unit/mappings.h"
#include "tests/self/unit/steps.h"

/* The four entries on the way to the table are read without a lock. */
#define WALK	  "rmb; rmb; rmb; rmb; rmb; rmb; rmb; rmb; "
#define AS_WRITER "R writer; Xf writer cmpxchg 1; Ra readers; " WALK "R entry; "
#define AS_READER "R writer; Xf readers add 1; Ra writer; " WALK "R entry; "

/* Maps two pages, the second with a frame, and names what the calls touch. */
static void space(void)
{
	fresh();
	nr_step_names = 0;
	mm_switch(&mm);
	assert(!is_error(map(0, 2, RW)));
	map_frame(&mm, AT(1), ZONE_DIRECT);
	NAME_STEP(mm.mmap_lock.writer, "writer");
	NAME_STEP(mm.mmap_lock.readers, "readers");
	NAME_VALUE(pte_lookup(&mm, AT(1)), "entry");
}

/* Checks that the call takes the lock before it reads the entry, and gives it back last. */
#define UNDER_LOCK(call, taken, given, ...)                                                        \
	do {                                                                                       \
		space();                                                                           \
		steps_begin();                                                                     \
		CHECK(!is_error((vaddr_t)(call)) && were(taken, given), __VA_ARGS__);              \
	} while (0)

static bool were(const char *first, const char *last)
{
	size_t length = strlen(step_text);
	bool good = !strncmp(step_text, first, strlen(first)) && length >= strlen(last) &&
		    !strcmp(step_text + length - strlen(last), last);

	model_submit = NULL;
	if (!good)
		printf("# steps were: %s\n", step_text);
	return good;
}

int main(void)
{
	UNDER_LOCK(sys_mmap(AT(1), PAGE_SIZE, PROT_READ, FIXED), AS_WRITER, "; Wr writer=0",
		   "mmap() as a writer");
	UNDER_LOCK(sys_munmap(AT(1), PAGE_SIZE), AS_WRITER, "; Wr writer=0", "munmap() as well");
	UNDER_LOCK(sys_mprotect(AT(1), PAGE_SIZE, PROT_READ), AS_WRITER, "; Wr writer=0",
		   "mprotect() as well");
	UNDER_LOCK(sys_mremap(AT(0), PAGES(2), PAGES(1), 0, 0), AS_WRITER, "; Wr writer=0",
		   "mremap() as well");
	UNDER_LOCK(sys_madvise(AT(1), PAGE_SIZE, MADV_DONTNEED), AS_READER,
		   "; Xf readers add ffffffff", "madvise() as a reader");
	return tap_done();
}
