#: needs operation_ns
#: axis operation
#: title Write against write and consume
#: alt Time of one operation, logarithmic, for write and for write+consume, one point a strategy with its 95 % interval
# What a copy saves by not caching, the consumer may pay.
all = operations
set xlabel "operation"
eval word_axis
eval time_axis
stats table using (shown("operation_ns")) name "estimate" nooutput
set yrange [estimate_min / 2:estimate_max * 2]
at(s, i) = drawn(s) && place(all, strcol("operation")) > 0 ? place(all, strcol("operation")) + beside(i) : NaN
plot for [i = 1:words(strategies)] table \
		using (at(word(strategies, i), i)):(of(word(strategies, i), "operation_ns")):(bound(word(strategies, i), "operation_ns", "low")):(bound(word(strategies, i), "operation_ns", "high")) \
		with yerrorbars linecolor rgb colour_of(i) pointtype mark_of(i) pointsize 0.9 linewidth 1.5 title word(strategies, i), \
	for [i = 1:n_weak] table using (at(word(strategies, i), i)):(short(word(strategies, i), "operation_ns")) \
		with points linecolor rgb "#ffffff" pointtype 7 pointsize 0.45 notitle, \
	for [k = 1:n_weak_title] NaN with points linecolor rgb "#555555" pointtype 6 title weak_title
