#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# scripts/pmem-setup on made-up machines: what it proposes, what it refuses, and
# that nothing changes without --apply. The guest does it for real.
# shellcheck disable=SC2154 # work and srcdir are lib.sh's
. "${srcdir:-.}/tests/cli/lib.sh"
setup=$srcdir/scripts/pmem-setup
mkdir -p root/proc/self root/sys/block root/etc/default/grub.d root/sys/devices/system/memory/memory{136,142}
export DAXMARK_ROOT=$work/root
echo 'root=/dev/sda1 quiet' >root/proc/cmdline
: >root/proc/self/mountinfo
: >root/proc/swaps
echo 8000000 >root/sys/devices/system/memory/block_size_bytes
mkdir root/sys/devices/system/memory/memory136/node0 root/sys/devices/system/memory/memory142/node1
cat >root/proc/iomem <<'MAP'
00000000-00000fff : Reserved
00001000-0009ffff : System RAM
00100000-bfffffff : System RAM
  01000000-02209987 : Kernel code
  a0000000-afffffff : Crash kernel
c0000000-cfffffff : PCI Bus 0000:00
100000000-47fffffff : System RAM
  460000000-467ffffff : Soft Reserved
MAP
says() { "$setup" "$@" >out.txt 2>err.txt; }
ok "status" says
ok "says there is none" grep -q 'No persistent memory' out.txt
ok "a proposal" says reserve
ok "of 4G below what is reserved, aligned" grep -q "memmap=4G!13G" out.txt
ok "for every boot loader" sh -c 'grep -q update-grub out.txt && grep -q grubby out.txt && grep -q grub-mkconfig out.txt'
ok "which changed nothing" [ -z "$(ls root/etc/default/grub.d)" ]
ok "another size" says reserve --size=256M
ok "lies highest" grep -q "memmap=256M!18176M" out.txt
ok "on a node" says reserve --size=256M --node=0
ok "of its own" grep -q "memmap=256M!17G" out.txt
ok "not on one without" sh -c '! "$0" reserve --size=256M --node=7 2>err.txt' "$setup"
# Nodes that meet at 16G: nothing lies across them.
for block in $(seq 96 135); do
	mkdir -p "root/sys/devices/system/memory/memory$block/node$((block >= 128))"
done
ok "not across nodes" says reserve --size=2G
ok "but below where they meet" grep -q "memmap=2G!14G" out.txt
says reserve '--range=2G!15G'
ok "nor a range of one's own" [ $? -eq 1 ]
ok "and why" grep -q 'two NUMA nodes' err.txt
for block in $(seq 96 135); do
	rm -r "root/sys/devices/system/memory/memory$block"
done
for bad in 0 64M 100M; do
	says reserve "--size=$bad"
	ok "refused: --size=$bad" [ $? -eq 1 ]
done
ok "a range of one's own" says reserve '--range=2G!8G'
for bad in '0!4G' '2G!3G' '1G!1024' '1G!16M' '2G!16G' '64G!4G' '1G!2560M' '15G!4G'; do
	says reserve "--range=$bad"
	ok "refused: $bad" [ $? -eq 1 ]
	ok "in one line" [ "$(wc -l <err.txt)" -eq 1 ]
done
for bad in '--mount=/mnt/two words' --range=1G --range=x!y --size=many --fs=fat --mount=here nonsense; do
	says reserve "$bad"
	ok "a usage error: $bad" [ $? -eq 2 ]
