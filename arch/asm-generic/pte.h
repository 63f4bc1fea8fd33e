/* SPDX-License-Identifier: MIT */
/* The part of asm/pgtable.h on entries, alike on all ports. */
#pragma once

/* Permissions and state of a leaf, in generic terms, for mk_pte(). */
#define PTE_WRITE BIT(0)
#define PTE_USER  BIT(1)
#define PTE_EXEC  BIT(2)
#define PTE_YOUNG BIT(3)
#define PTE_DIRTY BIT(4)

/* One marked access to one word. */
#define entry_read_word(ep, n)	       READ_ONCE((ep)->word[n])
#define entry_write_word(ep, n, value) WRITE_ONCE((ep)->word[n], (value))
