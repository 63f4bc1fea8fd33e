/* SPDX-License-Identifier: MIT */
/* Measures how far a mistyped name is from each valid one, and keeps the nearest. */
#include "kernel/near.h"

#include "kernel/string.h"

/* Returns how many letters to insert, delete or change to turn one name into the other. Returns
 * NEAR_LENGTH if a name is longer than this. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[NEAR_LENGTH + 1], length = (unsigned)strlen(b);

	if (strlen(a) > NEAR_LENGTH || length > NEAR_LENGTH)
		return NEAR_LENGTH;
	for (unsigned i = 0; i <= length; i++)
		row[i] = i;
	for (unsigned n = 1; *a; a++, n++) {
		unsigned diagonal = row[0];

		row[0] = n;
		for (unsigned i = 1; i <= length; i++) {
			unsigned best = diagonal + (*a != b[i - 1]);

			diagonal = row[i];
			best = min(best, diagonal + 1);
			row[i] = min(best, row[i - 1] + 1);
		}
	}
	return row[length];
}

void near_begin(struct near *near, const char *said, size_t length)
{
	size_t n = 0;

	while (n < length && n < sizeof(near->said) - 1 && said[n]) {
		near->said[n] = said[n];
		n++;
	}
	near->said[n] = 0;
	near->best = NULL;
	near->least = 3;
}

void near_offer_part(struct near *near, const char *name, const char *compared)
{
	unsigned far = distance(near->said, compared);

	if (far >= near->least || 2 * far > strlen(near->said))
		return;
	near->least = far;
	near->best = name;
}

void near_offer(struct near *near, const char *name)
{
	near_offer_part(near, name, name);
}

const char *near_renamed(const struct near *near)
{
	static const struct {
		const char *old, *new;
	} names[] = {
#define RENAMED(old_name, new_name) {old_name, new_name},
#include "kernel/renamed.def"
#undef RENAMED
	};

	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(near->said, names[i].old))
			return names[i].new;
	return NULL;
}
