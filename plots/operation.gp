#: needs operation_ns
#: axis operation
#: title Write against write and consume
#: alt Time of one operation, logarithmic, for write and for write+consume, one point a strategy with its 95 % interval
# What a copy saves by not caching, the consumer may pay.
all = operations
set xlabel "operation"
eval word_axis
eval time_axis_around
x_of(s, i) = strcol("strategy") eq s && place(all, strcol("operation")) > 0 ? place(all, strcol("operation")) + beside(i) : NaN
plot @points_of
