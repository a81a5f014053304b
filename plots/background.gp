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
plot for [i = 1:words(strategies)] table \
		using (of(word(strategies, i), "background_percent")):(of(word(strategies, i), "throughput_gb_per_s")):(of(word(strategies, i), "throughput_gb_per_s_low")):(of(word(strategies, i), "throughput_gb_per_s_high")) \
		with yerrorbars linecolor rgb colour_of(i) pointtype 0 linewidth 1.5 notitle, \
	for [i = 1:words(strategies)] table \
		using (of(word(strategies, i), "background_percent")):(of(word(strategies, i), "throughput_gb_per_s")) \
		with linespoints linecolor rgb colour_of(i) pointtype mark_of(i) dashtype dash_of(i) pointsize 0.9 linewidth 2 title word(strategies, i), \
	for [i = 1:n_weak] table using (of(word(strategies, i), "background_percent")):(short(word(strategies, i), "throughput_gb_per_s")) \
		with points linecolor rgb "#ffffff" pointtype 7 pointsize 0.45 notitle, \
	for [k = 1:n_weak_title] NaN with points linecolor rgb "#555555" pointtype 6 title weak_title
