// SPDX-License-Identifier: MIT
#include "base/units.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The multiplier of a unit suffix; 0 when there is no such unit. */
static uint64_t byte_unit(const char *suffix)
{
	static const char letters[] = "KMGT";
	const char *letter;
	uint64_t base, unit = 1;

	if (*suffix == '\0' || strcmp(suffix, "B") == 0)
		return 1;
	letter = strchr(letters, *suffix == 'k' ? 'K' : *suffix);
	if (letter == NULL)
		return 0;
	if (suffix[1] == '\0' || strcmp(suffix + 1, "iB") == 0)
		base = 1024;
	else if (strcmp(suffix + 1, "B") == 0)
		base = 1000;
	else
		return 0;
	for (ptrdiff_t i = 0; i <= letter - letters; i++)
		unit *= base;
	return unit;
}

bool units_parse_bytes(const char *text, uint64_t *bytes, struct err *e)
{
	char *end;
	uint64_t value, unit;

	if (*text < '0' || *text > '9')
		return err_set(
			e, ERR_USAGE, "'%s' is not a size: write 4096, 4K, 4KiB or 4KB", text);
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno == ERANGE)
		return err_set(e, ERR_USAGE, "size '%s' is too large", text);
	unit = byte_unit(end);
	if (unit == 0)
		return err_set(e, ERR_USAGE,
			"'%s' is not a size: unit '%s' is none of K M G T, KiB.. or KB..", text,
			end);
	if (value > UINT64_MAX / unit)
		return err_set(e, ERR_USAGE, "size '%s' is too large", text);
	*bytes = value * unit;
	return true;
}

bool units_parse_seconds(const char *text, double *seconds, struct err *e)
{
	static const struct {
		const char *name;
		double seconds;
	} units[] = {
		{"", 1}, {"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"m", 60}, {"min", 60}, {"h", 3600}};
	char *end;
	double value;

	errno = 0;
	value = strtod(text, &end);
	if (end == text || errno == ERANGE || !isfinite(value) || value <= 0)
		return err_set(e, ERR_USAGE,
			"'%s' is not a duration above zero: write 60s, 500ms or 2m", text);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].name) == 0) {
			*seconds = value * units[i].seconds;
			if (isfinite(*seconds) && *seconds > 0)
				return true;
			return err_set(e, ERR_USAGE, "duration '%s' is out of range", text);
		}
	}
	return err_set(e, ERR_USAGE, "'%s' is not a duration: unit '%s' is none of us ms s m h",
		text, end);
}

static bool parse_rate(const char *item, double *rate, struct err *e)
{
	static const char letters[] = "KMG";
	const char *letter;
	char *end;

	*rate = strtod(item, &end);
	letter = *end != '\0' ? strchr(letters, *end == 'k' ? 'K' : *end) : NULL;
	if (letter != NULL) {
		*rate *= pow(1000, (double)(letter - letters + 1));
		end++;
	}
	return (end != item && *end == '\0' && *rate >= 1 && *rate <= 1e9) ||
	       err_set(e, ERR_USAGE,
		       "'%s' is not a rate from 1 to 1G a second: write 500, 100K or 1.5M", item);
}

bool units_parse_rates(const char *text, double *rates, size_t most, size_t *n, struct err *e)
{
	const char *at = text;

	*n = 0;
	for (;;) {
		size_t length = strcspn(at, ",");
		char item[32];
		bool known = false;
		double rate;

		snprintf(item, sizeof(item), "%.*s", (int)(length < 31 ? length : 31), at);
		if (!parse_rate(item, &rate, e))
			return false;
		for (size_t i = 0; i < *n; i++)
			known |= rates[i] == rate;
		if (!known && *n == most)
			return err_set(e, ERR_USAGE, "more than %zu rates", most);
		if (!known)
			rates[(*n)++] = rate;
		if (at[length] == '\0')
			return true;
		at += length + 1;
	}
}

const char *units_rate(double per_second, char text[UNITS_TEXT_BYTES])
{
	static const char *const units[] = {"", " K", " M", " G"};
	size_t unit = 0;

	for (; per_second >= 1000 && unit < 3; unit++)
		per_second /= 1000;
	snprintf(text, UNITS_TEXT_BYTES, "%.5g%s/s", per_second, units[unit]);
	return text;
}

bool units_parse_u64(const char *text, uint64_t *value, struct err *e)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (*text < '0' || *text > '9' || *end != '\0')
		return err_set(e, ERR_USAGE, "'%s' is not a whole number", text);
	if (errno == ERANGE)
		return err_set(e, ERR_USAGE, "number '%s' is too large", text);
	return true;
}

static bool add_size(uint64_t sizes[UNITS_MAX_SIZES], size_t *n, uint64_t size, struct err *e)
{
	for (size_t i = 0; i < *n; i++)
		if (sizes[i] == size)
			return true;
	if (*n == UNITS_MAX_SIZES)
		return err_set(e, ERR_USAGE, "more than %d sizes", UNITS_MAX_SIZES);
	sizes[(*n)++] = size;
	return true;
}

