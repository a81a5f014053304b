#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A run cut by SIGINT, SIGTERM or SIGKILL leaves a readable result that says so; what
# measures in a child process takes it along.
. "${srcdir:-.}/tests/cli/lib.sh"

cut() {
	local signal=$1 expected=$2 file=cut-$1.json
	env --default-signal=INT "$daxmark" run -s memcpy --size=64,4K --budget=300s --passes=2000 -q -o "$file" >out.txt 2>err.txt &
	local pid=$!
	ok "$signal: checkpointed while running" wait_for grep -q '"rounds"' "$file"
	kill "-$signal" $pid
	wait $pid 2>/dev/null
	ok "$signal: died by the signal" [ $? -eq "$expected" ]
	ok "$signal: marked incomplete" grep -q '"complete":false' "$file"
	ok "$signal: has visits" grep -q '"rounds"' "$file"
	ok "$signal: can be reported" "$daxmark" report "$file" -o "rep-$signal" -q
	ok "$signal: the report says it" grep -q 'Incomplete' "rep-$signal/index.html"
	ok "$signal: no temporary file stayed behind" sh -c "[ $signal = KILL ] || [ -z \"\$(ls $file.* 2>/dev/null)\" ]"
}

# A background job ignores SIGINT, and daxmark keeps an ignored signal ignored, as it
# should: so cut() gives it a default one.
cut INT 130
cut TERM 143
cut KILL 137

# tune measures in children, and a shell's background jobs ignore SIGINT.
mkdir parts
TMPDIR=$PWD/parts "$daxmark" tune --budget=600s -q >out.txt 2>err.txt &
pid=$!
ok "tune: a child measures" wait_for grep -qr '"rounds"' parts
kill -TERM $pid
wait $pid 2>/dev/null
ok "tune: died by the signal" [ $? -eq 143 ]
ok "tune: the child went with it and left nothing" sh -c '[ -z "$(ls parts)" ]'
finish
