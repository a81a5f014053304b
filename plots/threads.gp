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
plot for [i = 1:words(strategies)] table \
		using (of(word(strategies, i), "threads")):(of(word(strategies, i), "throughput_gb_per_s")):(of(word(strategies, i), "throughput_gb_per_s_low")):(of(word(strategies, i), "throughput_gb_per_s_high")) \
		with yerrorbars linecolor rgb colour_of(i) pointtype 0 linewidth 1.5 notitle, \
	for [i = 1:words(strategies)] table \
		using (of(word(strategies, i), "threads")):(of(word(strategies, i), "throughput_gb_per_s")) \
		with linespoints linecolor rgb colour_of(i) pointtype mark_of(i) dashtype dash_of(i) pointsize 0.9 linewidth 2 title word(strategies, i), \
	for [i = 1:n_weak] table using (of(word(strategies, i), "threads")):(short(word(strategies, i), "throughput_gb_per_s")) \
		with points linecolor rgb "#ffffff" pointtype 7 pointsize 0.45 notitle, \
	for [k = 1:n_weak_title] NaN with points linecolor rgb "#555555" pointtype 6 title weak_title
