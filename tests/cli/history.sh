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
# ---- watching: made-up runs of known changes
# watched DATABASE RUNS FACTOR FROM: memcpy as it is and another copy that is FACTOR times as fast
# from run FROM on; runs differ by 1 %.
watched() {
	python3 - "$@" <<'PY' && "$daxmark" history -d "$1" add watched-*.json >/dev/null
import copy, glob, json, math, os, random, sys
database, runs, factor, start = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
random.seed(database)
for old in glob.glob("watched-*.json"): os.remove(old)
base = json.load(open("two.json"))
c0 = base["comparisons"][0]
names = [base["arms"][a]["name"] for a in c0["arms"]]
other = names.index("nt-sse2") if "nt-sse2" in names else names.index("memcpy+fence") if "memcpy+fence" in names else 1
for run in range(runs):
    d = copy.deepcopy(base)
    d["created"] = "2026-01-%02dT12:00:00+00:00" % (run + 1)
    d["plan"]["seed"] = run
    d["commit"] = "c%d" % run
    d["label"] = "even" if run % 2 == 0 else "odd"
    d["comparisons"] = []
    for size in (64, 256, 1024, 4096):
        c = copy.deepcopy(c0)
        c["size_bytes"] = size
        weather = random.gauss(0, 0.01)
        its = random.gauss(0, 0.01) - (math.log(factor) if run >= start and size == 1024 else 0)
        c["visits"] = []
        for v in range(12):
            one = copy.deepcopy(c0["visits"][0])
            logs = [math.log(size) + weather + random.gauss(0, 0.001) for _ in names]
            logs[other] += its
            one.update(at_s=1.0 * v, log_ns=logs, log_ratio=[logs[a] - logs[b] for a in range(len(names)) for b in range(a + 1, len(names))], **{"pass": v})
            c["visits"].append(one)
        d["comparisons"].append(c)
    json.dump(d, open("watched-%02d.json" % run, "w"))
PY
}
"$daxmark" run -q -t memfd:1M -s memcpy,memcpy+fence,nt-sse2 --op=write --size=64 --budget=1s --passes=3 --label even -o two.json >/dev/null 2>&1 ||
	"$daxmark" run -q -t memfd:1M -s memcpy,memcpy+fence --op=write --size=64 --budget=1s --passes=3 --label even -o two.json >/dev/null || exit 99
