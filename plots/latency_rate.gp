#: needs operation_ns
#: of report
#: title Latency against the rate of arrivals
#: alt The time that 99 % of the operations did not exceed, counted from their arrival, against how many a second arrived, one curve a strategy
# From daxmark report: one row a bucket of a histogram, of which one is the first that holds 99 %.
of_p99(s, name) = strcol("strategy") eq s && column("comparison") == comparison && column("rate_per_s") > 0 && column("is_p99") == 1 ? column(name) : NaN
stats table using (among(strategies, strcol("strategy")) ? of_p99(strcol("strategy"), "ns") : NaN) name "ns" nooutput
stats table using (column("comparison") == comparison && column("rate_per_s") > 0 ? column("rate_per_s") : NaN) name "rates" nooutput
set logscale x 10
set xlabel "arrivals a second, for each thread"
set xrange [rates_min / 1.3:rates_max * 1.3]
set xtics ("1" 1)
do for [e = 0:3] { unit = word("1 K M G", e + 1); if (e > 0) { do for [d = 0:2] { set xtics add (sprintf("%d %s", 10**d, unit) 10**(3 * e + d)) } } else { do for [d = 1:2] { set xtics add (sprintf("%d", 10**d) 10**d) } } }
set yrange [ns_min / 1.5:ns_max * 1.5]
eval time_axis
set ylabel "time since its arrival, 99 %"
if (ns_max / ns_min < 25) { do for [e = 0:10] { set ytics add (time_text(2 * 10**e) 2 * 10**e, time_text(5 * 10**e) 5 * 10**e) } }
plot for [i = 1:words(strategies)] table using (of_p99(word(strategies, i), "rate_per_s")):(of_p99(word(strategies, i), "ns")) \
	with linespoints linecolor rgb colour_of(i) pointtype mark_of(i) dashtype dash_of(i) linewidth 2 title word(titles, i)
