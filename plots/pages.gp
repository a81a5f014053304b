#: needs operation_ns
#: axis pages
#: title Time by the state of the target's pages
#: alt Time of one operation, logarithmic, for each state of the target's pages, one point a strategy with its 95 % interval
# The distance from mapped is what the fault costs.
all = pages
set xlabel "target's pages beforehand"
eval word_axis
eval time_axis_around
x_of(s, i) = strcol("strategy") eq s && place(all, strcol("pages")) > 0 ? place(all, strcol("pages")) + beside(i) : NaN
plot @points_of
