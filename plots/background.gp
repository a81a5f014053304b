#: needs throughput_gb_per_s
#: axis background
#: title Throughput under background load
#: alt Throughput in GB/s against the part of the time that the other CPUs load or store, one curve a strategy with its 95 % interval
# Where curves cross, contention changes the answer.
set xlabel "part of the time that the other CPUs are busy, %"
set xrange [-2:102]
set xtics 0, 25, 100
stats table using (shown("throughput_gb_per_s")) name "estimate" nooutput
set yrange [0:1.5 * estimate_max]
set ylabel "throughput, GB/s (10⁹ bytes)"
along = "background_percent"
y = "throughput_gb_per_s"
plot @curves
