#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Does compare find a regression, and does it leave an unchanged build alone? Three
# runs of daxmark a side, in turn: as it is, as it is again, and with a memcpy of
# 4 KiB that is made 5 % slower (LD_PRELOAD). Prints "name value bound ok|short" lines.
#
#   regression.sh DAXMARK [SECONDS A RUN]
set -euo pipefail
daxmark=$(realpath "$1")
seconds=${2:-15}
work=$(mktemp -d "${TMPDIR:-/tmp}/daxmark-regression.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >slow.c <<'SLOW'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <x86intrin.h>
static void *(*real)(void *, const void *, size_t);
static unsigned long cycles;
__attribute__((constructor)) static void start(void)
{
	real = (void *(*)(void *, const void *, size_t))dlsym(RTLD_NEXT, "memcpy");
	cycles = strtoul(getenv("SLOW_CYCLES"), NULL, 10);
}
void *memcpy(void *dst, const void *src, size_t n)
{
	void *result = real(dst, src, n);

	if (n == 4096)
		for (unsigned long end = __rdtsc() + cycles; __rdtsc() < end;)
			;
	return result;
}
SLOW
"${CC:-cc}" -O2 -fno-builtin -shared -fPIC -o slow.so slow.c -ldl
run() {
	"$daxmark" run -q -s memcpy,memcpy+clwb,nt-sse2,roof-nt-store --op=write --size=4K,16K --budget="${seconds}s" -o "$1" >/dev/null
}
pick() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$@"; }
run base1.json
# How many cycles make it 5 % slower is tried, not computed: the stores of a copy
# go on while the processor waits, and hide the first of them.
memcpy_4k='next(c for c in d["cases"] if c["name"].split("/")[2:4] == ["memcpy", "4096"])'
low=0 high=2000
for _ in 1 2 3 4 5 6; do
	SLOW_CYCLES=$(((low + high) / 2))
	export SLOW_CYCLES
	rm -f trial.json
	LD_PRELOAD=$work/slow.so "$daxmark" run -q -s memcpy,memcpy+clwb,nt-sse2,roof-nt-store --op=write --size=4K \
		--budget=4s -o trial.json >/dev/null
	"$daxmark" compare base1.json trial.json --json >trial.out
	if [ "$(pick trial.out "${memcpy_4k}[\"ratio\"] > 0.95")" = True ]; then
		low=$SLOW_CYCLES
	else
		high=$SLOW_CYCLES
	fi
done
for i in 1 2 3; do
	[ "$i" = 1 ] || run "base$i.json"
	run "same$i.json"
	LD_PRELOAD=$work/slow.so run "slow$i.json"
done
base=base1.json,base2.json,base3.json
"$daxmark" compare $base same1.json,same2.json,same3.json --json >same.out
"$daxmark" compare $base slow1.json,slow2.json,slow3.json --json >slow.out
failed=0
line() { # NAME VALUE BOUND OK
	echo "$1 $2 $3 $([ "$4" = True ] && echo ok || echo short)"
	[ "$4" = True ] || failed=1
}
line unchanged-build/cases-called-different "$(pick same.out 'sum(c["verdict"]!="same" for c in d["cases"])')" 0 \
	"$(pick same.out 'all(c["verdict"]=="same" for c in d["cases"])')"
line planted-5-percent/speed "$(pick slow.out "round(${memcpy_4k}[\"ratio\"], 4)")" 1 \
	"$(pick slow.out "${memcpy_4k}[\"verdict\"] == \"slower\"")"
line planted-elsewhere/cases-called-different \
	"$(pick slow.out 'sum(c["verdict"]!="same" for c in d["cases"] if c["name"].split("/")[3]!="4096" or "memcpy" not in c["name"])')" 0 \
	"$(pick slow.out 'all(c["verdict"]=="same" for c in d["cases"] if c["name"].split("/")[3]!="4096" or "memcpy" not in c["name"])')"
exit $failed
