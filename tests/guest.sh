#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Real DAX in a virtual machine: every kind of persistent memory is found for
# what it is, every strategy that the machine's CPU has is verified on it, and
# what a target is decides what counts as durable there. Run by scripts/check;
# takes about four minutes. DAXMARK_BUILD names the build.
. "${srcdir:-.}/tests/cli/lib.sh"
build=$(dirname "$daxmark")
json() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); g={a["name"]: a["guarantee"] for a in d.get("arms", [])}; t=d.get("target"); sys.exit(not eval(sys.argv[2]))' "$@"; }
# Long enough for a busy machine: what hangs is still found out.
guest() { "$srcdir/scripts/guest" --build="$build" --timeout=600 "$@"; }

# NAME TARGET GUEST-OPTIONS..: a run there; its result is NAME.json.
run_there() {
	local name=$1 target=$2
	shift 2
	mkdir -p "$name"
	guest --share="$name" "$@" daxmark run -s all --size=64,100,4K --dst-align=0,5 --op=write,read \
		--footprint=8M --budget=30s --passes=2 -q -t "$target" --overwrite -o "$name.json" >"$name/out" 2>"$name/err"
	local status=$?
	[ $status -eq 0 ] || cat "$name/out" "$name/err" >&2
	cp "$name/$name.json" . 2>/dev/null
	ok "$name: runs" [ $status -eq 0 ]
	ok "$name: a machine of software, and said" json "$name.json" 't["medium"]=="emulated machine" and t["emulated"]'
	ok "$name: every available copy verified" json "$name.json" \
		'all("failed" not in c["verified"] and c["verified"].count("passed")==sum(a["available"] and a["copies"] and c["operation"] in a["operations"] for a in d["arms"]) for c in d["comparisons"])'
	ok "$name: reads too" json "$name.json" 'any(c["operation"]=="read" and "passed" in c["verified"] for c in d["comparisons"])'
	ok "$name: at least six strategies" json "$name.json" 'sum(a["available"] and a["copies"] for a in d["arms"])>=6'
	ok "$name: report" "$daxmark" report "$name.json" -o "$name/report" -q >/dev/null
	ok "$name: the report ranks nothing" grep -q 'Functional only' "$name/report/index.html"
}

run_there memmap-ext4 /mnt/pmem
ok "MAP_SYNC on ext4" json memmap-ext4.json 't["access"]=="fsdax with MAP_SYNC" and t["map_sync"]'
ok "pages told by their faults" json memmap-ext4.json 't["page_bytes"] in (4096, 2<<20) and 0.5<=t["page_share"]<=1'
ok "legacy e820" json memmap-ext4.json '"e820" in t["device"]["kind"]'
ok "domain unknown" json memmap-ext4.json 't["domain"]=="unknown"'
"$daxmark" report memmap-ext4.json -o names -q >/dev/null
python3 -c 'import json; [print("skipped: in the guest:", a["name"]+":", a["why"]) for a in json.load(open("memmap-ext4.json"))["arms"] if not a["available"]]' >&2

ok "aliases on fsdax" json memmap-ext4.json 'sum(a["name"].startswith("alias-") and a["available"] for a in d["arms"])>=6'
run_there memmap-xfs /mnt/pmem --fs=xfs
ok "MAP_SYNC on xfs" json memmap-xfs.json 't["access"]=="fsdax with MAP_SYNC"'

run_there memmap-devdax /dev/dax0.0 --fs=devdax
ok "in devdax mode" json memmap-devdax.json 't["device"]["mode"]=="devdax"'
ok "aliases on devdax" json memmap-devdax.json 'sum(a["name"].startswith("alias-") and a["available"] for a in d["arms"])>=6'
ok "devdax has no system calls" json memmap-devdax.json 'not next(a for a in d["arms"] if a["name"]=="pwrite")["available"]'
ok "devdax" json memmap-devdax.json 't["access"]=="devdax" and t["page_bytes"]==2<<20 and t["page_share"]==1'

run_there nvdimm-adr /mnt/pmem --memory=nvdimm --persistence=mem-ctrl
ok "an NFIT device in fsdax mode" json nvdimm-adr.json \
	't["device"]["kind"]=="NFIT" and t["device"]["mode"]=="fsdax" and t["device"]["bad_ranges"]==0'
ok "domain: memory controller" json nvdimm-adr.json 't["domain"]=="memory controller"'
ok "not interleaved, caches flushed by the kernel" json nvdimm-adr.json \
	't["device"]["interleave_ways"]==1 and t["device"]["write_cache"]==1'
