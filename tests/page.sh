#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The reports in a real browser: page.sh DAXMARK. Installs puppeteer-core and axe-core into
# PAGE_TOOLS (default: build/page-tools here), which only this test needs. A minute or two.
set -u
here=$(cd "$(dirname "$0")" && pwd)
daxmark=$(realpath "${1:?page.sh DAXMARK}")
tools=${PAGE_TOOLS:-$here/../build/page-tools}
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
	{ echo "skipped: pages in a browser: no chromium"; exit 77; }
command -v node >/dev/null && command -v npm >/dev/null ||
	{ echo "skipped: pages in a browser: no node and npm"; exit 77; }
mkdir -p "$tools" && tools=$(realpath "$tools") || exit 99
if ! cmp -s "$here/page/package.json" "$tools/installed.json"; then
	cp "$here/page/package.json" "$tools/package.json"
	(cd "$tools" && npm install --no-audit --no-fund --no-package-lock >npm.log 2>&1) ||
		{ echo "skipped: pages in a browser: $(tail -n 1 "$tools/npm.log")"; exit 77; }
	cp "$here/page/package.json" "$tools/installed.json"
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/daxmark-page.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
# Curves and a cut along an axis; one size.
"$daxmark" run -q -t memfd:8M -s memcpy,memcpy+clflush,nt-sse2,roof-nt-store --size=64..256K*4 --budget=6s --passes=8 -o curves.json >/dev/null &&
	"$daxmark" run -q -t memfd:8M -s memcpy,memcpy+clflush,nt-sse2,nt-movnti --size=4K --op=write --budget=2s --passes=6 -o one.json >/dev/null || exit 99
pages=()
for result in curves one; do
	"$daxmark" report "$result.json" -q >/dev/null || exit 99
	pages+=("$work/$result-report/index.html")
done
# And both side by side.
"$daxmark" report curves.json one.json -q -o both-report >/dev/null || exit 99
pages+=("$work/both-report/index.html")
cd "$tools" && node "$here/page/page.mjs" "$chromium" "${pages[@]}"
