#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# compare and export on made-up runs: known differences are found, none is made up.
. "${srcdir:-.}/tests/cli/lib.sh"
json() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }
short_run -s memcpy,pwrite,empty --size=64,4K -o R.json >/dev/null || exit 99

# plant NAME SEED CHANGE: a copy of R.json with ten visits of known times; CHANGE edits d in Python.
plant() {
	python3 - "$@" <<'PY'
import json, math, random, sys
name, seed, change = sys.argv[1:4]
d = json.load(open("R.json"))
random.seed(int(seed))
d["target"].update(emulated=False, medium="pmem")
d["plan"]["seed"] = int(seed)
times = {"memcpy": 100.0, "pwrite": 300.0, "empty": 1.0}
factor = {}
exec(change)
run = random.gauss(0, 0.01)  # what the whole run shares
for c in d["comparisons"]:
    own = {a: random.gauss(0, 0.002) for a in times}
    arms = [d["arms"][i]["name"] for i in c["arms"]]
    c["visits"] = []
    for v in range(10):
        logs = [math.log(times[a] * factor.get(a, 1)) + run + own[a] + random.gauss(0, 0.003) for a in arms]
        k = len(arms)
        c["visits"].append(dict(at_s=60.0 * v, wall_s=0.1, **{"pass": v}, rounds=10, beside_gb_per_s=0.0,
            log_ns=logs, log_ratio=[logs[a] - logs[b] for a in range(k) for b in range(a + 1, k)], after=[None] * k))
json.dump(d, open(name, "w"))
PY
}
for i in 1 2 3; do
	plant base$i.json $i ''
	plant same$i.json 1$i ''
	plant slow$i.json 2$i 'factor["pwrite"] = 1.05'
	plant fast$i.json 3$i 'factor["pwrite"] = 1/1.05'
done
base=base1.json,base2.json,base3.json
"$daxmark" compare $base same1.json,same2.json,same3.json --json >same.json.out
ok "no difference" [ $? -eq 0 ]
ok "is the same" json same.json.out 'd["cases"] and all(c["verdict"]=="same" and not c["provisional"] for c in d["cases"])'
"$daxmark" compare $base slow1.json,slow2.json,slow3.json --json >slow.out
ok "5 % slower is found" json slow.out 'all(c["verdict"]=="slower" and 0.93<c["ratio"]<0.97 for c in d["cases"] if "/pwrite/" in c["name"])'
ok "with an interval around it" json slow.out 'all(c["low"]<=c["ratio"]<=c["high"]<1 for c in d["cases"])'
ok "relative to memcpy, where there is no roof" json slow.out '[(a["of"],a["strategy"],a["verdict"]) for a in d["anchors"]]==[("writes","memcpy","same")] and all(c["anchor"]=="memcpy" for c in d["cases"])'
"$daxmark" compare $base fast1.json,fast2.json,fast3.json --json >fast.out
ok "5 % faster too" json fast.out 'all(c["verdict"]=="faster" for c in d["cases"])'
ok "the other way round" sh -c '"$0" compare fast1.json,fast2.json,fast3.json '$base' --json >turned.out' "$daxmark"
ok "is slower" json turned.out 'all(c["verdict"]=="slower" for c in d["cases"])'
"$daxmark" compare $base slow1.json,slow2.json,slow3.json --fail-above=3 >/dev/null 2>err.txt
ok "--fail-above is an alarm, not an error" [ $? -eq 3 ]
ok "and names the case" grep -q 'pwrite.*slower' err.txt
ok "not below its limit" "$daxmark" compare $base slow1.json,slow2.json,slow3.json --fail-above=10 >/dev/null
ok "one run a side is provisional" grep -q provisional <("$daxmark" compare base1.json slow1.json)
ok "Markdown" grep -q '^| write/.*pwrite.* | slower |' <("$daxmark" compare $base slow1.json,slow2.json,slow3.json --markdown)
ok "the table shows what changed" [ "$("$daxmark" compare $base slow1.json,slow2.json,slow3.json | grep -c ' slower ')" -eq 2 ]
ok "or all" [ "$("$daxmark" compare $base same1.json,same2.json,same3.json --all | grep -c ' same ')" -eq 2 ]

