#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tune: crossovers and libpmem's threshold, in runs of its own; timing decides nothing here.
. "${srcdir:-.}/tests/cli/lib.sh"
json() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }

mkdir tmp
export TMPDIR=$work/tmp
"$daxmark" tune --nonsense 2>err.txt
ok "usage" [ $? -eq 2 ]
"$daxmark" tune -t /nowhere/file -q 2>err.txt
ok "a target that is not there" [ $? -eq 1 ]
"$daxmark" tune --budget=6s -q --json >tune.json
ok "tune" [ $? -eq 0 ]
ok "the best at each size" json tune.json 'len(d["best"])>=10 and d["best"][0]["size_bytes"]==64'
ok "crossovers with their intervals" json tune.json 'all(c["low"]<=c["bytes"]<=c["high"] for c in d["crossovers"])'
"$daxmark" list --json >list.json
if ! json list.json 'any(s["name"]=="libpmem" and s["available"] for s in d["strategies"])'; then
	ok "without libpmem no threshold, and why" json tune.json 'd["threshold_bytes"] is None and "libpmem" in d["why"]'
	finish
fi
ok "some copy is the best" json tune.json 'any(b["strategy"] for b in d["best"])'
ok "a threshold" json tune.json 'd["variable"]=="PMEM_MOVNT_THRESHOLD" and d["threshold_bytes"]>=0'
ok "tried at the sizes it changes" json tune.json \
	'all(min(256,d["threshold_bytes"])<=g["size_bytes"]<max(256,d["threshold_bytes"]) for g in d["with_over_without"])'
# A slow build comes to none of some sizes in so short a time: null, all three.
ok "with intervals, or not measured" json tune.json \
	'all(g["low"]<=g["speed"]<=g["high"] if g["speed"] is not None else g["low"] is None and g["high"] is None for g in d["with_over_without"])'
ok "leaves nothing behind" [ -z "$(ls tmp)" ]
finish
