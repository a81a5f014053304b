#: needs roof_share
#: title Share of the roof by size
#: alt Speed in percent of the roof, a loop that only loads or only stores as much, against bytes an operation, one curve a strategy
# 100 % is a loop that moves as many bytes one way, measured in the same rounds: loads for
# reads, non-temporal stores for durable writes, plain stores for others.
roof_name = words(roofs) == 1 ? word(roofs, 1) : "loads, or stores"
set yrange [0:*]
set ylabel "share of the roof: ".roof_name.", %"
set arrow from graph 0, first 100 to graph 1, first 100 nohead linecolor "#333333" linewidth 1
plot for [i = 1:words(strategies)] table \
		using (of(word(strategies, i), "size_bytes")):(100 * of(word(strategies, i), "roof_share")) \
		with linespoints linecolor rgb colour_of(i) pointtype mark_of(i) dashtype dash_of(i) pointsize 0.7 linewidth 2 title word(strategies, i), \
	for [i = 1:n_weak] table using (of(word(strategies, i), "size_bytes")):(100 * short(word(strategies, i), "roof_share")) \
		with points linecolor rgb "#ffffff" pointtype 7 pointsize 0.35 notitle, \
	for [k = 1:n_weak_title] NaN with points linecolor rgb "#555555" pointtype 6 title weak_title
