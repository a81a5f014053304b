#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What an extension costs, as docs/layers.md says: each is made in a scratch copy of the tree,
# with those files and no others, and must then be there. Builds the program once: a minute.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/daxmark-extend.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail=0
ok() {
	local what=$1
	shift
	if ! "$@"; then
		echo "FAILED: $what" >&2
		fail=1
	fi
}
mkdir "$work/tree" "$work/build"
git -C "$here" ls-files -z | (cd "$here" && cpio -0 -pdm --quiet "$work/tree") || exit 99
cd "$work/tree" || exit 99
git init -q . && git add -A && git -c user.name=x -c user.email=x commit -qm before || exit 99

# A strategy: its file, a line of the list.
cat >src/strategy/portable/backwards.c <<'C'
// SPDX-License-Identifier: MIT
/* The last byte first. */
#include "strategy/loop.h"

static inline void copy_backwards(char *dst, const char *src, size_t len)
{
	while (len-- > 0)
		((volatile char *)dst)[len] = src[len];
}

STRATEGY_LOOPS(backwards, , copy_backwards)

const struct strategy strategy_backwards = {
	.name = "backwards",
	.help = "the last byte first",
	.family = FAMILY_BASELINE,
	.copies = true,
	.steps = {STEP_COPY},
	.kernels = {STRATEGY_KERNEL(backwards, "C", 0)},
};
C
sed -i 's#^\tsrc/strategy/portable/memcpy_fence.c \\#&\n\tsrc/strategy/portable/backwards.c \\#' Makefile.am

# An axis: a field, a row, and how the command spells it. (Nothing measures this one.)
sed -i 's#^\tunsigned threads;#\tunsigned laps;\n&#; s#^\tAXIS_BACKGROUND,#&\n\tAXIS_LAPS,#; s#SETTING_DEFAULTS \.threads = 1#SETTING_DEFAULTS .laps = 1, .threads = 1#' src/case/setting.h
python3 - <<'PY'
path = "src/case/axis.c"
text = open(path).read()
row = '''	[AXIS_LAPS] = {.name = "laps",
		.what = "laps",
		.fields = {{FIELD("laps", laps, 15), NUMBER(1, 9, 1), .part = "/laps-{}", .title = "{} laps"}},
		.nest = 12,
		.usual = "1"},
};

/* As the fields are'''
at = text.index("};\n\n/* As the fields are")
open(path, "w").write(text[:at] + row + text[at + len("};\n\n/* As the fields are"):])
path = "src/command/run_request.c"
text = open(path).read()
at = text.index('	{OPTION("threads"')
open(path, "w").write(text[:at] + '	{OPTION("laps", 0, OPTION_TEXT, ASKED(AXIS_LAPS), "N,..", "rounds of the track (default 1)")},\n' + text[at:])
PY

# A foreign format: its file, a line of the list.
cat >src/exchange/count.c <<'C'
// SPDX-License-Identifier: MIT
#include "exchange/format.h"

static bool write_count(FILE *out, const struct result *result, const char *baseline, struct err *e)
{
	(void)baseline;
	return fprintf(out, "%zu comparisons\n", result->n_comparisons) > 0 ||
	       err_set(e, ERR_FAILED, "cannot write");
}

extern const struct exchange_format exchange_count;

const struct exchange_format exchange_count = {"count", write_count};
C
sed -i 's#exchange_csv, exchange_gbench, exchange_tsv;#exchange_count, &#; s#^\t&exchange_gbench, #\t\&exchange_count, \&exchange_gbench, #' src/exchange/formats.c
sed -i 's#^\tsrc/exchange/csv.c #&src/exchange/count.c #' Makefile.am

# A kind of target: its words in a file of the folder, a line of the list.
cat >src/target/scratch.c <<'C'
// SPDX-License-Identifier: MIT
/* A memfd under another name. */
#include "target/target.h"

static bool parse(const char *spec, const char *rest, struct target_request *request, struct err *e)
{
	(void)request;
	return rest == NULL || err_set(e, ERR_USAGE, "target '%s': scratch takes nothing", spec);
}

