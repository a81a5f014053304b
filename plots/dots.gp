#: needs operation_ns
#: most 2
#: title Time of one operation
#: alt Time of one operation, one dot a strategy with its 95 % interval, in the order of time
# One or two sizes are no curve. `ranked` has the strategies in the order of time.
stats table using (shown("operation_ns")) name "estimate" nooutput
stats table using (column("size_bytes")) name "sizes" nooutput
low_end = estimate_min / 1.25
high_end = estimate_max * 1.25
factor = 1
set xlabel "time of one operation"
if (high_end / low_end > 12) {
	set logscale x 10
	set xtics ("1 ns" 1)
	do for [e = 0:10] { set xtics add (time_label(e + 1) 10**(e + 1), "" 2 * 10**e 1, "" 5 * 10**e 1) }
} else {
	# Less than a decade: even steps say more.
	step = estimate_max < 2e3 ? 0 : estimate_max < 2e6 ? 1 : estimate_max < 2e9 ? 2 : 3
	factor = 10. ** (-3 * step)
	set xlabel "time of one operation, ".word("ns us ms s", step + 1)
}
set xrange [low_end * factor:high_end * factor]
set yrange [-words(strategies) - 0.6:-0.4]
set ytics ("" -1)
do for [k = 1:words(ranked)] { set ytics add (word(ranked, k) -k) }
set key off
set tmargin at screen bare_top
two = sizes_max != sizes_min
row_of(s) = -place(ranked, s) + (two ? (column("size_bytes") == sizes_min ? 0.16 : -0.16) : 0)
plot for [i = 1:words(strategies)] table \
		using (factor * of(word(strategies, i), "operation_ns")):(row_of(word(strategies, i))):(factor * bound(word(strategies, i), "operation_ns", "low")):(factor * bound(word(strategies, i), "operation_ns", "high")) \
		with xerrorbars linecolor rgb colour_of(i) pointtype mark_of(i) pointsize 1 linewidth 1.6 notitle, \
	for [i = 1:n_weak] table using (factor * short(word(strategies, i), "operation_ns")):(row_of(word(strategies, i))) \
		with points linecolor rgb "#ffffff" pointtype 7 pointsize 0.45 notitle, \
	for [k = 1:two] table using (strcol("strategy") eq word(ranked, 1) ? factor * column("operation_ns") : NaN):(row_of(word(ranked, 1))):(size_text(column("size_bytes"))) \
		with labels offset 0, 0.7 font small textcolor "#333333" notitle, \
	for [i = 1:hovers] table using (factor * of(word(strategies, i), "operation_ns")):(row_of(word(strategies, i))):(hover("operation_ns")) \
		with labels hypertext point pointtype 7 pointsize 1.4 linecolor rgb "#ff000000" notitle
