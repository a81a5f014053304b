#: needs throughput_gb_per_s
#: axis nodes
#: title Throughput by NUMA node
#: alt Heat map: throughput of the fastest strategy in GB/s for each node that the CPU is on against each node that the memory is on
# The memory is the target where it was moved, else the DRAM side.
set xlabel "CPU on node"
set ylabel "memory on node"
set xtics 0, 1
set ytics 0, 1
set autoscale xfix
set autoscale yfix
set offsets 0, 0, 0, 0
set key off
set tmargin at screen bare_top
# Light enough for dark labels.
set palette defined (0 "#f7fbff", 1 "#9ecae1")
set cblabel "throughput of ".best.", GB/s"
cpu(s) = of(s, "cpu_node")
row(s) = strcol("strategy") eq s ? (strcol("target_node") ne "any" ? column("target_node") : column("mem_node")) : NaN
set style fill solid noborder
plot table using (cpu(best)):(row(best)):(cpu(best) - 0.5):(cpu(best) + 0.5):(row(best) - 0.5):(row(best) + 0.5):(of(best, "throughput_gb_per_s")) \
		with boxxyerror linecolor palette, \
	table using (cpu(best)):(row(best)):(strcol("strategy") eq best ? sprintf("%.3g", column("throughput_gb_per_s")) : "") with labels textcolor "#000000"