done
sed 's/[0-9a-f]*-[0-9a-f]* :/00000000-00000000 :/' root/proc/iomem >hidden && cp root/proc/iomem map && cp hidden root/proc/iomem
ok "addresses hidden from this user" sh -c '! "$0" reserve 2>err.txt && grep -q "as root" err.txt' "$setup"
cp map root/proc/iomem
echo 'quiet memmap=4G!13G' >root/proc/cmdline
ok "booted with one already" sh -c '! "$0" reserve 2>err.txt && grep -q "memmap= already" err.txt' "$setup"
echo quiet >root/proc/cmdline
if [ "$(id -u)" -eq 0 ]; then
	ok "applied" says reserve --apply
	ok "as a file of its own" grep -q 'memmap=4G!13G' root/etc/default/grub.d/daxmark-pmem.cfg
	ok "not twice" sh -c '! "$0" reserve --apply 2>err.txt' "$setup"
	ok "undone, shown first" says undo
	ok "which changed nothing" [ -e root/etc/default/grub.d/daxmark-pmem.cfg ]
	ok "undone" says undo --apply
	ok "and gone" [ -z "$(ls root/etc/default/grub.d)" ]
	ok "with its note" [ ! -e root/etc/daxmark-pmem ]
	# What somebody else made, or changed, is not undone.
	ok "applied again" says reserve --apply
	echo 'GRUB_CMDLINE_LINUX="mine"' >root/etc/default/grub.d/daxmark-pmem.cfg
	ok "undone around it" says undo --apply
	ok "a changed file stands" grep -q mine root/etc/default/grub.d/daxmark-pmem.cfg
	rm -f root/etc/default/grub.d/daxmark-pmem.cfg
	echo '36 25 259:0 / /mnt/daxmark rw - ext4 /dev/pmem7 rw' >root/proc/self/mountinfo
	ok "somebody's own mount is not undone" sh -c '! "$0" undo 2>err.txt && grep -q "nothing was applied" err.txt' "$setup"
	printf 'boot-argument 4G!13G\nnamespace namespace0.0 raw\nmount /dev/pmem7 /mnt/daxmark\n' >root/etc/daxmark-pmem
	ok "what was noted is" says undo
	ok "the last first" sh -c 'grep -n "would run" out.txt | head -n 1 | grep -q "umount /mnt/daxmark" && grep -q "create-namespace -f -e namespace0.0 -m raw" out.txt && tail -n 3 out.txt | grep -q "remove-args=memmap=4G!13G"'
	rm -f root/etc/daxmark-pmem
	: >root/proc/self/mountinfo
else
	echo "skipped: not root: --apply is not tried" >&2
	ok "--apply needs root" sh -c '! "$0" reserve --apply 2>err.txt && grep -q root err.txt' "$setup"
fi
ok "nothing to undo" sh -c '! "$0" undo 2>err.txt' "$setup"

ok "no device" sh -c '! "$0" make 2>err.txt && grep -q reserve err.txt' "$setup"
mkdir -p root/sys/block/pmem0/holders root/sys/block/pmem1 root/sys/block/sda
echo 259:0 >root/sys/block/pmem0/dev
echo 259:1 >root/sys/block/pmem1/dev
echo 8192 | tee root/sys/block/pmem0/size >root/sys/block/pmem1/size
ok "two devices: which" sh -c '! "$0" make 2>err.txt && grep -q "name one" err.txt' "$setup"
ok "not pmem" sh -c '! "$0" make --device=/dev/sda 2>err.txt && grep -q "no pmem device" err.txt' "$setup"
echo '36 25 259:0 / /srv/data rw - ext4 /dev/pmem0 rw' >root/proc/self/mountinfo
ok "mounted" sh -c '! "$0" make --device=/dev/pmem0 2>err.txt && grep -q "mounted at /srv/data" err.txt' "$setup"
: >root/proc/self/mountinfo
mkdir root/sys/block/pmem0/holders/dm-0
ok "in use" sh -c '! "$0" make --device=/dev/pmem0 2>err.txt && grep -q "in use by dm-0" err.txt' "$setup"
echo '/dev/pmem1 partition 4 0 -2' >root/proc/swaps
ok "swap" sh -c '! "$0" make --device=/dev/pmem1 2>err.txt && grep -q "is swap" err.txt' "$setup"

# What cannot be searched for data is left alone.
mkdir -p bin
: >root/proc/swaps
rm -r root/sys/block/pmem0/holders/dm-0
for broken in wipefs dd; do
	rm -f bin/*
	printf '#!/bin/sh\nexit 0\n' >bin/wipefs
	printf '#!/bin/sh\necho "Input/output error" >&2\nexit 1\n' >bin/$broken
	chmod +x bin/*
	PATH=$work/bin:$PATH says make --device=/dev/pmem0
	ok "$broken fails: status 1" [ $? -eq 1 ]
	ok "$broken fails: left alone" grep -q 'left alone' err.txt
done
finish
