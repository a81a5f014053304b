#!/bin/sh
# SPDX-License-Identifier: MIT
# registry.sh ARCH SOURCE-ROOT FILE..: strategies.inc, from the strategies' own files in
# the order of listings. STRATEGY(id) is in this build, STRATEGY_ELSEWHERE("name", "ISA")
# in one for another instruction set. A file that yields nothing is a mistake.
set -eu
arch=$1 root=$2
shift 2
for file in "$@"; do
	isa=${file%/*}
	isa=${isa##*/}
	case $isa in
	portable | "$arch") lines=$(sed -n 's/^const struct strategy strategy_\([a-z0-9_]*\) = {$/STRATEGY(\1)/p' "$root/$file") ;;
	*) lines=$(sed -n 's/^\t\.name = \("[^"]*"\),$/STRATEGY_ELSEWHERE(\1, "'"$isa"'")/p' "$root/$file") ;;
	esac
	if [ -z "$lines" ]; then
		echo "$file: defines no strategy ('const struct strategy strategy_NAME = {', '.name = \"..\",')" >&2
		exit 1
	fi
	printf '%s\n' "$lines"
done
