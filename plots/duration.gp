#: needs operation_ns
#: least 3
#: title Time of one operation by size
#: alt Time of one operation against bytes an operation, one curve a strategy with its 95 % interval, logarithmic axes
# For small copies the time says more than the throughput.
eval size_axis
eval time_axis
plot @curves
