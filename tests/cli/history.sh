#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# history: kept once, listed, followed, and nobody else's database is touched.
. "${srcdir:-.}/tests/cli/lib.sh"
short_run -s memcpy,empty --seed=1 -o a.json >/dev/null
short_run -s memcpy,empty --seed=2 -o b.json >/dev/null
if ! "$daxmark" history -d h.sqlite list >/dev/null 2>err.txt; then
	grep -q 'built without SQLite' err.txt && skip "$(cat err.txt)"
fi
h() { "$daxmark" history -d h.sqlite "$@"; }
ok "add" grep -q 'a.json: added' <(h add a.json)
ok "add more, nothing twice" grep -q 'a.json: was there already' <(h add a.json b.json)
ok "two runs" [ "$(h list | grep -c memfd)" -eq 2 ]
ok "as JSON" python3 -c 'import json,sys; d=json.load(sys.stdin); sys.exit(not(len(d["runs"])==2 and d["runs"][0]["cases"]==2 and d["runs"][0]["emulated"] is True))' < <(h list --json)
name=$(python3 -c 'import json; print(next(c["name"] for c in json.load(open("a.json"))["cases"] if "memcpy" in c["name"]))')
ok "one case over time" [ "$(h list "$name" | grep -c GB/s)" -eq 2 ]
# Three runs tell of another: Student's interval of the logs, 4.303 for 2 degrees.
python3 - <<'PY'
import json
d = json.load(open("a.json"))
for number, factor in ((3, 1.2), (4, 0.9)):
    d["plan"]["seed"] = number
    for c in d["comparisons"]:
        for v in c["visits"]:
            v["log_ns"] = [x + __import__("math").log(factor) for x in v["log_ns"]]
    json.dump(d, open(f"{number}.json", "w"))
    d = json.load(open("a.json"))
PY
three() { "$daxmark" history -d three.sqlite "$@"; }
three add a.json 3.json >/dev/null
ok "two runs say nothing of their mean" [ "$(three list "$name" | grep -c 'runs like these')" -eq 0 ]
three add 4.json >/dev/null
three list "$name" --json >three.json
ok "three do" python3 - <<'PY' "$(three list "$name" | grep 'the mean of runs like these 3')"
import json, math, re, sys
ns = [math.log(r["operation_ns"]) for r in json.load(open("three.json"))["case"]]
mean = sum(ns) / 3
half = 4.302653 * math.sqrt(sum((x - mean) ** 2 for x in ns) / 2 / 3)
unit = {"ns": 1, "us": 1e3, "ms": 1e6}
low, high = (float(n) * unit[u] for n, u in re.findall(r"([0-9.]+) (ns|us|ms)", sys.argv[1])[:2])
sys.exit(not (abs(low / math.exp(mean - half) - 1) < 0.01 and abs(high / math.exp(mean + half) - 1) < 0.01))
PY
h list memc >out.txt 2>err.txt
ok "a part of a name" [ $? -eq 1 ]
ok "suggests" grep -q "$name" err.txt
if command -v gnuplot >/dev/null; then
	ok "plot" h plot "$name" -o p.svg >/dev/null
	ok "is a picture" grep -q '<svg' p.svg
	ok "an existing picture is kept" sh -c '! "$0" history -d h.sqlite plot "$1" -o p.svg 2>err.txt' "$daxmark" "$name"
	ok "unless forced" h plot "$name" -o p.svg --force >/dev/null
fi
ok "the default place" env XDG_DATA_HOME="$work/data" "$daxmark" history add a.json >/dev/null
ok "is there" [ -s data/daxmark/history.sqlite ]
python3 -c 'import sqlite3; c=sqlite3.connect("mine.sqlite"); c.execute("create table precious(a)"); c.commit()'
before=$(cksum <mine.sqlite)
fails() { # STATUS ARGUMENTS..
	local status=$1
	shift
	"$daxmark" history "$@" >/dev/null 2>err.txt
	ok "$*: status $status" [ $? -eq "$status" ]
	ok "$*: a line" [ "$(tail -n 1 err.txt | grep -c '^daxmark: ')" -eq 1 ]
}
fails 1 -d mine.sqlite add a.json
ok "somebody else's database is left alone" [ "$(cksum <mine.sqlite)" = "$before" ]
echo text >text
fails 1 -d text list
fails 1 -d /nowhere/h.sqlite list
fails 1 -d h.sqlite add nowhere.json
fails 2 -d h.sqlite add
fails 2 -d h.sqlite lst
fails 2 -d h.sqlite plot
fails 2 -d h.sqlite plot "$name" -o p.bmp
fails 2
fails 1 -d h.sqlite plot nobody -o q.svg
ok "no picture of nothing" [ ! -e q.svg ]