ok "a label is kept" python3 -c 'import json,sys; sys.exit(json.load(open("two.json"))["label"]!="even")'
watched steady.sqlite 12 1 99
"$daxmark" history -d steady.sqlite check >out.txt
ok "nothing changed: no alarm" [ $? -eq 0 ]
ok "and it says how much was looked at" grep -qE '^(8|12) series of cases checked together: 0 slower, 0 faster: no change' out.txt
watched slow.sqlite 12 0.9 8
"$daxmark" history -d slow.sqlite check >out.txt 2>err.txt
ok "a tenth slower is an alarm of its own status" [ $? -eq 3 ]
ok "told for the case, and for no other" [ "$(grep -cE '^(write|read)[^ ]*/1024/' out.txt)" -eq 1 -a "$(grep -cE 'slower +[0-9]' out.txt)" -eq 1 ]
ok "since the run it began with" grep -q '2026-01-09T12.*c8' out.txt
ok "in a line" [ "$(wc -l <err.txt)" -eq 1 ]
"$daxmark" history -d slow.sqlite check --json >check.json 2>/dev/null
ok "with an interval that holds it" python3 -c 'import json,sys; s=[x for x in json.load(open("check.json"))["series"] if x["verdict"]=="slower"]; sys.exit(not(len(s)==1 and s[0]["speed_since_low"]<0.9<s[0]["speed_since_high"] and s[0]["since_commit"]=="c8" and s[0]["by"]=="speed over memcpy"))'
ok "of the cases asked for" sh -c '"$0" history -d slow.sqlite check "write/*/64/*" "/[/]256[/]/" >out.txt && grep -qE "^(4|6) series" out.txt' "$daxmark"
ok "of the runs asked for" sh -c '"$0" history -d slow.sqlite check --label even --least 20 | grep -q " 0 slower"' "$daxmark"
watched fast.sqlite 12 1.2 8
ok "faster is told, and no alarm" sh -c '"$0" history -d fast.sqlite check | grep -q "1 faster"' "$daxmark"
ok "too few runs are said" sh -c '"$0" history -d h.sqlite check | grep -q "fewer than 4 runs"' "$daxmark"
ok "a page" sh -c '"$0" history -d slow.sqlite page -o watch.html && [ "$(grep -o "class=\"spark\"" watch.html | wc -l)" -eq "$(grep -c "^<tr.*<td" watch.html)" ]' "$daxmark"
ok "that begins with what changed" sh -c 'grep -m1 -oE "<li><strong>|</strong>: slower since 2026-01-09T12:00, commit c8" watch.html | head -n 1 | grep -q . && grep -q "slower since 2026-01-09T12:00, commit c8" watch.html'
ok "and stays if it is there" sh -c '! "$0" history -d slow.sqlite page -o watch.html 2>/dev/null' "$daxmark"
ok "names" [ "$("$daxmark" history -d slow.sqlite names | grep -c /1024/)" -ge 2 ]
ok "a label is a filter" [ "$("$daxmark" history -d slow.sqlite list --label odd | grep -c memfd)" -eq 6 ]
ok "and a commit" [ "$("$daxmark" history -d slow.sqlite list --commit c3 | grep -c memfd)" -eq 1 ]
ok "prune says what it would do" grep -q '^8 runs would be forgotten' <("$daxmark" history -d slow.sqlite prune --keep 4 -n)
ok "and does nothing then" [ "$("$daxmark" history -d slow.sqlite list | grep -c memfd)" -eq 12 ]
ok "prune by time" sh -c '"$0" history -d slow.sqlite prune --before 2026-01-03 >out.txt && grep -q "^2 runs forgotten" out.txt' "$daxmark"
ok "prune by number" sh -c '"$0" history -d slow.sqlite prune --keep=4 >/dev/null && [ "$("$0" history -d slow.sqlite list | grep -c memfd)" -eq 4 ]' "$daxmark"
ok "the newest" sh -c '"$0" history -d slow.sqlite list | grep -q 2026-01-12' "$daxmark"
fails 2 -d slow.sqlite prune
fails 2 -d slow.sqlite prune --before yesterday-ish
fails 2 -d slow.sqlite prune --keep 0
fails 2 -d slow.sqlite check --least x
fails 2 -d slow.sqlite check '/(/'
fails 1 -d slow.sqlite check 'nobody*'
fails 1 -d slow.sqlite check 'write/*' 'nobody*'
ok "the pattern that means nothing is named" grep -q "matches 'nobody" err.txt
for time in 2026 12:00 now 2026-02-31 20260301; do
	fails 2 -d slow.sqlite prune --before "$time"
done
fails 2 -d slow.sqlite list --keep 3
# What an older daxmark kept is read on: version 1 had neither labels nor intervals of ratios.
python3 - <<'PY'
import sqlite3
c = sqlite3.connect("v1.sqlite")
c.executescript("""CREATE TABLE runs(id INTEGER PRIMARY KEY, created TEXT NOT NULL, host TEXT, cpu TEXT, kernel TEXT, target TEXT, emulated INTEGER, build TEXT, seed INTEGER, command TEXT, UNIQUE(created, host, seed, command));
CREATE TABLE cases(run INTEGER NOT NULL REFERENCES runs(id), name TEXT NOT NULL, operation_ns REAL, low REAL, high REAL, gbps REAL, over_baseline REAL);
INSERT INTO runs VALUES(1,'2026-01-01T00:00:00+00:00','old','cpu','Linux','memfd:1MiB',1,'b',1,'c');
INSERT INTO cases VALUES(1,'write/visible/memcpy/64/absent',5,4,6,12.8,1);
PRAGMA user_version=1;""")
PY
ok "an older database" [ "$("$daxmark" history -d v1.sqlite list | grep -c old)" -eq 1 ]
ok "takes new runs" "$daxmark" history -d v1.sqlite add two.json >/dev/null
ok "and is read again" [ "$("$daxmark" history -d v1.sqlite list write/visible/memcpy/64/absent --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["case"][0]["operation_ns"])')" = 5 ]

