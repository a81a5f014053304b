#: needs speed_over_baseline
#: title Speed over the baseline by size
#: alt Speed relative to the baseline strategy against bytes an operation, one curve a strategy in a band that is its 95 % interval
# Above 1 is faster than the baseline. Bands are 95 % intervals over visits.
set logscale y 2
set ylabel "speed over ".baseline.", times"
set ytics ("1/64" 1./64, "1/32" 1./32, "1/16" 1./16, "1/8" 1./8, "1/4" 1./4, "1/2" 0.5, "0.71" 0.7071, "1" 1, "1.41" 1.4142, "2" 2, "2.83" 2.8284, "4" 4, "8" 8, "16" 16)
set arrow from graph 0, first 1 to graph 1, first 1 nohead linecolor "#333333" linewidth 1
plot for [i = 1:words(strategies)] table \
		using (of(word(strategies, i), "size_bytes")):(of(word(strategies, i), "speed_over_baseline_low")):(of(word(strategies, i), "speed_over_baseline_high")) \
		with filledcurves fillstyle transparent solid 0.2 noborder fillcolor rgb colour_of(i) notitle, \
	for [i = 1:words(strategies)] table \
		using (of(word(strategies, i), "size_bytes")):(of(word(strategies, i), "speed_over_baseline")) \
		with linespoints linecolor rgb colour_of(i) pointtype mark_of(i) dashtype dash_of(i) pointsize 0.7 linewidth 2 title word(strategies, i), \
	for [i = 1:n_weak] table using (of(word(strategies, i), "size_bytes")):(short(word(strategies, i), "speed_over_baseline")) \
		with points linecolor rgb "#ffffff" pointtype 7 pointsize 0.35 notitle, \
	for [k = 1:n_weak_title] NaN with points linecolor rgb "#555555" pointtype 6 title weak_title