# What was typed wrong keeps nothing and loses nothing.
fails 2 -d '' add a.json
fails 1 -d nowhere.sqlite list
ok "no database of a slip" [ ! -e nowhere.sqlite ]
ok "a strange name is a file" "$daxmark" history -d :memory: add a.json >/dev/null
ok "that is there" [ -s ./:memory: ]
fails 2 -d h.sqlite add a.json --json
fails 2 -d h.sqlite add a.json --host=x
fails 2 -d h.sqlite list -o p.svg
fails 1 -d h.sqlite list "$name" --host=nowhere
ok "the filter is to blame" grep -q 'of that machine' err.txt
h list "$name" --json >case.json
ok "numbers are numbers" python3 -c 'import json,sys; r=json.load(open("case.json"))["case"]; sys.exit(not(len(r)==2 and all(isinstance(x["operation_ns"],float) and x["emulated"] is True and "target" in x for x in r)))'

# Completion knows every command.
"$daxmark" completion >completion.bash
ok "completion is bash" bash -n completion.bash
ok "of commands" bash -c 'source ./completion.bash; COMP_WORDS=(daxmark ru); COMP_CWORD=1; _daxmark; [ "${COMPREPLY[*]}" = run ]'
ok "of options" bash -c 'compopt() { :; }; source ./completion.bash; COMP_WORDS=(daxmark run --budg); COMP_CWORD=2; _daxmark; [ "${COMPREPLY[*]}" = --budget= ]'
ok "of values" bash -c 'source ./completion.bash; COMP_WORDS=(daxmark run --state = cl); COMP_CWORD=4; _daxmark; [ "${COMPREPLY[*]}" = clean ]'
ok "of short options" bash -c 'source ./completion.bash; COMP_WORDS=(daxmark run -s memcpy+fen); COMP_CWORD=3; _daxmark; [ "${COMPREPLY[*]}" = memcpy+fence ]'
ok "of verbs" bash -c 'source ./completion.bash; COMP_WORDS=(daxmark history pl); COMP_CWORD=2; _daxmark; [ "${COMPREPLY[*]}" = plot ]'
ok "of help" bash -c 'source ./completion.bash; COMP_WORDS=(daxmark help comp); COMP_CWORD=2; _daxmark; [ "${COMPREPLY[*]}" = "compare completion" ]'
ok "of files after an option" bash -c 'compopt() { :; }; source ./completion.bash; COMP_WORDS=(daxmark run --output = a.js); COMP_CWORD=4; _daxmark; [ "${COMPREPLY[*]}" = a.json ]'
# As a person types it, in a terminal.
mkdir -p run
cat >terminal.py <<'PTY'
import os, pty, select, sys, time
pid, fd = pty.fork()
if pid == 0:
    os.environ["PS1"] = "$ "
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
seen = b""
def send(text, wanted, limit=20):
    global seen
    os.write(fd, text)
    end, got = time.time() + limit, b""
    while time.time() < end and wanted not in got:
        if select.select([fd], [], [], 0.1)[0]:
            got += os.read(fd, 4096)
    seen += got
    return wanted in got
ok = send(b"bind 'set enable-bracketed-paste off'; daxmark() { printf '<%s>' \"$@\"; echo; }; source ./completion.bash; echo ready\n", b"\nready") or send(b"\n", b"$ ")
ok = send(b"daxmark ru\t--budg\t5s --state=cl\t\n", b"<run><--budget=5s><--state=clean>")
os.write(fd, b"exit\n")
sys.exit(0 if ok else repr(seen))
PTY
ok "in a terminal" python3 terminal.py
finish
