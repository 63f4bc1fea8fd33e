/* SPDX-License-Identifier: MIT */
/* Reports many rounds as histograms, and as the result of a stress cell. */
#include "kernel/printk.h"
#include "tests/lab/options.h"
#include "tests/lab/passes.h"
#include "tests/lab/report.h"

void lab_histogram(const struct variant *v, const char *outcome, u32 count, u32 of, bool forbidden)
{
	const char *class = !count ? "Never" : count == of ? "Always" : "Sometimes";

	if (pass_is_first())
		printk("# ev=histogram n=%u scenario=%s outcome=\"%s\" count=%u class=%s forbidden=%s\n",
		       row_number() + 1, v->scenario->name, outcome, count, class,
		       forbidden ? "yes" : "no");
}

static void print_histogram(const struct variant *v, const struct histogram *h)
{
	if (!pass_is_first())
		return;
	printk("# ev=stress n=%u scenario=%s guard=%s rounds=%u overlaps=%u violated=%u\n",
	       row_number() + 1, v->scenario->name, cell_off_name(v->cell), h->rounds, h->overlaps,
	       h->violated);
	for (unsigned i = 0; i < h->nr; i++)
		lab_histogram(v, h->outcome[i].name, h->outcome[i].count, h->rounds,
			      h->outcome[i].forbidden);
	if (!h->violated)
		lab_histogram(v, "rule broken", 0, h->rounds, true);
}

/* Chance decides the orders of a stress run. If it does not see a broken variant break, this is
 * neither a kill nor a failure. Choreography must catch it. */
void report_stress(const struct variant *v, const struct outcome *outcome,
		   const struct histogram *h)
{
	char words[100];

	report_rounds(h->rounds, h->overlaps);
	print_histogram(v, h);
	if (outcome->complaint || outcome->verdict == VIOLATED) {
		report_cell(v, outcome, h->rounds);
	} else if (!h->overlaps) {
		snprintk(words, sizeof(words), "no overlap in %u rounds", h->rounds);
		report_skipped(v, words);
	} else if (h->rounds < 2 && options.iters > 1) {
		report_skipped(v, "one round, and its time was over");
	} else if (cell_must_break(v->cell)) {
		snprintk(words, sizeof(words), "not observed (%u rounds, %u overlaps)", h->rounds,
			 h->overlaps);
		report_skipped(v, words);
	} else {
		struct outcome held = {.verdict = HELD, .us = outcome->us};
		struct variant summary = *v;

		lab_evidence(&summary, "%u of %u rounds overlapped", h->overlaps, h->rounds);
		report_cell(&summary, &held, h->rounds);
	}
}
