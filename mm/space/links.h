/* SPDX-License-Identifier: MIT */
/* Keeps the lists of mappings of files and of the family true to the VMAs of a space. For
 * mm/space/vma.c, with the locks of its callers held. */
#pragma once

#include "mm/space/vma.h"

/* Makes room in the lists for a change, and a family if the space has none and the change needs
 * one. Returns false, with nothing promised, if out of memory. */
bool links_promise(struct mm *mm, struct vma_change *change);
/* Gives the room back, and a family with no mapping. */
void links_drop(struct mm *mm, struct vma_change *change);
/* Makes the change, and gives back the room it did not use. If a mapping moves, the locks of its
 * objects are held on return, and links_moved() comes when the entries have moved. */
void links_change(struct mm *mm, struct vma_change *change);
void links_moved(struct mm *mm, struct vma_change *change);

/* Adds all mappings of a space. Returns false, with some of them added, if out of memory. */
bool links_add(struct mm *mm);
/* Removes those that were added. */
void links_remove(struct mm *mm);
