#: needs operation_ns beside_gb_per_s
#: axis background
#: title Time under load
#: alt Time of one operation against what the other CPUs move meanwhile, one curve a strategy with its 95 % interval
# Loaded latency, as memory is described: where a curve bends up the bandwidth is used up.
stats table using (shown("operation_ns")) name "estimate" nooutput
stats table using (shown("beside_gb_per_s")) name "load" nooutput
set xlabel "background load, GB/s (10⁹ bytes)"
# A run that was cut short may not know what it moved.
load_end = load_max > 0 ? load_max : 1
set xrange [-0.02 * load_end:1.05 * load_end]
eval time_axis_around
along = "beside_gb_per_s"
y = "operation_ns"
plot @curves
