#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Bad input: each gets one clear line on stderr and the right exit status, and
# nothing is overwritten. A row is: status, words of the message, the arguments.
. "${srcdir:-.}/tests/cli/lib.sh"

echo precious >file
echo '{"format": "daxmark-result"}' >other.json
echo 'not json' >text.json
echo '{}' >empty.json
mkfifo pipe
mkdir folder full && echo mine >full/thing
head -c 300 /dev/urandom >noise.json
ln -s /nowhere dangling

check_row() {
	local status=$1 words=$2 out err got
	shift 2
	out=$("$daxmark" "$@" 2>err.txt </dev/null)
	got=$?
	err=$(cat err.txt)
	ok "exit status $status, not $got" [ "$got" -eq "$status" ]
	ok "one line on stderr" [ "$(wc -l <err.txt)" -eq 1 ]
	ok "message says '$words', not '$err'" grep -qiF -- "$words" err.txt
	ok "nothing on stdout" [ -z "$out" ]
}

rows=0
while IFS='|' read -r status words arguments; do
	case $status in '' | \#*) continue ;; esac
	rows=$((rows + 1))
	eval "set -- $arguments"
	check_row "$status" "$words" "$@"
done <<'TABLE'
2|no command|
2|did you mean 'report'|reprot R.json
2|unknown command 'xyzzy'|xyzzy
2|unknown command ''|''
2|did you mean 'list'|help lst
2|unexpected argument|help run run
2|did you mean '--size'|run --sze=4K
2|'-Q'|run -Q
2|needs a value|run --size
2|takes no value|run --quiet=1
2|no suite 'extra'|run extra
2|unexpected argument 'extra'|run quick extra
2|--section: is of a suite|run --section=a
2|--size: 'abc' is not a size|run --size=abc
2|--size: '-1' is not a size|run --size=-1
2|--size: 0|run --size=0
2|--size: 0: must be 1 B..1 TiB|run --size=64,0
2|unit 'Q'|run --size=4Q
2|too large|run --size=99999999999999999999
2|too large|run --size=999999999T
2|must be 1 B..1 TiB|run --size=2T
2|must be above 0|run --size=64..4
2|factor|run --size=64..1M*1
2|empty size|run --size=64,,128
2|did you mean 'write'|run --op=wirte
2|unknown operation|run --op=
2|did you mean 'memcpy'|run -s memcpi
2|did you mean 'flush'|run -s family:flsh
2|below 1 GiB|run -s alias-incongruent --alias-distance=1G
2|unknown strategy|run -s quantum-entanglement
2|unknown strategy ''|run -s memcpy,
2|unknown destination state|run --state=soggy
2|did you mean 'dirty'|run --state=drty
2|unknown source|run --source=stream
2|0..63|run --dst-align=64
2|--src-align|run --src-align=x
2|did you mean 'durable-data'|run --guarantee=durable-date
1|no strategy of this run gives 'durable-data'|run --guarantee=durable-data -s memcpy
2|--budget|run --budget=0
2|--budget|run --budget=soon
2|--budget|run --budget=-5s
2|--budget|run --budget=inf
2|at most 10000|run --passes=10001
2|not a whole number|run --passes=many
2|--until|run --until=wide
2|0.01% to 50%|run --until=0
2|0.01% to 50%|run --until=60%
2|--until|run --until=1%%
2|--until|run --until=nan
2|--seed|run --seed=-3
2|above 2^63|run --seed=18446744073709551615
2|--budget|run --budget=1e308h
2|--cpu|run --cpu=first
1|CPU 9999|run --cpu=9999 -o new.json
2|did you mean 'memfd'|run -t memdf
2|target 'memfd:0'|run -t memfd:0
2|target 'memfd:1000'|run -t memfd:1000
2|too small|run -t memfd:4K --size=64K
1|this needs|run -t memfd:900000G --size=64 -o new.json
1|No such file|run -t /dev/pmem77
2|did you mean 'dram'|run -t drm:0
2|which NUMA node|run -t dram
2|not a whole number|run -t dram:far
1|no memory on NUMA node 900|run -t dram:900 --size=64 -o new.json
2|not devdax|run -t /dev/null --overwrite
1|content would be lost|run -t ./file --size=64 -o new.json
1|No such file|run -t ./nowhere/file --size=64 -o new.json
2|no file, folder or devdax node|run -t ./pipe
1|exists|run -o file
1|not a regular file|run -o folder --force
1|not a regular file|run -o dangling --force
1|folder nowhere|run -o nowhere/R.json
2|empty name|run -o ''
2|choose one|list --strategies --targets
2|unknown strategy 'everything'|list everything
2|unexpected argument|probe . more
1|No such file|probe /dev/pmem77
2|did you mean|probe memdf
2|no result file|report
1|a.json|report a.json b.json
2|--footprint|run --footprint=0
2|--footprint|run --footprint=1000
2|says another size|run -t memfd:1M --footprint=2M
2|too small|run --footprint=4K --size=64K
2|--page-size|run --page-size=8191
2|--page-size|run --page-size=huge
1|pages of|run -s memcpy --size=64 --budget=1s -o p.json --page-size=1G
2|did you mean 'unmapped'|run --page-state=unmaped
2|--page-state|run --op=read --page-state=unwritten
2|--threads|run --threads=0
2|--threads|run --threads=513
2|--threads|run --threads=few
2|unknown background|run --background=noise
2|percent|run --background=load@200
2|percent|run --background=load@x
2|--numa|run --numa=all
1|there is no NUMA node|run --cpu-node=1000000
2|--mem-node|run --mem-node=near
2|none of the operations|run --op=read -s memcpy+fence
1|no strategy of this run gives|run -s memcpy --guarantee=durable-data
2|did you mean 'fresh'|run --guarantee=frsh
2|measures nothing|alias --from=text.json -o new.json
1|not JSON|alias --from=text.json
1|not a daxmark sweep|alias --from=other.json
1|cannot read missing.json|alias --from=missing.json
1|no such|alias -t folder/no/where
2|needs a value|alias -t file --from
1|exists|alias -q -o file
1|its content would be lost|alias -q -t ./file
2|unknown target|alias -t quantum
2|unexpected argument|alias sweep.json
2|choose one|list --targets --protocols
1|cannot read missing.json|report missing.json
1|it is a folder|report folder
1|not JSON|report text.json
1|not JSON|report noise.json
1|missing or not|report other.json
1|not a daxmark result|report empty.json
TABLE

