#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The main job end to end: list, probe, plan, run, the file and its schema, report.
. "${srcdir:-.}/tests/cli/lib.sh"
schema=$srcdir/docs/daxmark-result.schema.json
json() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }

ok "help" grep -q 'Commands:' <("$daxmark" --help)
ok "version" grep -q '^daxmark [0-9]' <("$daxmark" --version)
for command in list probe run verify tune report; do
	ok "help $command" grep -q "^Usage: daxmark $command" <("$daxmark" help "$command")
	ok "$command --help" grep -q "^Usage: daxmark $command" <("$daxmark" "$command" --help)
done
ok "list" grep -q '^memcpy ' <("$daxmark" list)
"$daxmark" list --json >list.json
ok "list as JSON" json list.json 'any(s["name"]=="memcpy" and s["available"] for s in d["strategies"])'
"$daxmark" list --targets --json >targets.json
ok "targets as JSON" json targets.json 'd["targets"][0]["name"]=="memfd"'
"$daxmark" probe --json >probe.json
ok "probe as JSON" json probe.json 'd["facts"]["cpus_online"]>=1 and d["facts"]["memory_bytes"]>2**20 and isinstance(d["facts"]["cpu_model"],str) and set(d["destination_states"])=={"absent","clean","dirty","dirty-elsewhere"}'

ok "dry run" grep -q 'seed 7' <("$daxmark" run --seed=7 --dry-run)
# Student's 95 % for 26.8 and 13 degrees, 0.75 % over the root of 40 and of 20.
ok "dry run says what to expect" grep -q 'within 0.24 % .* 1.5 % where' <("$daxmark" run --passes=40 --dry-run)
ok "of fewer visits less" grep -q 'within 0.36 % ' <("$daxmark" run --passes=20 --dry-run)
"$daxmark" run --runs=2 -q -t memfd:1M -s memcpy --op=write --size=64 --budget=1s --passes=2 --seed=7 -o many.json >many.txt
ok "two runs" [ $? -eq 0 ]
ok "each in a file of its own" sh -c '[ -s many-1.json ] && [ -s many-2.json ] && [ ! -e many.json ]'
ok "and with an order of its own" python3 -c 'import json,sys; a,b=(json.load(open("many-%d.json"%i)) for i in (1,2)); sys.exit(not(a["plan"]["seed"]==7 and b["plan"]["seed"]==8 and a["command"]==b["command"]))'
ok "both are shown" [ "$(grep -c '^Fastest strategy in this run' many.txt)" -eq 2 ]
ok "what is there stays" sh -c '! "$0" run --runs=2 -q -t memfd:1M -s memcpy --op=write --size=64 --budget=1s --passes=2 -o many.json >/dev/null 2>err.txt && [ "$(wc -l <err.txt)" -eq 1 ] && grep -q many-1.json err.txt' "$daxmark"
ok "not more than can be compared" sh -c '"$0" run --runs=65 2>err.txt; [ $? -eq 2 ] && grep -q -- "--runs: from 1 to 64" err.txt' "$daxmark"
"$daxmark" run --progress=json -t memfd:1M -s memcpy --op=write --size=64,128 --budget=2s --passes=4 -o told.json >/dev/null 2>progress.txt
ok "progress for programs" python3 -c '
import json, sys
lines = [json.loads(l) for l in open("progress.txt") if l.startswith("{")]
sys.exit(not (len(lines) >= 2 and all(0 <= l["progress"] <= 1 and "B write, destination lines " in l["what"] for l in lines)
	and lines == sorted(lines, key=lambda l: l["progress"])))'
ok "of one kind only" sh -c '"$0" run --progress=xml 2>err.txt; [ $? -eq 2 ] && grep -q "is not json" err.txt' "$daxmark"
rm -f many*.json told.json
ok "a glob is all that it means" [ "$("$daxmark" run --dry-run -s 'memcpy+f*,/^memcpy$/' --size=64 --op=write | sed -n '/^strategies:/,/^COMPARISON/p' | grep -c '^  memcpy')" -eq 2 ]
ok "one that means nothing is refused" sh -c '! "$0" run --dry-run -s "nobody*" 2>err.txt && grep -q "no strategy matches .nobody" err.txt' "$daxmark"
ok "how long and how often" grep -qE '^time: about 7 s; each of the 2 comparisons is visited about [0-9]+ times' <("$daxmark" run --dry-run -s memcpy --size=64,128 --op=write --budget=7s)
ok "all about one strategy" sh -c '"$0" list memcpy+fence >out.txt && grep -q "^memcpy+fence (baseline)" out.txt && grep -q "copy.*fence" out.txt && grep -q "durable-data where CPU caches are persistent" out.txt' "$daxmark"
ok "those that a pattern means" [ "$("$daxmark" list 'memcpy*' --json | python3 -c 'import json,sys; print(all(s["name"].startswith("memcpy") for s in json.load(sys.stdin)["strategies"]))')" = True ]
ok "an unknown one is refused" sh -c '! "$0" list memcpi 2>err.txt && grep -q "did you mean .memcpy" err.txt' "$daxmark"
ok "a target as JSON, with numbers" python3 -c 'import json,sys; t=json.load(sys.stdin)["target"]; sys.exit(not(t["bytes"]>0 and t["page_bytes"]>=4096 and t["emulated"] is True))' < <("$daxmark" probe memfd --json)
ok "dry run measures nothing" [ -z "$(find . -name '*.json' ! -name list.json ! -name targets.json ! -name probe.json)" ]

