#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Reports of results with known contents: crossovers where they were planted, a
# plot for each axis that varies, several results on one page.
. "${srcdir:-.}/tests/cli/lib.sh"
"$daxmark" list | grep -q 'memcpy+clflushopt .* yes ' || skip "reports: two copies of one guarantee are needed to cross"
"$daxmark" run -q -s memcpy+clflush,memcpy+clflushopt,nt-sse2,memcpy --op=write --size=4K --state=dirty --budget=1s --passes=6 -o real.json >/dev/null || exit 99

# The real result's first two copies of one guarantee, at sizes from 64 B to 64 KiB and
# under loads from 0 to 100 %: the second overtakes at 2 KiB, and at 30 % of load. Ten
# visits a minute apart: as many and as wide apart as the real run's happened to be
# would let the machine's pace decide the interval.
python3 - <<'PY' || exit 99
import copy, json, math, random
random.seed(1)
d = json.load(open("real.json"))
c0 = d["comparisons"][0]
k = len(c0["arms"])
copies = [i for i, a in enumerate(c0["arms"]) if d["arms"][a]["copies"]]
named = {d["arms"][c0["arms"][i]]["name"]: i for i in copies}
first = named["memcpy"]
for arm in copies:
    c0["guarantees"][c0["arms"][arm]] = "visible"
second = next(i for i in copies if i != first)
def comparison(size, kind, percent, log_ratio):
    c = copy.deepcopy(c0)
    c.update(size_bytes=size, background=kind, background_percent=percent)
    model = c["visits"][0]
    c["visits"] = []
    for number in range(10):
        v = dict(copy.deepcopy(model), at_s=60.0 * number, wall_s=0.1, rounds=100, **{"pass": number})
        c["visits"].append(v)
        v["log_ns"] = [math.log(1000.0)] * k
        v["log_ns"][second] -= log_ratio
        noise = random.gauss(0, 0.01)
        at = 0
        for a in range(k):
            for b in range(a + 1, k):
                v["log_ratio"][at] = v["log_ns"][a] - v["log_ns"][b] + (noise if second in (a, b) else 0)
                at += 1
    return c
sizes = [comparison(64 * 4 ** i, "none", 0, 0.2 * (6 + 2 * i - 11)) for i in range(6)]
loads = [comparison(4096, kind, p, 0.01 * (p - 30) if kind == "load" else -0.3)
         for p in (25, 50, 75, 100) for kind in ("load", "store")]
base = [comparison(4096, "none", 0, -0.3)]
for name, list_ in (("sizes", sizes), ("loads", base + loads)):
    d["comparisons"] = list_
    json.dump(d, open(name + ".json", "w"))
d["comparisons"] = [comparison(4096, "none", 0, 0.1), comparison(4096, "none", 0, 0.1)]
d["comparisons"][1]["threads"] = 2
more = copy.deepcopy(d["comparisons"])
for c in more: c["operation"] = "write+consume"
d["comparisons"] += more
more = copy.deepcopy(d["comparisons"])
for c in more: c["state"] = "clean"
d["comparisons"] += more
more = copy.deepcopy(d["comparisons"])
for c in more: c["pages"] = "unmapped"
d["comparisons"] += more
more = copy.deepcopy(d["comparisons"])
for c in more: c.update(cpu_node=0, mem_node=1)
for c in d["comparisons"]: c.update(cpu_node=0, mem_node=0)
d["comparisons"] += more
json.dump(d, open("axes.json", "w"))
names = [d["arms"][c0["arms"][i]]["name"] for i in (first, second)]
open("names", "w").write("\n".join(names))
PY
{ read -r first && read -r second; } < <(cat names; echo)

# LINES of report.md's crossover table as "below|above|at|interval".
crossings() { sed -n 's/\\//g; /equal at/,/^$/s/^| \([^|]*\) | \([^|]*\) | [^|]* | \([^|]*\) | \([^|]*\) |$/\1|\2|\3|\4/p' "$1/report.md" | grep -v '^faster\|^:--'; }
ok "report of the sizes" "$daxmark" report sizes.json -q >/dev/null
crossings sizes-report >crossings.txt
ok "one overtakes the other at 2 KiB" awk -F'|' -v a="$first" -v b="$second" '
	$1 == a && $2 == b { at = $3; sub(/ KiB/, "", at); if (at > 1.9 && at < 2.1) found = 1 }
	END { exit !found }' crossings.txt
