// SPDX-License-Identifier: MIT
#include "result/sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"

#define LARGEST_FILE (256u << 20)
#define DIGITS 5
#define TOP_BIT 60

static const char *const kind_names[SWEEP_KINDS] = {"store_load_ns", "load_load_ns"};

/* Room for the times of one more mask. */
static bool add_times(struct sweep *sweep)
{
	size_t need = sweep->n_times + SWEEP_KINDS * sweep->rounds;

	if (need > sweep->times_room) {
		size_t room = 2 * need;
		double *times = realloc(sweep->times, room * sizeof(times[0]));

		if (times == NULL)
			return false;
		sweep->times = times;
		sweep->times_room = room;
	}
	memset(sweep->times + sweep->n_times, 0, (need - sweep->n_times) * sizeof(double));
	sweep->n_times = need;
	return true;
}

struct sweep_mask *sweep_add(struct sweep *sweep, uint64_t mask, bool refused)
{
	struct sweep_mask *added;

	if (sweep->n == sweep->room) {
		size_t room = sweep->room > 0 ? 2 * sweep->room : 256;
		struct sweep_mask *masks = realloc(sweep->masks, room * sizeof(masks[0]));

		if (masks == NULL)
			return NULL;
		sweep->masks = masks;
		sweep->room = room;
	}
	added = &sweep->masks[sweep->n];
	memset(added, 0, sizeof(*added));
	added->mask = mask;
	added->refused = refused;
	added->at = sweep->n_times;
	if (!refused && !add_times(sweep))
		return NULL;
	sweep->n++;
	return added;
}

double *sweep_ns(const struct sweep *sweep, const struct sweep_mask *mask, enum sweep_kind kind)
{
	return sweep->times + mask->at + kind * sweep->rounds;
}

bool sweep_has(const struct sweep *sweep, uint64_t mask)
{
	for (size_t i = 0; i < sweep->n; i++)
		if (sweep->masks[i].mask == mask)
			return true;
	return false;
}

void sweep_free(struct sweep *sweep)
{
	free(sweep->times);
	free(sweep->masks);
	memset(sweep, 0, sizeof(*sweep));
}

static json_t *mask_json(const struct sweep *sweep, const struct sweep_mask *mask)
{
	json_t *object = json_object();

	json_put(object, "bits", json_bits(mask->mask));
	json_put(object, "stage", json_integer(mask->stage));
	json_put(object, "held_out", json_boolean(mask->held_out));
	json_put(object, "refused", json_boolean(mask->refused));
	for (int k = 0; k < SWEEP_KINDS; k++) {
		json_t *ns = json_array();

		for (size_t r = 0; r < sweep->rounds && !mask->refused; r++)
			json_array_append_new(
				ns, json_double(sweep_ns(sweep, mask, (enum sweep_kind)k)[r]));
		json_put(object, kind_names[k], ns);
	}
	return object;
}

bool sweep_write(const struct sweep *sweep, const char *path, struct err *e)
{
	json_t *root = json_object(), *masks = json_array();
	char *text;
	bool ok;

	json_put(root, "format", json_plain("daxmark-sweep"));
	json_put(root, "version", json_integer(1));
	json_put(root, "created", json_plain(sweep->created));
	json_put(root, "cpu_model", json_plain(sweep->cpu_model));
	json_put(root, "target", json_plain(sweep->target));
	json_put(root, "emulated_machine", json_boolean(sweep->emulated_machine));
	json_put(root, "granule_bytes", json_integer((json_int_t)sweep->granule_bytes));
	json_put(root, "shmlba_bytes", json_integer((json_int_t)sweep->shmlba_bytes));
	json_put(root, "way_bytes", json_integer((json_int_t)sweep->way_bytes));
	json_put(root, "rounds", json_integer((json_int_t)sweep->rounds));
	for (size_t i = 0; i < sweep->n; i++)
		json_array_append_new(masks, mask_json(sweep, &sweep->masks[i]));
	json_put(root, "masks", masks);
	text = json_dumps(root, JSON_REAL_PRECISION(DIGITS) | JSON_COMPACT);
	json_decref(root);
	if (text == NULL)
		return err_set(e, ERR_FAILED, "cannot write %s: out of memory", path);
	ok = file_replace(path, text, strlen(text), e);
	free(text);
	return ok;
}

static bool load_bits(
	const struct place *place, const json_t *in, const struct sweep *sweep, uint64_t *mask)
{
	json_t *bits;

	if (!place_array(place, in, "bits", 0, TOP_BIT + 1, &bits))
		return false;
	*mask = 0;
	for (size_t i = 0; i < json_array_size(bits); i++) {
		const json_t *bit = json_array_get(bits, i);
		json_int_t value = json_integer_value(bit);

		if (!json_is_integer(bit) || value < 0 || value > TOP_BIT ||
			1ull << value < sweep->granule_bytes || (*mask >> value & 1))
			return place_bad(place, "bits",
				"holds what is no address bit above the granule, or one twice");
		*mask |= 1ull << value;
	}
	return true;
}