ok "a sync makes the file durable" json nvdimm-adr.json 'g["pwrite+fdatasync"]=="durable-file" and g["mmap+msync"]=="durable-file" and g["pwrite"]=="visible"'
ok "a fence is not enough" json nvdimm-adr.json 'g["memcpy+fence"]=="visible" and g["memcpy+clwb"]=="durable-data"'

run_there nvdimm-eadr /mnt/pmem --memory=nvdimm --persistence=cpu
ok "domain: CPU cache" json nvdimm-eadr.json 't["domain"]=="CPU cache"'
ok "no caches flushed by the kernel" json nvdimm-eadr.json 't["device"]["write_cache"]==0'
ok "a fence is enough" json nvdimm-eadr.json 'g["memcpy+fence"]=="durable-data" and g["memcpy"]=="visible"'

run_there virtio-pmem /mnt/pmem --memory=virtio-pmem
ok "virtio-pmem refuses MAP_SYNC" json virtio-pmem.json 't["access"]=="fsdax without MAP_SYNC" and not t["map_sync"]'
ok "because it cannot make faults synchronous" json virtio-pmem.json '"no synchronous faults" in t["no_sync"]'
ok "and nothing but fsync makes durable" json virtio-pmem.json 't["domain"]=="fsync only" and "durable-data" not in g.values()'

# The costs around writes, small pages, threads, and a target found by itself.
mkdir -p costs
cat >costs/try.sh <<'TRY'
set -e
daxmark run -s memcpy,pwrite,pwrite-dsync,pread,mmap+msync --op=write,read --source=hot,walk --size=4K \
	--page-state=mapped,unmapped,write-protected,unwritten,populated --footprint=8M --budget=30s --passes=2 -q -t /mnt/pmem -o faults.json
daxmark run -s memcpy,memcpy+clflush,nt-sse2,alias-congruent,alias-congruent-user-window,pwrite,pread,drop+memcpy --op=write,read \
	--threads=1,2 --size=64 --budget=40s --passes=2 -q -t /mnt/pmem \
	--footprint=8M --page-size=4K -o small.json
daxmark run -s memcpy --size=64 --budget=5s --passes=2 -q -t /mnt/pmem --page-size=2M -o large.json
daxmark run -s pwrite,pread,io-uring-write,io-uring-read,splice,process-vm-writev --op=write,read \
	--size=64,4K --budget=20s --passes=2 --footprint=8M -q -t /mnt/pmem -o calls.json
daxmark run -s pwrite,copy-file-range --op=write --size=64,4K --budget=8s --passes=2 --footprint=8M -q -t /mnt/pmem -o beside-file.json
daxmark run -s memcpy --op=write --size=4K --page-state=shared --page-size=4K --footprint=8M --budget=5s --passes=2 -q -t /mnt/pmem -o shared.json 2>shared.txt || true
daxmark run -s memcpy --op=write --background=none,store@50 --size=64 --budget=8s --passes=2 -q -t /mnt/pmem \
	-o beside.json
daxmark run -s memcpy --size=64 --budget=5s --passes=2 -t auto -o auto.json 2>auto.txt
daxmark verify --time=3s -t /mnt/pmem --json >verify.json
daxmark alias -q -t /mnt/pmem --json >alias.json
umount /mnt/pmem
mount -o dax,sync /dev/pmem0 /mnt/pmem
daxmark run -s pwrite,memcpy --op=write --size=64 --budget=5s --passes=2 -q -t /mnt/pmem -o sync.json
umount /mnt/pmem
if command -v dmsetup >/dev/null; then
	dmsetup --noudevsync create twin --table "0 $(cat /sys/block/pmem0/size) linear /dev/pmem0 0"
	dmsetup --noudevsync mknodes
	mount -o dax /dev/mapper/twin /mnt/pmem
	daxmark run -s memcpy+clflush,memcpy --op=write --size=64 --budget=5s --passes=2 -q -t auto -o mapped.json
	umount /mnt/pmem
	dmsetup --noudevsync remove twin