# What cannot be compared says why.
refuses() { # CHANGE WORDS
	plant other.json 9 "$1"
	"$daxmark" compare base1.json other.json --json >other.out 2>err.txt
	ok "not comparable: $2" json other.out 'any(c["verdict"]=="not comparable" and "'"$2"'" in c["why"] and c["ratio"] is None for c in d["cases"])'
}
refuses 'd["target"]["emulated"]=True' 'emulated'
refuses 'd["target"]["medium"]="CXL"' 'media'
refuses 'd["target"]["medium"]="emulated machine"' 'made of software'
refuses 'd["target"]["bytes"]*=2' 'footprints of different sizes'
refuses 'd["target"]["access"]="devdax"' 'mapped in different ways'
refuses 'd["comparisons"][0]["guarantees"][1]="durable-file"' 'it guaranteed'
# The default state is dirty where no program can drop a line.
refuses 'd["comparisons"][0].update(state="clean" if d["comparisons"][0]["state"]=="dirty" else "dirty")' 'another destination state'
refuses 'd["comparisons"][0].update(operation="write+consume")' 'another operation in the new runs: write+consume'
refuses 'd["comparisons"][0].update(size_bytes=777)' 'no such case in the new runs'
refuses 'd["comparisons"][0]["verified"][1]="failed"' 'it copied wrong data in the new runs'
plant unreached.json 9 ''
python3 -c 'import json; d=json.load(open("unreached.json")); d["comparisons"][0]["visits"]=[]; json.dump(d, open("unreached.json","w"))'
"$daxmark" compare base1.json unreached.json --json >other.out
ok "not reached" json other.out 'any("it was not measured in the new runs" in c["why"] for c in d["cases"])'

# Wrong data in the new runs is no pass.
plant wrong.json 9 'd["comparisons"][0]["verified"][1]="failed"'
ok "wrong data is shown" grep -q 'copied wrong data' <("$daxmark" compare base1.json wrong.json)
"$daxmark" compare base1.json wrong.json --fail-above=50 >/dev/null 2>err.txt
ok "and fails a limit, however high" [ $? -eq 1 ]
ok "by name" grep -q 'pwrite.*copied wrong data' err.txt
# One real run among emulated ones, wherever it stands.
plant real.json 8 ''
plant emulated.json 7 'd["target"]["emulated"]=True'
for side in emulated.json,real.json real.json,emulated.json; do
	ok "mixed side $side" grep -q 'emulated' <("$daxmark" compare $side same1.json 2>&1)
done
# A case that one run of three has is as provisional as one run is.
plant half2.json 42 'd["comparisons"].pop(0); d["cases"]=[]'
plant half3.json 43 'd["comparisons"].pop(0); d["cases"]=[]'
"$daxmark" compare base1.json,half2.json,half3.json $base --json >half.out
ok "three files, one run of a case" json half.out 'len({c["provisional"] for c in d["cases"]})==2'
# An anchor that moved takes all others with it: that is said.
plant moved.json 6 'times = {"memcpy": 120.0, "pwrite": 300.0, "empty": 1.0}'
ok "the anchor's own change" grep -qE 'own speed by the clock is 0.8.*: slower' <("$daxmark" compare base1.json moved.json)
for i in 1 2 3; do
	plant twice$i.json 5$i 'times = {"memcpy": 200.0, "pwrite": 600.0, "empty": 1.0}'
