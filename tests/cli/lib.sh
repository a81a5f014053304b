# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by every command-line test: a folder of its own, and words for
# pass, fail and skip as automake understands them.
set -u
daxmark=${DAXMARK:-$PWD/daxmark}
srcdir=$(cd "${srcdir:-.}" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/daxmark-cli.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work" || exit 99
failures=0
checks=0

# ok DESCRIPTION COMMAND..: one check
ok() {
	local what=$1
	shift
	checks=$((checks + 1))
	"$@" && return 0
	echo "FAILED: $what: $*" >&2
	failures=$((failures + 1))
}

skip() {
	echo "skipped: $*" >&2
	exit 77
}

finish() {
	echo "$checks checks, $failures failed"
	[ "$checks" -gt 0 ] && [ "$failures" -eq 0 ]
	exit
}

# wait_for COMMAND..: until it succeeds; two minutes are enough for any machine
wait_for() {
	for _ in $(seq 1200); do
		"$@" 2>/dev/null && return 0
		sleep 0.1
	done
	return 1
}

# A run short enough for a test: one small comparison.
short_run() {
	"$daxmark" run --op=write --size=4K --budget=1s --passes=3 --quiet "$@"
}