ok "short run" short_run -s memcpy,empty --size=64,100,4K --dst-align=0,3 --seed=5 --budget=4s -o R.json >table.txt
ok "its table" grep -q 'Fastest strategy in this run on memfd' table.txt
ok "complete" json R.json 'd["complete"] is True'
ok "emulated" json R.json 'd["target"]["emulated"] is True'
ok "6 comparisons" json R.json 'len(d["comparisons"])==6'
ok "12 cases" json R.json 'len(d["cases"])==12 and all(c["status"]=="measured" for c in d["cases"])'
ok "verified" json R.json 'all("passed" in c["verified"] for c in d["comparisons"])'
ok "names" json R.json 'any(c["name"].startswith("write/visible/memcpy/100/") and c["name"].endswith("/dst+3") for c in d["cases"])'
ok "intervals" json R.json 'all(c["operation_ns"]["low"]<=c["operation_ns"]["estimate"]<=c["operation_ns"]["high"] for c in d["cases"] if c["n_visits"]>1)'
ok "the seed is kept" json R.json 'd["plan"]["seed"]==5'
if command -v jsonschema >/dev/null; then
	ok "schema" jsonschema -i R.json "$schema"
	sed 's/"complete":true/"complete":"yes"/' R.json >bad.json
	ok "the schema can refuse" sh -c '! jsonschema -i bad.json "$0" 2>/dev/null' "$schema"
else
	echo "skipped: no jsonschema here (python3-jsonschema): the schema is not checked" >&2
fi
# A copy between files has its source in one, and so have all beside it; unasked for it is left out, with the reason.
short_run -s memcpy,copy-file-range --op=write --size=64,4K -o F.json >/dev/null 2>err.txt
if json F.json 'd["arms"][1]["available"]'; then
	ok "from a file" json F.json 'd["target"]["source_file"] is True and all("failed" not in c["verified"] for c in d["comparisons"])'
	ok "and not compared with what came from memory" sh -c '"$0" run -q -f -s memcpy --op=write --size=64 --budget=1s --passes=2 -o N.json >/dev/null && "$0" compare N.json F.json 2>&1 | grep -q "one copies from a file"' "$daxmark"
fi
"$daxmark" run -q -f -s family:kernel --op=write --size=64 --budget=2s --passes=2 -o K.json >/dev/null
ok "of all of a family it is left out" json K.json '"source_file" not in d["target"] and [a["why"] for a in d["arms"] if a["name"]=="copy-file-range"]==["its source must be a file: name it, and that of all copies is one"]'
"$daxmark" run -q -f -s memcpy --op=write --size=64 --page-size=4K --page-state=mapped,populated,unmapped --budget=2s --passes=2 -o P.json >/dev/null
ok "populated pages take no fault, unmapped ones do" json P.json '{c["pages"] for c in d["comparisons"] if c["visits"] and c["verified"]==["passed"]} >= {"mapped","unmapped"} and all(c["visits"] or "populated" in c["why"] for c in d["comparisons"])'
ok "--json prints the file" sh -c '"$0" run -s memcpy --op=write --size=4K --budget=1s --passes=2 -q --json -o J.json >J.out && python3 -c "import json; a=json.load(open(\"J.json\")); b=json.load(open(\"J.out\")); exit(a[\"cases\"]!=b[\"cases\"])"' "$daxmark"
ok "an existing result is kept" sh -c '! "$0" run --size=64 -q -o R.json 2>/dev/null' "$daxmark"
ok "unless forced" short_run -s memcpy -o J.json --force >/dev/null

