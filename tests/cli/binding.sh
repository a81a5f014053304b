#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Google Benchmark from C: what <daxmark/bench.h> promises, the traps of libbenchmark 1.7.1 that
# it is to keep from people, and daxmark_bench under Google Benchmark's own flags.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"
build=$(dirname "$daxmark")
[ -f "$build/libdaxmark-bench.a" ] || skip "this build has no binding (libbenchmark-dev)"
nm -u "$build/libdaxmark-bench.a" | grep -qE '__(asan|ubsan|tsan)' && skip "a library with sanitizers wants programs with them"
cc=${CC:-cc}
link=("$build/libdaxmark-bench.a" -lbenchmark -lstdc++ -lpthread)
ok "the example is C99 without a warning" "$cc" -std=c99 -Wall -Wextra -Werror -O2 -I"$srcdir/include" \
	"$srcdir/docs/examples/time_many.c" "${link[@]}" -o time_many
ok "it runs" sh -c "./time_many --benchmark_min_time=0.001 2>/dev/null | grep -Eq '^copy/64 .*bytes_per_second='"
"$cc" -std=gnu11 -Wall -Wextra -Werror -O2 -I"$srcdir/include" "$srcdir/tests/routines/binding.c" "${link[@]}" -o parts || exit 99
# run STATUS FLAG..: out.json and err.txt
run() {
	local wanted=$1
	shift
	./parts --benchmark_format=json "$@" >out.json 2>err.txt
	ok "status $wanted of $*" test $? -eq "$wanted"
}
value() { jq -r "[.benchmarks[] | select(.name | startswith(\"$1\")) | .$2] | first" out.json; }

run 0 --benchmark_filter='^counts'
ok "set-up and tear-down once a call, bodies once a thread" grep -q '^setups 1 teardowns 1 bodies 2 iterations 2000 together 2 early 0$' err.txt
ok "no batch does too many" test "$(value counts label)" = null
ok "the name is the beginning" test "$(value counts name)" = counts/iterations:1000/real_time/threads:2
ok "counters of threads are added up" test "$(value counts threads_seen)" = 2
ok "or shared among them" test "$(value counts share)" = 6
ok "context" test "$(jq -r .context.who out.json)" = 'a test'

run 0 --benchmark_filter='^arguments'
ok "one with all, and the product" test "$(jq '[.benchmarks[].name] | length' out.json)" -eq 7
ok "names of arguments" test "$(value arguments name)" = arguments/x:3/y:4/iterations:100
ok "arguments arrive" test "$(jq -r '[.benchmarks[].sum] | map(tostring) | join(" ")' out.json)" = '7 11 12 21 22 31 32'
ok "the body knows its name" test "$(value arguments label)" = arguments
ok "bytes and items" sh -c "jq -e '.benchmarks[0] | (.bytes_per_second / .items_per_second - 64 | fabs) < 1e-6' out.json >/dev/null"

run 0 --benchmark_filter='^manual'
ok "manual time is what was said: $(value manual/4 real_time) us" sh -c "jq -e '[.benchmarks[] | select(.name == \"manual/4/manual_time\")][0] | (.real_time - 12 | fabs) < 1e-9 and .time_unit == \"us\"' out.json >/dev/null"
ok "a range by its multiplier" test "$(jq -r '[.benchmarks[] | select(.run_type == "iteration") | .name] | join(" ")' out.json)" = \
	'manual/1/manual_time manual/4/manual_time manual/16/manual_time manual/64/manual_time'
ok "complexity is fitted: 3 us times N" sh -c "jq -e '[.benchmarks[] | select(.aggregate_name == \"BigO\")][0] | .big_o == \"N\" and (.real_coefficient - 3000 | fabs) < 1' out.json >/dev/null"

# ---- traps ----
run 1 --benchmark_filter='^refused'
ok "set-up that refuses is an error with its reason" test "$(value refused error_message)" = 'set-up says no'
run 1 --benchmark_filter='^leaves'
ok "a body that leaves its loop does not abort" test "$(value leaves error_message)" = 'enough of this'
run 1 --benchmark_filter='^unavailable' --benchmark_repetitions=5
ok "what is not to be had does not abort with repetitions" test "$(value unavailable error_message)" = 'this machine has none'
run 0 --benchmark_filter='^counts' --benchmark_repetitions=3 --benchmark_enable_random_interleaving=true
ok "repetitions have set-ups of their own" grep -q '^setups 3 teardowns 3 bodies 6 iterations 6000 together 2 early 0$' err.txt
run 1 --benchmark_filter=nothing
run 2 --benchmark_filtr=counts
ok "which argument" grep -q 'benchmark_filtr' err.txt

# ---- daxmark_bench ----
"$build/daxmark_bench" --size=64,4096 --benchmark_filter='^write/visible/memcpy/' --benchmark_min_time=0.001 --benchmark_repetitions=2 \
	--benchmark_out=bench.json >/dev/null 2>&1
ok "daxmark_bench runs" test "$(jq -r '[.benchmarks[] | select(.run_type == "iteration") | .run_name | sub("/(absent|dirty).*"; "")] | unique | join(" ")' bench.json)" = \
	'write/visible/memcpy/4096 write/visible/memcpy/64'
ok "its context names the target" test "$(jq -r .context.daxmark_target bench.json)" = memfd:64MiB
"$daxmark" run -q --op=write --size=64,4K -s memcpy,pwrite --budget=1s --passes=2 -o names.json >/dev/null 2>&1
ok "names are those of daxmark run" test -z "$(comm -13 <(jq -r '.cases[].name' names.json | sort) <(jq -r '.benchmarks[].run_name | sub("/(repeats:2/)?manual_time$"; "")' bench.json | sort -u))"
ok "every operation is there" test "$("$build/daxmark_bench" --size=64 --benchmark_list_tests 2>/dev/null | cut -d/ -f1 | sort -u | tr '\n' ' ')" = 'read write write+consume '
ok "a size that is none" sh -c "! '$build/daxmark_bench' --size=64,x 2>err.txt && grep -q \"size: '64,x'\" err.txt"
tool=$(dpkg -L libbenchmark-tools 2>/dev/null | grep "/compare.py$" | head -n 1)
if [ -n "$tool" ] && /usr/bin/python3 -c 'import scipy' 2>/dev/null; then
	ok "Google's compare.py reads it" sh -c '/usr/bin/python3 "$0" --no-color benchmarks bench.json bench.json >compared.txt 2>&1 && grep -q "write/visible/memcpy/4096" compared.txt' "$tool"
else
	echo "skipped: Google Benchmark's compare.py (libbenchmark-tools) or SciPy is not here" >&2
fi
finish