fi
mount -o dax=never /dev/pmem0 /mnt/pmem
daxmark probe /mnt/pmem >never.txt
daxmark run -s memcpy,pwrite --op=write --size=4K --page-state=mapped,shared --footprint=8M --budget=8s --passes=2 -q -t /mnt/pmem -o shared-cache.json
umount /mnt/pmem
TRY
guest --share=costs --fs=xfs sh /out/try.sh >out.txt 2>&1
status=$?
[ $status -eq 0 ] || cat out.txt >&2
ok "costs around writes" [ $status -eq 0 ]
ok "every page state" json costs/faults.json '{c["pages"] for c in d["comparisons"] if c["visits"]}=={"mapped","unmapped","write-protected","unwritten","populated"}'
ok "every copy verified" json costs/faults.json 'all("failed" not in c["verified"] and "passed" in c["verified"] for c in d["comparisons"])'
ok "the kernel's other paths copy right" json costs/calls.json 'all("failed" not in c["verified"] and c["verified"].count("passed")==(4 if c["operation"]=="write" else 2) for c in d["comparisons"])'
ok "and visibly, no more" json costs/calls.json '{g[s] for s in ("pwrite","io-uring-write","splice","process-vm-writev")}=={"visible"}'
ok "from a file beside the target" json costs/beside-file.json 't["source_file"] and g["copy-file-range"]=="visible" and all(c["verified"]==["passed","passed"] for c in d["comparisons"])'
ok "shared blocks in the page cache" json costs/shared-cache.json '{c["pages"] for c in d["comparisons"] if c["visits"]}=={"mapped","shared"} and all("failed" not in c["verified"] for c in d["comparisons"])'
if grep -q 'before 6.2' costs/shared.txt; then
	echo "skipped: in the guest: $(cat costs/shared.txt)" >&2
else
	ok "shared blocks under DAX" json costs/shared.json 'all(c["visits"] and c["verified"]==["passed"] for c in d["comparisons"])'
fi
ok "small pages on request" json costs/small.json 't["page_bytes"]==4096 and t["page_share"]==1'
ok "large ones too" json costs/large.json 't["page_bytes"]==2<<20 and t["page_share"]==1'
ok "one and two threads" json costs/small.json '{c["threads"] for c in d["comparisons"] if c["visits"]}=={1,2}'
ok "background load moves data" json costs/beside.json 'any(v["beside_gb_per_s"]>0 for c in d["comparisons"] if c["background"]=="store" for v in c["visits"])'
ok "random copies are right on real DAX" json costs/verify.json \
	'all(v["verdict"]=="right" for v in d["verified"] if v["kernel"]) and sum(v["verdict"]=="right" for v in d["verified"])>20'
ok "a mount with -o sync makes a write durable" json costs/sync.json 't["sync_mount"] and g["pwrite"]=="durable-file"'
if command -v dmsetup >/dev/null || [ -x /usr/sbin/dmsetup ]; then
	ok "device-mapper is what is below it" json costs/mapped.json \
		't["access"]=="fsdax with MAP_SYNC" and "e820" in t["device"]["kind"] and t["domain"]=="unknown" and g["memcpy+clflush"]=="durable-data"'
else
	echo "skipped: device-mapper: no dmsetup here" >&2
fi
ok "aliases among them" json costs/verify.json \
	'sum(v["strategy"].startswith("alias-") and v["verdict"]=="right" for v in d["verified"])>=6'
ok "a page of real DAX under two addresses" json costs/alias.json \
	'd["emulated_machine"] and d["bits"][0]==12 and d["bits"][-1]>=33 and not d["refused_bits"]'
ok "auto takes the real one" json costs/auto.json 't["access"]=="fsdax with MAP_SYNC"'
ok "and says so" grep -q 'target auto: /mnt/pmem' costs/auto.txt
ok "the file system's policy is told apart" grep -q "the file system's policy" costs/never.txt

# Every suite, shortened, on a file system with DAX.
mkdir -p suites
cat >suites/try.sh <<'TRY'
daxmark list --suites --json >list.json || exit 2
for suite in $(sed -n 's/.*"name": *"\([a-z-]*\)".*/\1/p' list.json); do
	daxmark run $suite -q --budget=2s --passes=1 --size=256,4K --footprint=8M -t /mnt/pmem -o $suite.json >$suite.txt 2>&1
	echo $? >>$suite.txt
done
TRY
guest --share=suites sh /out/try.sh >out.txt 2>&1
status=$?
[ $status -eq 0 ] || cat out.txt >&2
ok "a dozen suites" [ "$(jq '.suites | length' suites/list.json)" -ge 12 ]
for suite in $(jq -r '.suites[].name' suites/list.json); do
	if [ "$(tail -n 1 "suites/$suite.txt")" != 0 ] && [ "$suite" = message-ring ] && grep -q 'CPU' "suites/$suite.txt"; then
		echo "skipped: in the guest: suite $suite: $(head -n 1 "suites/$suite.txt")" >&2
		continue
	fi
	ok "suite $suite on fsdax: $(grep '^daxmark: ' "suites/$suite.txt")" [ "$(tail -n 1 "suites/$suite.txt")" = 0 ]
	ok "suite $suite copies right there" json "suites/$suite.json" \
		't["access"]=="fsdax with MAP_SYNC" and all("failed" not in c["verified"] for c in d["comparisons"]) and any("passed" in c["verified"] for c in d["comparisons"])'
