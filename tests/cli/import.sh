#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What other tools measured: known files give known numbers, others are refused with their place,
# and the report has them beside, unranked. The tools' own files where they are here.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"
cat >g.json <<'EOF'
{"context": {"date": "2026-11-01T10:00:00+00:00", "host_name": "box", "num_cpus": 8, "mhz_per_cpu": 3000, "executable": "./mine"},
 "benchmarks": [
  {"name": "b/8", "run_name": "b/8", "run_type": "iteration", "repetition_index": 0, "real_time": 3.0, "cpu_time": 1, "time_unit": "us", "iterations": 9},
  {"name": "a", "run_name": "a", "run_type": "iteration", "real_time": 5e-1, "cpu_time": 1, "time_unit": "ms"},
  {"name": "b/8", "run_name": "b/8", "run_type": "iteration", "repetition_index": 1, "real_time": 1.0, "cpu_time": 1, "time_unit": "us"},
  {"name": "b/8", "run_name": "b/8", "run_type": "iteration", "repetition_index": 2, "real_time": 2.5, "cpu_time": 1, "time_unit": "us"},
  {"name": "b/8_mean", "run_name": "b/8", "run_type": "aggregate", "aggregate_name": "mean", "real_time": 2.1, "cpu_time": 1, "time_unit": "us"},
  {"name": "c", "run_name": "c", "run_type": "iteration", "error_occurred": true, "error_message": "no such thing", "real_time": 0, "time_unit": "ns"}]}
EOF
"$daxmark" import gbench g.json -o gi.json
row() { jq -r ".rows[] | select(.name == \"$1\") | [.ns, .least_ns, .most_ns, .repetitions, .why] | map(tostring) | join(\" \")" "${2:-gi.json}"; }
ok "repetitions are a median and a range" test "$(row b/8)" = '2500 1000 3000 3 '
ok "units" test "$(row a)" = '500000 500000 500000 1 '
ok "what was skipped has its reason" test "$(row c)" = 'null null null 0 no such thing'
ok "rows in the file's order, aggregates left out" test "$(jq -r '[.rows[].name] | join(" ")' gi.json)" = 'b/8 a c'
ok "provenance" test "$(jq -r '.source | [.format, .tool, .file, .column, .created, .machine] | join("|")' gi.json)" = \
	'gbench|Google Benchmark, ./mine|g.json|real_time of an iteration|2026-11-01T10:00:00+00:00|box, 8 CPUs of 3000 MHz'
cat >h.json <<'EOF'
{"results": [{"command": "cp a b", "mean": 0.02, "times": [0.03, 0.01, 0.02, 0.04]}, {"command": "dd", "times": [0.5]}]}
EOF
"$daxmark" import hyperfine h.json >hi.json
ok "an even number of runs" test "$(row 'cp a b' hi.json)" = '25000000 10000000 40000000 4 '
ok "one run" test "$(row dd hi.json)" = '500000000 500000000 500000000 1 '

refused() {
	local what=$1 format=$2
	cat >bad.json
	"$daxmark" import "$format" bad.json >out.txt 2>err.txt
	ok "fails: $what" test $? -ne 0
	ok "says '$what': $(cat err.txt)" grep -qF -- "$what" err.txt
	ok "one line: $what" test "$(wc -l <err.txt)" -eq 1
}
refused 'bad.json: benchmarks' gbench <<<'{"context": {}}'
refused 'benchmarks[0].real_time' gbench <<<'{"context": {}, "benchmarks": [{"name": "a", "real_time": "x", "time_unit": "ns"}]}'
refused 'benchmarks[0].real_time: is no time' gbench <<<'{"context": {}, "benchmarks": [{"name": "a", "real_time": -1, "time_unit": "ns"}]}'
refused 'benchmarks[0].time_unit: is none of' gbench <<<'{"context": {}, "benchmarks": [{"name": "a", "real_time": 1, "time_unit": "h"}]}'
refused 'no times in it' gbench <<<'{"context": {}, "benchmarks": []}'
refused 'results[0].times: holds something' hyperfine <<<'{"results": [{"command": "a", "times": [1, "b"]}]}'
refused 'results[0].times' hyperfine <<<'{"results": [{"command": "a", "times": []}]}'
refused 'bad.json' hyperfine <<<'not JSON'
refused "did you mean 'gbench'" gbenk <<<'{}'
ok "no file of somebody's is replaced" sh -c "! '$daxmark' import gbench g.json -o g.json 2>err.txt && grep -q 'g.json' err.txt && grep -q benchmarks g.json"

# ---- the report ----
short_run -o R.json >/dev/null
"$daxmark" report -q gi.json -o alone >/dev/null
ok "a page of imported times alone" grep -q 'Times that other tools measured' alone/index.html
"$daxmark" report -q R.json gi.json hi.json -o beside >/dev/null
ok "beside a result" sh -c "grep -q 'Measured by other tools' beside/index.html && grep -q 'no such thing' beside/index.html"
ok "with where they came from" grep -q 'From g.json, measured 2026-11-01T10:00:00+00:00 on box, 8 CPUs' beside/index.html
ok "cases are ours alone" sh -c "! grep -q 'cp a b' beside/cases.tsv"
if command -v gnuplot >/dev/null; then
	ok "drawn" test -s beside/imported-1.svg -a -s beside/imported-2.png
fi
jq '.rows[0].least_ns = 9999999999' gi.json >wild.json
ok "a document that was tampered with is refused" sh -c "! '$daxmark' report wild.json -o wild 2>err.txt && grep -q 'rows\[0\].ns' err.txt"
ok "figures are of results" sh -c "! '$daxmark' report gi.json --plot=ratio -o x.svg 2>err.txt && grep -q 'has a page' err.txt"

# ---- the tools' own files ----
build=$(dirname "$daxmark")
if [ -x "$build/daxmark_bench" ]; then
	"$build/daxmark_bench" --size=64 --benchmark_filter='^write/visible/memcpy/' --benchmark_min_time=0.001 --benchmark_out=own.json >/dev/null 2>&1
	ok "daxmark_bench's" sh -c "'$daxmark' import gbench own.json | jq -e '.rows[0].ns > 0' >/dev/null"
	"$daxmark" export --format=gbench R.json >exported.json
	ok "and what daxmark exports" sh -c "'$daxmark' import gbench exported.json | jq -e '[.rows[] | select(.ns > 0)] | length > 0' >/dev/null"
fi
if command -v hyperfine >/dev/null; then
	hyperfine -N -r 3 --export-json own-h.json true >/dev/null 2>&1
	ok "hyperfine's" sh -c "'$daxmark' import hyperfine own-h.json | jq -e '.rows[0].repetitions == 3' >/dev/null"
	ok "hyperfine-suite runs, shortened" sh -c "'$srcdir/scripts/hyperfine-suite' --build='$build' --folder='$work' --sizes=64K --runs=2 --output='$work/hf' >suite.txt 2>suite.err && test -s hf/report/index.html"
	ok "with cp and dd beside" sh -c "jq -r '.results[].command' hf/hyperfine-64K.json | grep -c -E '^(cp|dd)$' | grep -qx 2"
else
	echo "skipped: no hyperfine here" >&2
fi
finish
