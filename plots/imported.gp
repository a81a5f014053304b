#: needs operation_ns
#: of imported
#: title Times that another tool measured
#: alt Times that another tool measured, a dot each with the range of its repetitions
# From daxmark import: one row a name, in the order of the file.
stats table using (column("least")) name "low" nooutput
stats table using (column("most")) name "high" nooutput
stats table using (column("row")) name "rows" nooutput
set xlabel "time, median and range"
if (high_max / low_min > 12) {
	set logscale x 10
	set xtics ("1 ns" 1)
	do for [e = 0:10] { set xtics add (time_label(e + 1) 10**(e + 1), "" 2 * 10**e 1, "" 5 * 10**e 1) }
	factor = 1
} else {
	step = high_max < 2e3 ? 0 : high_max < 2e6 ? 1 : high_max < 2e9 ? 2 : 3
	factor = 10. ** (-3 * step)
	set xlabel "time, median and range, ".word("ns us ms s", step + 1)
}
set xrange [low_min * factor / 1.1:high_max * factor * 1.1]
set yrange [-rows_max - 0.6:-0.4]
set ytics font small
set key off
set tmargin at screen bare_top
plot table using (factor * column("ns")):(-column("row")):(factor * column("least")):(factor * column("most")):ytic(strcol("name")) \
	with xerrorbars linecolor rgb word(colours, 1) pointtype 7 pointsize 0.8 linewidth 1.6 notitle
