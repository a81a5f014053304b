// SPDX-License-Identifier: MIT
/* Units, words, options, nearest names, files. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/option.h"
#include "base/text.h"
#include "base/units.h"
#include "case/setting.h"

static void sizes_are_parsed(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} good[] = {{"0", 0}, {"1", 1}, {"64B", 64}, {"4K", 4096}, {"4k", 4096}, {"4KiB", 4096},
		{"4KB", 4000}, {"2M", 2 << 20}, {"1G", 1 << 30}, {"3T", 3ull << 40},
		{"18446744073709551615", UINT64_MAX}};
	static const char *const bad[] = {"", "K", "-1", "+1", " 1", "1.5K", "4Kb", "4KiBx", "4 K",
		"0x10", "18446744073709551616", "99999999T", "1E"};
	uint64_t bytes;
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(units_parse_bytes(good[i].text, &bytes, &e));
		assert_int_equal(bytes, good[i].bytes);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e.code = ERR_NONE;
		assert_false(units_parse_bytes(bad[i], &bytes, &e));
		assert_int_equal(e.code, ERR_USAGE);
	}
}

static void size_lists_are_expanded(void **state)
{
	static const char *const bad[] = {
		"", ",", "1,,2", "1,", "8..4", "0..8", "4..8*1", "4..8*x", "4..", "..4", "1..2..3"};
	uint64_t sizes[UNITS_MAX_SIZES];
	struct err e;
	size_t n;

	(void)state;
	assert_true(units_parse_sizes("64..64M*4", sizes, &n, &e));
	assert_int_equal(n, 11);
	assert_int_equal(sizes[0], 64);
	assert_int_equal(sizes[10], 64 << 20);
	assert_true(units_parse_sizes("3,4K,1..4,3", sizes, &n, &e));
	assert_int_equal(n, 5); /* 3, 4096, 1, 2, 4: 3 is not repeated */
	assert_int_equal(sizes[2], 1);
	assert_true(units_parse_sizes("1..18446744073709551615*2", sizes, &n, &e));
	assert_int_equal(n, 64); /* and does not overflow */
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(units_parse_sizes(bad[i], sizes, &n, &e));
}

static void durations_are_parsed(void **state)
{
	double s;
	struct err e;

	(void)state;
	assert_true(units_parse_seconds("60", &s, &e) && s == 60);
	assert_true(units_parse_seconds("1.5m", &s, &e) && s == 90);
	assert_true(units_parse_seconds("250ms", &s, &e) && s == 0.25);
	assert_false(units_parse_seconds("0", &s, &e));
	assert_false(units_parse_seconds("-1s", &s, &e));
	assert_false(units_parse_seconds("nan", &s, &e));
	assert_false(units_parse_seconds("1e999", &s, &e));
	assert_false(units_parse_seconds("5 parsecs", &s, &e));
	assert_false(units_parse_seconds("", &s, &e));
}

static void numbers_are_spelled(void **state)
{
	char text[UNITS_TEXT_BYTES];

	(void)state;
	assert_string_equal(units_bytes(4096, text), "4 KiB");
	assert_string_equal(units_bytes(1000, text), "1000 B");
	assert_string_equal(units_bytes(64 << 20, text), "64 MiB");
	assert_string_equal(units_ns(9.996, text), "10.0 ns");
	assert_string_equal(units_ns(1234, text), "1.23 us");
	assert_string_equal(units_ns(2.5e9, text), "2.50 s");
	assert_string_equal(units_gbps(0.3846, text), "0.385 GB/s");
	assert_string_equal(units_gbps(123.4, text), "123 GB/s");
}

static void words_have_their_values(void **state)
{
	unsigned value, mask;
	struct err e;

	(void)state;
	assert_true(words_find(&state_words, "dirty-elsewhere", &value, &e));
	assert_int_equal(value, STATE_DIRTY_ELSEWHERE);
	assert_true(words_find_list(&operation_words, "write+consume,write", &mask, &e));
	assert_int_equal(mask, 3);
	assert_false(words_find(&state_words, "dity", &value, &e));
	assert_non_null(strstr(e.text, "'dirty'"));
	assert_false(words_find(&source_words, "xyz", &value, &e));
	assert_non_null(strstr(e.text, "hot, walk, absent"));
	assert_false(words_find_list(&operation_words, "write,", &mask, &e));
}

