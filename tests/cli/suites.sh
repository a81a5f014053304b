#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Suites: files are read as they are written or refused with line and key, what sections
# inherit, what of them is in the result, and each one that is shipped, shortened.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"
plan() { "$daxmark" run --dry-run --seed=1 "$@"; }

# refused WHAT TEXT: a suite of that text, one line on stderr that says it
refused() {
	printf '%s\n' "$2" >bad.ini
	plan bad.ini >out.txt 2>err.txt
	ok "a usage error: $1" test $? -eq 2
	ok "says '$1': $(cat err.txt)" grep -qF -- "daxmark: bad.ini:$1" err.txt
	ok "one line: $1" test "$(wc -l <err.txt)" -eq 1
}
refused "3: size: '4X'" $'[global]\n[a]\nsize = 4X'
refused "2: unknown key 'colour'" $'[a]\ncolour = red'
refused "2: unknown key 'sizes'" $'[a]\nsizes = 64'
refused '2: budget: is of the whole run' $'[a]\nbudget = 1s'
refused '2: output: belongs on the command line' $'[global]\noutput = x.json\n[a]\nop = write'
refused '2: overwrite: belongs on the command line' $'[global]\noverwrite = yes\n[a]\nop = write'
refused "2: incoherent: 'maybe' is not yes or no" $'[global]\nincoherent = maybe\n[a]\nop = write'
refused '3: an indented line' $'[a]\nsize = 64\n  4K'
refused '2: a line has 197 characters' "[a]"$'\n'"size = $(printf '64,%.0s' $(seq 80))64"
refused '3: size: said already, in line 2' $'[a]\nsize = 64\nsize = 4K'
refused '3: section [a] is there already, in line 1' $'[a]\nsize = 64\n[a]'
refused '2: [global] comes first' $'[a]\n[global]\nsize = 64'
refused "1: a section's name" $'[A b]\nsize = 64'
refused '1: a key before the first section' $'size = 64\n[a]'
refused "2: neither 'key = value'" $'[a]\nsize 64'
refused '2: a key without a value' $'[a]\nsize ='
refused '2: inherit: not a section that comes before' $'[a]\ninherit = b\n[b]\nsize = 64'
refused '3: strategies: unknown strategy' $'[global]\n[a]\nstrategies = memcopy'
refused '2: workload: unknown workload' $'[a]\nworkload = logs'
refused '2: question and provisional belong' $'[a]\nquestion = why'
ok "only [global] is nothing to run" sh -c "printf '[global]\nsize=64\n' >g.ini; ! '$daxmark' run g.ini -n 2>&1 | grep -q COMPARISON"
ok "a file that is not there" sh -c "'$daxmark' run ./none.ini 2>&1 | grep -q 'cannot read suite ./none.ini: No such file'"
printf '[a]\nsize\0 = 64\n' >zero.ini
ok "a zero byte is no crash" sh -c "'$daxmark' run zero.ini -n >/dev/null 2>err.txt; test \$? -eq 2"
printf '\357\273\277; with a byte order mark and CRLF\r\n[a]\r\nop = write ; and a comment\r\nsize = 64..256*2\r\n' >crlf.ini
ok "a mark, CRLF and a comment behind a value are fine" test "$(plan crlf.ini | grep -c 'section a')" -eq 3

cat >mine.ini <<'EOF'
; two kinds of work
[global]
question = Does it work?
provisional = yes
budget = 2s
op = write
strategies = memcpy,pwrite,empty

[records]
size = 64..256*2
workload = log

[big]
size = 4K
strategies = memcpy

[more]
inherit = records
size = 1K
threads = 2
EOF
# Sections inherit, a later value counts, the command line is above all.
plan mine.ini >plan.txt
ok "three sizes of records" test "$(grep -c 'section records$' plan.txt)" -eq 3
ok "one of big, without a workload" test "$(grep 'section big$' plan.txt | grep -vc workload)" -eq 1
ok "more inherits the workload and has its own size" grep -q '1 KiB write.* 2 threads, workload log, section more$' plan.txt
ok "the budget is the file's" grep -q '^budget 2 s' plan.txt
ok "the command line is above it" sh -c "'$daxmark' run mine.ini -n --size=512 --budget=7s >over.txt; grep -q '^budget 7 s' over.txt && test \$(grep -c '512 B.*section' over.txt) -eq 3"
ok "a section alone" test "$(plan mine.ini --section=big,more | grep -c 'section ')" -eq 2
ok "an unknown section" sh -c "'$daxmark' run mine.ini --section=bog -n 2>&1 | grep -q \"no section 'bog': did you mean 'big'\""

