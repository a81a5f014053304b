#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# verify: byte by byte, by trace, and what a crash may leave.
. "${srcdir:-.}/tests/cli/lib.sh"
json() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }

"$daxmark" verify --time=2s --json >bytes.json
ok "bytes" [ $? -eq 0 ]
ok "every available copy was tried and is right" json bytes.json \
	'all(v["verdict"]=="right" and v["copies"]>0 for v in d["verified"] if v["kernel"]) and sum(v["verdict"]=="right" for v in d["verified"])>=9'
ok "what was not tried says why" json bytes.json \
	'all(v["verdict"]=="not tried" and v["why"] for v in d["verified"] if not v["kernel"])'
ok "as a table" grep -q '^memcpy .* right' <("$daxmark" verify --time=200ms -s memcpy,pwrite)
mkdir folder
ok "on a file" "$daxmark" verify --time=500ms -t ./folder >/dev/null
ok "which is gone" [ -z "$(ls folder)" ]

if "$daxmark" verify --trace -s memcpy >one.txt 2>err.txt; then
	"$daxmark" verify --trace --json >trace.json
	ok "traces" [ $? -eq 0 ]
	ok "every copy in user space is proved" json trace.json \
		'all(p["verdict"]=="proved" or (p["verdict"]=="not tried" and p["why"]) for p in d["proofs"])'
	ok "what is there on every x86-64 among them" json trace.json \
		'{"memcpy","memcpy+fence","memcpy+clflush","movsb+clflush","nt-sse2","nt-movnti","nt-sse2-prefetch","alias-congruent","alias-incongruent+clflush"} <= {p["strategy"] for p in d["proofs"] if p["verdict"]=="proved"}'
	ok "in lines, none of them flushed for nothing" json trace.json \
		'all(p["lines_stored"]==64 and (p["flushes_of_clean_lines"]==0 or "incongruent" in p["strategy"]) for p in d["proofs"] if p["verdict"]=="proved" and p["adr"]!="fresh" and p["media_64_bytes"])'
	ok "the kernel's are said not to be tried" json trace.json \
		'all(p["verdict"]=="not tried" and p["why"] for p in d["proofs"] if p["strategy"].startswith("pwrite"))'
	ok "a durable copy sends each line once" json trace.json \
		'all(p["media_64_bytes"]==4096 for p in d["proofs"] if p["verdict"]=="proved" and p["adr"]=="durable-data")'
	strategy=nt-sse2
	"$daxmark" verify --crash=100 -s $strategy --json >crash.json
	ok "crash images" [ $? -eq 0 ]
	ok "many before the fence" json crash.json 'max(float(p["images"]) for p in d["points"])>1'
	"$daxmark" verify --crash=16 -s memcpy --json >crash16.json
	ok "enumerated" json crash16.json 'd["points"][-1]["left"].startswith("none")'
	ok "and counted alike" json crash16.json 'all(int(p["images"])==len(p["left"].split("; ")) for p in d["points"])'
	ok "one after it" json crash.json 'd["points"][-1]["images"]=="1" and d["points"][-1]["missing"]=="none"'
	ok "memcpy may lose all of it" grep -q '0-63' <("$daxmark" verify --crash=64 -s memcpy)
else
	echo "skipped: no traces here: $(cat err.txt)" >&2
	ok "said in one line" [ "$(wc -l <err.txt)" -eq 1 ]
fi

# fails STATUS ARGUMENTS..: an error of one line with this status.
fails() {
	local status=$1
	shift
	"$daxmark" verify "$@" >/dev/null 2>err.txt
	ok "$*: status $status" [ $? -eq "$status" ]
	ok "$*: one line" [ "$(wc -l <err.txt)" -eq 1 ]
}
fails 2 -s memcpi
fails 2 --crash=5K -s memcpy
fails 2 --crash=64
fails 2 --crash=64 -s memcpy,nt-sse2
fails 2 --time=0
fails 2 --crash=many -s memcpy
fails 2 --crash=0 -s memcpy
fails 2 --crash=64 --trace -s memcpy
fails 2 --trace -t /nowhere/file
fails 2 --trace --time=1s
fails 2 nonsense
fails 1 -t /nowhere/file --time=1s
fails 1 --crash=64 -s pwrite
echo precious >file
fails 1 -t ./file --time=1s
ok "nothing lost" [ "$(cat file)" = precious ]
ok "a family by its name" grep -q '^memcpy+fence ' <("$daxmark" verify -s family:baseline --time=100ms)
finish
