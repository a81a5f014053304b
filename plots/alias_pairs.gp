#: needs operation_ns
#: of alias
#: title Cost of an alias by pair of address bits
#: alt Heat map: what a line costs more than under one address, in percent, for each pair of address bits in which the two addresses differ
# From daxmark alias: one row a pair. Grey was not measured. Bits that cancel show as cheap cells off the cheap rows.
set xlabel "one address bit"
set ylabel "the other address bit"
set xtics 2
set ytics 2
set key off
set tmargin at screen bare_top
set autoscale xfix
set autoscale yfix
set offsets 0, 0, 0, 0
set size ratio 0.8
set object rectangle from graph 0, graph 0 to graph 1, graph 1 fillcolor rgb "#e8e8e8" behind
set palette defined (0 "#f7fbff", 0.5 "#6baed6", 1 "#08306b")
set cbrange [*<0:5<*]
set cblabel "store, then load: cost over one address alone, %"
set style fill solid noborder
plot table using (column("bit")):(column("other")):(column("bit") - 0.5):(column("bit") + 0.5):(column("other") - 0.5):(column("other") + 0.5):(column("store_load_percent")) \
		with boxxyerror linecolor palette