static void cases_are_named(void **state)
{
	struct setting setting = {.operation = OP_WRITE, .size = 4096, SETTING_DEFAULTS}, other;
	char title[SETTING_TITLE_BYTES];
	char name[CASE_NAME_BYTES];

	(void)state;
	case_name(&setting, "nt-avx512", GUARANTEE_DURABLE_DATA, name);
	assert_string_equal(name, "write/durable-data/nt-avx512/4096/absent");
	setting.source = SOURCE_WALK;
	setting.dst_align = 3;
	setting.src_align = 63;
	case_name(&setting, "memcpy", GUARANTEE_VISIBLE, name);
	assert_string_equal(name, "write/visible/memcpy/4096/absent/source-walk/dst+3/src+63");
	other = setting;
	other.size = 64;
	assert_true(setting_same_curve(&setting, &other));
	assert_true(setting_compare(&other, &setting) < 0);
	other.threads = 2;
	other.operation = OP_READ;
	other.pages = PAGES_UNMAPPED;
	other.target_node = 1;
	other.background = BACKGROUND_STORE;
	other.background_percent = 50;
	assert_false(setting_same_curve(&setting, &other));
	assert_true(setting_compare(&other, &setting) > 0);
	case_name(&other, "pread", GUARANTEE_FRESH, name);
	assert_string_equal(name,
		"read/fresh/pread/64/absent/source-walk/dst+3/src+63/page-unmapped/"
		"threads-2/target-node-1/beside-store-50");
	setting_title(&other, title);
	assert_string_equal(title, "read, destination lines absent, source walk, destination 3 and "
				   "source 63 bytes past a "
				   "line, pages unmapped, 2 threads, target on node 1, other CPUs "
				   "store 50 % of the time");
}

/* A message names a quantity; each command spells it its own way, or leaves it. */
static void quantities_are_spelled(void **state)
{
	static const struct option_spec specs[] = {
		{.name = "size", .type = OPTION_TEXT}, {.name = "op", .of = "operation"}};
	struct err e;
	char text[100], shortened[12];

	(void)state;
	err_set(&e, ERR_USAGE,
		ERR_OF("size") ": a smaller " ERR_OF("operation") " or " ERR_OF("budget") "%s",
		"\n");
	option_spell(specs, 2, e.text, text, sizeof(text));
	assert_string_equal(text, "--size: a smaller --op or budget?");
	option_spell(NULL, 0, e.text, text, sizeof(text));
	assert_string_equal(text, "size: a smaller operation or budget?");
	option_spell(specs, 2, e.text, shortened, sizeof(shortened));
	assert_string_equal(shortened, "--size: a s");
	/* What somebody typed may hold the marks: they vanish, and break nothing. */
	option_spell(specs, 2, "\002\001siz", text, sizeof(text));
	assert_string_equal(text, "siz");
	option_spell(specs, 2, "a\001b: " ERR_OF("size") "!", text, sizeof(text));
	assert_string_equal(text, "ab: --size!");
}

static void nearest_names_are_near(void **state)
{
	static const char *const names[] = {"list", "probe", "run", "report"};

	(void)state;
	assert_string_equal(text_nearest("reprot", names, 4), "report");
	assert_string_equal(text_nearest("lst", names, 4), "list");
	assert_null(text_nearest("zzzzzz", names, 4));
	assert_null(text_nearest("", names, 4));
}

struct options {
	bool flag;
	const char *text;
	uint64_t size;
};

static const struct option_spec specs[] = {
	{.name = "flag", 'f', OPTION_FLAG, offsetof(struct options, flag), NULL, "a flag"},
	{.name = "text", 't', OPTION_TEXT, offsetof(struct options, text), "TEXT", "a text"},
	{.name = "size", 0, OPTION_SIZE, offsetof(struct options, size), "SIZE", "a size"},
};

