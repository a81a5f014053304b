#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# When does congruence help a copy? A congruent alias against an incongruent one and
# against no alias (memcpy), by operation, size and footprint: lines are left cached
# (dirty), so a footprint below a cache's size is copied to in that cache. Prints
# "name value low high" lines.
#
#   aliases.sh DAXMARK [SECONDS A FOOTPRINT]
set -euo pipefail
daxmark=$(realpath "$1")
seconds=${2:-20}
work=$(mktemp -d "${TMPDIR:-/tmp}/daxmark-aliases.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
for footprint in 16K 256K 4M 64M; do
	"$daxmark" run -q -t "memfd:$footprint" -s memcpy,alias-congruent,alias-incongruent --state=dirty \
		--op=write,write+consume --size=64,512,4K --budget="${seconds}s" -o run.json -f >/dev/null
	for baseline in alias-incongruent memcpy; do
		"$daxmark" export --format=tsv --baseline=$baseline run.json |
			awk -F'\t' -v footprint=$footprint -v baseline=$baseline '
				NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
				$at["strategy"] == "alias-congruent" {
					printf "alias-congruent/%s/%s/%d/footprint-%s %.4f %.4f %.4f\n", baseline,
						$at["operation"], $at["size_bytes"], footprint, $at["speed_over_baseline"],
						$at["speed_over_baseline_low"], $at["speed_over_baseline_high"]
				}'
	done
done
