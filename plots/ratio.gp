#: needs speed_over_baseline
#: least 3
#: title Speed over the baseline by size
#: alt Speed relative to the baseline strategy against bytes an operation, one curve a strategy in a band that is its 95 % interval
# Above 1 is faster than the baseline. Bands are 95 % intervals over visits.
eval size_axis
set logscale y 2
set ylabel "speed over ".baseline.", times"
set ytics ("1/256" 1./256, "1/128" 1./128, "1/64" 1./64, "1/32" 1./32, "1/16" 1./16, "1/8" 1./8, "1/4" 1./4, "1/2" 0.5, "1" 1, "2" 2, "4" 4, "8" 8, "16" 16, "32" 32, "64" 64)
set arrow from graph 0, first 1 to graph 1, first 1 nohead linecolor "#333333" linewidth 1
y = "speed_over_baseline"
plot for [i = 1:words(strategies)] table \
		using (x_of(word(strategies, i), i)):(of(word(strategies, i), y."_low")):(of(word(strategies, i), y."_high")) \
		with filledcurves fillstyle transparent solid 0.2 noborder fillcolor rgb colour_of(i) notitle, \
	@lines, @over