# The same table could not know this one: it needs a good result.
ok "a short run" short_run -s memcpy -o good.json >/dev/null
check_row 1 'no daxmark report' report good.json -o full
check_row 1 'not a folder' report good.json -o file
check_row 2 'did you mean' report good.json -o new --baseline=memcpi
check_row 1 'cannot make folder' report good.json -o no/where

ok "at least 30 rows, $rows" [ "$rows" -ge 30 ]
ok "the file is untouched" [ "$(cat file)" = precious ]
ok "the folder is untouched" [ "$(ls full)" = thing ]
ok "no result was left behind" [ ! -e new.json ]
ok "nothing was made for the refused report" [ ! -e new ]
if [ -w /dev/full ]; then
	"$daxmark" list >/dev/full 2>err.txt
	ok "a full disk under stdout is a failure" [ $? -eq 1 ]
	ok "and is said" grep -q 'standard output' err.txt
fi
# What stands for a quantity in a message is no harm in a name that somebody typed.
marked=$(printf 'a\001b.json')
touch "$marked"
"$daxmark" run --output="$marked" 2>err.txt
ok "a mark in a name vanishes, the option is spelled" grep -qx "daxmark: ab.json exists: choose another name, or --force to replace it" err.txt
"$daxmark" "$(printf '\001x\002')" 2>err.txt
ok "and in a command's" grep -q "unknown command 'x'" err.txt
finish
