#: needs operation_ns
#: of report
#: title Time of the fastest on each machine
#: alt Time of one operation of the fastest copy that reaches the level, against bytes an operation, one curve a machine with its 95 % interval, logarithmic axes
# From daxmark report of several results: one row a machine and size.
eval size_axis
eval time_axis
of_series(i, name) = column("series") == i ? column(name) : NaN
hover_of(i) = sprintf("%s\\n%s, %s: %s", word(strategies, i), strcol("strategy"), size_text(column("size_bytes")), time_text(column("operation_ns")))
plot for [i = 1:words(strategies)] table using (of_series(i, "size_bytes")):(of_series(i, "operation_ns")):(of_series(i, "operation_ns_low")):(of_series(i, "operation_ns_high")) \
		with yerrorbars linecolor rgb colour_of(i) pointtype 0 linewidth 1.3 notitle, \
	for [i = 1:words(strategies)] table using (of_series(i, "size_bytes")):(of_series(i, "operation_ns")) \
		with linespoints linecolor rgb colour_of(i) pointtype mark_of(i) dashtype dash_of(i) pointsize 0.8 linewidth 1.8 title word(titles, i), \
	for [i = 1:hovers] table using (of_series(i, "size_bytes")):(of_series(i, "operation_ns")):(hover_of(i)) \
		with labels hypertext point pointtype 7 pointsize 1.4 linecolor rgb "#ff000000" notitle
