/* SPDX-License-Identifier: MIT */
/* tools/interleave/plain.c: a byte that one CPU touches plainly and another in any way, one of
 * them writing. The compiler's calls are made by hand. */
#include "tools/interleave/plain.h"

#include "tests/self/unit/engine/explored.h"

void __tsan_read1(void *p);
void __tsan_write1(void *p);
void __tsan_read2(void *p);
void __tsan_write2(void *p);
void __tsan_read4(void *p);
void __tsan_write4(void *p);
void __tsan_read8(void *p);
void __tsan_write8(void *p);
void __tsan_read16(void *p);
void __tsan_write16(void *p);
void __tsan_unaligned_read8(void *p);
void __tsan_unaligned_write8(void *p);
void __tsan_unaligned_read16(void *p);
void __tsan_unaligned_write2(void *p);
void __tsan_read_range(void *p, size_t size);
void __tsan_write_range(void *p, size_t size);
void *__tsan_memset(void *p, int byte, size_t size);
void *__tsan_memcpy(void *to, const void *from, size_t size);
void *__tsan_memmove(void *to, const void *from, size_t size);
int __tsan_memcmp(const void *a, const void *b, size_t size);

static u8 area[64] EXPLORED;
static u8 from_area[64] EXPLORED;
static u8 outside[4];
static u8 *touched; /* touched by a part */

static void plain_read(void)
{
	__tsan_read4(area + 8);
}

static void plain_write(void)
{
	__tsan_write4(area + 8);
}

static void marked_read(void)
{
	model_read(area + 8, 4, MODEL_RELAXED);
}

static void marked_write(void)
{
	model_write(area + 8, 4, 1, MODEL_RELAXED);
}

static void nothing(void)
{
}

static bool blind; /* without random runs, which take most of the time */

/* Explores both. Does a plain access stop a CPU? */
static bool refused(part_t *a, part_t *b)
{
	struct exploration what = exploration_of(MEMORY_SC, a, b, NULL);

	what.blind = blind;
	explored(&what);
	return result.ending == END_VIOLATED && result.breach == BREACH_STOP &&
	       strstr(result.what, "plain access to ");
}

static void test_pairs(void)
{
	static part_t *const parts[] = {plain_read, plain_write, marked_read, marked_write};
	static const char *const name[] = {"plain read", "plain write", "marked read",
					   "marked write"};

	for (unsigned a = 0; a < 4; a++)
		for (unsigned b = 0; b < 4; b++) {
			bool plain = a < 2 || b < 2, write = a % 2 || b % 2;

			CHECK(refused(parts[a], parts[b]) == (plain && write), "%s against %s: %s",
			      name[a], name[b], plain && write ? "refused" : "fine");
		}
	CHECK(!refused(plain_write, nothing), "a CPU's own byte is its own");
	refused(plain_read, plain_write);
	CHECK(!strncmp(result.what,
		       "CPU 1 stopped: plain access to shared data at test_plain.c:", 59),
	      "the words say where: %s", result.what);
}

/* --- which bytes ------------------------------------------------------------------------------ */

static void (*first)(void *p), (*second)(void *p);

static void touch_first(void)
{
	first(area + 16);
}

static void touch_second(void)
{
	second(touched);
}

/*
 * Of 64 bytes, how many has `first` written, and which is the lowest? Finds out by reading one byte
 * of each.
 */
static bool covers(void (*write)(void *p), unsigned size)
{
	unsigned nr = 0, lowest = 64;

	first = write;
	second = __tsan_read1;
	for (unsigned i = 0; i < 64; i++) {
		touched = area + i;
		if (refused(touch_first, touch_second)) {
			lowest = nr ? lowest : i;
			nr++;
		}
	}
	return nr == size && lowest == 16;
}

/* The same for the bytes read. */
static bool looks_at(void (*read)(void *p), unsigned size)
{
	unsigned nr = 0, lowest = 64;

	first = read;
	second = __tsan_write1;
	for (unsigned i = 0; i < 64; i++) {
		touched = area + i;
		if (refused(touch_first, touch_second)) {
			lowest = nr ? lowest : i;
			nr++;
		}
	}
	second = __tsan_read1;
	touched = area + 16;
	return nr == size && lowest == 16 && !refused(touch_first, touch_second);
}