done
twice=twice1.json,twice2.json,twice3.json
"$daxmark" compare $base $twice --fail-above=5 >twice.txt
ok "all twice as slow: no ratio moves" [ $? -eq 0 ]
ok "but the anchor has a verdict" grep -qE 'own speed by the clock is 0.(49|50).*: slower, which no ratio' twice.txt
"$daxmark" compare $base $twice --absolute=5 >/dev/null 2>err.txt
ok "that can be an alarm" [ $? -eq 3 ]
ok "which names it" grep -q 'anchor memcpy is slower by the clock' err.txt
ok "within its limit" "$daxmark" compare $base $twice --absolute=60 >/dev/null
plant libc.json 5 'd["facts"]["libraries"]="C library 2.36, GLIBC_TUNABLES=glibc.cpu.x86_non_temporal_threshold=0x4040"'
"$daxmark" compare base1.json libc.json >libc.txt
ok "another C library or its tunables are named above the table" sh -c 'head -n 1 libc.txt | grep -q "^Not the same.*GLIBC_TUNABLES"'
plant kernel.json 5 'd["facts"]["kernel"]="another"'
ok "another kernel" grep -q "kernel .*'another'" <("$daxmark" compare base1.json kernel.json)
plant other.json 9 'for c in d["comparisons"]: c["pages"]="unmapped"'
"$daxmark" compare base1.json other.json >/dev/null 2>err.txt
ok "nothing to compare is a failure" [ $? -eq 1 ]
ok "and says why" grep -q 'nothing in these runs can be compared' err.txt

# fails STATUS ARGUMENTS..: an error of one line with this status.
fails() {
	local status=$1
	shift
	"$daxmark" "$@" >/dev/null 2>err.txt
	ok "$*: status $status" [ $? -eq "$status" ]
	ok "$*: one line" [ "$(wc -l <err.txt)" -eq 1 ]
}
fails 2 compare
fails 2 compare base1.json
fails 2 compare base1.json same1.json extra.json
fails 2 compare base1.json same1.json --anchor=nobody
fails 2 compare base1.json same1.json --fail-above=much
fails 2 compare base1.json same1.json --json --markdown
fails 1 compare base1.json nowhere.json
fails 1 compare base1.json,nowhere.json same1.json
fails 2 compare base1.json,, same1.json
fails 2 compare base1.json,base1.json same1.json
fails 2 compare base1.json same1.json --fail-above=0x10
fails 2 compare base1.json same1.json --fail-above=' 5'
fails 2 export R.json
fails 2 export --format=xml R.json
fails 2 export --format=csv
fails 1 export --format=csv nowhere.json
fails 2 export --format=csv R.json --baseline=nobody

"$daxmark" export --format=gbench base1.json >gbench1.json
ok "Google Benchmark's JSON" json gbench1.json 'd["context"]["num_cpus"]>0 and len(d["benchmarks"])==2*3*10'
ok "one entry a visit" json gbench1.json 'all(b["run_type"]=="iteration" and b["repetitions"]==10 and b["time_unit"]=="ns" for b in d["benchmarks"])'
ok "in ns and bytes per second" json gbench1.json 'all(abs(b["bytes_per_second"]*b["real_time"]/1e9/int(b["name"].split("/")[3])-1)<1e-6 for b in d["benchmarks"] if "bytes_per_second" in b)'
"$daxmark" export --format=csv R.json >R.csv
"$daxmark" export --format=tsv R.json >R.tsv
ok "CSV and TSV are one table" python3 -c 'import csv; a=list(csv.reader(open("R.csv"))); b=list(csv.reader(open("R.tsv"),delimiter="\t")); exit(a!=b or len(a)!=7)'
tool=$(dpkg -L libbenchmark-tools 2>/dev/null | grep "/compare.py$" | head -n 1)
if [ -n "$tool" ] && /usr/bin/python3 -c "import scipy" 2>/dev/null; then
	"$daxmark" export --format=gbench slow1.json >gbench2.json
	ok "its compare.py reads two of them" sh -c '/usr/bin/python3 "$0" --no-color benchmarks gbench1.json gbench2.json >compare.txt' "$tool"
	ok "and finds the 5 %" grep -qE 'pwrite.*\+0\.0[3-7]' compare.txt
else
	echo "skipped: Google Benchmark's compare.py (libbenchmark-tools) or SciPy is not here" >&2
fi
finish
