/* SPDX-License-Identifier: MIT */
/* Finds the value of each choice in a cell, and its words in a report. */
#include "tests/lab/cell.h"

#include <asm/caps.h>

#include "kernel/printk.h"
#include "tests/lab/options.h"

/* If no walker holds the flush back, it needs another read and another table free than the
 * default. */
static u8 implied(enum choice_id id, u8 flush)
{
	if (flush == VALUE_flush_nowait && id == CHOICE_pte_read)
		return CAP_ATOMIC64 ? VALUE_pte_read_atomic64 : VALUE_pte_read_seq;
	if (flush == VALUE_flush_nowait && id == CHOICE_table_free)
		return VALUE_table_free_grace;
	return choice_default[id];
}

void cell_choices(const struct cell *cell, u8 *choice)
{
	for (unsigned id = 0; id < NR_CHOICES; id++)
		choice[id] = cell->values[id] ? cell->values[id] : options.choice[id];
	if (choice[CHOICE_flush] == VALUE_NONE) /* first, because it implies others */
		choice[CHOICE_flush] = choice_default[CHOICE_flush];
	for (unsigned id = 0; id < NR_CHOICES; id++)
		if (choice[id] == VALUE_NONE)
			choice[id] = implied(id, choice[CHOICE_flush]);
}

static bool says_flush(const struct cell *cell)
{
	return options.choice[CHOICE_flush] != VALUE_NONE ||
	       cell->values[CHOICE_flush] != VALUE_NONE;
}

/* If neither the cell nor the command line names a flush, the defaults are the port's. Otherwise
 * they are those of flush=sync, so a variant has the same name on every port. */
void choices_unsaid(const struct cell *cell, u8 *choice)
{
	u8 flush = says_flush(cell) ? (u8)VALUE_flush_sync : choice_default[CHOICE_flush];

	for (unsigned id = 0; id < NR_CHOICES; id++)
		choice[id] = id == CHOICE_flush ? flush : implied(id, flush);
}

bool cell_must_break(const struct cell *cell)
{
	return cell->expect == EXPECT_BREAKS || cell->expect == EXPECT_HISTORICAL;
}

void cell_choices_text(const struct cell *cell, const u8 *choice, char *text, size_t size,
		       const char *form, const char *between)
{
	u8 unsaid[NR_CHOICES];
	int used = 0;

	text[0] = 0;
	choices_unsaid(cell, unsaid);
	for (unsigned id = 0; id < NR_CHOICES; id++) {
		const struct value_info *value = &value_info[choice[id]];

		if (choice[id] == unsaid[id])
			continue;
		used += scnprintk(text + used, size - (size_t)used, "%s", used ? between : "");
		used += scnprintk(text + used, size - (size_t)used, form, value->choice,
				  value->value);
	}
}

const char *cell_off_name(const struct cell *cell)
{
	return cell->off == NR_GUARDS ? "none" : guard_info[cell->off].name;
}
