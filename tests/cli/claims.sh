#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What people ran into: wrong or lost answers, refusals, left-overs.
. "${srcdir:-.}/tests/cli/lib.sh"
json() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }

# ---- exit statuses: the manual and --help have those of the table
"$daxmark" --help >help.txt
for row in '0  done' '1  failed' '2  usage' '3  alarm'; do
	ok "--help: status $row" grep -q "^  $row" help.txt
done
sed -n '/^.SH EXIT STATUS/,/^.SH FILES/p' "$srcdir/docs/daxmark.1" >statuses.txt
for row in '0:Done' '1:Failed' '2:Usage' '3:Alarm' '128 + N:Interrupted'; do
	ok "manual: status $row" grep -A1 -F ".B ${row%:*}" statuses.txt >row.txt
	ok "manual: what status $row is" grep -q "^${row#*:}" row.txt
done
ok "version, however it is asked for" sh -c 'a=$("$0" --version) && [ "$("$0" version)" = "$a" ] && [ "$("$0" -v)" = "$a" ] && [ "$("$0" -V)" = "$a" ]' "$daxmark"
ok "-h of a command" grep -q '^Usage: daxmark run' <("$daxmark" run -h)

# ---- a terminal of 80 columns loses nothing that decides (W1, W6)
short_run -s memcpy,alias-congruent --budget=4s -o R.json >pipe.txt
ok "every contestant with its time" [ "$(grep -cE '^  (memcpy|alias-congruent) .* (ns|us) ' pipe.txt)" -eq 2 ]
ok "and how they compare, in words" grep -qE '(as fast as|times as fast as) (memcpy|alias-congruent)' pipe.txt
if command -v script >/dev/null; then
	at80() { script -qec "stty cols 80; $*" /dev/null | tr -d '\r'; }
	"$daxmark" history -d h.sqlite add R.json >/dev/null 2>&1 &&
		name=$("$daxmark" export --format=tsv R.json | sed -n 2p | cut -f1) || name=""
	at80 "$daxmark" list >list80.txt
	ok "list at 80 columns fits" [ "$(awk '{ if (length > n) n = length } END { print n + 0 }' list80.txt)" -le 80 ]
	ok "and names every strategy" [ "$(grep -c memcpy list80.txt)" -ge 3 ]
	if [ -n "$name" ]; then
		at80 "$daxmark" history -d h.sqlite list "$name" >history80.txt
		ok "history at 80 columns fits" [ "$(awk '{ if (length > n) n = length } END { print n + 0 }' history80.txt)" -le 80 ]
		ok "and has the time with its interval" grep -qE '[0-9.]+ to [0-9.]+ ns' history80.txt
	fi
	at80 "$daxmark" compare R.json R.json --all >compare80.txt
	ok "compare at 80 columns fits" [ "$(awk '{ if (length > n) n = length } END { print n + 0 }' compare80.txt)" -le 80 ]
	ok "and has verdicts" grep -q 'same (provisional)' compare80.txt
	at80 "$daxmark" run -q -f -s memcpy,alias-congruent --op=write --size=64 --budget=4s -o run80.json >run80.txt
	ok "sentences at 80 columns stand below what they are about" grep -qE '^    ([0-9.]+ \[.* times|as fast as)' run80.txt
	at80 "$daxmark" probe >probe80.txt
	ok "probe at 80 columns fits" [ "$(awk '{ if (length > n) n = length } END { print n + 0 }' probe80.txt)" -le 80 ]
else
	echo "skipped: no script(1) here (bsdutils): terminals are not tried" >&2
fi

# ---- the answer asked for (W7, W8, W16), from a made-up result
cat >make.py <<'PY'
import json, math, random, sys
out, states, asked, gap = sys.argv[1], sys.argv[2].split(","), sys.argv[3] or None, float(sys.argv[4])
d = json.load(open("R.json"))
random.seed(1)
arms = [("memcpy", "baseline", 2, 100.0), ("memcpy+clwb", "flush", 2, 400.0), ("nt-sse2", "nocache", 4, 200.0 * (1 + gap)),
        ("nt-avx512", "nocache", 6, 200.0)]
proto = d["arms"][0]
d["arms"] = [dict(proto, name=n, family=f, plainness=p, available=True, why="", copies=True, operations=["write"],
                  guarantee="visible" if n == "memcpy" else "durable-data", read_guarantee="none") for n, f, p, _ in arms]
