# The look of every plot. Set by daxmark report before this file is loaded:
#   table       the TSV of the cases that are drawn
#   out, format the file to draw; svg, png, pdf, eps, tex or text
#   wide, high  millimetres; font, points: the type
#   strategies  names of those to draw as curves, in order, the chosen one last
#   titles      what the key says of each, quoted
#   colours, marks, dashes      of each, for good: src/report/look.c
#   alike, alike_colours        strategies that lie on one of these at every point: thin, without a key
#   roofs, roof_colours         loops that are no copies
#   ranked      the same strategies in the order of time
#   best        the fastest of the first of the comparisons
#   operations, states, pages   the words of these axes that the comparisons have
#   baseline    the strategy that ratios are to
#   weak        the level of guarantee that some of them do not reach, or empty
#   y_low, y_high   the ends of the y axis; 0: chosen here
#   caption     what is shown; foot: of which machine, when

if (format eq "svg") {
	set terminal svg size wide / 25.4 * 96, high / 25.4 * 96 dynamic enhanced font sprintf("%s,%g", font, points * 96 / 72.) background "#ffffff"
} else { if (format eq "png") {
	set terminal pngcairo size wide / 25.4 * 192, high / 25.4 * 192 enhanced font sprintf("%s,%g", font, points) fontscale 2 linewidth 2 pointscale 2 background "#ffffff"
} else { if (format eq "pdf") {
	set terminal pdfcairo size wide / 10. cm, high / 10. cm enhanced font sprintf("%s,%g", font, points) fontscale 0.75 linewidth points / 9. pointscale points / 12. background "#ffffff"
} else { if (format eq "eps") {
	set terminal epscairo size wide / 10. cm, high / 10. cm enhanced font sprintf("%s,%g", font, points) fontscale 0.75 linewidth points / 9. pointscale points / 12. background "#ffffff"
} else { if (format eq "tex") {
	# The document's own font: its size says how much room there is.
	set terminal cairolatex pdf input size wide / 10. cm, high / 10. cm font sprintf(",%g", points) linewidth 0.8 pointscale 0.6 background "#ffffff"
} else {
	set terminal dumb size 72, 24 mono
}}}}}
if (format ne "tex") { set termoption noenhanced }
set output out
set encoding utf8
set datafile separator "\t"
set datafile columnheaders
set datafile missing NaN

text = format eq "text"
small = format eq "tex" ? "" : sprintf("%s,%g", font, 0.82 * points * (format eq "svg" ? 96 / 72. : 1))
colour_of(i) = word(colours, (i - 1) % words(colours) + 1)
# Characters have one letter a curve, and neither lines nor hollow points.
mark_of(i) = text ? i : int(word(marks, (i - 1) % words(marks) + 1))
# An empty loop is read once, too.
alike_colour(i) = words(alike) ? word(alike_colours, i) : "#888888"
roof_colour(i) = words(roofs) ? word(roof_colours, i) : "#888888"
dash_of(i) = int(word(dashes, (i - 1) % words(dashes) + 1))
# The last is the one that is chosen.
width_of(i) = i == words(strategies) ? 3.2 : 1.8

set border 3 linecolor "#555555"
set grid xtics ytics linecolor "#dddddd" linewidth 1
set tics nomirror textcolor "#333333"

