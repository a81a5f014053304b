#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Files as targets: what they are is said, what is theirs is kept, and memory
# that goes away ends in one line.
. "${srcdir:-.}/tests/cli/lib.sh"
json() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }

mkdir folder
ok "probe of a folder" grep -q "fsync only" <("$daxmark" probe ./folder)
ok "probe of memory" grep -q "shared memory" <("$daxmark" probe memfd)
ok "probe leaves nothing" [ -z "$(ls folder)" ]
ok "a folder is a target" short_run -s memcpy -t ./folder -o folder.json >/dev/null
ok "as page cache" json folder.json 'd["target"]["access"] in ("page cache","fsdax with MAP_SYNC","fsdax without MAP_SYNC")'
ok "its file is gone" [ -z "$(ls folder)" ]
ok "a path that is not there is no target off persistent memory" sh -c '! "$0" run -s memcpy --size=64 --budget=1s -q -t ./new -o new.json 2>err.txt' "$daxmark"
ok "which is said" grep -q 'not mounted.*--create' err.txt
ok "nor is it one to probe" sh -c '! "$0" probe /nonexistent 2>/dev/null' "$daxmark"
ok "a new file is a target where that is said" short_run -s memcpy -t ./new --create -o new.json >/dev/null
ok "and is gone" [ ! -e new ]

head -c 100000 /dev/urandom >mine
before=$(cksum <mine)
ok "an existing file is refused" sh -c '! "$0" run -s memcpy --size=4K --budget=1s -q -t ./mine -o x.json 2>err.txt' "$daxmark"
ok "with the way out" grep -q -- '--overwrite' err.txt
ok "and untouched" [ "$(cksum <mine)" = "$before" ]
ok "no result was made" [ ! -e x.json ]
ok "unless told so" short_run -s memcpy -t ./mine --overwrite -o x.json >/dev/null

ok "a NUMA node is a target" short_run -s memcpy -t dram:0 -o node.json >/dev/null
ok "and verified" json node.json 'd["target"]["node"]==0 and d["target"]["emulated"]'

# A file truncated under the mapping.
: >victim
"$daxmark" run -s memcpy --op=write --size=64 --budget=300s --passes=100 -q -t ./victim \
	--overwrite -o victim.json >out.txt 2>err.txt &
pid=$!
ok "a target that can vanish" wait_for grep -q '"rounds"' victim.json
truncate -s 0 victim
wait $pid
ok "truncation ends the run with status 1" [ $? -eq 1 ]
ok "in one line" [ "$(wc -l <err.txt)" -eq 1 ]
ok "that names the cause" grep -qE 'SIGBUS|truncated' err.txt
ok "and keeps the last checkpoint" json victim.json 'd["complete"] is False'
ok "which can be reported" "$daxmark" report victim.json -q >/dev/null

# A file system that is too small: needs one of our own to fill.
if [ "$(id -u)" -eq 0 ] && mkdir small && mount -t tmpfs -o size=1M none small 2>/dev/null; then
	trap 'umount small 2>/dev/null; rm -rf "$work"' EXIT
	ok "a full file system is refused" sh -c '! "$0" run -s memcpy --size=4K --budget=1s -q -t ./small -o y.json 2>err.txt' "$daxmark"
	ok "in words" grep -q 'cannot allocate' err.txt
	ok "no result was made for it" [ ! -e y.json ]
	# Full in the middle of a run: what was measured is kept.
	mount -o remount,size=10M small
	"$daxmark" run -s memcpy --op=write --size=64 --budget=300s --passes=100 --footprint=4M -q -t ./small -o mid.json >out.txt 2>err.txt &
	pid=$!
	ok "a run on a small file system" wait_for grep -q '"rounds"' mid.json
	# Its pages are given back and taken anew at each pass: somebody else takes them meanwhile.
	(while kill -0 $pid 2>/dev/null; do cat /dev/zero 2>/dev/null >>small/other; done) 2>/dev/null
	wait $pid
	ok "a file system that fills ends the run with status 1" [ $? -eq 1 ]
	ok "in one line" [ "$(wc -l <err.txt)" -eq 1 ]
	ok "in words" grep -qE 'No space|SIGBUS' err.txt
	ok "and keeps what was measured" json mid.json 'd["complete"] is False and any(c["visits"] for c in d["comparisons"])'
	rm small/other
	mount -o remount,ro small
	ok "a read-only file system is refused" sh -c '! "$0" run -s memcpy --size=4K --budget=1s -q -t ./small -o y.json 2>err.txt' "$daxmark"
	ok "and said" grep -qi 'read-only' err.txt
else
	echo "skipped: not allowed to mount: full and read-only file systems are not tried" >&2
fi
finish