"$daxmark" completion >completion.bash
ok "completion is bash" bash -n completion.bash
ok "of commands" bash -c 'source ./completion.bash; COMP_WORDS=(daxmark ru); COMP_CWORD=1; _daxmark; [ "${COMPREPLY[*]}" = run ]'
ok "of options" bash -c 'compopt() { :; }; source ./completion.bash; COMP_WORDS=(daxmark run --budg); COMP_CWORD=2; _daxmark; [ "${COMPREPLY[*]}" = --budget= ]'
ok "of values" bash -c 'source ./completion.bash; COMP_WORDS=(daxmark run --state = cl); COMP_CWORD=4; _daxmark; [ "${COMPREPLY[*]}" = clean ]'
ok "of short options" bash -c 'source ./completion.bash; COMP_WORDS=(daxmark run -s memcpy+fen); COMP_CWORD=3; _daxmark; [ "${COMPREPLY[*]}" = memcpy+fence ]'
ok "of verbs" bash -c 'source ./completion.bash; COMP_WORDS=(daxmark history pl); COMP_CWORD=2; _daxmark; [ "${COMPREPLY[*]}" = plot ]'
ok "of cases" bash -c 'compopt() { :; }; daxmark() { printf "%s\n" write/a read/b; }; source ./completion.bash; COMP_WORDS=(daxmark history list wri); COMP_CWORD=3; _daxmark; [ "${COMPREPLY[*]}" = write/a ]'
ok "of strategies" bash -c 'source ./completion.bash; COMP_WORDS=(daxmark list memcpy+fen); COMP_CWORD=2; _daxmark; [ "${COMPREPLY[*]}" = memcpy+fence ]'
if command -v zsh >/dev/null; then
	"$daxmark" completion zsh >_daxmark
	ok "completion is zsh" zsh -n _daxmark
	# What the shell is told, as its own functions are given it.
	said() { zsh -f -c '_arguments() { print -l -- "$@" }; _describe() { print -l -- ${(P)2} }; source ./_daxmark; words=('"$1"'); CURRENT='"$2"'; _daxmark'; }
	ok "of commands" grep -q '^history:' <(said 'daxmark hi' 2)
	ok "of options and what they are for" grep -qF -- '--budget=[time for all' <(said 'daxmark run --bu' 3)
	ok "of values" grep -q -- '--state=.*absent clean dirty' <(said 'daxmark run --state=' 3)
	ok "of kept cases" grep -q 'daxmark history names' <(said 'daxmark history list' 3)
fi
if command -v fish >/dev/null; then
	"$daxmark" completion fish >daxmark.fish
	ok "completion is fish" fish -n daxmark.fish
	said() { HOME=$work fish -c "source daxmark.fish; complete -C '$1'" 2>/dev/null; }
	ok "of commands in it" grep -q '^history' <(said 'daxmark hist')
	ok "of options in it" grep -q -- '^--budget' <(said 'daxmark run --budg')
	ok "of lists in it" grep -q -- '^--state=absent,clean\|^absent,clean' <(said 'daxmark run --state=absent,cle')
fi
ok "another shell is refused" sh -c '! "$0" completion tcsh 2>err.txt && grep -q "none of bash, zsh, fish" err.txt' "$daxmark"
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
