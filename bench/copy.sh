#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# copy.sh BUILD [FOLDER [ALTERNATIONS]]: 'daxmark copy' beside cp, in turn, into a file that is
# there: the whole command, the copy's own time (which daxmark tells; of cp it is the command less
# that of an empty file), and how long either takes to start. Ratios with 95 % intervals of the
# median (order statistics).
set -eu
daxmark=$(realpath "$1")/daxmark folder=${2:-/dev/shm} n=${3:-24}
work=$(mktemp -d "$folder/daxmark-copy.XXXXXX")
trap 'rm -rf "$work"' EXIT
PYTHONPATH=$(dirname "$0") PYTHONDONTWRITEBYTECODE=1 python3 - "$daxmark" "$work" "$n" <<'PY'
import json, math, os, statistics, subprocess, sys, time

from interval import interval

daxmark, work, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
here = {s["name"] for s in json.loads(subprocess.check_output([daxmark, "list", "--json"]))["strategies"] if s["available"]}
strategies = [s for s in ("pwrite", "nt-avx512", "nt-sse2", "memcpy") if s in here]

def timed(command):
    start = time.perf_counter()
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return time.perf_counter() - start, out

def ratio(a, b):
    m, low, high = interval([x / y for x, y in zip(a, b)])
    return f"{m:.3f} [{low:.3f}, {high:.3f}]"

def copies(size, strategy):
    src, ours, theirs = (f"{work}/{name}" for name in ("src", "ours", "theirs"))
    with open(src, "wb") as out:
        out.write(os.urandom(size))
    for path in (ours, theirs):
        subprocess.run(["cp", src, path], check=True)
    whole, own, cp = [], [], []
    for i in range(n):
        # In turn who is first.
        for who in ("ours", "cp") if i % 2 == 0 else ("cp", "ours"):
            if who == "ours":
                s, out = timed([daxmark, "copy", "-q", "--json", "-s", strategy, "--in-place", src, ours])
                whole.append(s)
                own.append(json.loads(out)["copy_s"])
            else:
                cp.append(timed(["cp", src, theirs])[0])
    return whole, own, cp

whole, own, empty = copies(0, "pwrite")
start = statistics.median(empty)
print(f"start: daxmark {1e3 * statistics.median(whole):.2f} ms, cp {1e3 * start:.2f} ms (empty files, process and all)")
print(f"{'bytes':>9} {'strategy':10} {'daxmark ms':>10} {'its copy':>9} {'cp ms':>8} {'whole over cp':>22} {'copy over cp less start':>24}")
for size in (65536, 1 << 20, 16 << 20, 64 << 20):
    for strategy in strategies:
        whole, own, cp = copies(size, strategy)
        less = [max(x - start, 1e-6) for x in cp]
        print(f"{size:9} {strategy:10} {1e3 * statistics.median(whole):10.2f} {1e3 * statistics.median(own):9.3f}"
              f" {1e3 * statistics.median(cp):8.2f} {ratio(whole, cp):>22} {ratio(own, less) if size >= 1 << 20 else 'less than its start':>24}")
PY