static bool load_ns(const struct place *place, const json_t *in, const struct sweep *sweep,
	struct sweep_mask *mask, int kind)
{
	size_t n = mask->refused ? 0 : sweep->rounds;
	json_t *ns;

	if (!place_array(place, in, kind_names[kind], n, n, &ns))
		return false;
	for (size_t r = 0; r < n; r++) {
		const json_t *value = json_array_get(ns, r);
		double time = json_number_value(value);

		if (!json_is_number(value) || !(time > 1e-6) || !(time < 1e9))
			return place_bad(
				place, kind_names[kind], "holds what is no time in nanoseconds");
		sweep_ns(sweep, mask, (enum sweep_kind)kind)[r] = time;
	}
	return true;
}

static bool load_times(const struct place *place, const json_t *in, const struct sweep *sweep,
	struct sweep_mask *mask)
{
	for (int k = 0; k < SWEEP_KINDS; k++)
		if (!load_ns(place, in, sweep, mask, k))
			return false;
	return true;
}

static bool load_mask(const struct place *place, const json_t *in, struct sweep *sweep)
{
	bool held_out, refused;
	long long stage;
	uint64_t bits;

	if (!load_bits(place, in, sweep, &bits) ||
		!place_integer(place, in, "stage", 0, SWEEP_STAGES - 1, &stage) ||
		!place_bool(place, in, "held_out", &held_out) ||
		!place_bool(place, in, "refused", &refused))
		return false;
	if (sweep_add(sweep, bits, refused) == NULL)
		return err_set(place->e, ERR_FAILED, "out of memory");
	sweep->masks[sweep->n - 1].stage = (unsigned)stage;
	sweep->masks[sweep->n - 1].held_out = held_out;
	return load_times(place, in, sweep, &sweep->masks[sweep->n - 1]);
}

static bool load_masks(struct place *place, const json_t *root, struct sweep *sweep)
{
	json_t *masks;

	if (!place_array(place, root, "masks", 1, SWEEP_MOST_MASKS, &masks))
		return false;
	for (size_t i = 0; i < json_array_size(masks); i++) {
		snprintf(place->at, sizeof(place->at), "masks[%zu]", i);
		if (!load_mask(place, json_array_get(masks, i), sweep))
			return false;
	}
	return true;
}

static bool load_root(struct place *place, const json_t *root, struct sweep *sweep)
{
	char format[32];
	long long version, granule, shmlba, way, rounds;

	if (!json_is_object(root))
		return place_bad(place, "", "not a daxmark sweep: no JSON object");
	if (!place_text(place, root, "format", format, sizeof(format)) ||
		strcmp(format, "daxmark-sweep") != 0)
		return place_bad(place, "format", "not a daxmark sweep");
	if (!place_integer(place, root, "version", 1, 1, &version) ||
		!place_text(place, root, "created", sweep->created, sizeof(sweep->created)) ||
		!place_text(place, root, "cpu_model", sweep->cpu_model, sizeof(sweep->cpu_model)) ||
		!place_text(place, root, "target", sweep->target, sizeof(sweep->target)) ||
		!place_bool(place, root, "emulated_machine", &sweep->emulated_machine) ||
		!place_integer(place, root, "granule_bytes", 64, 1ll << 40, &granule) ||
		!place_integer(place, root, "shmlba_bytes", 0, 1ll << 40, &shmlba) ||
		!place_integer(place, root, "way_bytes", 0, 1ll << 40, &way) ||
		!place_integer(place, root, "rounds", 1, SWEEP_MOST_ROUNDS, &rounds))
		return false;
	if ((granule & (granule - 1)) != 0)
		return place_bad(place, "granule_bytes", "no power of two");
	sweep->granule_bytes = (uint64_t)granule;
	sweep->shmlba_bytes = (uint64_t)shmlba;
	sweep->way_bytes = (uint64_t)way;
	sweep->rounds = (size_t)rounds;
	return load_masks(place, root, sweep);
}

/* Load from a document and release it; NULL where there was none to parse. */
static bool take(struct sweep *sweep, json_t *root, const char *name, struct err *e)
{
	struct place place = {.path = name, .e = e};
	bool ok;

	memset(sweep, 0, sizeof(*sweep));
	ok = root != NULL && load_root(&place, root, sweep);
	json_decref(root);
	return ok;
}

bool sweep_parse(
	struct sweep *sweep, const char *text, size_t bytes, const char *name, struct err *e)
{
	return take(sweep, place_parse(text, bytes, name, e), name, e);
}

bool sweep_read(struct sweep *sweep, const char *path, struct err *e)
{
	return take(sweep, place_read(path, LARGEST_FILE, e), path, e);
}
