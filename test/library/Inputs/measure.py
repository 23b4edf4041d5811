"""What the checks of this folder share: reading results, comparing, a plain integrator."""

import atexit
import csv
import sys

seen = {"numbers": 0, "trains": 0}  # that are as they should be, and that were read
atexit.register(lambda: print(f"{seen['numbers']} numbers are right, {seen['trains']} cells that spike were read"))


def trace(path):
    """The times of a trace file in ms and a list of values for each recorded element."""
    rows = list(csv.reader(open(path)))[1:]
    columns = list(zip(*[[float(cell) for cell in row] for row in rows]))
    return list(columns[0]), [list(column) for column in columns[1:]]


def spikes(path):
    """The spike times in ms, by (population, element)."""
    trains = {}
    for population, element, time in list(csv.reader(open(path)))[1:]:
        trains.setdefault((population, int(element)), []).append(float(time))
    seen["trains"] += len(trains)
    return trains


def near(what, got, wanted, tolerance):
    """Ends the test where a number is farther from another than it may be."""
    if not abs(got - wanted) <= tolerance:
        sys.exit(f"{what}: got {got!r}, wanted {wanted!r} within {tolerance!r}")
    seen["numbers"] += 1


def rk4(derivative, y, dt):
    """One classical Runge-Kutta step."""
    k1 = derivative(y)
    k2 = derivative([a + dt / 2 * b for a, b in zip(y, k1)])
    k3 = derivative([a + dt / 2 * b for a, b in zip(y, k2)])
    k4 = derivative([a + dt * b for a, b in zip(y, k3)])
    return [a + dt / 6 * (b + 2 * c + 2 * d + e) for a, b, c, d, e in zip(y, k1, k2, k3, k4)]


def fire(derivative, y, dt, duration, upstroke, reset=None):
    """Spike times of a cell by small Runge-Kutta steps; `upstroke(before, after)` tells a spike."""
    times = []
    for step in range(1, round(duration / dt) + 1):
        before, y = y, rk4(derivative, y, dt)
        if upstroke(before, y):
            times.append(step * dt)
            y = reset(y) if reset else y
    return times
