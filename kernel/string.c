/* SPDX-License-Identifier: MIT */
/* Memory, string and number helpers, because there is no C library. */
#include "kernel/string.h"

void *memcpy(void *to, const void *from, size_t n)
{
	u8 *t = to;
	const u8 *f = from;

	while (n--)
		*t++ = *f++;
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	u8 *t = to;
	const u8 *f = from;

	if (t <= f)
		return memcpy(to, from, n);
	while (n--)
		t[n] = f[n];
	return to;
}

void *memset(void *to, int byte, size_t n)
{
	u8 *t = to;

	while (n--)
		*t++ = (u8)byte;
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++)
		if (!*a || *a != *b)
			return (u8)*a - (u8)*b;
	return 0;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

bool parse_u32(const char *s, u32 *value)
{
	u32 base = 10, n = 0;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		s += 2;
	}
	if (!*s)
		return false;
	for (; *s; s++) {
		u32 digit = (u32)digit_value(*s);

		if (digit >= base || n > (UINT32_MAX - digit) / base)
			return false;
		n = n * base + digit;
	}
	*value = n;
	return true;
}

bool pattern_match(const char *pattern, size_t length, const char *s)
{
	const char *end = pattern + length, *star = NULL, *resume = NULL;

	for (;;) {
		if (pattern != end && *pattern == '*') {
			star = ++pattern;
			resume = s;
		} else if (pattern == end ? !*s : *s && *pattern == *s) {
			if (!*s)
				return true;
			pattern++, s++;
		} else if (star && *resume) {
			pattern = star;
			s = ++resume;
		} else {
			return false;
		}
	}
}
