#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every #include of ours is allowed by the table in docs/layers.md: a row is
# "| n | layer | layers it may use |".
set -u
cd "${srcdir:-.}" || exit 99
table=docs/layers.md
fail=0 seen=0
allowed() { sed -n "s/^| *[0-9]* *| *$1 *| *\(.*\) *|\$/ \1 /p" "$table"; }
for folder in src/*/; do
	layer=$(basename "$folder")
	may=$(allowed "$layer")
	if [ -z "$may" ]; then
		echo "layers: src/$layer is not in $table"
		fail=1
	fi
	while IFS=: read -r file include; do
		used=$(sed -n 's/^#include "\([a-z0-9_]*\)\/.*"/\1/p' <<<"$include")
		if [ -z "$used" ]; then
			echo "layers: $file: $include names no layer"
			fail=1
			continue
		fi
		seen=$((seen + 1))
		[ "$used" = "$layer" ] && continue
		case "$may" in
		*" $used "*) ;;
		*)
			echo "layers: $file: layer $layer may not include $used"
			fail=1
			;;
		esac
	done < <(grep -rH '^#include "' "$folder" --include='*.[ch]')
done
# Which instruction set this is, only arch and sys ask; what a build leaves out is left out by its makefile.
if grep -rnE 'ARCH_(X86_64|NAME|AARCH64)|__x86_64__|__aarch64__|__AVX|__SSE' src --include='*.[ch]' |
	grep -v '^src/\(arch\|sys\)/'; then
	echo "layers: a condition on an instruction set outside src/arch and src/sys"
	fail=1
fi
# How an option of ours is spelled, only the commands know (and main, and what parses). CSS and gnuplot's are not ours.
if grep -rnE '"[^"]*--[a-z]' src --include='*.[ch]' |
	grep -vE '^src/(command/|base/option|main\.c|report/(page|document)\.[ch])|gnuplot'; then
	echo "layers: an option is spelled below the commands: name the quantity by ERR_OF()"
	fail=1
fi
# What is in no room is only the way in.
for file in src/*.[ch]; do
	if [ "$file" != src/main.c ]; then
		echo "layers: $file is in no layer's folder"
		fail=1
	fi
done
echo "$seen includes checked"
[ "$seen" -gt 50 ] && [ $fail -eq 0 ]
