// SPDX-License-Identifier: MIT
// <daxmark/bench.h> over libbenchmark 1.7.1. The only C++ of daxmark, and no more of it than
// the library asks for: it is compiled without exceptions of its own and without checks (Debian
// builds the library with them), since the loop that is timed is inlined here.
#include <daxmark/bench.h>

#include <atomic>
#include <benchmark/benchmark.h>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace
{
std::atomic<int> skipped;

// The threads of a call meet before and behind what is set up. Google Benchmark's own
// barrier is inside its loop, and out of reach.
class Meeting
{
	std::mutex mutex;
	std::condition_variable came;
	int waiting = 0;
	unsigned turn = 0;

      public:
	void meet(int threads)
	{
		std::unique_lock<std::mutex> lock(mutex);
		const unsigned mine = turn;

		if (++waiting == threads) {
			waiting = 0;
			turn++;
			came.notify_all();
			return;
		}
		came.wait(lock, [&] { return turn != mine; });
	}
};
} // namespace

struct daxmark_bench {
	std::string name;
	daxmark_bench_body *body;
	void *user;
	bool (*setup)(daxmark_bench_state *, void *) = nullptr;
	void (*teardown)(daxmark_bench_state *, void *) = nullptr;
	benchmark::internal::Benchmark *registered = nullptr;
	Meeting meeting;
	std::atomic<bool> ready{true}; // what set-up said, for all threads of the call
	std::string why;	       // and why not
	std::string missing;	       // of one that is unavailable
};

struct daxmark_bench_state {
	benchmark::State *state;
	daxmark_bench *bench;
	int64_t left = 0; // of a batch that was begun
	bool skips = false;
	bool done = false; // its loop has ended
};

namespace
{
void set_up(daxmark_bench_state *call)
{
	daxmark_bench *bench = call->bench;
	const int threads = call->state->threads();

	if (bench->setup == nullptr)
		return;
	if (call->state->thread_index() == 0) {
		bench->why.clear();
		bench->ready = bench->setup(call, bench->user);
		if (!bench->ready && bench->why.empty())
			bench->why = "set-up failed";
	}
	if (threads > 1)
		bench->meeting.meet(threads);
	if (!bench->ready && !call->skips)
		daxmark_bench_skip(call, bench->why.c_str());
}

void tear_down(daxmark_bench_state *call)
{
	daxmark_bench *bench = call->bench;
	const int threads = call->state->threads();

	if (bench->teardown == nullptr)
		return;
	if (threads > 1)
		bench->meeting.meet(threads);
	if (call->state->thread_index() == 0)
		bench->teardown(call, bench->user);
	if (threads > 1) // the next call may begin only when this one is over
		bench->meeting.meet(threads);
}

std::vector<std::unique_ptr<daxmark_bench>> all;

void run_body(benchmark::State &state, daxmark_bench *bench)
{
	daxmark_bench_state call;

	call.state = &state;
	call.bench = bench;
	set_up(&call);
	if (!call.skips)
		bench->body(&call, bench->user);
	// A body that was skipped, or left early, must not end before its loop has, nor may that
	// end twice: 1.7.1 checks both, and aborts.
	while (!call.done && daxmark_bench_batch(&call, INT64_MAX) > 0)
		;
	tear_down(&call);
}

daxmark_bench *make(const char *name, daxmark_bench_body *body, void *user)
{
	daxmark_bench *bench;

	all.emplace_back(new daxmark_bench); // they live as long as their registrations
	bench = all.back().get();
	bench->name = name;
	bench->body = body;
	bench->user = user;
	bench->registered = benchmark::RegisterBenchmark(
		name, [bench](benchmark::State &state) { run_body(state, bench); });
	return bench;
}

void say_why(daxmark_bench_state *call, void *)
{
	daxmark_bench_skip(call, call->bench->missing.c_str());
}
} // namespace

daxmark_bench *daxmark_bench_new(const char *name, daxmark_bench_body *body, void *user)
{
	return make(name, body, user);
}

void daxmark_bench_unavailable(const char *name, const char *why)
{
	// One repetition and one iteration, whatever the flags say: with several the library
	// would compare them, and abort.
	daxmark_bench *bench = make(name, say_why, nullptr);

	bench->missing = why;
	bench->registered->Repetitions(1)->Iterations(1);
}

void daxmark_bench_setup(daxmark_bench *bench, bool (*setup)(daxmark_bench_state *, void *),
	void (*teardown)(daxmark_bench_state *, void *))
{
	bench->setup = setup;
	bench->teardown = teardown;
}

void daxmark_bench_with(daxmark_bench *bench, int64_t arg)
{
	bench->registered->Arg(arg);
}

void daxmark_bench_with_all(daxmark_bench *bench, const int64_t *args, size_t n)
{
	bench->registered->Args(std::vector<int64_t>(args, args + n));
}

void daxmark_bench_names(daxmark_bench *bench, const char *const *names, size_t n)
{
	bench->registered->ArgNames(std::vector<std::string>(names, names + n));
}

void daxmark_bench_multiplier(daxmark_bench *bench, int multiplier)
{
	bench->registered->RangeMultiplier(multiplier);
}

void daxmark_bench_range(daxmark_bench *bench, int64_t first, int64_t last)
{
	bench->registered->Range(first, last);
}

void daxmark_bench_dense(daxmark_bench *bench, int64_t first, int64_t last, int step)
{
	bench->registered->DenseRange(first, last, step);
}

