#: needs operation_ns
#: title Time of one operation by size
#: alt Time of one operation against bytes an operation, one curve a strategy with its 95 % interval, logarithmic axes
# For small copies the time says more than the throughput.
eval time_axis
plot for [i = 1:words(strategies)] table \
		using (of(word(strategies, i), "size_bytes")):(of(word(strategies, i), "operation_ns")):(of(word(strategies, i), "operation_ns_low")):(of(word(strategies, i), "operation_ns_high")) \
		with yerrorbars linecolor rgb colour_of(i) pointtype 0 linewidth 1.5 notitle, \
	for [i = 1:words(strategies)] table \
		using (of(word(strategies, i), "size_bytes")):(of(word(strategies, i), "operation_ns")) \
		with linespoints linecolor rgb colour_of(i) pointtype mark_of(i) dashtype dash_of(i) pointsize 0.7 linewidth 2 title word(strategies, i), \
	for [i = 1:n_weak] table using (of(word(strategies, i), "size_bytes")):(short(word(strategies, i), "operation_ns")) \
		with points linecolor rgb "#ffffff" pointtype 7 pointsize 0.35 notitle, \
	for [k = 1:n_weak_title] NaN with points linecolor rgb "#555555" pointtype 6 title weak_title