static bool describe(const struct target_request *request, struct target_facts *facts, struct err *e)
{
	return target_memfd.describe(request, facts, e);
}

static bool open_it(struct target *target, const struct target_request *request, uint64_t bytes, struct err *e)
{
	return target_memfd.open(target, request, bytes, e);
}

extern const struct target_ops target_scratch;

const struct target_ops target_scratch = {
	.word = "scratch",
	.parse = parse,
	.name = "scratch",
	.help = "a memfd under another name",
	.describe = describe,
	.open = open_it,
	.refresh = target_renew,
	.close = target_unmap,
};
C
sed -i 's#^const struct target_ops \*const target_kinds\[\] = {#extern const struct target_ops target_scratch;\n&\n\t\&target_scratch,#' src/target/target.c
sed -i 's#src/target/auto.c #&src/target/scratch.c #' Makefile.am

# A plot: one file.
sed 's/^#: title .*/#: title Laps/; s/^#: axis threads/#: axis laps/; s/"threads"/"laps"/g' plots/threads.gp >plots/laps.gp

{
	autoreconf -fi && cd "$work/build" && "$work/tree/configure" --quiet CFLAGS=-O1 &&
		make -s -j"$(nproc)" daxmark && make -s data-links
} >"$work/log" 2>&1 || {
	tail -20 "$work/log" >&2
	exit 1
}
cd "$work/build" || exit 99
ok "a strategy is listed" sh -c './daxmark list | grep -q "^backwards .*the last byte first"'
ok "it is verified byte by byte" sh -c './daxmark verify -s backwards --time=1s >/dev/null'
ok "an axis has an option" sh -c './daxmark run --help | grep -q -- "--laps=N,.. .*rounds of the track"'
ok "what it may not be is said" sh -c '! ./daxmark run --laps=10 2>err && grep -q -- "--laps: 10: must be 1..9" err'
ok "it is completed" sh -c './daxmark completion | grep -q -- " --laps="'
ok "a run along it, on a new kind of target" ./daxmark run -q -t scratch -s memcpy,backwards --op=write --state=dirty \
	--size=4K --laps=1,2,3 --passes=3 --budget=2s -o laps.json >run.txt
ok "it names cases" sh -c './daxmark export --format=csv laps.json | grep -q "^write/visible/backwards/4096/dirty/laps-3,"'
ok "it is a column" sh -c './daxmark export --format=csv laps.json | head -1 | grep -q ",laps,"'
ok "it is read again, and its limits are checked" sh -c 'sed "s/\"laps\": *3/\"laps\": 30/" laps.json >bad.json &&
	! cmp -s bad.json laps.json && ! ./daxmark export --format=csv bad.json 2>err && grep -q laps err'
ok "a format is there" sh -c './daxmark export --format=count laps.json | grep -qx "3 comparisons"'
ok "and completed" sh -c './daxmark completion | grep -q "count"'
ok "a kind of target is listed" sh -c './daxmark list --targets | grep -q "^scratch"'
if command -v gnuplot >/dev/null; then
	ok "a plot is drawn" sh -c './daxmark report laps.json -o page >/dev/null && ls page/*laps*.svg >/dev/null'
fi
# A source that defines nothing is a mistake, not a strategy less.
echo '/* nothing */' >"$work/tree/src/strategy/portable/backwards.c"
ok "a file without a strategy is refused" sh -c '! make -s src/strategy/strategies.inc 2>err && grep -q "backwards.c: defines no strategy" err'
# And nothing else was touched.
cd "$work/tree" || exit 99
changed=$(git status --porcelain --untracked-files=all -- src plots Makefile.am | awk '{print $2}' | sort | tr '\n' ' ')
expected="Makefile.am plots/laps.gp src/case/axis.c src/case/setting.h src/command/run_request.c src/exchange/count.c \
src/exchange/formats.c src/strategy/portable/backwards.c src/target/scratch.c src/target/target.c "
ok "these files and no others: $changed" test "$changed" = "$expected"
[ "$fail" = 0 ] && echo "extensions cost what docs/layers.md says"
exit "$fail"
