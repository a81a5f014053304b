// SPDX-License-Identifier: MIT
/* How strategies look, what is done to gnuplot's pictures, and names as people ask for them. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pattern.h"
#include "base/units.h"
#include "report/look.h"
#include "report/svg.h"
#include "strategy/strategy.h"

/* WCAG 2.1, "relative luminance". */
static double luminance(const char *colour)
{
	static const double weight[] = {0.2126, 0.7152, 0.0722};
	unsigned part[3];
	double sum = 0;

	assert_int_equal(sscanf(colour, "#%2x%2x%2x", &part[0], &part[1], &part[2]), 3);
	for (int i = 0; i < 3; i++) {
		double x = part[i] / 255.0;

		sum += weight[i] * (x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(const char *a, const char *b)
{
	double x = luminance(a) + 0.05, y = luminance(b) + 0.05;

	return x > y ? x / y : y / x;
}

/* WCAG 2.1, 1.4.11: graphics have 3:1. */
static void every_strategy_is_seen_and_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < strategies_n; i++) {
		const struct strategy *one = strategies[i];
		struct look look = look_of(one->name, one->family);

		assert_true(contrast(look.colour, "#ffffff") >= 3);
		assert_true(contrast(look.in_dark, "#14181f") >= 3);
		for (size_t j = 0; j < i; j++) {
			struct look other = look_of(strategies[j]->name, strategies[j]->family);
			bool same = strcmp(look.colour, other.colour) == 0 &&
				    look.mark == other.mark && look.dash == other.dash;

			if (same && one->family != FAMILY_EMPTY)
				fail_msg("%s looks like %s", one->name, strategies[j]->name);
			/* Another family is told by its mark, whatever an eye makes of its hue. */
			if (one->family != strategies[j]->family && one->copies &&
				strategies[j]->copies)
				assert_int_not_equal(look.mark, other.mark);
		}
	}
}

static void a_look_is_for_good(void **state)
{
	struct look a = look_of("somebody's", FAMILY_NOCACHE),
		    b = look_of("somebody's", FAMILY_NOCACHE);

	(void)state;
	assert_string_equal(a.colour, b.colour);
	assert_int_equal(a.dash, b.dash);
	assert_string_equal(look_of("nt-avx512", FAMILY_NOCACHE).colour, "#0072b2");
	assert_string_equal(look_of("memcpy+clwb", FAMILY_FLUSH).colour, "#d55e00");
}

static void pictures_need_no_script(void **state)
{
	static const char raw[] =
		"<svg><title>Gnuplot</title><g id=\"gnuplot_canvas\"><path id='gpPt1'/>"
		"<g id=\"gnuplot_plot_1\" ><title>gnuplot_plot_1</title>"
		"<g onmousemove=\"gnuplot_svg.showHypertext(evt,'nt, 4 KiB\\n95 %: 1 to 2')\" "
		"onmouseout=\"gnuplot_svg.hideHypertext()\"><title> </title>"
		"<use xlink:href='#gpPt1'/></g><title>memcpy</title></g></svg>";
	static const char tidy[] =
		"<svg><g id=\"gnuplot_canvas\"><path id='gpPt1'/><g id=\"gnuplot_plot_1\" >"
		"<g><title>nt, 4 KiB\n95 %: 1 to 2</title><use xlink:href='#gpPt1'/></g>"
		"<title>memcpy</title></g></svg>";
	char *once = svg_tidy(raw, ""), *twice = svg_tidy(once, ""), *page = svg_tidy(once, "p3-");

	(void)state;
	assert_string_equal(once, tidy);
	assert_string_equal(twice, tidy);
	assert_non_null(strstr(page, "id=\"p3-gnuplot_canvas\""));
	assert_non_null(strstr(page, "id='p3-gpPt1'"));
	assert_non_null(strstr(page, "href='#p3-gpPt1'"));
	free(once);
	free(twice);
	free(page);
}

static void names_are_matched(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool matches;
	} cases[] = {{"nt-avx", "nt-avx", true}, {"nt-avx", "nt-avx512", false},
		{"nt-*", "nt-avx512", true}, {"nt-*", "libpmem-nt", false},
		{"*clwb", "memcpy+clwb", true}, {"nt-avx?12", "nt-avx512", true},
		{"nt-[as]*", "nt-sse2", true}, {"nt-[as]*", "nt-movnti", false},
		{"/^nt-(avx|sse2)$/", "nt-sse2", true}, {"/^nt-(avx|sse2)$/", "nt-avx512", false},
		{"/clwb/", "fused-clwb-line", true}, {"/(/", "(", false}};
	const char *list = "memcpy,/a,b/,nt-*";
	char item[PATTERN_BYTES];
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			pattern_matches(cases[i].pattern, cases[i].name), cases[i].matches);
	assert_true(pattern_next(&list, item));
	assert_string_equal(item, "memcpy");
	assert_true(pattern_next(&list, item));
	assert_string_equal(item, "/a,b/");
	assert_true(pattern_next(&list, item));
	assert_string_equal(item, "nt-*");
	assert_false(pattern_next(&list, item));
	list = "a,";
	assert_true(pattern_next(&list, item) && pattern_next(&list, item));
	assert_string_equal(item, "");
	assert_false(pattern_next(&list, item));
	assert_true(pattern_list_matches("memcpy,nt-*", "nt-avx"));
	assert_false(pattern_list_matches("memcpy,nt-*", "memcpy+clwb"));
	assert_true(pattern_is("nt-*") && pattern_is("/a/") && !pattern_is("nt-avx"));
	assert_true(pattern_check("nt-*", &e) && pattern_check("/^a$/", &e));
	assert_false(pattern_check("/(/", &e));
	assert_int_equal(e.code, ERR_USAGE);
}

static void slow_ones_are_told_by_their_time(void **state)
{
	char text[UNITS_SPEED_BYTES];

	(void)state;
	assert_string_equal(units_speed(0.01187, 0.0114, 0.0124, text),
		"takes 84.2 [80.6, 87.8] times as long");
	assert_string_equal(
		units_speed(0.0125, -INFINITY, INFINITY, text), "takes 80 times as long");
	assert_string_equal(units_speed(0.1, 0.09, 0.11, text), "0.100 [0.09, 0.110]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_strategy_is_seen_and_told_apart),
		cmocka_unit_test(a_look_is_for_good),
		cmocka_unit_test(pictures_need_no_script),
		cmocka_unit_test(names_are_matched),
		cmocka_unit_test(slow_ones_are_told_by_their_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