# What was asked for by name and cannot be had is a failure after the rest is done.
missing=$("$daxmark" list --json | python3 -c 'import json,sys
print(next((s["name"] for s in json.load(sys.stdin)["strategies"] if not s["available"]), ""))')
if [ -n "$missing" ]; then
	short_run -s "memcpy,$missing" -o M.json >/dev/null 2>err.txt
	ok "a named strategy that is missing fails" [ $? -eq 1 ]
	ok "with its reason" grep -q "$missing is not available" err.txt
	ok "and the rest is measured" json M.json 'any(c["status"]=="measured" for c in d["cases"])'
else
	echo "skipped: every strategy is available here: no missing one to ask for" >&2
fi

for state in clean dirty dirty-elsewhere; do
	if "$daxmark" probe | grep -q "destination $state  *can be"; then
		ok "state $state" short_run -s memcpy --state=$state -o "S-$state.json" >/dev/null
	else
		echo "skipped: state $state cannot be prepared here" >&2
	fi
done
sources=hot,walk
"$daxmark" probe | grep -q 'destination absent  *can be' && sources=$sources,absent
ok "sources $sources" short_run -s memcpy --source=$sources --budget=3s -o sources.json >/dev/null
ok "an operation as large as its target" \
	short_run -s memcpy --size=4M -t memfd:4100K -o window.json >/dev/null
ok "the same by its footprint" \
	short_run -s memcpy --size=4M --footprint=4100K -o footprint.json >/dev/null
ok "and so large it is" json footprint.json 'd["target"]["bytes"] == 4100 << 10'
ok "a budget ends a run that has passes left" timeout 120 \
	"$daxmark" run -q -s memcpy,empty --op=write --size=4K --budget=1s --passes=10000 -o budget.json >/dev/null
ok "until intervals are narrow enough" timeout 120 \
	"$daxmark" run -q -s memcpy,pwrite --op=write --size=4K --until=50% --budget=100s -o until.json
ok "a run ends at the first look" json until.json 'd["complete"] and 20<=len(d["comparisons"][0]["visits"])<=60 and d["noise"]["wall_s"]<60'
ok "one that ends before says how wide it is" grep -q -- '--until: the widest interval is .* a larger --budget' <(
	"$daxmark" run -f -s memcpy,pwrite --op=write --size=4K --until=0.01% --budget=3s -o until.json 2>&1 >/dev/null)
ok "and it is complete" json budget.json 'd["complete"] and len(d["comparisons"][0]["visits"])<10000'

# Cut to one visit, and to none: the report draws what there is.
python3 - <<'PY'
import json
d = json.load(open("R.json"))
for c in d["comparisons"]: c["visits"] = c["visits"][:1]
json.dump(d, open("one.json", "w"))
for c in d["comparisons"]: c["visits"] = []
json.dump(d, open("none.json", "w"))
PY
"$daxmark" run -q -s memcpy --size=64 --budget=1s --passes=2 -o two-operations.json >/dev/null
python3 -c '
import json
d = json.load(open("two-operations.json"))
for c in d["comparisons"]: c["visits"] = c["visits"][:1]
json.dump(d, open("one-each.json", "w"))'
ok "report of one visit of two operations" "$daxmark" report one-each.json -q >/dev/null
ok "report of one visit" "$daxmark" report one.json -q >/dev/null
ok "report of no visit" "$daxmark" report none.json -q >/dev/null

ok "report" "$daxmark" report R.json -o rep -q >out.txt
ok "it ends with the page" [ "$(cat out.txt)" = rep/index.html ]
ok "page" grep -q '<title>DAX copy paths' rep/index.html
ok "emulation is said" grep -q 'Emulated' rep/index.html rep/report.md
ok "self-contained" sh -c '! grep -qE "src=|href=.(https?:|/)|@import|url\(.?http" rep/index.html'
ok "table" [ "$(wc -l <rep/cases.tsv)" -eq 13 ]
ok "report again over itself" "$daxmark" report R.json -o rep -q >/dev/null
ok "default folder" sh -c '"$0" report R.json -q >/dev/null && [ -f R-report/index.html ]' "$daxmark"
if command -v gnuplot >/dev/null; then
	ok "svg" sh -c 'ls rep/*-throughput.svg rep/*-ratio.svg >/dev/null'
	ok "png" sh -c 'file=$(ls rep/*-throughput.png | head -n 1); [ "$(head -c 4 "$file" | tail -c 3)" = PNG ]'
	ok "inline svg" grep -q '<svg' rep/index.html
	ok "markdown shows the png" grep -q '\.png)' rep/report.md
fi
# A name that gnuplot or a shell would run is only a name.
cp R.json '|touch pwned;.json'
ok "report of a hostile name" "$daxmark" report '|touch pwned;.json' -q >/dev/null
ok "which ran nothing" [ ! -e pwned ]
cp rep/index.html old.html && touch rep/99-ratio.svg
ok "report again" "$daxmark" report R.json -o rep -q >/dev/null
ok "without the old figures" [ ! -e rep/99-ratio.svg ]
# A walking source at an odd place ends inside its own memory.
ok "walking source, odd alignment" short_run -s memcpy -t memfd:4K --src-align=63 --source=walk -o walk.json >/dev/null
ok "and of two threads" short_run -s memcpy -t memfd:16K --threads=2 --size=4000 --src-align=63 --source=walk -o walk2.json >/dev/null
# Two runs cannot take one name.
short_run -s memcpy --budget=3s -o same.json >/dev/null 2>&1 &
ok "a run takes its name at once" wait_for test -e same.json
ok "a name in use is refused" sh -c '! "$0" run -s memcpy --size=64 -q -o same.json 2>/dev/null' "$daxmark"
wait
ok "and the first run has it" json same.json 'd["complete"]'
mkdir nobin
ok "no gnuplot: tables all the same" env PATH="$work/nobin" "$daxmark" report R.json -o plain >out.txt 2>err.txt
ok "and it is said" grep -q 'cannot run gnuplot: No such file' err.txt
ok "without pictures" sh -c '! grep -q "<svg" plain/index.html'
finish
