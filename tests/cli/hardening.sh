#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Memory that runs out and disks that are full: an error in words, never a crash,
# and nothing half-written in the place of something whole.
. "${srcdir:-.}/tests/cli/lib.sh"
short_run -s memcpy,empty --size=64,4K -o R.json >/dev/null || exit 99

# A standard output that takes nothing is a failure.
for command in "list" "probe" "export --format=csv R.json" "compare R.json R.json" "completion" "run --dry-run"; do
	# shellcheck disable=SC2086
	"$daxmark" $command >/dev/full 2>err.txt
	ok "$command to a full disk fails" [ $? -eq 1 ]
	ok "$command: in one line" [ "$(wc -l <err.txt)" -eq 1 ]
done

# A full file system under the result and the report.
if [ "$(id -u)" -eq 0 ] && mkdir small && mount -t tmpfs -o size=64k none small 2>/dev/null; then
	trap 'umount small 2>/dev/null; rm -rf "$work"' EXIT
	cp R.json small/kept.json
	dd if=/dev/zero of=small/fill bs=1k count=64 2>/dev/null
	before=$(cksum <small/kept.json)
	"$daxmark" run -s memcpy --op=write --size=64 --budget=1s --passes=2 -q -f -o small/kept.json >/dev/null 2>err.txt
	ok "a full disk under the result fails" [ $? -eq 1 ]
	ok "in words" grep -qi 'space' err.txt
	ok "the old result stands" [ "$(cksum <small/kept.json)" = "$before" ]
	"$daxmark" report R.json -o small/report -q >/dev/null 2>err.txt
	ok "a full disk under the report fails" [ $? -eq 1 ]
	"$daxmark" history -d small/h.sqlite add R.json >/dev/null 2>err.txt
	ok "a full disk under the history fails" [ $? -eq 1 ]
else
	echo "skipped: not allowed to mount: no full file system is tried" >&2
fi

# The Nth allocation fails, for N from the first on: no signal, and words.
if ! command -v cc >/dev/null || ldd "$daxmark" | grep -q 'lib[at]san\|libubsan' ||
	grep -q __gcov_exit "$daxmark"; then
	echo "skipped: no compiler, or a sanitizer or gcov that allocates by itself: no allocation is made to fail" >&2
	finish
fi
cat >fail.c <<'FAIL'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
static long left = -1;
__attribute__((constructor)) static void arm(void)
{
	const char *at = getenv("FAIL_AT");

	left = at ? atol(at) : -1;
}
static int fails(void)
{
	if (left < 0 || left-- > 0)
		return 0;
	left = -1;
	errno = ENOMEM;
	return 1;
}
void *malloc(size_t n) { return fails() ? NULL : __libc_malloc(n); }
void *calloc(size_t n, size_t m) { return fails() ? NULL : __libc_calloc(n, m); }
void *realloc(void *p, size_t n) { return fails() ? NULL : __libc_realloc(p, n); }
FAIL
cc -O1 -fno-builtin -shared -fPIC -o fail.so fail.c -ldl || exit 99
starve() {
	local crashed=0 silent=0 n=0 at=0 status
	while [ $at -lt 40000 ]; do
		rm -rf starved
		FAIL_AT=$at LD_PRELOAD=$work/fail.so "$daxmark" "$@" >out.txt 2>err.txt
		status=$?
		n=$((n + 1))
		if [ $status -ge 128 ]; then
			crashed=$((crashed + 1))
			echo "allocation $at of '$*': status $status: $(tail -n 1 err.txt)" >&2
		elif [ $status -ne 0 ] && ! grep -q '[a-z] [a-z]' err.txt; then
			silent=$((silent + 1))
		fi
		at=$((at + 1 + at / 12))
	done
	ok "$*: $n starved runs, none crashed" [ $crashed -eq 0 ]
	ok "$*: none failed in silence" [ $silent -eq 0 ]
}
starve list
starve compare R.json R.json --all
starve export --format=gbench R.json
starve run --dry-run --seed=1
starve run -s memcpy --op=write --size=64 --budget=100ms --passes=1 -q -f -o starved
finish
