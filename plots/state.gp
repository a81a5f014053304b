#: needs operation_ns
#: axis state
#: title Time by where the destination's lines are
#: alt Time of one operation, logarithmic, for each state of the destination's lines, one point a strategy with its 95 % interval
all = states
set xlabel "destination's lines beforehand"
eval word_axis
eval time_axis_around
x_of(s, i) = strcol("strategy") eq s && place(all, strcol("state")) > 0 ? place(all, strcol("state")) + beside(i) : NaN
plot @points_of