c0 = d["comparisons"][0]
d["comparisons"] = []
d["plan"]["guarantee"] = asked
for state in states:
    c = dict(c0, state=state, why="", arms=[0, 1, 2, 3], iterations=[1] * 4, verified=["passed"] * 4, failures=[], visits=[])
    c["guarantees"] = ["visible", "durable-data"] + ["visible" if state != "absent" else "durable-data"] * 2
    for v in range(12):
        logs = [math.log(t) + random.gauss(0, 0.0005) for *_, t in arms]
        c["visits"].append(dict(at_s=60.0 * v, wall_s=0.1, **{"pass": v}, rounds=10, beside_gb_per_s=0.0, log_ns=logs,
            log_ratio=[logs[a] - logs[b] for a in range(4) for b in range(a + 1, 4)], after=[None] * 4))
    d["comparisons"].append(c)
d["cases"] = []
json.dump(d, open(out, "w"))
PY
answers() { "$daxmark" report "$1" -o "$1.report" -q >/dev/null && sed -n '/^## Which copy path/,/^## [^W]/p' "$1.report/report.md" >"$1.md"; }
python3 make.py states.json absent,dirty '' 0.001
ok "a report over states" answers states.json
ok "durable where lines are dirty: the flush, as the only one" grep -qE 'memcpy\+clwb.*durable-data.*the only one measured' states.json.md
ok "memcpy stands under visible alone" sh -c '! grep -E "\| memcpy \|" states.json.md | grep -vq visible'
ok "of two within half a per cent the plainest is named" grep -qE '\| nt-sse2 \|.*durable-data.*nt-avx512' states.json.md
python3 make.py apart.json absent '' 0.05
answers apart.json
ok "and the faster one where they are 5 % apart" grep -qE '\| nt-avx512 \|.*durable-data' apart.json.md
python3 make.py asked.json absent,dirty durable-data 0.001
answers asked.json
ok "asked for durable data, no other answer is given" sh -c '! grep -E "\| visible \|" asked.json.md'

python3 - <<'PY'
import json
d = json.load(open("asked.json"))
d["target"].update(domain="unknown", emulated=False, medium="pmem")
d["noise"]["other_daxmarks"] = 2
d["target"]["aliases"] = dict(congruent_modulo_bytes=1 << 42, incongruent_bytes=4096, congruent=False, one_address_ns=3.0, two_addresses_ns=3.5)
json.dump(d, open("unknown.json", "w"))
PY
answers unknown.json
for page in index.html report.md; do
	ok "an unknown domain is a callout in $page (C4)" grep -q 'Persistence domain unknown' "unknown.json.report/$page"
	ok "and that nothing is congruent, in $page" grep -q 'No congruent alias was found' "unknown.json.report/$page"
	ok "and that others measured, in $page" grep -q 'Not alone: 2 other' "unknown.json.report/$page"
done
ok "cases say whether they meet the level" sh -c 'cut -f19,21 unknown.json.report/cases.tsv | head -n 1 | grep -q "meets" || head -n 1 unknown.json.report/cases.tsv | grep -q "	meets	"'
if command -v gnuplot >/dev/null; then
	ok "and points that do not are hollow, which the key says (W9)" grep -q 'hollow: not durable-data' unknown.json.report/index.html
fi

# ---- one at a time (W2)
: >shared
"$daxmark" verify -t ./shared --overwrite --time=20s >/dev/null 2>&1 &
pid=$!
wait_for sh -c 'grep -q FLOCK /proc/locks'
ok "a target in use is refused" sh -c '! "$0" run -s memcpy --size=64 --budget=1s -q -t ./shared --overwrite -o x.json 2>err.txt' "$daxmark"
ok "and its holder named" grep -qE "in use by another daxmark \(process ($pid|[0-9]+)\)" err.txt
ok "without a left-over" [ ! -e x.json ]
kill $pid
wait $pid 2>/dev/null
"$daxmark" run -s memcpy --op=write --size=64 --budget=8s -q -o other.json >/dev/null &
short_run -s memcpy --budget=2s -o beside.json >/dev/null
ok "another one that measures is noted" json beside.json 'd["noise"]["other_daxmarks"]>=1'
wait
# In a network name space of its own there are no others, whatever else runs here.
if unshare -n true 2>/dev/null; then
	unshare -n "$daxmark" run -s memcpy --op=write --size=64 --budget=1s --passes=2 -q -o alone.json >/dev/null
	ok "and none is not" json alone.json 'd["noise"]["other_daxmarks"]==0'
fi

# ---- what fails is named, and costs nothing else (M5)
if command -v cc >/dev/null && ! ldd "$daxmark" | grep -q 'lib[at]san\|libubsan'; then
	cat >shim.c <<'SHIM'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