# From above: what is shown, the key in as many columns as there is room for, the plot, and the
# foot. All in lines of type, as a share of the height.
line = text ? 1. / 24 : points * 1.3 * 25.4 / 72 / high
chars = text ? 72 : wide / (points * (format eq "tex" ? 0.165 : 0.185))
n_lines(t) = t eq "" ? 0 : 1 + sum [k = 1:strlen(t)] (t[k:k] eq "\n")
n_weak_title = text || weak eq "" ? 0 : 1
longest = n_weak_title ? strlen("hollow: not ".weak) : 1
do for [k = 1:words(titles)] { longest = strlen(word(titles, k)) > longest ? strlen(word(titles, k)) : longest }
do for [k = 1:words(roofs)] { longest = strlen(word(roofs, k)) > longest ? strlen(word(roofs, k)) : longest }
n_keys = words(titles) + words(roofs) + n_weak_title
key_columns = int(chars / (longest + 5.5))
key_columns = key_columns < 1 ? 1 : key_columns > 4 ? 4 : key_columns
if (text) {
	# Letters are explained in words: a key of characters does not fit.
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	row = ""
	do for [k = 1:words(titles) + words(roofs)] {
		entry = letters[k:k]." ".(k <= words(titles) ? word(titles, k) : word(roofs, k - words(titles)))
		if (strlen(row) + strlen(entry) + 2 > 70) { caption = caption."\n".row; row = "" }
		row = row eq "" ? entry : row.", ".entry
	}
	caption = caption."\n".row
	if (weak ne "") { caption = caption."\n* not ".weak }
	n_keys = 0
}
key_rows = (n_keys + key_columns - 1) / key_columns
title_top = 1 - 0.4 * line
key_top = title_top - n_lines(caption) * line
bare_top = key_top - 0.5 * line
set label 1001 caption at screen (text ? 0.01 : 0.015), screen title_top - 0.5 * line left textcolor "#1d2430" front
set label 1000 foot at screen 0.015, screen (0.3 + 0.85 * n_lines(foot) - 0.42) * line font small textcolor "#555555" front
# gnuplot takes a letter of an SVG for wider than it is: columns as wide as there is room for.
key_shrink = format ne "svg" ? -0.15 * longest : (0.97 * wide / key_columns - 6 * points * 25.4 / 72) / (0.6 * points * 25.4 / 72) - longest
key_shrink = key_shrink > 0 ? 0 : key_shrink
set key at screen 0.015, screen key_top left top vertical maxrows key_rows reverse Left samplen 2 spacing 1.05 width key_shrink
# Names that are wider than the picture have smaller type.
if (!text && format ne "tex" && longest + 7 > chars) { eval sprintf('set key font "%s,%g"', font, points * (format eq "svg" ? 96 / 72. : 1) * chars / (longest + 7)) }
if (text) { set key off }
set tmargin at screen key_top - (key_rows + 0.85) * line
set bmargin at screen (0.7 + 0.85 * n_lines(foot) + 3.2) * line
set rmargin 3

size_label(e) = e < 10 ? sprintf("%d B", 2**e) : e < 20 ? sprintf("%d KiB", 2**(e-10)) : e < 30 ? sprintf("%d MiB", 2**(e-20)) : sprintf("%d GiB", 2**(e-30))
size_text(bytes) = bytes < 1024 ? sprintf("%d B", bytes) : bytes < 1048576 ? sprintf("%.4g KiB", bytes / 1024.) : bytes < 1073741824 ? sprintf("%.4g MiB", bytes / 1048576.) : sprintf("%.4g GiB", bytes / 1073741824.)
# For eval: the usual axis, of sizes. Every second power of four has a label.
size_axis = 'set logscale x 2; set xlabel "size of one operation"; set xtics ("" 1); do for [e = 2:38:4] { set xtics add (size_label(e) 2**e, "" 2**(e + 2) 1) }'
# For eval: a logarithmic axis of times, its decades as people say them.
time_label(e) = e < 3 ? sprintf("%d ns", 10**e) : e < 6 ? sprintf("%d us", 10**(e-3)) : e < 9 ? sprintf("%d ms", 10**(e-6)) : sprintf("%d s", 10**(e-9))
time_axis = 'set logscale y 10; set ylabel "time of one operation"; set ytics ("1 ns" 1); do for [e = 0:10] { set ytics add (time_label(e + 1) 10**(e + 1), "" 2 * 10**e 1, "" 5 * 10**e 1) }'
# The same around what is drawn of a column; within two decades 2 and 5 have labels, too.
time_axis_around = 'stats table using (shown("operation_ns")) name "estimate" nooutput; set yrange [estimate_min / 2:estimate_max * 2]; '.time_axis.'; if (estimate_max / estimate_min < 25) { do for [e = 0:10] { set ytics add (time_text(2 * 10**e) 2 * 10**e, time_text(5 * 10**e) 5 * 10**e) } }'
time_text(ns) = ns < 1e3 ? sprintf("%.3g ns", ns) : ns < 1e6 ? sprintf("%.3g us", ns / 1e3) : ns < 1e9 ? sprintf("%.3g ms", ns / 1e6) : sprintf("%.3g s", ns / 1e9)
# For eval: the words of `all`, one beside another.
word_axis = 'set xrange [0.5:words(all) + 0.5]; set xtics ("" 1); do for [k = 1:words(all)] { set xtics add (word(all, k) k) }'
# One scale for several pictures.
if (y_high > 0) { set yrange [y_low:y_high] }
# Room beside the first and the last point, or their labels fall off.
set offsets graph 0.02, graph 0.02, 0, 0

