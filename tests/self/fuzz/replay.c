/* SPDX-License-Identifier: MIT */
/* The other main() of a harness gives it each file named, or else the whole corpus (CORPUS). */
#include <dirent.h>
#include <limits.h>

#include "tests/self/fuzz/fuzz.h"
#include "tests/self/unit/tap.h"

/* Returns NULL if the file cannot be read. free() the result. */
static u8 *read_file(const char *path, size_t *n)
{
	FILE *file = fopen(path, "rb");
	u8 *bytes = NULL;
	long size;

	if (!file)
		return NULL;
	if (!fseek(file, 0, SEEK_END) && (size = ftell(file)) >= 0 && !fseek(file, 0, SEEK_SET)) {
		bytes = malloc(size ? (size_t)size : 1);
		*n = fread(bytes, 1, (size_t)size, file);
	}
	fclose(file);
	return bytes;
}

/* A harness with a finding ends the program, so the last line then names the file. */
static void replay(const char *path)
{
	size_t n;
	u8 *bytes = read_file(path, &n);

	printf("# %s\n", path);
	fflush(stdout);
	CHECK(bytes && !LLVMFuzzerTestOneInput(bytes, n), "%s", path);
	free(bytes);
}

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	struct dirent **list;
	int n = argc > 1 ? 0 : scandir(CORPUS, &list, is_input, alphasort);
	char path[PATH_MAX];

	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", CORPUS, list[i]->d_name);
		replay(path);
		free(list[i]);
	}
	if (n > 0)
		free(list);
	return tap_done();
}
