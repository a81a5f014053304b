#: needs operation_ns
#: axis history
#: title One case over time
#: alt Throughput of one case in GB/s, and its speed over memcpy, against the date of the run
# From daxmark history: one row a run, in the order of time.
when = "%Y-%m-%dT%H:%M:%S"
at(c) = strptime(when, strcol(c))
set multiplot layout 2,1
set xdata time
set format x "%Y-%m-%d\n%H:%M"
set key off
set offsets 0, 0, graph 0.1, graph 0.1
set ylabel "throughput, GB/s"
plot table using (at("created")):(column("gbps")) with linespoints linecolor rgb colour_of(1) pointtype 7 linewidth 2
unset title
set ylabel "speed over memcpy, times"
plot table using (at("created")):(column("over_baseline")) with linespoints linecolor rgb colour_of(2) pointtype 5 linewidth 2
unset multiplot
