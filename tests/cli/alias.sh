#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# daxmark alias end to end, on this machine and from sweeps; the alias strategies in a
# run, verified and reported; the protocols' listing.
. "${srcdir:-.}/tests/cli/lib.sh"
json() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }

ok "a sweep of this machine" "$daxmark" alias -q -o sweep.json --json >alias.json
ok "what it is about" json alias.json 'd["verdict"] in ("free at any distance", "hashed", "only the same address", "cannot tell") and d["bits"][0]==12 and d["bits"][-1]>=33'
ok "held-out masks were predicted" json alias.json 'd["verdict"]=="cannot tell" or d["held_out"]["masks"]>=64'
ok "the function is as large as the colours" json alias.json 'd["verdict"]=="cannot tell" or 2**len(d["colour_function"])==d["colours"]'
ok "windows are broken down" json alias.json 'len(d["user_windows"])>=5 and all(w["map_ns"]>0 and w["copy_ns"]>0 and w["unmap_ns"]>0 and w["mremap_ns"]>0 for w in d["user_windows"])'
ok "and go to 2 MiB" json alias.json 'd["user_windows"][-1]["bytes"]==2<<20'
ok "the same from the file" "$daxmark" alias --from sweep.json --json >again.json
ok "gives the same" python3 -c '
import json
a, b = json.load(open("alias.json")), json.load(open("again.json"))
assert all(a[k] == b[k] for k in ("verdict", "colour_function", "colours", "sufficient_modulo_bytes", "held_out"))'
ok "a file that exists is kept" sh -c '! "$0" alias -q -o sweep.json 2>err.txt && grep -q force err.txt' "$daxmark"
ok "in words" sh -c '"$0" alias --from sweep.json | grep -q SHMLBA' "$daxmark"

# The same sweep as another machine would have made it: bits 12 and 27 must agree together.
python3 - <<'PY'
import json
d = json.load(open("sweep.json"))
d["cpu_model"] = "made up"
for m in d["masks"]:
    odd = (12 in m["bits"]) != (27 in m["bits"])
    for kind, ns in (("store_load_ns", 3.0), ("load_load_ns", 5.0)):
        m[kind] = [ns * (2.5 if odd else 1) * (1 + 0.01 * (r % 3)) for r in range(d["rounds"])]
json.dump(d, open("hashed.json", "w"))
for m in d["masks"]:
    if 12 in m["bits"]: m.update(refused=True, store_load_ns=[], load_load_ns=[])
json.dump(d, open("refused.json", "w"))
d["masks"] = [m for m in d["masks"] if m["bits"]]
json.dump(d, open("nozero.json", "w"))
PY
"$daxmark" alias --from hashed.json --json >hashed.out
ok "a hash is found" json hashed.out 'd["colour_function"]==[[12,27]] and d["colours"]==2 and d["sufficient_modulo_bytes"]==1<<28 and d["penalty_ns_per_line"]>2'
"$daxmark" alias --from refused.json --json >refused.out
ok "refused bits are left out" json refused.out 'd["refused_bits"]==[12] and 12 not in d["bits"] and d["colour_function"]==[[27]]'
"$daxmark" alias --from nozero.json --json >nozero.out
ok "without mask 0 it cannot tell" json nozero.out 'd["verdict"]=="cannot tell" and d["colour_function"] is None and d["colours"] is None and "mask 0" in d["why"]'
if command -v gnuplot >/dev/null; then
	ok "plots" "$daxmark" alias --from hashed.json -p pictures >/dev/null
	ok "of bits and pairs" [ -s pictures/alias_bits.svg -a -s pictures/alias_bits.png -a -s pictures/alias_pairs.svg -a -s pictures/alias_pairs.png ]
	ok "are not replaced unasked" sh -c '! "$0" alias --from hashed.json -p pictures 2>/dev/null' "$daxmark"
fi
for change in 'd["version"]=2' 'd["masks"][9]["bits"]=[5]' 'd["masks"][9]["bits"]=[12,12]' 'd["masks"][9]["store_load_ns"]=[1]' \
	'd["rounds"]=0' 'd["granule_bytes"]=4097' 'd["masks"][9]["load_load_ns"][0]=-1' 'd["masks"]=[]' 'd["format"]="daxmark-result"'; do
	python3 -c "import json; d=json.load(open('hashed.json')); $change; json.dump(d, open('bad.json','w'))"
	ok "refused: $change" sh -c '! "$0" alias --from bad.json >/dev/null 2>err.txt && [ $(wc -l <err.txt) -eq 1 ] && grep -q bad.json err.txt' "$daxmark"
done

