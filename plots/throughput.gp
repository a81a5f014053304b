#: needs throughput_gb_per_s
#: title Throughput by size
#: alt Throughput in GB/s against bytes an operation, one curve a strategy with its 95 % interval, logarithmic axes
# The bars are the 95 % intervals over visits; the grey dashes are the roof.
set logscale y 10
set ylabel "throughput, GB/s (10⁹ bytes)"
plot for [i = 1:words(strategies)] table \
		using (of(word(strategies, i), "size_bytes")):(of(word(strategies, i), "throughput_gb_per_s")):(of(word(strategies, i), "throughput_gb_per_s_low")):(of(word(strategies, i), "throughput_gb_per_s_high")) \
		with yerrorbars linecolor rgb colour_of(i) pointtype 0 linewidth 1.5 notitle, \
	for [i = 1:words(strategies)] table \
		using (of(word(strategies, i), "size_bytes")):(of(word(strategies, i), "throughput_gb_per_s")) \
		with linespoints linecolor rgb colour_of(i) pointtype mark_of(i) dashtype dash_of(i) pointsize 0.7 linewidth 2 title word(strategies, i), \
	for [i = 1:words(roofs)] table using (of(word(roofs, i), "size_bytes")):(of(word(roofs, i), "throughput_gb_per_s")) \
		with lines linecolor rgb "#888888" dashtype i + 1 linewidth 2 title word(roofs, i), \
	for [i = 1:n_weak] table using (of(word(strategies, i), "size_bytes")):(short(word(strategies, i), "throughput_gb_per_s")) \
		with points linecolor rgb "#ffffff" pointtype 7 pointsize 0.35 notitle, \
	for [k = 1:n_weak_title] NaN with points linecolor rgb "#555555" pointtype 6 title weak_title