"$daxmark" run mine.ini -q --passes=2 -o mine.json >mine.txt || exit 99
ok "the question is answered for people" grep -q 'Does it work?' mine.txt
ok "and said to be provisional" grep -q '^PROVISIONAL' mine.txt
ok "one file keeps suite, question and provisional" test "$(jq -r '[.suite, .question, .provisional] | join("|")' mine.json)" = "mine|Does it work?|true"
ok "cases carry the section" sh -c "jq -r '.cases[].name' mine.json | grep -q '^write/visible/memcpy/64/[a-z]*/workload-log/section-records$'"
ok "pwrite is not in the section that does not name it" test "$(jq '[.cases[] | select(.name | test("pwrite.*section-big"))] | length' mine.json)" -eq 0
ok "pwrite is in the others" test "$(jq '[.cases[] | select(.name | test("pwrite.*section-records"))] | length' mine.json)" -eq 3
ok "every copy was verified" test "$(jq -r '[.comparisons[] | .verified[]] | unique | join(" ")' mine.json)" = "passed unchecked"
"$daxmark" report mine.json -o page >/dev/null 2>&1
ok "the page says provisional" grep -q 'Provisional: suite' page/index.html
ok "and what was asked" grep -q 'Does it work?' page/index.html
ok "export knows the section" sh -c "'$daxmark' export --format=csv mine.json | sed -n 1p | grep -q 'workload,section'"
ok "a result is one of its own kind again" "$daxmark" compare mine.json mine.json

# An old file has neither: a stream of no section.
jq 'del(.comparisons[].workload, .comparisons[].section) | del(.comparisons[].roster) | .comparisons |= map(select(.size_bytes == 4096))' mine.json >old.json
ok "an older file is read" sh -c "'$daxmark' export --format=csv old.json | grep -q '^write/visible/memcpy/4096/[a-z]*,'"
jq '.comparisons[0].roster = [77]' mine.json >wild.json
ok "a roster of arms that are not there is refused" sh -c "! '$daxmark' report wild.json -o wild 2>&1 | grep -q index.html"

# The planted fault of the ring: no flush. By its steps where caches are not coherent.
"$daxmark" run message-ring -q --size=256 --budget=2s --passes=2 -s memcpy,family:flush -o ring.json >/dev/null
if [ "$(jq '[.cases[] | select(.operation_ns.estimate != null)] | length' ring.json)" -gt 1 ]; then
	ok "a ring without flushes gives nothing" sh -c "jq -r '.cases[].name' ring.json | grep -q '^write/none/memcpy/'"
	ok "and all that was sent arrived here" test "$(jq -r '[.comparisons[] | .verified[]] | unique | join(" ")' ring.json)" = passed
fi

# Every suite that is shipped, shortened.
"$daxmark" list --suites --json >suites.json
ok "a dozen suites" test "$(jq '.suites | length' suites.json)" -ge 12
ok "each says what it is to answer" test "$(jq '[.suites[] | select(.question | endswith("?") | not)] | length' suites.json)" -eq 0
ok "quick is provisional, alone" test "$(jq -r '[.suites[] | select(.provisional) | .name] | join(" ")' suites.json)" = quick
for suite in $(jq -r '.suites[].name' suites.json); do
	"$daxmark" run "$suite" -q -f --budget=2s --passes=1 --size=256,4K ${SUITE_TARGET:+--target="$SUITE_TARGET"} -o s.json >s.txt 2>err.txt
	status=$?
	# A ring on one CPU is nothing at all, and says so.
	if [ $status -ne 0 ] && [ "$suite" = message-ring ] && grep -q 'CPU' err.txt; then
		echo "suite $suite: $(cat err.txt)"
		continue
	fi
	ok "suite $suite runs: $(cat err.txt)" test $status -eq 0
	ok "suite $suite measures" test "$(jq '[.cases[] | select(.operation_ns.estimate != null)] | length' s.json)" -gt 0
	ok "suite $suite copies right" test "$(jq -r '[.comparisons[] | .verified[]] | index("failed")' s.json)" = null
done
finish
