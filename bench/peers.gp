# For scripts/peers: a dot and its range each, one panel a size, the fastest at the top.
set datafile separator "\t"
set datafile columnheaders
set terminal svg size 760, 860 dynamic enhanced font "DejaVu Sans,13" background "#ffffff"
set output out
stats table using (column("bytes")) name "size" nooutput
sizes = system(sprintf("awk -F'\\t' 'NR > 1 && !seen[$1]++ { print $1 }' '%s'", table))
n = words(sizes)
set border 3 linecolor "#555555"
set tics nomirror textcolor "#333333" noenhanced
set grid xtics linecolor "#dddddd"
set logscale x 10
set key off
set offsets 0, 0, 0.5, 0.5
set lmargin 36
set format x "%g"
set multiplot layout n, 1 title "Time of one operation, ns: daxmark, a bare loop and others on the same file" noenhanced
colour(tool) = tool eq "daxmark" ? 0xd55e00 : tool eq "bare loop" ? 0x333333 : tool eq "fio" ? 0x0072b2 : 0x8a8a8a
do for [k = 1:n] {
	part = sprintf("< awk -F'\\t' 'NR == 1 || $1 == %s' '%s'", word(sizes, k), table)
	set title sprintf("%s bytes", word(sizes, k)) noenhanced offset 0, -0.7
	plot part using (column("ns")):(-column(0)):(column("low")):(column("high")):(colour(strcol("tool"))):ytic(strcol("tool").": ".strcol("what")) \
		with xerrorbars pointtype 7 pointsize 0.8 linewidth 1.6 linecolor rgb variable
}
unset multiplot
