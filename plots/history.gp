#: needs operation_ns
#: of history
#: title One case over time
#: alt Throughput of one case in GB/s with its 95 % interval, and its speed over memcpy, against the time of the run, one curve a machine and target
# From daxmark history: one row a run, in the order of time; strategies names the series.
at(c) = strptime("%Y-%m-%dT%H:%M:%S", strcol(c))
of_series(i, name) = column("series") == i ? column(name) : NaN
stats table using (at("created")) name "time" nooutput
stats table using (at("created")):(column("over_baseline")) name "over" nooutput
both = exists("over_records") && over_records > 0 ? 1 : 0
set xdata time
span = time_max - time_min
time_format = (span > 2*86400 ? "%Y-%m-%d" : span > 1800 ? "%m-%d\n%H:%M" : "%m-%d\n%H:%M:%S")
set format x time_format
set xtics rotate by 0
set xrange [time_min - (span > 0 ? 0.03 * span : 3600):time_max + (span > 0 ? 0.05 * span : 3600)]
set offsets 0, 0, graph 0.1, graph 0.1
set ylabel "throughput, GB/s"
# Two panels share the room between the key and the foot.
bottom = 3.2 * line
top = key_top - (key_rows + 0.85) * line
if (both) {
	set multiplot
	set bmargin at screen bottom + (top - bottom) * 0.55
	set format x ""
} else {
	set bmargin at screen bottom
}
plot for [i = 1:words(strategies)] table using (at("created")):(of_series(i, "gbps")):(of_series(i, "low")):(of_series(i, "high")) \
		with yerrorbars linecolor rgb colour_of(i) pointtype 0 linewidth 1.5 notitle, \
	for [i = 1:words(strategies)] table using (at("created")):(of_series(i, "gbps")) \
		with linespoints linecolor rgb colour_of(i) pointtype mark_of(i) linewidth 2 title word(strategies, i)
if (both) {
unset label 1000
unset label 1001
set key off
set tmargin at screen bottom + (top - bottom) * 0.45
set bmargin at screen bottom
set format x time_format
set ylabel "speed over memcpy, times"
plot for [i = 1:words(strategies)] table using (at("created")):(of_series(i, "over_baseline")):(of_series(i, "over_low")):(of_series(i, "over_high")) \
		with yerrorbars linecolor rgb colour_of(i) pointtype 0 linewidth 1.5 notitle, \
	for [i = 1:words(strategies)] table using (at("created")):(of_series(i, "over_baseline")) \
		with linespoints linecolor rgb colour_of(i) pointtype mark_of(i) linewidth 2 notitle
unset multiplot
}
