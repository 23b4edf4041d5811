"""late_rate.py SPIKES.csv POPULATION SIZE FROM TO LOW HIGH: its mean rate in Hz between two times in s is within bounds."""

import csv
import sys

path, name, size, begin, end, low, high = sys.argv[1], sys.argv[2], *map(float, sys.argv[3:])
with open(path) as file:
    rows = csv.reader(file)
    next(rows)
    count = sum(1 for population, _, time in rows if population == name and begin <= float(time) / 1000 < end)
rate = count / size / (end - begin)
print(f"{name}: {rate:.2f} Hz")
sys.exit(not low <= rate <= high)
