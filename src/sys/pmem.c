// SPDX-License-Identifier: MIT
#include "sys/pmem.h"

#if defined(HAVE_LIBPMEM)
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static struct pmem_library library;
static char why[200];
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* ISO C has no way from a pointer to an object to one to a function; POSIX's dlsym() means this. */
static void find(void *handle, const char *name, void *function, size_t bytes)
{
	void *symbol = handle != NULL ? dlsym(handle, name) : NULL;

	memcpy(function, &symbol, bytes);
}

static void load(void)
{
	void *handle = dlopen("libpmem.so.1", RTLD_NOW | RTLD_LOCAL);

	find(handle, "pmem_memcpy", &library.copy, sizeof(library.copy));
	find(handle, "pmem_drain", &library.drain, sizeof(library.drain));
	find(handle, "pmem_has_auto_flush", &library.has_auto_flush,
		sizeof(library.has_auto_flush));
	if (library.copy == NULL || library.drain == NULL || library.has_auto_flush == NULL) {
		const char *said = dlerror();

		library.copy = NULL;
		snprintf(why, sizeof(why), "libpmem cannot be loaded: %.150s",
			said != NULL ? said : "a function is missing");
	}
}

const struct pmem_library *pmem_library(struct err *why_not)
{
	pthread_once(&once, load);
	if (library.copy != NULL)
		return &library;
	err_set(why_not, ERR_FAILED, "%s", why);
	return NULL;
}
#else
const struct pmem_library *pmem_library(struct err *why_not)
{
	err_set(why_not, ERR_FAILED, "this daxmark was built without libpmem");
	return NULL;
}
#endif
