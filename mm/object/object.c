/* SPDX-License-Identifier: MIT */
/* Begins families, and ends objects. */
#include "mm/object/object.h"

#include "kernel/printk.h"
#include "mm/object/file.h"
#include "mm/page/exact.h"

struct object *family_create(void)
{
	struct object *family = alloc_pages_exact(sizeof(*family));

	if (family)
		*family = (struct object){.references = 1, .kind = OBJECT_FAMILY};
	return family;
}

void get_object(struct object *object)
{
	atomic_fetch_add(&object->references, 1);
}

void put_object(struct object *object)
{
	if (atomic_fetch_add(&object->references, (u32)-1) != 1)
		return;
	assert(!object->nr_mappings && !object->nr_promised);
	free_pages_exact(object->mappings, object->room * sizeof(*object->mappings));
	if (object->kind == OBJECT_FILE)
		file_free(object_file(object));
	else
		free_pages_exact(object, sizeof(*object));
}
