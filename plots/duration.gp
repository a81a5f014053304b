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
		with linespoints linecolor rgb colour_of(i) pointtype mark_of(i) dashtype dash_of(i) pointsize 0.7 linewidth 2 title word(strategies, i)