done

# Setting up and undoing for real; what is in use or holds data is left alone.
mkdir -p setup
cp "$srcdir/scripts/pmem-setup" setup/
cat >setup/try.sh <<'TRY'
refused() {
	if "$@" >/out/said 2>&1; then echo "not refused: $*"; exit 1; fi
	cat /out/said
}
s=/out/pmem-setup
sh $s status || exit 2
sh $s make || exit 3
[ -z "$(wipefs -n /dev/pmem0)" ] || exit 4
sh $s make --apply || exit 5
daxmark run -s memcpy --size=64 --budget=5s --passes=2 -q -t /mnt/daxmark -o made.json || exit 6
echo precious >/mnt/daxmark/file
refused sh $s make --apply
refused sh $s undo --apply
umount /mnt/daxmark
refused sh $s undo --apply
refused sh $s make --apply
refused sh $s make --fs=devdax --apply
mount -o dax /dev/pmem0 /mnt/daxmark && grep -q precious /mnt/daxmark/file || exit 9
rm /mnt/daxmark/file
sh $s undo || exit 7
sh $s undo --apply || exit 8
[ -z "$(wipefs -n /dev/pmem0)" ] || exit 18
# A kernel that refuses DAX together with reflink: the mount that it would refuse, refused.
# (busybox's shell prefers its own mount to any in PATH, but not to a function.)
(
	mount() {
		case "$*" in
		*dax*)
			[ -e /tmp/refused ] || {
				touch /tmp/refused
				echo "mount: reflink and dax cannot be used together" >&2
				return 32
			}
			;;
		esac
		/bin/busybox mount "$@"
	}
	set -- make --fs=xfs --apply
	. $s
) || exit 19
[ -e /tmp/refused ] || exit 20
daxmark probe /mnt/daxmark | grep -q 'fsdax with MAP_SYNC' || exit 21
sh $s undo --apply || exit 22
[ -z "$(wipefs -n /dev/pmem0)" ] || exit 23
sh $s make --fs=devdax --apply || exit 10
daxmark run -s memcpy --size=64 --budget=5s --passes=2 -q -t /dev/dax0.0 -o devdax.json && exit 11
daxmark run -s memcpy --size=64 --budget=5s --passes=2 -q -t /dev/dax0.0 --overwrite -o devdax.json || exit 12
daxmark alias -q -t /dev/dax0.0 --json >alias.json && exit 13
daxmark alias -q -t /dev/dax0.0 --overwrite --json >alias.json || exit 14
daxmark verify --time=3s -t /dev/dax0.0 --overwrite --json >verify.json || exit 15
refused sh $s undo --apply
sh $s undo --apply --discard || exit 16
[ -b /dev/pmem0 ] || exit 17
refused sh $s undo --apply
TRY
guest --share=setup --fs=none sh /out/try.sh >out.txt 2>&1
status=$?
[ $status -eq 0 ] || cat out.txt >&2
ok "set up, refused, undone" [ $status -eq 0 ]
ok "it made fsdax" json setup/made.json 't["access"]=="fsdax with MAP_SYNC"'
ok "and devdax" json setup/devdax.json 't["access"]=="devdax"'
ok "devdax is mapped twice by its own alignment" json setup/alias.json 'd["bits"][0]==21'
ok "copies through aliases are right there" json setup/verify.json \
	'sum(v["strategy"].startswith("alias-") and v["verdict"]=="right" for v in d["verified"])>=6'
ok "a mounted device is refused" grep -q 'is mounted at /mnt/daxmark' out.txt
ok "a device with data is refused" grep -q 'holds data' out.txt
ok "undo refuses while there are files, mounted or not" [ "$(grep -c 'holds files' out.txt)" -eq 2 ]
ok "and devdax, of which nothing tells" grep -q 'nothing tells what it holds' out.txt
ok "xfs without reflink where the kernel refuses both" grep -q 'reflink=0' out.txt

