#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What others rely on does not move by accident: the names of strategies and cases, their
# order for a seed, the columns, the keys and the words, as tests/golden/ has them.
#   UPDATE=1 tests/cli/golden.sh     writes those files anew, where a change is meant
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"
golden=$srcdir/tests/golden
run() {
	"$daxmark" run --quiet --force --target=memfd:64M --seed=7 --op=write,write+consume,read \
		--size=64,4K --dst-align=0,3 --src-align=0,1 "$@"
}
run --strategies=memcpy,pwrite,alias-congruent,pread,empty --state=dirty --source=hot,walk --page-state=mapped \
	--passes=2 --budget=2s --output=run.json >run.txt || exit 99

# same NAME: standard input is what tests/golden/NAME says
same() {
	cat >"$1.now"
	[ -z "${UPDATE:-}" ] || cp "$1.now" "$golden/$1"
	ok "tests/golden/$1" diff -u "$golden/$1" "$1.now"
}

# In the order of listings; what is not in this build may be missing.
"$daxmark" list --json | jq -r '.strategies[] | select((.why // "") | startswith("made of") | not) | .name + ": " + .steps' >strategies
if grep -q '^nt-sse2:' strategies; then
	same strategies <strategies
else
	ok "strategies in their order" diff strategies <(grep -Fxf strategies "$golden/strategies")
fi
# Everything crossed: the seeded order of a plan.
same plan < <(run --strategies=memcpy,pread --state=absent,dirty --source=hot,walk --dry-run --src-align=1 \
	--page-state=mapped,write-protected --threads=1,2 --background=none,load@50 |
	sed -n '/^COMPARISON/,$p')
same cases < <("$daxmark" export --format=csv run.json | cut -d, -f1)
same columns < <("$daxmark" export --format=csv run.json | sed -n 1p | tr , '\n')
# keys: the paths of a document, array positions left out
# Which instructions a line was looked at after is the CPU's.
keys() { jq -r 'del(.facts.lines?)' | jq -r 'paths | map(if type == "number" then "[]" else . end) | join(".")' | LC_ALL=C sort -u; }
same keys < <(keys <run.json)
same compare-keys < <("$daxmark" compare --json run.json run.json | keys)
same gbench-keys < <("$daxmark" export --format=gbench run.json | keys)
same words < <(jq -r '.. | .enum? | arrays | map(tostring) | join(" ")' "$srcdir/docs/daxmark-result.schema.json")
finish