# Every alias strategy that this build has, in a run and in a report.
names=$("$daxmark" list --json | python3 -c '
import json, sys
print(",".join(s["name"] for s in json.load(sys.stdin)["strategies"] if s["name"].startswith("alias-") and s["available"]))')
ok "alias strategies run" "$daxmark" run -q -s "memcpy,$names" --op=write,write+consume,read --size=100,4K,3M --budget=15s --passes=2 -o R.json >/dev/null
ok "and copy right" json R.json 'all(v=="passed" for c in d["comparisons"] if c["visits"] for v in c["verified"]) and sum(bool(c["visits"]) for c in d["comparisons"])>=6'
ok "small pages for both mappings" json R.json 'd["target"]["page_bytes"]==4096'
ok "with threads" "$daxmark" run -q -s "memcpy,$names" --op=write --size=4K --threads=2 --budget=4s --passes=2 -o T.json >/dev/null
ok "right as well" json T.json 'all(v=="passed" for c in d["comparisons"] for v in c["verified"])'
ok "the report says what a congruent alias beats" sh -c '"$0" report R.json -q >/dev/null && grep -q "Does a congruent alias beat" R-report/report.md' "$daxmark"
ok "page states and aliases do not go together" sh -c '! "$0" run -q -s alias-congruent --op=write --size=4K --page-state=unmapped --budget=1s -o P.json 2>err.txt && grep -q "alias" err.txt' "$daxmark"

# A kernel that lets no two shared mappings differ in address bits 12 and 13.
if command -v cc >/dev/null && ! ldd "$daxmark" | grep -q 'lib[at]san\|libubsan'; then
	cat >strict.c <<'STRICT'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
void *mmap(void *at, size_t bytes, int prot, int flags, int fd, off_t offset)
{
	static void *(*real)(void *, size_t, int, int, int, off_t);

	if (!real)
		real = (void *(*)(void *, size_t, int, int, int, off_t))dlsym(RTLD_NEXT, "mmap");
	if (fd >= 0 && (flags & MAP_SHARED) && (flags & MAP_FIXED) && (((uintptr_t)at - offset) & 0x3000)) {
		errno = EINVAL;
		return MAP_FAILED;
	}
	return real(at, bytes, prot, flags, fd, offset);
}
STRICT
	cc -shared -fPIC -O1 -o strict.so strict.c -ldl || exit 99
	LD_PRELOAD=$work/strict.so "$daxmark" alias -q --json >strict.json
	ok "refused distances are a finding" json strict.json 'd["refused_bits"]==[12,13] and d["bits"][0]==14'
	ok "in words" sh -c 'LD_PRELOAD=$1/strict.so "$0" alias -q | grep -q "refuses two mappings that differ in 2 of the bits"' "$daxmark" "$work"
	LD_PRELOAD=$work/strict.so "$daxmark" run -q -s memcpy,alias-congruent,alias-incongruent --op=write --size=4K --budget=1s --passes=2 -o strict-run.json >/dev/null 2>err.txt
	ok "an incongruent alias is then not to be had" [ $? -eq 1 ]
	ok "and it says why" grep -q 'allows congruent ones only' err.txt
	ok "a congruent one is" json strict-run.json '[a["available"] for a in d["arms"]]==[True, True, False] and d["comparisons"][0]["visits"]'
else
	echo "skipped: no compiler, or a sanitizer: no strict kernel is played" >&2
fi

"$daxmark" list --protocols --json >protocols.json
ok "the kernel's hooks are listed" json protocols.json '{p["name"] for p in d["protocols"]} >= {"flush_cache_vmap", "flush_kernel_vmap_range", "invalidate_kernel_vmap_range", "flush_cache_page", "flush_cache_range", "flush_dcache_page", "update_mmu_cache", "arch_wb_cache_pmem", "arch_invalidate_pmem", "memcpy_flushcache", "copy_from_user_nocache"}'
"$daxmark" list --json >strategies.json
ok "with steps, and strategies that exist" python3 -c '
import json
known = {s["name"] for s in json.load(open("strategies.json"))["strategies"]}
for p in json.load(open("protocols.json"))["protocols"]:
    assert p["steps"] and p["strategies"], p
    assert set(p["strategies"].split(", ")) <= known, p'
# When congruence helps a copy: every footprint, operation and size, with intervals.
"$daxmark" alias --copies --budget=4s -q --json >copies.json 2>err.txt
ok "copies through aliases" [ $? -eq 0 ]
ok "by footprint, operation and size" json copies.json \
	'len({(c["footprint_bytes"],c["operation"],c["size_bytes"]) for c in d["copies"]})==4*3*3'
ok "with intervals" json copies.json \
	'all(c[k]["speed"] is None or c[k]["low"] is None or c[k]["low"]<=c[k]["speed"]<=c[k]["high"] for c in d["copies"] for k in ("over_incongruent","over_memcpy"))'
"$daxmark" alias --budget=4s >/dev/null 2>err.txt
ok "a budget for nothing" [ $? -eq 2 ]
# An incongruent alias at a distance of one's own.
ok "a chosen distance" short_run -s memcpy,alias-incongruent --alias-distance=1M -o far.json >/dev/null
ok "is verified" json far.json 'all(v=="passed" for c in d["comparisons"] for v in c["verified"])'
short_run -s memcpy,alias-incongruent --alias-distance=100 -o odd.json >/dev/null 2>err.txt
ok "not at part of a page" [ $? -eq 1 ]
ok "and why" grep -q 'multiples of' err.txt
finish