ok "with an interval around it" awk -F'|' -v a="$first" -v b="$second" '
	$1 == a && $2 == b { split($4, part, " "); low = part[1] * (part[2] == "B" ? 1 / 1024 : 1); high = part[4]
		if (low < 2 && high > 2 && low > 1.2 && high < 3.4) found = 1 }
	END { exit !found }' crossings.txt
ok "report of the loads" "$daxmark" report loads.json -q >/dev/null
crossings loads-report >crossings.txt
ok "it overtakes under 30 % of load" grep -qF "$first|$second|30 %" crossings.txt
ok "and nothing crosses under stores" [ "$(grep -cF "$second" crossings.txt)" -eq "$(grep -c '|30 %|' crossings.txt)" ]

ok "report over the axes" "$daxmark" report axes.json -q >/dev/null
if command -v gnuplot >/dev/null; then
	for plot in operation state pages threads nodes; do
		ok "a plot over $plot" sh -c "ls axes-report/*-$plot.svg axes-report/*-$plot.png >/dev/null"
	done
	ok "a plot for each kind of load" [ "$(ls loads-report/*-background.svg | wc -l)" -eq 2 ]
	ok "every plot is described" [ "$(grep -o '<svg' axes-report/index.html | wc -l)" -eq "$(grep -o 'role="img" aria-label="[^"]' axes-report/index.html | wc -l)" ]
	ok "not more than anybody looks at" [ "$(ls axes-report/*.svg | wc -l)" -le 96 ]
fi
ok "several results" "$daxmark" report sizes.json loads.json -o both -q >/dev/null
ok "one page for both, each by a name of its own" [ "$(grep -c '<li><strong>[^<]* (EMULATED pmem)</strong>' both/index.html)" -ge 2 ]
# Four machines: another host by its label, one that is slower by a half, and one made of software.
python3 - <<'PY'
import copy, json, math
d = json.load(open("sizes.json"))
def save(name, **more):
    e = copy.deepcopy(d)
    e["facts"]["host"] = name
    for key, value in more.items():
        e["target" if key == "medium" else "facts"][key] = value
    return e
other = save("beta", cpu_model="Another CPU")
other["label"] = "rack <7>"
for c in other["comparisons"]:
    for v in c["visits"]:
        v["log_ns"] = [x + math.log(1.5) for x in v["log_ns"]]
json.dump(other, open("beta.json", "w"))
json.dump(save("gamma", medium="emulated machine"), open("gamma.json", "w"))
json.dump(save("delta"), open("delta.json", "w"))
PY
ok "machines side by side" "$daxmark" report sizes.json beta.json gamma.json delta.json --label one,,,four -o machines -q >/dev/null
ok "named as told, by label, or by host" sh -c 'for name in "one (EMULATED pmem)" "rack &lt;7&gt; (EMULATED pmem)" "gamma (EMULATED machine)" "four (EMULATED pmem)"; do grep -qF "<strong>$name</strong>" machines/index.html || exit 1; done'
ok "what software plays ranks nothing" sh -c 'grep -q "gamma (EMULATED machine)</strong>: Every copy was verified; a machine made of software ranks nothing" machines/index.html && grep -q "not ranked" machines/index.html'
ok "what differs is told apart" sh -c 'sed -n "/What differs/,/What is the same/p" machines/index.html | grep -q "Another CPU" && ! sed -n "/What differs/,/What is the same/p" machines/index.html | grep -q ">governor<"'
ok "a winner a size and machine" [ "$(sed -n '/The fastest at each size/,/What differs/p' machines/index.html | grep -o 'border-left' | wc -l)" -eq 18 ]
ok "times are half as long again" sh -c 'grep -qE "title=\"one[^\"]*, 1000 ns" machines/index.html && grep -qE "title=\"rack[^\"]*, 1\.50 us" machines/index.html'
if command -v gnuplot >/dev/null; then
	ok "curves over one another" sh -c 'ls machines/*-machines_time.svg machines/*-machines_speed.svg >/dev/null'
	ok "and a facet for each that is ranked" [ "$(ls machines/*-machine.svg | wc -l)" -eq 3 ]
	ok "none of which says more of a machine than of itself" sh -c '! grep -l "gamma" machines/*.svg'
fi
ok "a table for each of them" [ -s machines/cases-4.tsv ]
cp sizes.json again.json
ok "more than eight are refused, and why" sh -c '! "$0" report sizes.json beta.json gamma.json delta.json again.json again.json again.json again.json again.json -o nine -q 2>err.txt && grep -q "at most 8 side by side" err.txt && [ ! -e nine ]' "$daxmark"
ok "a table for each" [ -s both/cases.tsv -a -s both/cases-2.tsv ]
ok "the noise is said" grep -q "differs between visits by" sizes-report/report.md
ok "a result that is none stops it" sh -c '! "$0" report sizes.json names -o none -q 2>err.txt && grep -q names err.txt' "$daxmark"
# A ratio that follows a roof by half, at visits that are known: told at stated weather.
if "$daxmark" run -q -s memcpy+clflush,nt-sse2,roof-nt-store --op=write --size=4K --state=dirty --budget=1s --passes=6 -o roof.json >/dev/null; then
	python3 - <<'PY' || exit 99
import json, math, random
random.seed(2)
d = json.load(open("roof.json"))
c = d["comparisons"][0]
names = [d["arms"][a]["name"] for a in c["arms"]]
c["guarantees"] = ["durable-data" for g in c["guarantees"]]
model, c["visits"] = c["visits"][0], []
for v in range(40):
    weather = random.gauss(0, 0.05)
    logs = {"memcpy+clflush": math.log(2000) + weather / 2, "nt-sse2": math.log(1000), "roof-nt-store": math.log(500) + weather}
    log_ns = [logs[n] + random.gauss(0, 0.002) for n in names]
    k = len(names)
    c["visits"].append(dict(model, at_s=1.5 * v, wall_s=0.1, rounds=100, log_ns=log_ns, **{"pass": v},
        log_ratio=[log_ns[a] - log_ns[b] for a in range(k) for b in range(a + 1, k)]))
json.dump(d, open("weather.json", "w"))
PY
	ok "weather" "$daxmark" report weather.json -o weather -q >/dev/null
	ok "is told" grep -qE 'nt-sse2 over memcpy.clflush\*\* \| \*\*roof-nt-store: 9[0-9] %' weather/report.md
	ok "at three weathers" [ "$(wc -l <weather/weather-1.tsv)" -eq 4 ]
	ok "the slower the roof the faster" awk -F'\t' 'NR==2{q=$5} NR==4{exit !($5>q*1.04 && $5<q*1.09 && $6<=$5 && $5<=$7)}' weather/weather-1.tsv
	ok "another run is known there" awk -F'\t' 'NR>1{exit !($8<=$6 && $8>1.9)}' weather/weather-1.tsv
	ok "and told in the answer" grep -q 'in another run' weather/report.md
	ok "and exported" sh -c '"$0" export weather.json --format=tsv | head -1 | grep -q another_run_over_best_low' "$daxmark"
	! command -v gnuplot >/dev/null || ok "and drawn" [ -s weather/0-weather-1.svg ]
	# Where the copy is durable only because no line is cached, the answer says what else to take.
	python3 - <<'PY'
import json
d = json.load(open("weather.json"))
d["comparisons"][0]["state"] = "absent"
for name, hit in (("stays", 60.0), ("leaves", 200.0)):
    d["facts"].update(nocache_hit_ns=hit, nocache_miss_ns=210.0, clock_cost_ns=50.0)
    json.dump(d, open(name + ".json", "w"))
PY
	ok "an answer that holds for absent lines alone" sh -c '"$0" report stays.json -o stays -q >/dev/null && grep -q "If the lines are cached, nt-sse2 is not durable on this CPU: take memcpy+clflush" stays/index.html' "$daxmark"
	ok "and one that holds for all" sh -c '"$0" report leaves.json -o leaves -q >/dev/null && ! grep -q "If the lines are cached" leaves/index.html' "$daxmark"
fi
# Roofs alone are no curves, and no failure.
short_run -s roof-nt-store,empty --state=clean,dirty -o roofs.json >/dev/null 2>&1 ||
	short_run -s roof-store,empty --threads=1 -o roofs.json >/dev/null 2>&1
[ ! -e roofs.json ] || ok "a report without copies" "$daxmark" report roofs.json -q >/dev/null
# ---- what is taken out, and what is shown of a result
# refused NAME ARGS.. : a usage error that says NAME
refused() {
	local what=$1
	shift
	"$daxmark" report "$@" -q >/dev/null 2>err.txt
	ok "$*: status 2" [ $? -eq 2 ]
	ok "$*: says '$what', in a line" sh -c 'grep -qF -- "$0" err.txt && [ $(wc -l <err.txt) -eq 1 ]' "$what"
}
# rows FILE EXPRESSION: over the table as a list of dictionaries, r
rows() { python3 -c 'import csv,sys; r=list(csv.DictReader(open(sys.argv[1]),delimiter="\t")); sys.exit(not eval(sys.argv[2]))' "$@"; }
if command -v gnuplot >/dev/null; then
	mkdir out
	for format in svg png pdf eps tex text; do
		ending=$format
		[ $format != text ] || ending=txt
		base=fig
		[ $format != tex ] || base=paper # its PDF is not the other's
		ok "a plot as $format" sh -c '"$0" report sizes.json --plot throughput --format '$format' --width 85 --height 60 -o out/'$base' -q >out/said.txt &&
			[ "$(cat out/said.txt)" = out/'$base.$ending' ] && [ -s out/'$base.$ending' ]' "$daxmark"
	done
	ok "an SVG of that size" grep -q 'viewBox="0 0 32[12] 22[67]"' out/fig.svg
	ok "a PNG of that size" [ "$(od -An -tu1 -j16 -N8 out/fig.png | awk '{print $3*256+$4, $7*256+$8}')" = "642 453" ]
	ok "a PDF of that size" grep -aqE 'MediaBox \[ *0 0 24[01](\.[0-9]+)? (169|170)(\.[0-9]+)? *\]' out/fig.pdf
	ok "a TeX file that includes the PDF beside it" grep -q 'includegraphics.*{paper}' out/paper.tex
	ok "characters, in 72 columns" python3 -c 'import sys; l=[x.rstrip("\n") for x in open("out/fig.txt")]; sys.exit(len(l)<10 or any(len(x)>72 or x!=x.rstrip() for x in l))'
	ok "nothing is left behind" [ -z "$(find out -name '.daxmark*')" ]
	ok "a figure that is there stays" sh -c '! "$0" report sizes.json --plot throughput -o out/fig.svg -q 2>err.txt && grep -q "fig.svg" err.txt' "$daxmark"
	ok "unless told otherwise" "$daxmark" report sizes.json --plot throughput -o out/fig.svg -qf >/dev/null
	ok "its table and script are kept" sh -c '"$0" report sizes.json --plot ratio -k -o out/kept.svg -q -s "memcpy*" --size 64,1K,4K >/dev/null' "$daxmark"
	ok "with the rows that are drawn" rows out/kept.tsv 'sorted({x["strategy"] for x in r if x["family"]!="roof"})==["memcpy","memcpy+clflush","memcpy+clflushopt"] and {x["size_bytes"] for x in r}=={"64","1024","4096"}'
	mkdir moved && mv out/kept.tsv out/kept.gp moved
	ok "and draw it again elsewhere" sh -c 'cd moved && gnuplot -d kept.gp 2>err.txt && grep -q "</svg>" kept.svg'
	ok "of what is shown, too" sh -c '"$0" report sizes.json -s memcpy --size 1K..16K*4 -o some -q -k >/dev/null' "$daxmark"
	ok "only that" rows some/1-throughput.tsv '{x["strategy"] for x in r if x["family"]!="roof"}=={"memcpy"} and len({x["size_bytes"] for x in r})==3'
	ok "one plot that has nothing to draw" sh -c '! "$0" report sizes.json --plot threads -q 2>err.txt && grep -q "nothing to draw" err.txt' "$daxmark"
	ok "one or two sizes are dots" sh -c '"$0" report sizes.json --size 1K -o few -q >/dev/null && ls few/1-dots.svg >/dev/null && ! ls few/*throughput* 2>/dev/null' "$daxmark"
	ok "whose title says the size" grep -q '>Time of one operation: 1 KiB each: write' few/1-dots.svg
	ok "what a point is, under the pointer" grep -q "<title>$first, 1 KiB: " few/1-dots.svg
fi
if command -v gnuplot >/dev/null; then
	# What somebody else made stays, unless it is said otherwise.
	echo precious >out/own.tsv && echo precious >out/own.pdf
	ok "a table beside a figure stays" sh -c '"$0" report sizes.json --plot ratio -o out/own.svg -q >/dev/null && [ "$(cat out/own.tsv)" = precious ]' "$daxmark"
	ok "and a PDF beside a TeX file" sh -c '! "$0" report sizes.json --plot ratio -o out/own.tex -q >/dev/null 2>err.txt && grep -q own.pdf err.txt && [ "$(cat out/own.pdf)" = precious ] && [ ! -e out/own.tex ]' "$daxmark"
	echo notes >some/2024-notes.svg && echo changed >some/1-throughput.gp
	ok "a report keeps no script over a changed one" sh -c '! "$0" report sizes.json -s memcpy -o some -q -k >/dev/null 2>err.txt && grep -q "may have been changed" err.txt && [ "$(cat some/1-throughput.gp)" = changed ]' "$daxmark"
	ok "and drops no picture but its own" sh -c '"$0" report sizes.json -s memcpy --size 1K..16K*4 -o some -q >/dev/null && [ -s some/2024-notes.svg ] && [ -s some/1-throughput.tsv ]' "$daxmark"
	ok "the narrowest picture, and large type" sh -c '"$0" report sizes.json --plot throughput --width 30 -o out/narrow.svg -q >/dev/null && "$0" report sizes.json --plot throughput --font "DejaVu Sans,96" -o out/large.svg -q >/dev/null' "$daxmark"
	ok "roofs alone are no figure" sh -c '! [ -e roofs.json ] || "$0" report sizes.json -s memcpy -o one -q >/dev/null' "$daxmark"
	ok "machines of software alone" "$daxmark" report gamma.json gamma.json -o software -q >/dev/null
	mkdir -p tmpd
	TMPDIR=$work/tmpd "$daxmark" report axes.json -o cut -q >/dev/null 2>&1 &
	pid=$!
	wait_for sh -c 'ls cut/*.svg >/dev/null 2>&1'
	kill $pid
	wait $pid
	ok "ended by a signal, as a shell sees it" [ $? -eq 143 ]
	ok "without a left-over" [ -z "$(ls tmpd)$(find cut -name '.daxmark*')" ]
fi
python3 - <<'PY'
import json
d = json.load(open("gamma.json"))
d["comparisons"][0]["verified"] = ["failed"] * len(d["comparisons"][0]["verified"])
json.dump(d, open("wrong.json", "w"))
PY
ok "what was not verified is not said to be" sh -c '"$0" report wrong.json -o wrong -q >/dev/null && grep -q "WRONG DATA" wrong/index.html && ! grep -q "Every copy was verified" wrong/index.html' "$daxmark"
refused "names the results of a page of several" sizes.json --label x
refused "has 3 names for 2 results" sizes.json loads.json --label x,y,z
refused "--keep is of figures" sizes.json --format text -k
refused "--output is empty" sizes.json --plot ratio -o ''
refused "at most 198 characters" sizes.json -s "/$(printf 'm|%.0s' {1..150})memcpy/"
ok "verdicts are those of all" sh -c 'a=$(grep -o "<td>[0-9.]* \[[0-9., ]*\]</td>" some/index.html | sort -u); [ -z "$a" ] || for x in "$a"; do grep -qF "$(echo "$x" | head -n 1)" sizes-report/index.html || exit 1; done'
ok "the page opens with the answer" awk '/<h1>/ { h = NR } /<li>.*<strong>/ && !l { l = NR } /class="note"|<table/ && !t { t = NR } END { exit !(h && l && t && l < t && l - h < 12) }' sizes-report/index.html
# At 64 KiB the second is e times as fast as the first; at 64 B it takes e times as long.
sed -n '/>64 KiB: row over column/,/<\/table>/p' sizes-report/index.html >pairs.html
plain() { sed 's/+/[+]/g' <<<"$1"; }
ok "each over each, the right way round" grep -qE "title=\"$(plain "$second") is 2\.7[0-9]* \[2\.[67][0-9]*, 2\.7[0-9]*\] times as fast as $(plain "$first")\"" pairs.html
ok "and the other" grep -qE "title=\"$(plain "$first") is 0\.36[0-9]* \[[0-9., ]*\] times as fast as $(plain "$second")\"" pairs.html
if command -v gnuplot >/dev/null; then
	ok "like curves are one" grep -qE '<figcaption>As [^ ]*, within 5 % at every size: ' sizes-report/index.html
	ok "and others are not" sh -c '! grep -o "<figcaption>[^<]*" sizes-report/index.html | grep -qE "[ ,]$0[,.:]"' "$(plain "$second")"
fi
ok "a Markdown that fits a pull request" [ "$(wc -c <axes-report/report.md)" -lt 65536 ]
python3 - <<'PY'
import copy, json
d = json.load(open("sizes.json"))
d["comparisons"] = [dict(copy.deepcopy(c), dst_align_bytes=align) for align in range(60) for c in d["comparisons"]]
json.dump(d, open("wide.json", "w"))
PY
ok "a report of sixty settings" env PATH="$work/nowhere:/usr/bin" "$daxmark" report wide.json -q -o wide --size 64,1K >/dev/null
ok "has a Markdown that fits as well" [ "$(wc -c <wide/report.md)" -lt 65536 ]
ok "and a page with all of them" grep -q 'destination 59 and source 0 bytes past a line' wide/index.html
ok "with the answer" grep -q '\*\*, .* times as fast as ' sizes-report/report.md
"$daxmark" report sizes.json --format text >mail.txt
ok "a mail" grep -q "times as fast as" mail.txt
ok "of 72 columns" python3 -c 'import sys; sys.exit(any(len(l.rstrip("\n"))>72 for l in open("mail.txt")))'
ok "of one size: its answer, and every contestant" sh -c '"$0" report sizes.json --format text --size 1K >one.txt && grep -qE "^ +memcpy+ +1000 ns  \[" one.txt && [ "$(grep -c "^  \* " one.txt)" -eq 1 ]' "$daxmark"
ok "several in one" [ "$("$daxmark" report sizes.json loads.json --format text | grep -c '^DAX copy paths')" -eq 2 ]
refused "no plot 'thruput': did you mean 'throughput'?" sizes.json --plot thruput
refused "choose one with --plot" sizes.json --format pdf
refused "choose one with --plot" sizes.json --width 80
refused "is not between 30 and 2000" sizes.json --plot ratio --width 5
refused "is not between 4 and 96" sizes.json --plot ratio --font Sans,1000
refused "picture format" sizes.json --plot ratio --format gif
refused "is no name of a pdf" sizes.json --plot ratio --format pdf -o x.png
refused "no strategy 'nt-nothing*' in this result" sizes.json -s 'nt-nothing*'
refused "no regular expression" sizes.json -s '/(/'
refused "nothing was measured of the sizes" sizes.json --size 3
refused "of one result" sizes.json loads.json --plot ratio
# What is written is read, whatever its name was.
odd=$(printf 'odd\177\302\233\342\200\256.json')
short_run -s memcpy -o "./$odd" >/dev/null
ok "a strange name" "$daxmark" report "./$odd" -o odd-report -q >/dev/null
# A plot's header is believed only when it makes sense. The program looks for plots beside itself.
mkdir own
cp "$daxmark" own/daxmark
cp -r "$srcdir/plots" own/plots
# header NAME SED: a plot of that name, throughput's with an edited header
header() { sed "$2" own/plots/throughput.gp >"own/plots/$1.gp"; }
header odd 's/^#: title .*/#: axis nowhere\n&/'
ok "an unknown axis is refused, with those that there are" sh -c '! own/daxmark report real.json -o own/page 2>err.txt &&
	grep -q "unknown .#: axis nowhere.: it is one of operation, size, .*background" err.txt'
header odd '/^#: title/d'
ok "a plot without a title is refused" sh -c '! own/daxmark report real.json -o own/page 2>err.txt && grep -q "odd.gp: its .#: needs" err.txt'
header odd 's/^#: title .*/#: of somebody\n&/'
ok "a command's own plot is no concern of a report" sh -c 'own/daxmark report real.json -o own/page >/dev/null && ! ls own/page/*odd* 2>/dev/null'
finish
