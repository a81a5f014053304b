#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The man pages have no errors of form, and name every command and option there is.
set -u
cd "${srcdir:-.}" || exit 99
daxmark=${DAXMARK:-./daxmark}
fail=0
if command -v groff >/dev/null; then
	for page in docs/*.[15]; do
		said=$(groff -man -Tutf8 -ww -z "$page" 2>&1)
		if [ -n "$said" ]; then
			echo "$page: $said"
			fail=1
		fi
	done
else
	echo "skipped: no groff here: the pages' form is not checked"
fi
checked=0
for command in $("$daxmark" --help | sed -n '/^Commands:/,/^Options:/s/^  \([a-z]*\) .*/\1/p' | grep -v help); do
	page=docs/daxmark-$command.1
	if ! [ -f "$page" ] || ! grep -q "daxmark-$command (1)" docs/daxmark.1; then
		echo "$command has no man page that daxmark(1) names"
		fail=1
		continue
	fi
	text=$(sed 's/\\-/-/g' "$page")
	for option in $("$daxmark" help $command | sed -n 's/^ .*\(--[a-z-]*\).*/\1/p'); do
		checked=$((checked + 1))
		# Every command's: on the first page alone.
		[ "$option" = --help ] || [ "$option" = --load ] && continue
		if ! grep -q -- "$option" <<<"$text"; then
			echo "$page: $option is missing"
			fail=1
		fi
	done
	# And the other way round: no page speaks of an option that is gone.
	for option in $(grep -E '^\.BR? -' <<<"$text" | grep -o -- '--[a-z-]*' | sort -u); do
		if ! "$daxmark" help $command | grep -q -- "$option"; then
			echo "$page: $option is not an option of $command"
			fail=1
		fi
	done
done
echo "$checked options checked"
[ $checked -gt 20 ] && [ $fail -eq 0 ]
