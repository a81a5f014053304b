/* SPDX-License-Identifier: MIT */
/*
 * Targets: memory that a run copies to, mapped and touched, with the facts
 * that decide what a copy to it guarantees. Knows nothing of strategies.
 */
#ifndef DAXMARK_TARGET_TARGET_H
#define DAXMARK_TARGET_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/words.h"

struct nvdimm;
struct target;
struct target_ops;

/* What a command line names, before anything is opened. */
#define TARGET_PATH_BYTES 480

struct target_request {
	const struct target_ops *ops;
	char path[TARGET_PATH_BYTES]; /* of a file, folder or device; else empty */
	uint64_t bytes;		      /* asked for; 0: as many as the run wants */
	int node;		      /* NUMA node to take memory from; -1: any */
	uint64_t page_bytes; /* that the mapping must be made of; 0: large ones if possible */
	bool pages_wished;   /* of that size if possible, no failure if not */
	bool overwrite;	     /* what is there may be lost */
	bool create;	     /* a file that is not there may be made off persistent memory, too */
	bool incoherent;     /* for the facts: the user says so */
	char note[1000];     /* what the user should know of this choice; empty: nothing */
};

struct target_ops {
	const char *name; /* as it is written on the command line */
	const char *help;
	const char *word; /* that a specification of it begins with; NULL: a path means it */
	/* What comes behind the word and a colon (NULL: nothing), into *request, whose ops is set. */
	bool (*parse)(
		const char *spec, const char *rest, struct target_request *request, struct err *e);
	bool is_file;	/* made on a file system; a path names it */
	bool own_pages; /* the size of its pages is the device's, not to be asked for */
	/* The facts as far as they can be told without mapping anything. */
	bool (*describe)(
		const struct target_request *request, struct target_facts *facts, struct err *e);
	/*
	 * Map `bytes` and touch every page; fills base, fd and the facts as they
	 * really are. May map more than was asked for and says so in facts.bytes.
	 */
	bool (*open)(struct target *target, const struct target_request *request, uint64_t bytes,
		struct err *e);
	/*
	 * Put other pages behind the same addresses, so that placement is
	 * sampled; NULL where the target cannot. The content is lost. The facts
	 * tell the pages of all refreshes so far, not of the last one alone.
	 */
	bool (*refresh)(struct target *target, struct err *e);
	void (*close)(struct target *target);
	/* An empty nameless file on the same file system; -1 and errno. NULL: there is none. */
	int (*beside)(const struct target_request *request);
};

struct target {
	const struct target_ops *ops;
	struct target_facts facts;
	char *base;
	int fd;
	uint64_t wanted_page;	 /* as in the request */
	bool must_have_pages;	 /* of that size, after every refresh too */
	uint64_t touched, large; /* bytes since it was opened; mapped by large pages of them */
	bool collapses;		 /* its small pages can be made large ones (shared memory) */
	uint64_t file_bytes;	 /* a file: how long it was when it was opened */
	uint64_t device_bytes, offset; /* devdax: of the device; where in it the mapping begins */
};

extern const struct target_ops target_memfd, target_dram, target_file, target_devdax;
extern const struct target_ops *const target_kinds[];
extern const size_t target_kinds_n;

/*
 * What `spec` names: "memfd", "memfd:256M", "dram:1", "auto", a folder, a file or a
 * devdax node. Block devices are refused: their mmap is the page cache. "auto" is the
 * best real target that is free to use, a memfd where there is none; request->note says
 * which and why. `may`: bits of enum target_may.
 */
enum target_may {
	TARGET_OVERWRITE = 1 << 0, /* use a file that is there, or a devdax node */
	TARGET_CREATE = 1 << 1,	   /* make a file anywhere */
};
bool target_parse(const char *spec, unsigned may, struct target_request *request, struct err *e);

/* The folder that holds a file of this path, "." for a bare name; the path fits a request's. */
void target_folder(const char *path, char folder[TARGET_PATH_BYTES]);

/* For target_parse(): "auto". */
bool target_choose(struct target_request *request, struct err *e);

/* Facts without mapping; facts->name is set. */
bool target_describe(
	const struct target_request *request, struct target_facts *facts, struct err *e);

/*
 * A nameless file of so many bytes, all allocated, on the file system that the target will be
 * on: shared memory for shared memory. -1 on failure; close() it.
 */
int target_beside(const struct target_request *request, uint64_t bytes, struct err *e);

/* Open with `bytes`, a multiple of the page size above 0. */
bool target_open(
	struct target *target, const struct target_request *request, uint64_t bytes, struct err *e);
void target_close(struct target *target);

/* For the kinds: give the file all its facts.bytes, so that no store can find it full. */
bool target_allocate(struct target *target, struct err *e);

/*
 * For the kinds: the usual refresh hook. Mapping the same file again would
 * bring the same pages back, so they are punched out and allocated anew.
 */
bool target_renew(struct target *target, struct err *e);

/*
 * For the kinds: take the open file for this process alone; one that another daxmark has
 * is refused, with its process id where the kernel tells it. Held as long as the file is
 * open, by children that inherit it too.
 */
bool target_lock(const struct target *target, struct err *e);

/* For the kinds: the usual close hook. */
void target_unmap(struct target *target);

/*
 * For the kinds: mmap() at an address that large pages can map, a multiple of
 * 2 MiB and of `align`, a power of two. As mmap(): MAP_FAILED and errno.
 */
void *target_map(int fd, uint64_t bytes, uint64_t align, int flags);

/* Ask for the wanted pages in a mapping of the target at `base`, before its first touch. */
void target_ask_pages(const struct target *target, char *base);

/*
 * Address space alone, that nothing maps into unless told so: `bytes` at a multiple of
 * `align`, a power of two from a page up. NULL and errno when there is none to be had;
 * free with munmap().
 */
char *target_reserve(uint64_t bytes, uint64_t align);

/* For the kinds: make large pages of allocated small ones, where they are wanted. */
void target_collapse(struct target *target);

/*
 * For the kinds: store to every page, so that no timed store takes a fault, and
 * count the faults: facts.page_bytes and page_share are what the kernel really
 * maps. Must be the first touch of the mapping.
 */
void target_touch(struct target *target);

/* For the kinds: medium, domain, node and whether that is emulated, of a pmem device. */
void target_describe_nvdimm(const struct nvdimm *nvdimm, struct target_facts *facts);

#endif
