#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copy routines of one's own: what they declare is checked and proved, and what they break
# is theirs alone.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"
cc=${CC:-cc}
command -v "${cc%% *}" >/dev/null || skip "no C compiler here"
[ "$(uname -m)" = x86_64 ] || skip "the planted routines are of x86-64"
# A library with sanitizers is no help to routines without: they are loaded all the same.
build() { $cc -O2 -w -I"$srcdir/include" -shared -fPIC "$@"; }
build "$srcdir/tests/routines/planted.c" -o proofs.so || exit 99
"$daxmark" list --load=./proofs.so my-right >out.txt 2>err.txt
if grep -q 'built without libmd' err.txt; then
	skip "this daxmark was built without libmd"
fi
# says WHAT COMMAND..: fails, with one line that says it
says() {
	local what=$1
	shift
	timeout -k 5 120 "$@" >out.txt 2>err.txt
	ok "fails: $what" test $? -ne 0
	ok "says '$what': $(cat err.txt)" grep -qF -- "$what" err.txt
	ok "one line: $what" test "$(wc -l <err.txt)" -eq 1
}
run() { timeout -k 5 120 "$daxmark" run -q -f --op=write --passes=3 "$@"; }

# ---- the file ----
echo 'int x;' >plain.c && build plain.c -o plain.so
echo text >text.so
says 'cannot load ./none.so: No such file' "$daxmark" list --load ./none.so
says 'cannot load ./text.so' "$daxmark" list --load=./text.so
says "'daxmark_loadable' of <daxmark/strategy.h> is missing" "$daxmark" list --load=./plain.so
says "option '--load' needs a value" "$daxmark" list --load
build -DPLANT_OPEN=SIGSEGV "$srcdir/tests/routines/planted.c" -o open.so
says 'it crashed (Segmentation fault)' "$daxmark" list --load=./open.so
says "there is a strategy 'my-right' already" "$daxmark" list --load=./proofs.so --load=./proofs.so

# ---- what is declared ----
declared() {
	local what=$1
	shift
	build "$@" "$srcdir/tests/routines/planted.c" -o declared.so || exit 99
	says "$what" "$daxmark" list --load=./declared.so
}
plant=(-DPLANT_VERSION=1 '-DPLANT_BYTES=sizeof(struct daxmark_loadable_strategy)' '-DPLANT_NAME="a"' '-DPLANT_STEPS={DAXMARK_COPY}' -DPLANT_WRITE=right)
declared 'compiled with another <daxmark/strategy.h>' "${plant[@]}" -UPLANT_VERSION -DPLANT_VERSION=2
declared 'compiled with another <daxmark/strategy.h>' "${plant[@]}" -UPLANT_BYTES -DPLANT_BYTES=64
declared 'name: 1 to 39 small letters' "${plant[@]}" -UPLANT_NAME '-DPLANT_NAME="A b"'
declared "there is a strategy 'memcpy' already" "${plant[@]}" -UPLANT_NAME '-DPLANT_NAME="memcpy"'
declared 'its steps copy not just once' "${plant[@]}" -UPLANT_STEPS '-DPLANT_STEPS={DAXMARK_FLUSH,DAXMARK_FENCE}'
declared 'an unknown step' "${plant[@]}" -UPLANT_STEPS '-DPLANT_STEPS={DAXMARK_COPY,77}'
declared 'an unknown step, or one that no write takes' "${plant[@]}" -UPLANT_STEPS '-DPLANT_STEPS={DAXMARK_DROP,DAXMARK_COPY}'
declared 'DAXMARK_END is missing' "${plant[@]}" -UPLANT_STEPS '-DPLANT_STEPS={1,5,5,5,5,5,5,5}'
declared 'steps of writes and a write go together' "${plant[@]}" -UPLANT_WRITE -DPLANT_WRITE=NULL

# ---- the trial, in a child ----
build -DPLANT_TRIAL "$srcdir/tests/routines/planted.c" -o trial.so || exit 99
timeout -k 5 60 "$daxmark" list --load=./trial.so --json 'my-*' >trial.json
why() { jq -r ".strategies[] | select(.name == \"$1\") | .why" trial.json; }
ok "the right one is available" test "$(jq -r '.strategies[] | select(.name == "my-right") | .available' trial.json)" = true
ok "a crash is told with its case" grep -q '^it crashed (Segmentation fault): copying 511 bytes' <(why my-crashes)
ok "a byte behind the destination is met by the guard" grep -q '^it crashed (Segmentation fault): copying 1 bytes' <(why my-beyond)
ok "a wrong byte is told" grep -q '^it copies wrongly: byte 200 of 257' <(why my-wrong)
ok "one that hangs is ended" grep -q '^it did not come back within 10 s: copying 511 bytes' <(why my-hangs)
ok "what it says itself" grep -q '^it is Tuesday$' <(why my-never)

