#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Latencies of single operations: what is asked for is in the file, the table and the page;
# what cannot be is refused.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"
run() { "$daxmark" run -q -f --passes=3 "$@"; }
refused() { # WHAT TEXT OPTIONS..
	local what=$1 text=$2
	shift 2
	"$daxmark" run --dry-run "$@" >out.txt 2>err.txt
	ok "$what: a usage error" test $? -eq 2
	ok "$what: $(cat err.txt)" grep -qF -- "$text" err.txt
	ok "$what: one line" test "$(wc -l <err.txt)" -eq 1
}
refused "no rate" "--rate: 'fast' is not a rate" --rate=fast
refused "no unit" "--rate: '5Q' is not a rate" --rate=5Q
refused "none a second" "--rate: '0' is not a rate" --rate=0
refused "too many" "--rate: more than 16 rates" --rate="$(seq -s, 17)"
refused "a ring" "--latency: not of --workload ring" --latency --workload=ring --threads=2 --op=write --state=absent

run -s memcpy,empty --op=write,read --size=64,4K --latency --rate=50K,1.5M --budget=6s -o l.json >l.txt || exit 99
ok "every arm, closed and at both rates" test "$(jq '[.comparisons[] | .latencies | length] | unique | join(",")' -r l.json)" = 6
ok "rates are of 1000" test "$(jq -r '[.comparisons[].latencies[].rate_per_s] | unique | map(tostring) | join(" ")' l.json)" = "0 50000 1500000"
ok "counts are the operations" test "$(jq '[.comparisons[].latencies[] | (.counts | map(.[1]) | add) == .operations] | all' l.json)" = true
ok "percentiles rise, to the longest" test "$(jq '[.comparisons[].latencies[] | [.percentiles_ns[], .max_ns] | map(select(. != null)) | . == sort] | all' l.json)" = true
ok "no percentile without ten beyond it" test "$(jq '[.comparisons[].latencies[] | (.operations < 99990) == (.percentiles_ns["p99.99"] == null)] | all' l.json)" = true
ok "half of the samples lie below the median" test "$(jq '[.comparisons[].latencies[] | . as $l | ([.counts[] | select(.[0] <= $l.percentiles_ns.p50) | .[1]] | add) * 2 >= .operations] | all' l.json)" = true
ok "a slow rate has waited for its arrivals" test "$(jq '[.comparisons[].latencies[] | select(.rate_per_s == 50000) | .operations / .time_s | . < 100000 and . > 1000] | all' l.json)" = true
ok "the table says the loop and the clock" sh -c 'grep -q "reading the clock is" l.txt && grep -qE "memcpy +closed" l.txt && grep -qE "memcpy +at 1.5 M/s" l.txt'
if command -v jsonschema >/dev/null; then
	ok "schema" jsonschema -i l.json "$srcdir/docs/daxmark-result.schema.json"
fi
"$daxmark" report l.json -o page >/dev/null 2>&1
ok "the page has them" grep -q 'Latency of single operations' page/index.html
ok "and says how they count" grep -q 'latency counts from the arrival' page/index.html
ok "a table for others" test "$(sed -n 1p page/latency.tsv | tr '\t' ' ')" = "case strategy comparison rate_per_s share one_of ns is_p99"
if ls page/0-answer.svg >/dev/null 2>&1; then
	ok "drawn" test "$(ls page/0-latency-*.svg | wc -l)" -ge 4
fi
# Again from the file: what was read is what was written.
"$daxmark" report l.json -o again >/dev/null 2>&1
ok "the same twice" cmp page/latency.tsv again/latency.tsv
jq '.comparisons[0].latencies[0].counts[0][0] = 1000.7' l.json >odd.json
ok "a bucket that is none is refused" sh -c "! '$daxmark' report odd.json -o odd 2>err.txt && grep -q 'bucket' err.txt"
jq '.comparisons[0].latencies[0].arm = 63' l.json >odd.json
ok "an arm that is none is refused" sh -c "! '$daxmark' report odd.json -o odd 2>err.txt && grep -q 'not measured' err.txt"

ok "the plan says so" sh -c "'$daxmark' run --dry-run --latency --rate=100K,2M --size=64 | grep -q '^latency: half of each visit is for single operations: closed loop, arrivals at 100 K/s, 2 M/s$'"
if [ "$(nproc)" -gt 1 ]; then
	run -s memcpy --op=write --size=64 --threads=2 --latency --rate=20K --budget=3s -o t.json >/dev/null
	# Of either thread as many arrive a second.
	ok "two threads, each with its arrivals" test "$(jq '[.comparisons[].latencies[] | (.rate_per_s == 0) or (.operations / .time_s | . > 10000 and . < 40000)] | all' t.json)" = true
fi
run -s memcpy --op=write --size=64 --threads=1 --workload=log,random --state=absent --rate=100K --budget=3s -o w.json >/dev/null
if [ -s w.json ]; then
	ok "of workloads, too; without a closed loop that nobody asked for" test "$(jq -r '[.comparisons[].latencies[].rate_per_s] | unique | map(tostring) | join(" ")' w.json)" = 100000
fi
printf '[a]\nop = write\nsize = 64\nstrategies = memcpy\nlatency = yes\n[b]\ninherit = a\nsize = 128\nlatency = no\n' >mine.ini
run mine.ini --budget=2s -o s.json >/dev/null
ok "a section has latencies of its own, and can take back what it inherits" test "$(jq -r '[.comparisons[] | "\(.section) \(.latencies | length)"] | sort | join(",")' s.json)" = "a 1,b 0"

# A range of background loads; 0 is none, and once is enough.
ok "a range of loads" test "$("$daxmark" run --dry-run --op=write --size=64 --background=none,store@0..100+25 | grep -c '64 B write')" -eq 5
refused "a range without a step" "a range of them as 0..100+10" --background=store@0..100
refused "a range that ends before it begins" "a range of them" --background=store@50..10+10
refused "none of the time" "percent of the time, 1..100" --background=store@0
finish
