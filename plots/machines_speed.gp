#: needs operation_ns
#: of report
#: title Speed of the fastest over each machine's baseline
#: alt Speed of the fastest copy that reaches the level over the same machine's baseline, against bytes an operation, one curve a machine in a band that is its 95 % interval
# Ratios of different machines can stand over one another; times of different targets are no contest.
eval size_axis
set logscale y 2
set ylabel "speed over its own baseline, times"
set ytics ("1/64" 1./64, "1/32" 1./32, "1/16" 1./16, "1/8" 1./8, "1/4" 1./4, "1/2" 0.5, "1" 1, "2" 2, "4" 4, "8" 8, "16" 16, "32" 32, "64" 64)
set arrow from graph 0, first 1 to graph 1, first 1 nohead linecolor "#333333" linewidth 1
of_series(i, name) = column("series") == i ? column(name) : NaN
hover_of(i) = sprintf("%s\\n%s, %s: %.3g times", word(strategies, i), strcol("strategy"), size_text(column("size_bytes")), column("speed"))
plot for [i = 1:words(strategies)] table using (of_series(i, "size_bytes")):(of_series(i, "speed_low")):(of_series(i, "speed_high")) \
		with filledcurves fillstyle transparent solid 0.2 noborder fillcolor rgb colour_of(i) notitle, \
	for [i = 1:words(strategies)] table using (of_series(i, "size_bytes")):(of_series(i, "speed")) \
		with linespoints linecolor rgb colour_of(i) pointtype mark_of(i) dashtype dash_of(i) pointsize 0.8 linewidth 1.8 title word(titles, i), \
	for [i = 1:hovers] table using (of_series(i, "size_bytes")):(of_series(i, "speed")):(hover_of(i)) \
		with labels hypertext point pointtype 7 pointsize 1.4 linecolor rgb "#ff000000" notitle