# ---- the proof ----
if "$daxmark" verify --trace --load=./proofs.so -s my-right >/dev/null 2>trace.txt; then
	timeout -k 5 100 "$daxmark" verify --trace --load ./proofs.so --json -s 'my-*' >proofs.json 2>/dev/null
	proof() { jq -r ".proofs[] | select(.strategy == \"$1\") | .$2" proofs.json; }
	ok "the right one is proved" test "$(proof my-right verdict)" = proved
	ok "and nothing of it is redundant" test "$(proof my-right redundant)" = null -o -z "$(proof my-right redundant)"
	ok "a missing flush is named" grep -q 'and its line is not flushed after that' <(proof my-no-flush why)
	ok "a missing fence is named" grep -q 'and no fence comes after that' <(proof my-no-fence why)
	ok "a redundant flush is named, with its place" grep -qE "flushes find nothing to write back: 'clflush .*' at proofs.so" <(proof my-twice redundant)
	ok "and a redundant fence" grep -qE "fences have nothing to wait for: 'sfence' at proofs.so" <(proof my-twice redundant)
	ok "redundant is not wrong" test "$(proof my-twice verdict)" = proved
	ok "a read that drops nothing is refuted" grep -q 'its line was not dropped before' <(proof my-reads why)

	run --load=./proofs.so -s 'memcpy,my-right,my-no-flush' --size=64,4K,2M --budget=4s -o r.json >r.txt
	ok "runs" test $? -eq 0
	ok "what was proved guarantees" sh -c "jq -r '.cases[].name' r.json | grep -q '^write/durable-data/my-right/4096/'"
	ok "what was not proved gives nothing" sh -c "jq -r '.cases[].name' r.json | grep -q '^write/none/my-no-flush/4096/'"
	ok "nor does what cannot be traced" sh -c "jq -r '.cases[].name' r.json | grep -q '^write/none/my-right/2097152/'"
	ok "people read why" grep -q 'my-no-flush .*declared, not proved' r.txt
	ok "it is never the answer" sh -c "! grep -E '^(durable-data|visible): my-no-flush' r.txt"
	ok "its file, revision and SHA-256 are kept" test "$(jq -r '.arms[] | select(.name == "my-right") | .loaded | .path + " " + .revision + " " + .sha256' r.json)" = \
		"$PWD/proofs.so r7 $(sha256sum proofs.so | cut -d' ' -f1)"
	"$daxmark" report r.json -o page -q >/dev/null 2>&1
	ok "the page says so, too" sh -c "grep -q 'declared, not proved' page/index.html && grep -q 'SHA-256' page/index.html"
else
	echo "no traces here: $(cat trace.txt)"
	run --load=./proofs.so -s 'memcpy,my-right' --size=64 --budget=2s -o r.json >r.txt
	ok "without a proof it gives nothing" sh -c "jq -r '.cases[].name' r.json | grep -q '^write/none/my-right/64/'"
fi
ok "verify compares its bytes" timeout -k 5 60 "$daxmark" verify --load=./proofs.so -s my-right --time=1s

# ---- a fault in a run ends the routine, and nothing else ----
build -DPLANT_LATE "$srcdir/tests/routines/planted.c" -o late.so || exit 99
run --load=./late.so -s 'memcpy,my-*' --size=64,256 --budget=34s -o late.json >late.txt 2>&1
ok "the run goes on: $(tail -3 late.txt)" test -s late.json
ok "it is complete" test "$(jq .complete late.json)" = true
failed() { jq -r "[.comparisons[].failures[] | select(.arm == $1) | .why] | unique[]" late.json; }
arm() { jq ".arms | map(.name) | index(\"$1\")" late.json; }
ok "the crash is told" grep -q '^the loaded routine crashed (SIGSEGV)' <(failed "$(arm my-crashes-late)")
ok "the hang is told" grep -q '^the loaded routine did not come back' <(failed "$(arm my-hangs-late)")
ok "and the stack that is full" grep -q '^the loaded routine crashed (SIGSEGV)' <(failed "$(arm my-overflows-late)")
ok "the others were measured" test "$(jq '[.cases[] | select((.name | test("/(memcpy|my-right)/")) and .operation_ns.estimate != null)] | length' late.json)" -eq 4

# ---- the examples ----
for example in my_copy.c my_copy_asm.S; do
	ok "$example is built without a warning" $cc -O2 -Wall -Wextra -Werror -I"$srcdir/include" -shared -fPIC "$srcdir/docs/examples/$example" -o example.so
	ok "$example is right" timeout -k 5 60 "$daxmark" verify --load=./example.so -s 'my-*' --time=1s
done
finish
