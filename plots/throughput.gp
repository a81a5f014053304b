#: needs throughput_gb_per_s
#: least 3
#: title Throughput by size
#: alt Throughput in GB/s against bytes an operation, one curve a strategy with its 95 % interval, logarithmic axes
# The bars are the 95 % intervals over visits; the grey dashes are the roof.
eval size_axis
set logscale y 10
set ylabel "throughput, GB/s (10⁹ bytes)"
y = "throughput_gb_per_s"
plot @curves, @roof_curves
