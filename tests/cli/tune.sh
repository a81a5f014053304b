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
"$daxmark" list --json >list.json
if ! json list.json 'any(s["name"]=="libpmem" and s["available"] for s in d["strategies"])' ||
	! json list.json 'all(s["available"] for s in d["strategies"] if s["name"] in ("fused-clwb","nt-avx512","memcpy+clwb"))'; then
	skip "tune needs libpmem, clwb and avx512f"
fi
"$daxmark" tune --budget=6s -q --json >tune.json
ok "tune" [ $? -eq 0 ]
ok "a threshold" json tune.json 'd["variable"]=="PMEM_MOVNT_THRESHOLD" and d["threshold_bytes"]>=0'
ok "tried at the sizes it changes" json tune.json \
	'all(min(256,d["threshold_bytes"])<=g["size_bytes"]<max(256,d["threshold_bytes"]) and g["low"]<=g["speed"]<=g["high"] for g in d["with_over_without"])'
ok "leaves nothing behind" [ -z "$(ls tmp)" ]
finish