static bool parse(
	int argc, const char *const *argv, struct options *options, int *first, struct err *e)
{
	char *copy[16];

	memset(options, 0, sizeof(*options));
	for (int i = 0; i < argc; i++)
		copy[i] = (char *)(uintptr_t)argv[i];
	copy[argc] = NULL;
	return option_parse(argc, copy, specs, 3, options, first, e);
}

static void options_fill_their_fields(void **state)
{
	struct options options;
	struct err e;
	int first;

	(void)state;
	assert_true(parse(6, (const char *const[]){"x", "arg", "-f", "--text=a", "--size", "4K"},
		&options, &first, &e));
	assert_true(options.flag);
	assert_string_equal(options.text, "a");
	assert_int_equal(options.size, 4096);
	assert_int_equal(first, 5); /* the argument was moved behind the options */
	assert_false(parse(2, (const char *const[]){"x", "--txet=a"}, &options, &first, &e));
	assert_non_null(strstr(e.text, "--text"));
	assert_false(parse(2, (const char *const[]){"x", "--text"}, &options, &first, &e));
	assert_non_null(strstr(e.text, "needs a value"));
	assert_false(parse(2, (const char *const[]){"x", "--flag=1"}, &options, &first, &e));
	assert_false(parse(2, (const char *const[]){"x", "-q"}, &options, &first, &e));
	assert_non_null(strstr(e.text, "'-q'"));
	assert_false(parse(2, (const char *const[]){"x", "--size=1Q"}, &options, &first, &e));
	assert_non_null(strstr(e.text, "--size"));
}

static void files_are_replaced_whole(void **state)
{
	char folder[] = "/tmp/daxmark-test-XXXXXX", path[64], missing[64], *text;
	struct err e;
	size_t bytes;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
	snprintf(missing, sizeof(missing), "%s/no/file", folder);
	assert_true(file_may_create(path, false, &e));
	assert_int_equal(access(path, F_OK), -1); /* asking creates nothing */
	assert_true(file_replace(path, "one", 3, &e));
	assert_false(file_may_create(path, false, &e));
	assert_true(file_may_create(path, true, &e));
	assert_true(file_replace(path, "three", 5, &e));
	text = file_read(path, 100, &bytes, &e);
	assert_non_null(text);
	assert_int_equal(bytes, 5);
	assert_string_equal(text, "three");
	free(text);
	assert_null(file_read(path, 4, &bytes, &e));
	assert_null(file_read(folder, 100, &bytes, &e));
	assert_false(file_may_create(folder, true, &e));
	assert_false(file_may_create(missing, false, &e));
	assert_false(file_replace(missing, "x", 1, &e));
	unlink(path);
	assert_int_equal(rmdir(folder), 0); /* and no temporary file stayed */
}

/* Ends are rounded outward: no width becomes nothing, and none is narrower than it is. */
static void intervals_keep_their_width(void **state)
{
	char text[UNITS_SPEED_BYTES];

	(void)state;
	assert_string_equal(units_interval(0.95316, 0.95334, text), "[0.953, 0.954]");
	assert_string_equal(units_interval(0.961, 1.008, text), "[0.961, 1.008]");
	assert_string_equal(units_interval(12.34, 12.36, text), "[12.3, 12.4]");
	assert_string_equal(units_interval(0.01234, 0.01236, text), "[0.0123, 0.0124]");
	assert_string_equal(units_interval(1, 1, text), "[1.000, 1.000]");
	assert_string_equal(units_speed(0.9533, 0.95316, 0.95334, text), "0.953 [0.953, 0.954]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intervals_keep_their_width),
		cmocka_unit_test(sizes_are_parsed),
		cmocka_unit_test(size_lists_are_expanded),
		cmocka_unit_test(durations_are_parsed),
		cmocka_unit_test(numbers_are_spelled),
		cmocka_unit_test(words_have_their_values),
		cmocka_unit_test(cases_are_named),
		cmocka_unit_test(quantities_are_spelled),
		cmocka_unit_test(nearest_names_are_near),
		cmocka_unit_test(options_fill_their_fields),
		cmocka_unit_test(files_are_replaced_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
