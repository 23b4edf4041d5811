"""The branching factor of a population's spikes. With input from outside the ratio of successive counts is 1 for any
steady activity; correlations of counts fall as b m^k over k bins, whatever share of the cells is seen (Wilting &
Priesemann 2018, Nat Commun 9:2325). b and m are those of the least squares over k = 1 .. 10."""

import csv


def spike_counts(path, population, begin, end, width):
    """Spikes in bins of `width` ms."""
    counts = [0] * int((end - begin) / width)
    with open(path) as file:
        for name, _, time in list(csv.reader(file))[1:]:
            if name == population and begin <= float(time) < end:
                counts[int((float(time) - begin) / width)] += 1
    return counts


def branching_factor(counts):
    mean = sum(counts) / len(counts)
    around = [count - mean for count in counts]
    variance = sum(a * a for a in around)
    found = [sum(a * b for a, b in zip(around, around[k:])) / variance for k in range(1, 11)]

    def error(m):
        powers = [m**k for k in range(1, 11)]
        b = sum(r * p for r, p in zip(found, powers)) / sum(p * p for p in powers)
        return sum((r - b * p) ** 2 for r, p in zip(found, powers))

    return min((i / 1000 for i in range(1, 1000)), key=error)