void daxmark_bench_product(
	daxmark_bench *bench, const int64_t *const *lists, const size_t *lengths, size_t n)
{
	std::vector<std::vector<int64_t>> all;

	for (size_t i = 0; i < n; i++)
		all.emplace_back(lists[i], lists[i] + lengths[i]);
	bench->registered->ArgsProduct(all);
}

void daxmark_bench_threads(daxmark_bench *bench, int threads)
{
	bench->registered->Threads(threads);
}

void daxmark_bench_thread_range(daxmark_bench *bench, int first, int last)
{
	bench->registered->ThreadRange(first, last);
}

void daxmark_bench_real_time(daxmark_bench *bench)
{
	bench->registered->UseRealTime();
}

void daxmark_bench_manual_time(daxmark_bench *bench)
{
	bench->registered->UseManualTime();
}

void daxmark_bench_min_time(daxmark_bench *bench, double seconds)
{
	bench->registered->MinTime(seconds);
}

void daxmark_bench_fixed_iterations(daxmark_bench *bench, int64_t iterations)
{
	bench->registered->Iterations(iterations);
}

void daxmark_bench_repetitions(daxmark_bench *bench, int repetitions)
{
	bench->registered->Repetitions(repetitions);
}

void daxmark_bench_unit(daxmark_bench *bench, enum daxmark_bench_unit unit)
{
	static const benchmark::TimeUnit units[] = {benchmark::kNanosecond, benchmark::kMicrosecond,
		benchmark::kMillisecond, benchmark::kSecond};

	bench->registered->Unit(units[unit]);
}

void daxmark_bench_complexity(daxmark_bench *bench, enum daxmark_bench_order order)
{
	static const benchmark::BigO orders[] = {benchmark::o1, benchmark::oN, benchmark::oNSquared,
		benchmark::oLogN, benchmark::oNLogN, benchmark::oAuto};

	bench->registered->Complexity(orders[order]);
}

int64_t daxmark_bench_batch(daxmark_bench_state *call, int64_t most)
{
	benchmark::State &state = *call->state;
	int64_t n;

	// KeepRunningBatch() lets a loop do up to most - 1 iterations too many, and counts them:
	// a batch is no longer than what is left, so that it does as many as were asked for.
	if (call->left == 0)
		call->left = static_cast<int64_t>(state.max_iterations);
	n = most < call->left ? most : call->left;
	n = n < 1 ? 1 : n;
	if (!state.KeepRunningBatch(n)) {
		call->done = true;
		return 0;
	}
	call->left -= n;
	return n;
}

const char *daxmark_bench_name(const daxmark_bench_state *call)
{
	return call->bench->name.c_str();
}

int64_t daxmark_bench_arg(const daxmark_bench_state *call, size_t i)
{
	return call->state->range(i);
}

int64_t daxmark_bench_iterations(const daxmark_bench_state *call)
{
	return static_cast<int64_t>(call->state->iterations());
}

int daxmark_bench_thread(const daxmark_bench_state *call)
{
	return call->state->thread_index();
}

int daxmark_bench_thread_count(const daxmark_bench_state *call)
{
	return call->state->threads();
}

void daxmark_bench_bytes(daxmark_bench_state *call, int64_t bytes)
{
	call->state->SetBytesProcessed(bytes);
}

void daxmark_bench_items(daxmark_bench_state *call, int64_t items)
{
	call->state->SetItemsProcessed(items);
}

void daxmark_bench_label(daxmark_bench_state *call, const char *label)
{
	call->state->SetLabel(label);
}

void daxmark_bench_took(daxmark_bench_state *call, double seconds)
{
	call->state->SetIterationTime(seconds);
}

void daxmark_bench_complexity_n(daxmark_bench_state *call, int64_t n)
{
	call->state->SetComplexityN(n);
}

void daxmark_bench_pause(daxmark_bench_state *call)
{
	call->state->PauseTiming();
}

void daxmark_bench_resume(daxmark_bench_state *call)
{
	call->state->ResumeTiming();
}

void daxmark_bench_count(daxmark_bench_state *call, const char *name, double value, unsigned how)
{
	using Counter = benchmark::Counter;
	static const struct {
		unsigned ours, theirs;
	} words[] = {{DAXMARK_RATE, Counter::kIsRate}, {DAXMARK_OF_THREADS, Counter::kAvgThreads},
		{DAXMARK_OF_ITERATIONS, Counter::kAvgIterations},
		{DAXMARK_INVERSE, static_cast<unsigned>(Counter::kInvert)}};
	unsigned flags = Counter::kDefaults;

	for (const auto &word : words)
		if ((how & word.ours) != 0)
			flags |= word.theirs;
	call->state->counters[name] = Counter(value, static_cast<Counter::Flags>(flags));
}

void daxmark_bench_skip(daxmark_bench_state *call, const char *why)
{
	call->skips = true;
	if (call->state->thread_index() == 0) {
		skipped++;
		call->bench->why = why;
	}
	call->state->SkipWithError(why);
}

void daxmark_bench_context(const char *key, const char *value)
{
	benchmark::AddCustomContext(key, value);
}

int daxmark_bench_main(int argc, char **argv)
{
	skipped = 0;
	benchmark::Initialize(&argc, argv);
	if (benchmark::ReportUnrecognizedArguments(argc, argv))
		return 2;
	if (benchmark::RunSpecifiedBenchmarks() == 0) // it has said so
		return 1;
	benchmark::Shutdown();
	return skipped > 0 ? 1 : 0;
}
