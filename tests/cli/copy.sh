#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# daxmark copy: bytes, holes and modes arrive; what cp refuses is refused; and whatever
# happens meanwhile, a destination is old or new, never half.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"
copy() { timeout -k 5 60 "$daxmark" copy -q "$@"; }
# refused WHAT ARGUMENT..: one line that says it, and the destination is what it was
refused() {
	local what=$1
	shift
	copy "$@" >out.txt 2>err.txt
	ok "fails: $what" test $? -ne 0
	ok "says '$what': $(cat err.txt)" grep -qF -- "$what" err.txt
	ok "one line: $what" test "$(wc -l <err.txt)" -eq 1
}
strategies=$("$daxmark" list --json | jq -r '[.strategies[] | select(.available and .guarantee != "none" and (.name | test("^(memcpy|memcpy[+]clwb|memcpy[+]clflush|nt-sse2|nt-avx512|libpmem|pwrite|mmap[+]msync)$"))) | .name] | join(" ")')
for bytes in 0 1 4095 4097 100000 4194304 9000001; do
	head -c $bytes /dev/urandom >src
	for strategy in "" $strategies; do
		rm -f dst
		copy ${strategy:+-s "$strategy"} src dst || cat err.txt
		ok "$bytes bytes by '$strategy'" cmp src dst
	done
done
ok "several threads" sh -c "rm -f dst; '$daxmark' copy -q --threads=4 --verify src dst && cmp src dst"
ok "into a folder" sh -c "mkdir -p folder && '$daxmark' copy -q src folder && cmp src folder/src"
ok "what was done" test "$(copy --json src third | jq -r '[.bytes, .data_bytes, (.copy_s > 0)] | map(tostring) | join(" ")')" = '9000001 9000001 true'
for mode in 600 444 755 640; do
	chmod $mode src && rm -f dst && copy src dst
	ok "mode $mode" test "$(stat -c %a dst)" = $mode
done
chmod 644 src
# Holes: 1 MiB of data at 8 MiB of 32.
truncate -s 32M sparse && head -c 1M /dev/urandom | dd of=sparse bs=1M seek=8 conv=notrunc status=none
if [ "$(stat -c %b sparse)" -lt 4096 ]; then
	for strategy in memcpy pwrite; do
		rm -f holes && copy -s $strategy sparse holes
		ok "holes stay holes, by $strategy" sh -c 'cmp sparse holes && test $(stat -c %b holes) -lt 4096'
	done
	head -c 32M /dev/urandom >holes && copy --in-place sparse holes
	ok "in place too" sh -c 'cmp sparse holes && test $(stat -c %b holes) -lt 4096'
	truncate -s 5M hole && copy hole alike
	ok "nothing but a hole" sh -c 'cmp hole alike && test $(stat -c %b alike) -eq 0'
else
	echo "skipped: no holes on this file system" >&2
fi

# ---- what is refused ----
echo old >dst
refused 'dst is there already: --overwrite replaces it, --in-place writes into it' src dst
refused 'cannot open none: No such file' none new
refused 'cannot make a file in nowhere: No such file' src nowhere/new
refused 'folder is a folder: one file at a time' folder new
refused 'src and src are the same file' --overwrite src src
ln -f src hard
refused 'src and hard are the same file' --in-place src hard
mkfifo pipe
refused 'pipe is no regular file' pipe new
refused 'pipe is no regular file' --overwrite src pipe
ln -sf nothing dangling
refused 'dangling is a link to nothing' src dangling
refused "did you mean 'memcpy'" -s memcpi src new
refused "strategy 'roof-store' writes nothing" -s roof-store src new
refused "copies through an alias" -s alias-congruent src new
refused 'takes two paths' src
refused '--threads: from 1 to 64' --threads=0 src new
ok "nothing was made" test ! -e new
ok "nothing was lost" grep -qx old dst
ln -sf dst link
copy --overwrite src dst
ok "replaced" cmp src dst
echo longer than that >dst && copy src dst --in-place
ok "cut to its size in place" cmp src dst
inode=$(stat -c %i dst)
copy --in-place src dst
ok "in place is the same file" test "$(stat -c %i dst)" = "$inode"
copy --overwrite src dst
ok "replaced is another" test "$(stat -c %i dst)" != "$inode"
[ -c /dev/null ] && refused 'is a device, what it holds would be lost: --in-place and --overwrite together allow it' --in-place src /dev/null

# ---- what happens meanwhile ----
no_leftovers() { test -z "$(find . -name '.daxmark-copy*')"; }
head -c 60M /dev/urandom >large
head -c 60M /dev/zero | tr '\0' x >kept
old=$(sha256sum <kept) new=$(sha256sum <large) seen_old=0 seen_new=0
for i in $(seq 30); do
	cp kept dst
	"$daxmark" copy -q --overwrite ${strategy:+-s "$strategy"} large dst &
	pid=$!
	sleep "0.0$((i % 10))"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	now=$(sha256sum <dst)
	[ "$now" = "$old" ] && seen_old=$((seen_old + 1))
	[ "$now" = "$new" ] && seen_new=$((seen_new + 1))
done
ok "killed at any moment, old ($seen_old) or new ($seen_new), never half" test $((seen_old + seen_new)) -eq 30
no_leftovers || echo "left behind by a kill: $(find . -name '.daxmark-copy*')"
for strategy in memcpy pwrite; do
	told=0
	for i in $(seq 25); do
		cp large shrinks && rm -f dst
		"$daxmark" copy -q -s $strategy shrinks dst 2>err.txt &
		pid=$!
		sleep "0.00$((i % 10))"
		truncate -s 1M shrinks
		wait $pid
		status=$?
		# Before or behind the copy is no shrinking under it.
		if [ $status -ne 0 ]; then
			ok "a source that shrinks is told, by $strategy: $(cat err.txt)" grep -q 'shrinks shrank while it was copied' err.txt
			ok "and no copy is left" test ! -e dst
			told=1
			break
		fi
		ok "a copy is whole" sh -c 'cmp -s large dst || cmp -s shrinks dst'
	done
	[ $told -eq 1 ] || echo "skipped: no source shrank in time ($strategy)" >&2
done
cp kept dst
(
	"$daxmark" copy -q --overwrite large dst 2>err.txt &
	pid=$!
	sleep 0.01
	kill -TERM $pid 2>/dev/null
	wait $pid
)
ok "interrupted, it is old or new" sh -c 'cmp -s kept dst || cmp -s large dst'
if [ "$(id -u)" = 0 ] && mkdir -p small && mount -t tmpfs -o size=8M none small 2>/dev/null; then
	for strategy in memcpy $strategies; do
		echo before >small/dst
		refused 'No space left' --overwrite -s $strategy large small/dst
		ok "the old one stays" grep -qx before small/dst
		ok "and nothing else" test "$(find small -type f | wc -l)" -eq 1
	done
	umount small
else
	echo "skipped: a full disk wants a tmpfs of its own, which needs root" >&2
fi
finish