static long calls;
ssize_t pwrite(int fd, const void *from, size_t n, off_t at)
{
	const char *after = getenv("PWRITE_FAILS_AFTER");
	static ssize_t (*real)(int, const void *, size_t, off_t);

	if (after != NULL && ++calls > atol(after)) {
		errno = EIO;
		return -1;
	}
	if (real == NULL)
		real = (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
	return real(fd, from, n, at);
}
ssize_t pwrite64(int fd, const void *from, size_t n, off_t at) { return pwrite(fd, from, n, at); }
int fsync(int fd)
{
	(void)fd;
	if (getenv("FSYNC_TAKES") != NULL)
		usleep((useconds_t)atol(getenv("FSYNC_TAKES")) * 1000);
	return 0;
}
long move_pages(int pid, unsigned long n, void **pages, const int *nodes, int *status, int flags)
{
	(void)pid, (void)n, (void)pages, (void)nodes, (void)status, (void)flags;
	errno = EPERM;
	return -1;
}
SHIM
	cc -shared -fPIC -O1 -o shim.so shim.c -ldl || exit 99
	for after in 0 20000; do
		PWRITE_FAILS_AFTER=$after LD_PRELOAD=$work/shim.so "$daxmark" run -s memcpy,pwrite --op=write --size=64 \
			--budget=6s --passes=4 -q -t . -o "fails$after.json" >/dev/null 2>err.txt
		ok "a call that fails after $after: a failure" [ $? -eq 1 ]
		ok "of that strategy, by its call" grep -q 'pwrite could not do some settings: pwrite: Input/output error' err.txt
		ok "unavailable there, with the reason" json "fails$after.json" 'next(c for c in d["cases"] if "/pwrite/" in c["name"])["why"]=="pwrite: Input/output error"'
		ok "and the others are measured" json "fails$after.json" 'd["complete"] and next(c for c in d["cases"] if "/memcpy/" in c["name"])["n_visits"]>=2'
		ok "it can be read again" "$daxmark" report "fails$after.json" -q >/dev/null
	done
	# Slow storage: two syncs a checkpoint, and the budget holds (W5).
	FSYNC_TAKES=1000 LD_PRELOAD=$work/shim.so "$daxmark" run -s memcpy --op=write --size=64,4K --budget=12s -q -o slow.json >/dev/null
	ok "slow storage ends no run" [ $? -eq 0 ]
	ok "all is measured on it" json slow.json 'all(len(c["visits"])>=3 for c in d["comparisons"])'
	LD_PRELOAD=$work/shim.so "$daxmark" run -s memcpy --size=64 --budget=1s -q -t dram:0 -o moved.json 2>err.txt
	ok "placement that cannot be verified is said (R10)" grep -q 'cannot be verified: move_pages: Operation not permitted' err.txt
else
	echo "skipped: no compiler, or a sanitizer: no system call is made to fail" >&2
fi

# ---- left-overs (R1, R2, R3, R12)
(ulimit -f 32768 && exec "$daxmark" run -s memcpy --size=4K --budget=1s -q -o limit.json) 2>err.txt
ok "a limit on files is an error" [ $? -eq 1 ]
ok "in its own words" grep -q 'File too large' err.txt
ok "and leaves nothing" [ ! -e limit.json ]
long=$(printf 'x%.0s' $(seq 245)).json
ok "a name as long as names can be" short_run -s memcpy -o "$long" >/dev/null
ok "is that file" [ -s "$long" ]
mkdir twice
(cd twice && short_run -s memcpy >/dev/null 2>&1 & cd twice && short_run -s memcpy >/dev/null 2>&1; wait)
ok "two runs in one second make two files" [ "$(find twice -name '*.json' | wc -l)" -eq 2 ]
if [ "$(id -u)" -eq 0 ] && mkdir full && mount -t tmpfs -o size=16k none full 2>/dev/null; then
	trap 'umount full 2>/dev/null; rm -rf "$work"' EXIT
	cat /dev/zero >full/fill 2>/dev/null
	"$daxmark" run -s memcpy --size=64 --budget=1s -q -o full/r.json 2>err.txt
	ok "a full disk" [ $? -eq 1 ]
	ok "leaves no file" [ -z "$(find full -name '*json*' -o -name '.daxmark*')" ]
fi
for group in /sys/fs/cgroup/memory /sys/fs/cgroup; do
	limit=$group/daxmark-test-$$
	[ -w "$group/cgroup.procs" ] && mkdir "$limit" 2>/dev/null || continue
	if echo 41943040 2>/dev/null >"$limit/memory.limit_in_bytes" || echo 41943040 2>/dev/null >"$limit/memory.max"; then
		(echo "$BASHPID" >"$limit/cgroup.procs" && exec "$daxmark" run -s memcpy --size=64 --budget=1s -q -o oom.json) 2>err.txt
		ok "a control group's limit is read (R1)" grep -q 'memory control group (memory.*--footprint' err.txt
		ok "and leaves nothing" [ ! -e oom.json ]
	fi
	rmdir "$limit" 2>/dev/null
done

# ---- signals keep what was measured
for signal in HUP XCPU; do
	# Whoever started this may ignore it, and what is ignored stays so.
	env --default-signal=$signal "$daxmark" run -s memcpy --op=write --size=64 --budget=300s --passes=1000 -q -o "$signal.json" >/dev/null 2>&1 &
	pid=$!
	wait_for grep -q '"rounds"' "$signal.json"
	cp "$signal.json" checkpoint.json
	kill -$signal $pid
	wait $pid
	ok "$signal ends a run by that signal" [ $? -eq $((128 + $(kill -l $signal))) ]
	ok "and keeps its visits" json "$signal.json" 'd["complete"] is False and d["comparisons"][0]["visits"]'
	ok "those since the checkpoint too" sh -c "! cmp -s checkpoint.json $signal.json"
done

# ---- other people's settings
mkdir home
echo 'set object 1 rectangle from screen 0, 0 to screen 1, 1 fillcolor rgb "red"' >home/.gnuplot
if command -v gnuplot >/dev/null; then
	HOME=$work/home "$daxmark" report R.json -o typo -q >/dev/null
	ok "a start-up file of gnuplot's changes nothing (W4)" [ $? -eq 0 ]
	"$daxmark" report R.json -o plain -q >/dev/null
	ok "not a line of the plots" sh -c '[ -s plain/1-dots.svg ] && for f in plain/*.svg; do cmp -s "$f" "typo/${f#plain/}" || exit 1; done'
	mkdir nobin && ln -s "$(command -v sh)" nobin/ && printf '#!/bin/sh\n[ "$1" = --version ] || { echo "no font" >&2; exit 1; }\n' >nobin/gnuplot && chmod +x nobin/gnuplot
	PATH=$work/nobin "$daxmark" report R.json -o lost -q >/dev/null 2>err.txt
	ok "a plot that fails is a failure" [ $? -eq 1 ]
	ok "but the page is there" grep -q 'could not be drawn' lost/index.html
	printf '#!/bin/sh\n' >nobin/gnuplot && chmod -x nobin/gnuplot
	PATH=$work/nobin "$daxmark" report R.json -o denied >/dev/null 2>err.txt
	ok "why gnuplot cannot be run is said (R7)" grep -q 'cannot run gnuplot: Permission denied' err.txt
fi
if "$daxmark" list | grep -q '^libpmem .*yes'; then
	PMEM_NO_FLUSH=1 "$daxmark" tune -q 2>err.txt
	ok "tune with PMEM_NO_FLUSH=1 is refused (W11)" [ $? -eq 1 ]
	ok "by name" grep -q 'PMEM_NO_FLUSH' err.txt
fi
ok "the C library and its tunables are facts (W3)" json <(GLIBC_TUNABLES=glibc.malloc.check=0 "$daxmark" probe --json) \
	'"C library 2" in d["facts"]["libraries"] and "GLIBC_TUNABLES=glibc.malloc.check=0" in d["facts"]["libraries"]'
# Children can be waited for whatever the parent made of SIGCHLD (R9).
env --ignore-signal=CHLD "$daxmark" report R.json -o children -q >/dev/null 2>err.txt
ok "with SIGCHLD ignored" [ $? -eq 0 ]
ok "a text outside ASCII is printed as the locale has it" sh -c 'LC_ALL=C "$0" history -d h.sqlite list 2>/dev/null | LC_ALL=C grep -qv "[^ -~]" || true' "$daxmark"
LC_ALL=C "$daxmark" compare R.json R.json --all >C.txt
ok "nothing but ASCII in the C locale" sh -c '! LC_ALL=C grep -q "[^ -~]" C.txt'
ok "numbers have points in every locale" sh -c '! LC_ALL=de_DE.UTF-8 "$0" compare R.json R.json --all | grep -qE "[0-9],[0-9]{3} "' "$daxmark"

# ---- a budget that cannot be
"$daxmark" run -s memcpy --size=64 --budget=1e9h -q -o long.json 2>err.txt
ok "a budget of ages is refused" [ $? -eq 2 ]
ok "with the most that can be" grep -q 'at most 48 hours' err.txt
"$daxmark" run -s memcpy --op=write --size=64..1M*2 --state=dirty --dst-align=0,1,2,3,4,5,6,7 --budget=1s -o many.json >many.txt 2>/dev/null
ok "settings that a budget does not hold are named" grep -q '^Not measured (not reached' many.txt
ok "and some are measured" json many.json 'd["complete"] and any(c["visits"] for c in d["comparisons"]) and not all(c["visits"] for c in d["comparisons"])'
(ulimit -s 64; "$daxmark" list 2>err.txt >/dev/null)
ok "a stack that is too small is said" grep -q "ulimit -s" err.txt
finish
