#: needs roof_share
#: least 3
#: title Share of the roof by size
#: alt Speed in percent of the roof, a loop that only loads or only stores as much, against bytes an operation, one curve a strategy
# 100 % is a loop that moves as many bytes one way, measured in the same rounds: loads for
# reads, non-temporal stores for durable writes, plain stores for others.
roof_name = words(roofs) == 1 ? word(roofs, 1) : "loads, or stores"
eval size_axis
set yrange [0:*]
set ylabel "share of the roof: ".roof_name.", %"
set arrow from graph 0, first 100 to graph 1, first 100 nohead linecolor "#333333" linewidth 1
y = "roof_share"
scale = 100
plot @lines, @over
