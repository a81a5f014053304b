# The look of every plot. Set by daxmark report before this file is loaded:
#   table       the TSV of all cases
#   out         the file to draw, its ending chooses the format
#   curves      the numbers of the curves to draw, as in the table, with spaces around
#   is_cut, size_bytes   1: of these curves only the points of that size
#   best        the fastest of the first of them
#   strategies  names of those to draw, in order: at most ten
#   operations, states, pages   the words of these axes that the curves have
#   baseline    the strategy that ratios are to
#   weak        the level of guarantee that some of them do not reach, or empty
#   caption     one line on target and machine

ending = out[strlen(out)-2:]
if (ending eq "svg") {
	set terminal svg size 960,560 dynamic enhanced font "DejaVu Sans,14" background "#ffffff"
} else {
	set terminal pngcairo size 1440,840 enhanced font "DejaVu Sans,15" background "#ffffff"
}
set termoption noenhanced
set output out
set encoding utf8
set datafile separator "\t"
set datafile columnheaders
set datafile missing NaN

# Okabe and Ito's colours: told apart by colour-blind readers; points differ too.
array colour[8] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6a3d9a", "#7f7f7f"]
array mark[8] = [7, 5, 9, 13, 11, 6, 4, 8]
# The ninth has the first's colour, and another mark and dashes.
colour_of(i) = colour[(i - 1) % 8 + 1]
mark_of(i) = mark[(i - 1 + 3 * ((i - 1) / 8)) % 8 + 1]
dash_of(i) = i > 8 ? 4 : 1

set border 3 linecolor "#555555"
set grid xtics ytics linecolor "#dddddd" linewidth 1
set tics nomirror textcolor "#333333"
set key outside right center reverse Left samplen 2 spacing 1.2
set title caption font ",11" textcolor "#555555"

if (!is_cut) {
set logscale x 2
set xlabel "size of one operation"
set xtics ("1 B" 1)
size_label(e) = e < 10 ? sprintf("%d B", 2**e) : e < 20 ? sprintf("%d KiB", 2**(e-10)) : e < 30 ? sprintf("%d MiB", 2**(e-20)) : sprintf("%d GiB", 2**(e-30))
do for [e = 2:38:2] { set xtics add (size_label(e) 2**e) }
set xtics rotate by -35
}
# For eval: a logarithmic axis of times, its decades as people say them.
time_label(e) = e < 3 ? sprintf("%d ns", 10**e) : e < 6 ? sprintf("%d us", 10**(e-3)) : e < 9 ? sprintf("%d ms", 10**(e-6)) : sprintf("%d s", 10**(e-9))
part_label(m, e) = e < 3 ? sprintf("%d", m * 10**e) : sprintf("%d", m * 10**(e % 3))
time_axis = 'set logscale y 10; set ylabel "time of one operation"; set ytics ("1 ns" 1); do for [e = 0:10] { set ytics add (part_label(2, e) 2 * 10**e, part_label(5, e) 5 * 10**e, time_label(e + 1) 10**(e + 1)) }'
# For eval: the words of `all`, one beside another.
word_axis = 'set xrange [0.5:words(all) + 0.5]; set xtics ("" 1); do for [k = 1:words(all)] { set xtics add (word(all, k) k) }'
# Room beside the first and the last point, or their labels fall off.
set offsets graph 0.02, graph 0.02, 0, 0

among(list, word) = strstrt(" ".list." ", " ".word." ") > 0
drawn(s) = strcol("strategy") eq s && among(curves, strcol("curve")) && \
	(!is_cut || column("size_bytes") == size_bytes)
of(s, name) = drawn(s) ? column(name) : NaN
# An end of an interval; the estimate itself where one visit gave no interval.
bound(s, name, end) = (x = of(s, name."_".end), x == x ? x : of(s, name))
# The same where the strategy falls short of the level that the plot is about: `weak` names the
# level, and is empty where all reach it. Such points are drawn hollow.
short(s, name) = drawn(s) && column("meets") == 0 ? column(name) : NaN
n_weak = weak eq "" ? 0 : words(strategies)
n_weak_title = weak eq "" ? 0 : 1
weak_title = "hollow: not ".weak
# For stats: a column of all that is drawn. Axes are laid around the estimates, so that an interval of
# two visits, which may span decades, leaves the picture instead of squeezing it.
shown(name) = among(curves, strcol("curve")) && among(strategies, strcol("strategy")) && \
	(!is_cut || column("size_bytes") == size_bytes) ? column(name) : NaN
# Where a word is in a list, from 1; strategies beside one another at each place.
place(list, w) = sum [k = 1:words(list)] (word(list, k) eq w ? k : 0)
beside(i) = (i - (words(strategies) + 1) / 2.0) * 0.8 / words(strategies)
