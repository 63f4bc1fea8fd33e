/* SPDX-License-Identifier: MIT */
/* Keeps the list of an object's mappings. */
#include "mm/object/object.h"

#include "kernel/printk.h"
#include "mm/page/exact.h"

/* Call with the lock held. Makes the list longer by as many places as fit in its frames. */
static bool grow(struct object *object)
{
	const size_t one = sizeof(*object->mappings);
	size_t bytes = exact_room((object->room + 1) * one);
	struct object_mapping *list = alloc_pages_exact(bytes);

	if (!list)
		return false;
	for (u32 i = 0; i < object->nr_mappings; i++)
		list[i] = object->mappings[i];
	free_pages_exact(object->mappings, object->room * one);
	object->mappings = list;
	object->room = (u32)(bytes / one);
	return true;
}

bool object_promise_mapping(struct object *object)
{
	bool room;

	object_lock(object);
	room = object->nr_mappings + object->nr_promised < object->room || grow(object);
	object->nr_promised += room;
	object_unlock(object);
	if (room)
		get_object(object);
	return room;
}

void object_drop_promise(struct object *object)
{
	object_lock(object);
	object->nr_promised--;
	object_unlock(object);
	put_object(object);
}

/* Call with the lock held. */
static void add(struct object *object, struct object_mapping mapping)
{
	assert(object->nr_promised);
	object->nr_promised--;
	object->mappings[object->nr_mappings++] = mapping;
}

void object_add_mapping(struct object *object, struct object_mapping mapping)
{
	object_lock(object);
	add(object, mapping);
	object_unlock(object);
}

/* The part of a mapping from `start` on. */
static struct object_mapping tail(const struct object_mapping *mapping, vaddr_t start)
{
	struct object_mapping part = *mapping;

	part.start = start;
	part.pgoff += (u32)((start - mapping->start) >> PAGE_SHIFT);
	return part;
}

/* Call with the lock held. Takes [start, end) away from a mapping that has a part of it. Returns
 * false if nothing is left. */
static bool cut(struct object *object, struct object_mapping *mapping, vaddr_t start, vaddr_t end)
{
	if (mapping->start < start) {
		if (mapping->end > end)
			add(object, tail(mapping, end));
		mapping->end = start;
		return true;
	}
	if (mapping->end <= end)
		return false;
	*mapping = tail(mapping, end);
	return true;
}

/* Call with the lock held. *removed is how many mappings are off the list as a whole, and their
 * references are the caller's then. The others keep their order. Returns whether a promise was
 * used. */
static bool remove(struct object *object, const struct mm *mm, vaddr_t start, vaddr_t end,
		   u32 *removed)
{
	u32 promised = object->nr_promised, kept = 0;

	for (u32 i = 0; i < object->nr_mappings; i++) {
		struct object_mapping *mapping = &object->mappings[i];
		bool touched = mapping->mm == mm && mapping->start < end && start < mapping->end;

		if (!touched || cut(object, mapping, start, end))
			object->mappings[kept++] = *mapping;
	}
	*removed = object->nr_mappings - kept;
	object->nr_mappings = kept;
	return object->nr_promised != promised;
}

bool object_remove_mapping(struct object *object, const struct mm *mm, vaddr_t start, vaddr_t end)
{
	u32 removed;
	bool used;

	object_lock(object);
	used = remove(object, mm, start, end, &removed);
	object_unlock(object);
	while (removed--) /* the last one may free the object, and its lock */
		put_object(object);
	return used;
}

/* The new place has a reference, so none that is given back here is the last one. */
bool object_begin_move(struct object *object, const struct mm *mm, vaddr_t start, vaddr_t end,
		       struct object_mapping mapping)
{
	u32 removed;
	bool used;

	object_lock(object);
	used = remove(object, mm, start, end, &removed);
	add(object, mapping);
	while (removed--)
		put_object(object);
	if (!guard(move_holds_object_lock))
		object_unlock(object);
	return used;
}

void object_end_move(struct object *object)
{
	if (guard(move_holds_object_lock))
		object_unlock(object);
}
