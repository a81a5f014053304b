#: needs operation_ns
#: of report
#: title Speed at stated weather
#: alt Speed of one strategy over another with its 95 % interval, against what a roof of the same rounds reached at quiet, median and busy weather, one curve a comparison
# From daxmark report: three rows a comparison; strategies names them.
of_curve(i, name) = column("curve") == i ? column(name) : NaN
set xlabel "the roof's throughput at that weather, over its own at quiet weather"
set ylabel "speed of one over the other, times"
set format x "%.2g"
set offsets graph 0.05, graph 0.05, graph 0.1, graph 0.1
plot for [i = 1:words(strategies)] table using (of_curve(i, "roof_of_quiet")):(of_curve(i, "speed")):(of_curve(i, "low")):(of_curve(i, "high")) \
		with yerrorbars linecolor rgb colour_of(i) pointtype 0 linewidth 1.5 notitle, \
	for [i = 1:words(strategies)] table using (of_curve(i, "roof_of_quiet")):(of_curve(i, "speed")) \
		with linespoints linecolor rgb colour_of(i) pointtype mark_of(i) dashtype dash_of(i) linewidth 2 title word(strategies, i)
