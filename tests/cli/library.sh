#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# libdaxmark as another program finds it: installed, by pkg-config, from C and from C++.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"
build=$(dirname "$daxmark")
[ -f "$build/libdaxmark.so.0" ] || skip "no libdaxmark beside the daxmark that is tested"
command -v pkg-config >/dev/null || skip "no pkg-config here"
[ -z "$(nm -u "$build/libdaxmark.so.0" | grep -E '__(asan|ubsan|tsan)')" ] ||
	skip "a library with sanitizers wants programs with them"
env -u MAKEFLAGS -u MFLAGS make -s -C "$build" install prefix="$work/inst" >install.log 2>&1 || {
	cat install.log >&2
	exit 99
}
# Installed under another prefix than configured: what a packager does with DESTDIR.
export PKG_CONFIG_PATH=$work/inst/lib/pkgconfig LD_LIBRARY_PATH=$work/inst/lib
sed -i "s#^prefix=.*#prefix=$work/inst#" "$work/inst/lib/pkgconfig/daxmark.pc"
read -ra flags < <(pkg-config --cflags --libs daxmark)
ok "pkg-config knows its version" test "daxmark $(pkg-config --modversion daxmark)" = "$("$daxmark" --version)"
example=$work/inst/share/doc/daxmark/examples/time_one.c
[ -f "$example" ] || example=$srcdir/docs/examples/time_one.c
cc=${CC:-cc}
ok "the example is C99 without a warning" "$cc" -std=c99 -Wall -Wextra -Wpedantic -Werror -O2 \
	-D_POSIX_C_SOURCE=200809L "$example" "${flags[@]}" -o time_one
ok "it times memcpy" sh -c './time_one memcpy 4096 | grep -Eq "^memcpy on memfd:64MiB \(emulated\): [0-9.]+ ns an operation of 4096 bytes, visible$"'
ok "it names what it has not" sh -c '! ./time_one memcpi 2>err.txt && grep -q "did you mean .memcpy" err.txt'
ok "and what does not fit" sh -c '! ./time_one memcpy 1099511627776 2>err.txt && grep -q "do not fit" err.txt'
# Only what the header declares is exported, and all of that.
sed -n 's/.*DAXMARK_API .*[ *]\(daxmark_[a-z_]*\)(.*/\1/p' "$srcdir/include/daxmark/daxmark.h" | sort >declared
nm -D --defined-only "$work/inst/lib/libdaxmark.so.0" | awk '{print $3}' | sort >exported
ok "exports are the header's functions" diff declared exported
ok "they are some" test "$(wc -l <exported)" -ge 15
cat >every.cc <<'CC'
#include <daxmark/daxmark.h>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <thread>
// Every strategy that is here, in every operation that it does, on two threads' parts: right bytes.
int main()
{
	daxmark_error error{};
	daxmark_stage *stage = daxmark_stage_open("memfd", 8u << 20, 2, 0, &error);
	size_t copies = 0, refused = 0;

	if (stage == nullptr || daxmark_stage_open("memfd", 0, 1, 0, &error) != nullptr)
		return 2;
	for (size_t i = 0; i < daxmark_strategies(); i++) {
		char steps[200];

		daxmark_strategy_steps(i, DAXMARK_WRITE, 64, steps, sizeof steps);
		for (int op = DAXMARK_WRITE; op <= DAXMARK_READ; op++) {
			for (unsigned thread = 0; thread < 2; thread++) {
				daxmark_setting setting{};
				setting.operation = static_cast<daxmark_operation>(op);
				setting.size = 4097;
				setting.operations = 3;
				setting.state = "dirty";
				setting.source = "walk";
				setting.dst_align = 5;
				setting.src_align = 63;
				daxmark_copy *copy = daxmark_copy_new(stage, daxmark_strategy_name(i), &setting, thread, &error);
				if (copy == nullptr) {
					refused++;
					continue;
				}
				for (int again = 0; again < 20; again++) {
					if (!daxmark_check(copy, &error) || (daxmark_prepare(copy), !daxmark_run(copy, &error))) {
						std::printf("%s: %s\n", daxmark_strategy_name(i), error.text);
						return 1;
					}
					daxmark_restore(copy);
				}
				if (daxmark_copy_bytes(copy) != 3 * 4097)
					return 3;
				// Dirty lines may keep what a non-temporal store brings: a memfd's domain is judged as a memory controller's.
				if (std::strncmp(daxmark_strategy_name(i), "nt-", 3) == 0 && std::strcmp(daxmark_copy_guarantee(copy), "visible") != 0)
					return 4;
				copies++;
				daxmark_copy_free(copy);
			}
		}
	}
	std::printf("%zu copies, %zu refused\n", copies, refused);
	// What cannot be is refused: sizes whose sum wraps, contradictions, nothing at all.
	for (uint64_t size : {UINT64_MAX, UINT64_MAX - 64, uint64_t(1) << 41, uint64_t(9) << 20}) {
		daxmark_setting setting{};
		setting.size = size;
		setting.state = "dirty";
		setting.dst_align = 2;
		if (daxmark_copy_new(stage, "memcpy", &setting, 0, &error) != nullptr)
			return 7;
	}
	daxmark_setting hot{};
	hot.operation = DAXMARK_READ;
	hot.size = 64;
	hot.state = "dirty";
	hot.pages = "unmapped";
	if (daxmark_copy_new(stage, "memcpy", &hot, 0, &error) != nullptr ||
		daxmark_copy_new(stage, nullptr, &hot, 0, &error) != nullptr ||
		daxmark_stage_open(nullptr, 1, 1, 0, &error) != nullptr ||
		daxmark_stage_open("memfd:256M", 1 << 20, 1, 0, &error) != nullptr)
		return 8;
	// Two threads' copies at once, a while: each checks its own bytes, so parts that were shared would show.
	{
		daxmark_setting setting{};
		setting.size = 256 << 10;
		setting.state = "dirty";
		std::atomic<int> wrong{0};
		daxmark_copy *pair[2] = {daxmark_copy_new(stage, "memcpy", &setting, 0, &error),
			daxmark_copy_new(stage, "memcpy", &setting, 1, &error)};
		if (pair[0] == nullptr || pair[1] == nullptr)
			return 6;
		auto work = [&](unsigned thread) {
			daxmark_error why{};
			for (int again = 0; again < 400; again++)
				wrong += !daxmark_check(pair[thread], &why);
			daxmark_copy_free(pair[thread]);
		};
		std::thread other(work, 1);
		work(0);
		other.join();
		if (wrong != 0)
			return 5;
	}
	daxmark_stage_close(stage);
	return copies < 20;
}
CC
if command -v "${CXX:-c++}" >/dev/null; then
	ok "C++ takes the header" "${CXX:-c++}" -std=c++17 -Wall -Wextra -Wpedantic -Werror -O1 -pthread every.cc "${flags[@]}" -o every
	ok "every copy through it is right" ./every
else
	echo "skipped: no C++ compiler: the header is not tried from it" >&2
fi
finish