of(s, name) = strcol("strategy") eq s ? column(name) : NaN
# An end of an interval; the estimate itself where one visit gave no interval.
bound(s, name, end) = (b = of(s, name."_".end), b == b ? b : of(s, name))
# The same where the strategy falls short of the level that the plot is about: `weak` names the
# level, and is empty where all reach it. Such points are drawn hollow.
short(s, name) = strcol("strategy") eq s && column("meets") == 0 ? column(name) : NaN
n_weak = text || weak eq "" ? 0 : words(strategies)
weak_title = "hollow: not ".weak
# Axes are laid around the estimates of what is drawn, so that an interval of two visits, which
# may span decades, leaves the picture instead of squeezing it.
among(list, word) = strstrt(" ".list." ", " ".word." ") > 0
shown(name) = among(strategies, strcol("strategy")) ? column(name) : NaN
# Where a word is in a list, from 1; strategies beside one another at each place.
place(list, w) = sum [k = 1:words(list)] (word(list, k) eq w ? k : 0)
beside(i) = (i - (words(strategies) + 1) / 2.0) * 0.8 / words(strategies)

# A plot says what is along x and y, and is then `plot @curves` or `plot @points`.
along = "size_bytes"
x_of(s, i) = of(s, along)
y = "operation_ns"
scale = 1
# What the pointer shows over a point of an SVG.
hovers = format eq "svg" ? words(strategies) : 0
value_text(name) = name eq "operation_ns" ? time_text(column(name)) : name eq "throughput_gb_per_s" ? sprintf("%.3g GB/s", column(name)) : name eq "roof_share" ? sprintf("%.0f %% of the roof", 100 * column(name)) : sprintf("%.3g times", column(name))
ends_text(name) = name eq "roof_share" ? "" : column(name."_low") != column(name."_low") ? "" : sprintf("\\n95 %%: %.3g to %.3g", column(name."_low"), column(name."_high"))
hover(name) = sprintf("%s, %s: %s%s", strcol("strategy"), size_text(column("size_bytes")), value_text(name), ends_text(name))
over = 'for [i = 1:n_weak] table using (x_of(word(strategies, i), i)):(scale * short(word(strategies, i), y)) with points linecolor rgb "#ffffff" pointtype 7 pointsize 0.4 notitle, for [k = 1:n_weak_title] NaN with points linecolor rgb "#555555" pointtype 6 title weak_title, for [i = 1:hovers] table using (x_of(word(strategies, i), i)):(scale * of(word(strategies, i), y)):(hover(y)) with labels hypertext point pointtype 7 pointsize 1.4 linecolor rgb "#ff000000" notitle'
bars = 'for [i = 1:(text ? 0 : words(strategies))] table using (x_of(word(strategies, i), i)):(of(word(strategies, i), y)):(of(word(strategies, i), y."_low")):(of(word(strategies, i), y."_high")) with yerrorbars linecolor rgb colour_of(i) pointtype 0 linewidth 1.3 notitle'
lines = 'for [i = 1:words(alike)] table using (x_of(word(alike, i), i)):(scale * of(word(alike, i), y)) with lines linecolor rgb alike_colour(i) linewidth 0.8 notitle, for [i = 1:words(strategies)] table using (x_of(word(strategies, i), i)):(scale * of(word(strategies, i), y)) with linespoints linecolor rgb colour_of(i) pointtype mark_of(i) dashtype dash_of(i) pointsize 0.8 linewidth width_of(i) title word(titles, i)'
if (text) { lines = 'for [i = 1:words(strategies)] table using (x_of(word(strategies, i), i)):(scale * of(word(strategies, i), y)) with points pointtype i notitle' }
roof_curves = 'for [i = 1:words(roofs)] table using (of(word(roofs, i), along)):(of(word(roofs, i), y)) with '.(text ? 'points pointtype words(strategies) + i notitle' : 'lines linecolor rgb roof_colour(i) dashtype i + 1 linewidth 1.5 title word(roofs, i)')
curves = bars.", ".lines.", ".over
points_of = 'for [i = 1:words(strategies)] table using (x_of(word(strategies, i), i)):(of(word(strategies, i), y)):(bound(word(strategies, i), y, "low")):(bound(word(strategies, i), y, "high")) with yerrorbars linecolor rgb colour_of(i) pointtype mark_of(i) pointsize 0.9 linewidth 1.5 title word(titles, i), '.over
