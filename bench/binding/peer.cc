// SPDX-License-Identifier: MIT
// The same loop by Google Benchmark's own C++ interface, for bench/binding/cost.c.
#include <benchmark/benchmark.h>
#include <chrono>

extern "C" void peer_register(int64_t most, int64_t iterations, double *ns);

extern "C" void peer_register(int64_t most, int64_t iterations, double *ns)
{
	benchmark::RegisterBenchmark("peer", [=](benchmark::State &state) {
		const auto start = std::chrono::steady_clock::now();
		uint64_t x = 0;

		while (state.KeepRunningBatch(most))
			for (int64_t i = 0; i < most; i++) {
				__asm__ volatile("" : "+r"(x));
				x++;
			}
		__asm__ volatile("" ::"r"(x));
		*ns = std::chrono::duration<double, std::nano>(
			      std::chrono::steady_clock::now() - start)
			      .count() /
		      static_cast<double>(iterations);
	})->Iterations(iterations);
}
