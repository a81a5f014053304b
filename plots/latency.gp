#: needs operation_ns
#: of report
#: title Latency of single operations
#: alt Time of an operation that a share of all operations did not exceed, from half of them to the longest but ten, one curve a strategy
# From daxmark report: one row a bucket of a histogram; comparison and rate say of which.
mine(s) = strcol("strategy") eq s && column("comparison") == comparison && column("rate_per_s") == rate
at(s) = mine(s) ? column("one_of") : NaN
set logscale x 10
set xlabel "share of the operations that took no longer"
set xtics ("50 %%" 2, "90 %%" 10, "99 %%" 100, "99.9 %%" 1e3, "99.99 %%" 1e4, "99.999 %%" 1e5, "99.9999 %%" 1e6)
stats table using (column("one_of") == column("one_of") && among(strategies, strcol("strategy")) && column("comparison") == comparison && column("rate_per_s") == rate ? column("one_of") : NaN) name "of" nooutput
set xrange [1.6:1.5 * of_max]
stats table using ((among(strategies, strcol("strategy")) && column("comparison") == comparison && column("rate_per_s") == rate && column("one_of") >= 1.6) ? column("ns") : NaN) name "ns" nooutput
set yrange [ns_min / 1.5:ns_max * 1.5]
eval time_axis
set ylabel "time of one operation"
if (ns_max / ns_min < 25) { do for [e = 0:10] { set ytics add (time_text(2 * 10**e) 2 * 10**e, time_text(5 * 10**e) 5 * 10**e) } }
plot for [i = 1:words(strategies)] table using (at(word(strategies, i))):"ns" \
	with fsteps linecolor rgb colour_of(i) dashtype dash_of(i) linewidth 2 title word(titles, i)