# Soft-reserved memory is DRAM, and system RAM is nobody's target.
mkdir -p hmem
cat >hmem/try.sh <<'TRY'
[ -e /dev/dax0.0 ] || exit 2
daxmark probe /dev/dax0.0 --json >probe.json || exit 3
daxmark run -s memcpy,memcpy+clflush --op=write --size=64 --budget=5s --passes=2 -q -t /dev/dax0.0 --overwrite -o run.json || exit 4
echo dax0.0 >/sys/bus/dax/drivers/device_dax/unbind
echo dax0.0 >/sys/bus/dax/drivers/kmem/new_id
echo dax0.0 >/sys/bus/dax/drivers/kmem/bind
[ "$(basename "$(readlink -f /sys/bus/dax/devices/dax0.0/driver)")" = kmem ] || exit 5
daxmark probe /dev/dax0.0 | grep -q 'used as *system RAM' || exit 6
daxmark run -s memcpy --op=write --size=64 --budget=5s -q -t /dev/dax0.0 --overwrite -o no.json 2>said && exit 7
grep -q 'used as system RAM' said || exit 8
[ ! -e no.json ] || exit 9
daxmark probe auto 2>auto.txt >/dev/null || exit 10
TRY
guest --share=hmem --memory=hmem --fs=none sh /out/try.sh >out.txt 2>&1
status=$?
[ $status -eq 0 ] || cat out.txt >&2
ok "soft-reserved memory and system RAM" [ $status -eq 0 ]
ok "it is emulated, with no domain" json hmem/run.json 't["emulated"] and t["domain"]=="none" and t["access"]=="devdax"'
ok "and no kind of pmem" json hmem/run.json 't["device"]["kind"]==""'
ok "system RAM is not offered" sh -c '! grep -q dax0.0 hmem/auto.txt'

# Refusals, and placement on two nodes.
mkdir -p refuse
cat >refuse/try.sh <<'TRY'
n=0
# By status 1 or 2 and in one line: neither a crash nor a page.
refused() {
	n=$((n + 1))
	"$@" >/out/said 2>&1
	s=$?
	if [ $s -ne 1 ] && [ $s -ne 2 ]; then echo "status $s: $*"; exit 1; fi
	if [ "$(wc -l </out/said)" -ne 1 ]; then echo "not one line: $*"; exit 1; fi
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
grep -qi 'read-only' /out/said || exit 11
refused daxmark run -s memcpy --size=64 --budget=1s -q -t dram:1 --footprint=600M -o a.json
grep -q 'half of the memory of NUMA node 1' /out/said || exit 12
refused daxmark run -s memcpy --size=256M --op=read --footprint=600M --budget=1s -q --mem-node=1 -o a.json
[ ! -e a.json ] || exit 5
# What is bound to a node that the rest could fill: no killed process.
daxmark run -s memcpy --size=64 --op=write --budget=5s --passes=2 -q --footprint=600M --mem-node=1 -o filled.json || exit 15
for node in 0 1; do
	daxmark run -s memcpy --size=64 --budget=5s --passes=2 -q -t dram:$node -o node$node.json || exit 6
done
refused daxmark run -s memcpy --size=64 --budget=1s -q -t dram:2 -o a.json
grep -q 'node 2' /out/said || exit 13
refused daxmark run -s memcpy --size=64 --budget=1s -q --cpu-node=2 -o a.json
grep -q 'node 2' /out/said || exit 14
# Who dirties lines elsewhere, or loads beside, is on another CPU than who measures.
daxmark run -s memcpy --op=write --size=64 --budget=60s --passes=40 -q --cpu-node=0 --state=dirty-elsewhere -o elsewhere.json &
i=0
while ! grep -q '"rounds"' elsewhere.json 2>/dev/null && [ $i -lt 600 ]; do i=$((i + 1)); usleep 100000; done
for task in /proc/$!/task/*; do sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' $task/status; done | sort >elsewhere.txt
kill -INT $!
wait
daxmark run -s memcpy --op=write,read --size=64 --budget=8s --passes=2 -q --numa=matrix -o matrix.json || exit 9
daxmark run -s memcpy --op=write,read --size=64 --budget=8s --passes=2 -q --cpu-node=0 --mem-node=1 -t dram:1 -o far.json || exit 10
echo "$n refused"
TRY
guest --share=refuse --nodes=2 sh /out/try.sh >out.txt 2>&1
status=$?
[ $status -eq 0 ] || cat out.txt refuse/said >&2
ok "refusals and nodes" [ $status -eq 0 ]
ok "eight refusals" grep -q "8 refused" out.txt
ok "lines are dirtied on another CPU" [ "$(sort -u refuse/elsewhere.txt | wc -l)" -eq 2 ]
ok "every CPU node against every memory node" json refuse/matrix.json \
	'{(c["cpu_node"],c["target_node"]) for c in d["comparisons"] if c["visits"]}=={(0,0),(0,1),(1,0),(1,1)}'
ok "all three placed apart" json refuse/far.json \
	'all(c["cpu_node"]==0 and c["mem_node"]==1 for c in d["comparisons"]) and t["node"]==1'
ok "placement on node 1 is verified" json refuse/node1.json 't["node"]==1'
finish
