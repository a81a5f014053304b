#: needs operation_ns
#: of alias
#: title Cost of an alias by address bit
#: alt What a line costs more than under one address when the two addresses differ in one bit, in percent, for each bit
# From daxmark alias: one row a bit.
set xlabel "the address bit in which the two mappings differ"
set ylabel "cost over one address alone, %"
# What is below a few percent is noise, and should look like it.
set yrange [-10:5<*]
set xtics 2
set arrow from graph 0, first 0 to graph 1, first 0 nohead linecolor "#333333" linewidth 1
plot table using (column("bit")):(column("store_load_percent")) with linespoints linecolor rgb colour_of(1) pointtype 7 linewidth 2 title "store, then load", \
	table using (column("bit")):(column("load_load_percent")) with linespoints linecolor rgb colour_of(2) pointtype 5 linewidth 2 title "load, then load"
