#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Real DAX in a virtual machine: every kind of persistent memory is found for
# what it is, every strategy that the machine's CPU has is verified on it, and
# what a target is decides what counts as durable there. Run by scripts/check;
# takes about two minutes. DAXMARK_BUILD names the build.
. "${srcdir:-.}/tests/cli/lib.sh"
build=$(dirname "$daxmark")
json() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); g={a["name"]: a["guarantee"] for a in d["arms"]}; t=d["target"]; sys.exit(not eval(sys.argv[2]))' "$@"; }
guest() { "$srcdir/scripts/guest" --build="$build" "$@"; }

# NAME TARGET GUEST-OPTIONS..: a run there; its result is NAME.json.
run_there() {
	local name=$1 target=$2
	shift 2
	mkdir -p "$name"
	guest --share="$name" "$@" daxmark run -s all --size=64,100,4K --dst-align=0,5 --op=write \
		--budget=5s --passes=2 -q -t "$target" --overwrite -o "$name.json" >"$name/out" 2>"$name/err"
	local status=$?
	[ $status -eq 0 ] || cat "$name/out" "$name/err" >&2
	cp "$name/$name.json" . 2>/dev/null
	ok "$name: runs" [ $status -eq 0 ]
	ok "$name: a machine of software, and said" json "$name.json" 't["medium"]=="emulated machine" and t["emulated"]'
	ok "$name: every available copy verified" json "$name.json" \
		'all("failed" not in c["verified"] and c["verified"].count("passed")==sum(a["available"] and a["copies"] for a in d["arms"]) for c in d["comparisons"])'
	ok "$name: at least six strategies" json "$name.json" 'sum(a["available"] and a["copies"] for a in d["arms"])>=6'
	ok "$name: report" "$daxmark" report "$name.json" -o "$name/report" -q >/dev/null
	ok "$name: the report ranks nothing" grep -q 'Functional only' "$name/report/index.html"
}

run_there memmap-ext4 /mnt/pmem
ok "MAP_SYNC on ext4" json memmap-ext4.json 't["access"]=="fsdax with MAP_SYNC" and t["map_sync"]'
ok "domain unknown" json memmap-ext4.json 't["domain"]=="unknown"'
"$daxmark" report memmap-ext4.json -o names -q >/dev/null
python3 -c 'import json; [print("skipped: in the guest:", a["name"]+":", a["why"]) for a in json.load(open("memmap-ext4.json"))["arms"] if not a["available"]]' >&2

run_there memmap-xfs /mnt/pmem --fs=xfs
ok "MAP_SYNC on xfs" json memmap-xfs.json 't["access"]=="fsdax with MAP_SYNC"'

run_there memmap-devdax /dev/dax0.0 --fs=devdax
ok "devdax has no system calls" json memmap-devdax.json 'not next(a for a in d["arms"] if a["name"]=="pwrite")["available"]'
ok "devdax" json memmap-devdax.json 't["access"]=="devdax" and t["page_bytes"]==2<<20'

run_there nvdimm-adr /mnt/pmem --memory=nvdimm --persistence=mem-ctrl
ok "domain: memory controller" json nvdimm-adr.json 't["domain"]=="memory controller"'
ok "a sync makes the file durable" json nvdimm-adr.json 'g["pwrite+fdatasync"]=="durable-file" and g["mmap+msync"]=="durable-file" and g["pwrite"]=="visible"'
ok "a fence is not enough" json nvdimm-adr.json 'g["memcpy+fence"]=="visible" and g["memcpy+clwb"]=="durable-data"'

run_there nvdimm-eadr /mnt/pmem --memory=nvdimm --persistence=cpu
ok "domain: CPU cache" json nvdimm-eadr.json 't["domain"]=="CPU cache"'
ok "a fence is enough" json nvdimm-eadr.json 'g["memcpy+fence"]=="durable-data" and g["memcpy"]=="visible"'

run_there virtio-pmem /mnt/pmem --memory=virtio-pmem
ok "virtio-pmem refuses MAP_SYNC" json virtio-pmem.json 't["access"]=="fsdax without MAP_SYNC" and not t["map_sync"]'
ok "and nothing but fsync makes durable" json virtio-pmem.json 't["domain"]=="fsync only" and "durable-data" not in g.values()'

# Refusals, and placement on two nodes.
mkdir -p refuse
cat >refuse/try.sh <<'TRY'
n=0
refused() {
	n=$((n + 1))
	if "$@" >/out/said 2>&1; then echo "not refused: $*"; exit 1; fi
}
refused daxmark run -s memcpy --size=64 --budget=1s -q -t /dev/pmem0 -o a.json
daxmark probe /mnt/pmem >probe.txt || exit 7
grep -q 'legacy e820' probe.txt && grep -q 'fsdax with MAP_SYNC' probe.txt || exit 8
grep -q 'page cache' /out/said || exit 2
echo precious >/mnt/pmem/file
refused daxmark run -s memcpy --size=64 --budget=1s -q -t /mnt/pmem/file -o a.json
grep -q precious /mnt/pmem/file || exit 3
dd if=/dev/zero of=/mnt/pmem/fill bs=1M 2>/dev/null
refused daxmark run -s memcpy --size=64 --budget=1s -q -t /mnt/pmem -o a.json
grep -q 'cannot allocate' /out/said || exit 4
rm /mnt/pmem/fill
mount -o remount,ro /mnt/pmem
refused daxmark run -s memcpy --size=64 --budget=1s -q -t /mnt/pmem -o a.json
[ ! -e a.json ] || exit 5
for node in 0 1; do
	daxmark run -s memcpy --size=64 --budget=1s --passes=2 -q -t dram:$node -o node$node.json || exit 6
done
refused daxmark run -s memcpy --size=64 --budget=1s -q -t dram:2 -o a.json
echo "$n refused"
TRY
guest --share=refuse --nodes=2 sh /out/try.sh >out.txt 2>&1
status=$?
[ $status -eq 0 ] || cat out.txt refuse/said >&2
ok "refusals and nodes" [ $status -eq 0 ]
ok "five refusals" grep -q '5 refused' out.txt
ok "placement on node 1 is verified" json refuse/node1.json 't["node"]==1'
finish
