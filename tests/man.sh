#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The man pages have no errors of form, and name every command and option there is.
set -u
cd "${srcdir:-.}" || exit 99
daxmark=${DAXMARK:-./daxmark}
fail=0
if command -v groff >/dev/null; then
	for page in docs/*.1; do
		said=$(groff -man -Tutf8 -ww -z "$page" 2>&1)
		if [ -n "$said" ]; then
			echo "$page: $said"
			fail=1
		fi
	done
else
	echo "skipped: no groff here: the pages' form is not checked"
fi
text=$(sed 's/\\-/-/g' docs/daxmark.1)
checked=0
for command in $("$daxmark" --help | sed -n '/^Commands:/,/^Options:/s/^  \([a-z]*\) .*/\1/p' | grep -v help); do
	for option in $("$daxmark" help $command | sed -n 's/^ .*\(--[a-z-]*\).*/\1/p'); do
		checked=$((checked + 1))
		if ! grep -q -- "$option" <<<"$text"; then
			echo "docs/daxmark.1: $command $option is missing"
			fail=1
		fi
	done
done
echo "$checked options checked"
[ $checked -gt 20 ] && [ $fail -eq 0 ]
