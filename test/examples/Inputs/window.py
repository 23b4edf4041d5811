"""window.py WEIGHTS.csv: the final weights of examples/stdp_window.syn lie on the curve of the rule."""

import csv
import math
import sys

last = [float(cell) for cell in list(csv.reader(open(sys.argv[1])))[-1][1:]]
assert len(last) == 101
for i, weight in enumerate(last):
    d = (i - 50) * 2
    change = 0 if d == 0 else 0.005 * math.exp(-d / 20) if d > 0 else -0.00525 * math.exp(d / 20)
    if abs(weight - (0.5 + change)) > 1e-12:
        sys.exit(f"{d} ms: {weight!r}, not {0.5 + change!r}")
print(f"{len(last)} weights on the curve")
