"""What the tests of this folder share: one run of a model, on the machine and on the interpreter."""

import atexit
import csv
import glob
import subprocess
import sys


seen = {"runs": 0, "values": 0}  # that agree with the interpreter, and that are as they should be
atexit.register(lambda: print(f"{seen['runs']} runs agree, {seen['values']} values are right"))


class Results:
    """What a run recorded."""

    def __init__(self, stem):
        self.traces = {}  # "P[0].v": [(time in ms, value)]
        self.spikes = {}  # ("P", 0): [time in ms]
        for path in glob.glob(glob.escape(stem) + ".*.csv"):
            with open(path) as file:
                header, *rows = csv.reader(file)
            for column, title in enumerate(header[1:], 1):
                name = title.rsplit(" ", 1)[0]
                self.traces[name] = [(float(row[0]), float(row[column])) for row in rows]
        with open(stem + ".csv") as file:
            for population, element, time in list(csv.reader(file))[1:]:
                self.spikes.setdefault((population, int(element)), []).append(round(float(time), 9))

    def at(self, name, time):
        """The value of a recorded variable at a time in ms."""
        (value,) = [v for t, v in self.traces[name] if abs(t - time) < 1e-6]
        return value

    def last(self, name):
        """Its value at the end."""
        return self.traces[name][-1][1]


def run(model, *options):
    """Runs a model; what it recorded."""
    stem = model.rsplit(".", 1)[0] + "".join(option.strip("-").replace("/", "_") for option in options)
    subprocess.run(["synfire", "run", model, "--quiet", *options, "-o", stem + ".csv"], check=True)
    return Results(stem)


def both(model, bound=1e-9, *options):
    """Runs a model compiled and on the interpreter, which must agree: spikes at the same steps, values
    within `bound`, relative, or of their unit where they are small (the default leaves room for some
    thousand roundings; no mistake is as small). The results of the compiled run."""
    cpu, reference = run(model, *options), run(model, "--target", "reference", *options)
    for name, trace in cpu.traces.items():
        for (time, value), (_, expected) in zip(trace, reference.traces[name]):
            if not abs(value - expected) <= bound * max(1, abs(expected)):
                sys.exit(f"{name} is {value!r} at {time} ms, and {expected!r} on the interpreter")
    recorded = {population for population, _ in cpu.spikes}  # the interpreter writes all spikes
    for neuron in {*cpu.spikes, *(key for key in reference.spikes if key[0] in recorded)}:
        one, other = (sorted(results.spikes.get(neuron, [])) for results in (cpu, reference))
        if one != other:
            sys.exit(f"{neuron} spikes at {one}, and at {other} on the interpreter")
    seen["runs"] += 1
    return cpu


def near(what, got, wanted, tolerance=1e-9):
    """Ends the test where a number is farther from another than it may be."""
    if not abs(got - wanted) <= tolerance:
        sys.exit(f"{what}: got {got!r}, wanted {wanted!r} within {tolerance!r}")
    seen["values"] += 1