static void read_range(void *p)
{
	__tsan_read_range(p, 5);
}

static void write_range(void *p)
{
	__tsan_write_range(p, 7);
}

static void set_three(void *p)
{
	__tsan_memset(p, 7, 3);
}

static void copy_to(void *p)
{
	__tsan_memcpy(p, from_area, 9);
}

static void copy_from(void *p)
{
	__tsan_memcpy(from_area, p, 9);
}

static void move_to(void *p)
{
	__tsan_memmove(p, from_area, 6);
}

static void move_from(void *p)
{
	__tsan_memmove(from_area, p, 6);
}

static void compare_first(void *p)
{
	__tsan_memcmp(p, from_area, 11);
}

static void compare_second(void *p)
{
	__tsan_memcmp(from_area, p, 11);
}

static void test_bytes(void)
{
	CHECK(covers(__tsan_write1, 1) && covers(__tsan_write2, 2) && covers(__tsan_write4, 4) &&
		      covers(__tsan_write8, 8) && covers(__tsan_write16, 16),
	      "a write's bytes, and none beside");
	CHECK(covers(__tsan_unaligned_write8, 8) && covers(__tsan_unaligned_write2, 2) &&
		      covers(write_range, 7),
	      "of any kind");
	CHECK(looks_at(__tsan_read1, 1) && looks_at(__tsan_read2, 2) && looks_at(__tsan_read4, 4) &&
		      looks_at(__tsan_read8, 8) && looks_at(__tsan_read16, 16),
	      "a read's");
	CHECK(looks_at(__tsan_unaligned_read8, 8) && looks_at(__tsan_unaligned_read16, 16) &&
		      looks_at(read_range, 5),
	      "of any kind");
	CHECK(covers(set_three, 3) && covers(copy_to, 9) && covers(move_to, 6),
	      "what memset, memcpy and memmove write");
	CHECK(looks_at(copy_from, 9) && looks_at(move_from, 6), "what they read");
	CHECK(looks_at(compare_first, 11) && looks_at(compare_second, 11), "both sides of memcmp");
}

static void test_results(void)
{
	u8 a[4] = {1, 2, 3, 4}, b[4] = {0};

	CHECK(__tsan_memset(b, 9, 2) == b && b[0] == 9 && b[1] == 9 && !b[2], "memset sets");
	CHECK(__tsan_memcpy(b, a, 3) == b && b[2] == 3 && !b[3], "memcpy copies");
	CHECK(__tsan_memmove(a + 1, a, 3) == a + 1 && a[1] == 1 && a[3] == 3,
	      "memmove moves what overlaps");
	CHECK(__tsan_memcmp("ab", "ac", 2) < 0 && !__tsan_memcmp("ab", "ac", 1), "memcmp compares");
}

/* --- what is no part of the state ------------------------------------------------------------- */

static void write_outside(void)
{
	__tsan_write4(outside);
}

static void read_outside(void)
{
	__tsan_read4(outside);
}

static void write_stack(void)
{
	u32 mine;

	__tsan_write4(&mine);
	__tsan_read4(&mine);
}

static u8 *a_stack;

static void lend_stack(void)
{
	u8 mine[4];

	a_stack = mine;
	WRITE_ONCE(CELL(0), 1);
	READ_ONCE(CELL(0));
}

static void read_lent(void)
{
	WRITE_ONCE(CELL(0), 2);
	__tsan_read4(a_stack);
}

static void test_outside(void)
{
	CHECK(refused(write_outside, nothing) &&
		      strstr(result.what,
			     "plain access to what is not part of the state (see EXPLORED)"),
	      "a write to what is no part of the state would come from another one");
	CHECK(!refused(read_outside, read_outside), "a read is of what never changes");
	CHECK(!refused(write_stack, write_stack), "a CPU's own stack is its own");
	CHECK(refused(lend_stack, read_lent), "and not to be read by another");
	__tsan_write4(area);
	CHECK(!refused(nothing, nothing), "what the explorer does itself is nobody's");
}

int main(void)
{
	test_pairs();
	blind = true;
	test_bytes();
	test_results();
	test_outside();
	free(result.path);
	return tap_done();
}
