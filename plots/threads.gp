#: needs throughput_gb_per_s
#: axis threads
#: title Throughput by threads
#: alt Throughput of all threads together in GB/s against the number of threads, one curve a strategy with its 95 % interval
# All threads' bytes over the time of the slowest.
set xlabel "threads"
set logscale x 2
set logscale y 10
set xtics 2
stats table using (shown("throughput_gb_per_s")) name "estimate" nooutput
set yrange [estimate_min / 2:estimate_max * 2]
set ytics (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
set ylabel "throughput, GB/s (10⁹ bytes)"
along = "threads"
y = "throughput_gb_per_s"
plot @curves