/* FIRST..LAST*FACTOR, cut in place. */
static bool parse_range(
	char *item, char *dots, uint64_t sizes[UNITS_MAX_SIZES], size_t *n, struct err *e)
{
	uint64_t first, last, factor = 2;
	char *star = strchr(dots, '*');

	*dots = '\0';
	if (star != NULL) {
		*star = '\0';
		if (!units_parse_u64(star + 1, &factor, e))
			return false;
	}
	if (!units_parse_bytes(item, &first, e) || !units_parse_bytes(dots + 2, &last, e))
		return false;
	if (factor < 2)
		return err_set(e, ERR_USAGE, "range factor %llu: must be 2 or more",
			(unsigned long long)factor);
	if (first == 0 || first > last)
		return err_set(e, ERR_USAGE,
			"range %s..%s: the first size must be above 0 and not above the last", item,
			dots + 2);
	for (uint64_t size = first;; size *= factor) {
		if (!add_size(sizes, n, size, e))
			return false;
		if (size > last / factor)
			return true;
	}
}

bool units_parse_sizes(const char *text, uint64_t sizes[UNITS_MAX_SIZES], size_t *n, struct err *e)
{
	char *copy = strdup(text), *save = NULL, *item;
	bool ok = true;

	if (copy == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	*n = 0;
	if (*text == '\0' || *text == ',' || text[strlen(text) - 1] == ',' || strstr(text, ",,"))
		ok = err_set(e, ERR_USAGE, "'%s' has an empty size in its list", text);
	for (item = strtok_r(copy, ",", &save); ok && item != NULL;
		item = strtok_r(NULL, ",", &save)) {
		char *dots = strstr(item, "..");
		uint64_t size;

		if (dots != NULL)
			ok = parse_range(item, dots, sizes, n, e);
		else
			ok = units_parse_bytes(item, &size, e) && add_size(sizes, n, size, e);
	}
	free(copy);
	return ok;
}

const char *units_bytes(uint64_t bytes, char text[UNITS_TEXT_BYTES])
{
	static const char *const names[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	size_t i = 0;

	while (i < 4 && bytes >= 1024 && bytes % 1024 == 0) {
		bytes /= 1024;
		i++;
	}
	snprintf(text, UNITS_TEXT_BYTES, "%llu %s", (unsigned long long)bytes, names[i]);
	return text;
}

/* Three significant digits without an exponent, for 0.001 <= |value| < 1e6. */
static void three_digits(double value, const char *unit, char text[UNITS_TEXT_BYTES])
{
	double size = fabs(value);
	int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;

	if (size < 1e6)
		snprintf(text, UNITS_TEXT_BYTES, "%.*f %s", decimals, value, unit);
	else
		snprintf(text, UNITS_TEXT_BYTES, "%.3g %s", value, unit);
}

const char *units_ns(double ns, char text[UNITS_TEXT_BYTES])
{
	if (ns < 1e3)
		three_digits(ns, "ns", text);
	else if (ns < 1e6)
		three_digits(ns / 1e3, "us", text);
	else if (ns < 1e9)
		three_digits(ns / 1e6, "ms", text);
	else
		three_digits(ns / 1e9, "s", text);
	return text;
}

const char *units_gbps(double gigabytes_per_second, char text[UNITS_TEXT_BYTES])
{
	if (gigabytes_per_second < 0.1)
		three_digits(gigabytes_per_second * 1e3, "MB/s", text);
	else
		three_digits(gigabytes_per_second, "GB/s", text);
	return text;
}

const char *units_ratio(double ratio, char text[UNITS_TEXT_BYTES])
{
	snprintf(text, UNITS_TEXT_BYTES, ratio >= 0.1 && ratio < 10 ? "%.3f" : "%.3g", ratio);
	return text;
}

/* As units_ratio() prints it, but not above (up: not below) what it is. */
static double outward(double ratio, bool up)
{
	double unit = ratio >= 0.1 && ratio < 10 ? 1e-3
		      : ratio > 0		 ? pow(10, floor(log10(ratio)) - 2)
						 : 1;
	/* What is as near as this to a printed number is that number. */
	double near = 1e-6 * unit;

	return up ? ceil((ratio - near) / unit) * unit : floor((ratio + near) / unit) * unit;
}

const char *units_interval(double low, double high, char text[UNITS_SPEED_BYTES])
{
	char first[UNITS_TEXT_BYTES], last[UNITS_TEXT_BYTES];

	if (!isfinite(low) || !isfinite(high))
		text[0] = '\0';
	else
		snprintf(text, UNITS_SPEED_BYTES, "[%s, %s]",
			units_ratio(outward(low, false), first),
			units_ratio(outward(high, true), last));
	return text;
}

const char *units_speed(double speed, double low, double high, char text[UNITS_SPEED_BYTES])
{
	char one[UNITS_TEXT_BYTES], interval[UNITS_SPEED_BYTES] = "";

	if (isnan(speed)) {
		snprintf(text, UNITS_SPEED_BYTES, "–");
	} else if (speed < UNITS_LEAST_SPEED) {
		if (isfinite(low) && isfinite(high) && low > 0)
			units_interval(1 / high, 1 / low, interval);
		snprintf(text, UNITS_SPEED_BYTES, "takes %.20s%s%.50s times as long",
			units_ratio(1 / speed, one), interval[0] != '\0' ? " " : "", interval);
	} else if (!isfinite(low) || !isfinite(high)) {
		snprintf(text, UNITS_SPEED_BYTES, "%s", units_ratio(speed, one));
	} else {
		snprintf(text, UNITS_SPEED_BYTES, "%s %.60s", units_ratio(speed, one),
			units_interval(low, high, interval));
	}
	return text;
}
