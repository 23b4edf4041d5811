"""Whether a run gave what the reference interpreter gives.

Both round in other places, a relative 1e-16 a step, over at most 2000 steps. Where a model forgets
its past, differences stay near that; the bound of 1e-6 of the value and its unit leaves room, and
what a changed sign, delay or order of events does is 1e-3 at least. Other models amplify: in the
upstroke of a spike, where the speed of the potential grows 1e5 times, or for good where a network is
chaotic. How much is measured, where it is needed: `twins` of the model, whose rates are all larger
or smaller by a relative 1e-12, run on the reference. Where rounding, 1e4 times less, is not allowed
to show more than they do, the bound is what they show. The first spike that a twin gives at another time is a
decision within the bound: the comparison ends there.
"""

import re

from suitelib import Failed, run, spikes_of, traces_of

BOUND = 1e-6
PERTURBATION = 1e-12


class Outcome:
    """What a comparison found: spikes, the largest difference, the part of the time compared."""

    def __init__(self, spikes, largest, ended=1.0):
        self.spikes, self.largest, self.ended = spikes, largest, ended


def differing(traces, reference, end=None, allowed=None):
    """The first value before `end` beyond the bound, (time, key, value, reference) or None; and the
    largest difference within it. `allowed(key, k)` widens the bound of sample k."""
    first, largest = None, 0.0
    if traces.keys() != reference.keys():
        raise Failed(f"other traces: {sorted(traces.keys() ^ reference.keys())[:3]}")
    for key, (times, values) in traces.items():
        if reference[key][0] != times:
            raise Failed(f"other times of {key}")
        for k, (value, expected) in enumerate(zip(values, reference[key][1])):
            if end is not None and times[k] >= end:
                break
            difference, scale = abs(value - expected), 1 + abs(expected)
            if difference <= BOUND * scale:
                largest = max(largest, difference / scale)
            elif not (allowed and difference <= allowed(key, k)):
                if first is None or times[k] < first[0]:
                    first = times[k], key, value, expected
                break
    return first, largest


def twin(model, factor, name):
    """Spikes and traces of the model with all its rates times a factor."""
    with open(model) as file:
        text = file.read()
    path = model[: -len(".syn")] + f"-{name}.syn"
    with open(path, "w") as file:
        file.write(re.sub(r"(\w'+ = )([^;}\n]+)", rf"\1(\2) * {factor!r}", text))
    output = path[: -len(".syn")] + ".csv"
    run(path, output, "--target", "reference")
    return spikes_of(output), traces_of(output)


def first_other(spikes, reference):
    """The first spike that is on one side only, or None."""
    return min(set(spikes) ^ set(reference), key=lambda spike: spike[2], default=None)


def describe(first):
    time, name, value, other = first
    return f"at {time} ms, {name} is {value}, not {other}"


def compare(model, output, reference, widen=True):
    """The outcome of a run of `model` on another target, whose files are named `output`; raises
    Failed. `widen`: the bound may be that of the twins."""
    spikes, expected = spikes_of(output), spikes_of(reference)
    traces, right = traces_of(output), traces_of(reference)
    first, largest = differing(traces, right)
    if not first and not first_other(spikes, expected):
        return Outcome(len(spikes), largest)

    if not widen:
        raise Failed(describe(first) if first else "other spikes")

    # Something differs: is the model that sensitive?
    duration = max(times[-1] for times, _ in right.values())
    end, twins = duration + 1, []
    for factor, name in ((1 + PERTURBATION, "fast"), (1 - PERTURBATION, "slow")):
        other, values = twin(model, factor, name)
        turned = first_other(other, expected)
        end = min(end, turned[2] if turned else end)
        twins.append(values)

    def allowed(key, k):
        known = right[key][1]
        near = range(max(0, k - 1), min(len(known), k + 2))
        return max(abs(values[key][1][j] - known[j]) for values in twins for j in near)

    first, largest = differing(traces, right, end, allowed)
    if first:
        raise Failed(describe(first))
    wrong = first_other(spikes, expected)
    if wrong and wrong[2] < end:
        raise Failed(f"the spike of {wrong[0]}[{wrong[1]}] at {wrong[2]} ms is on one side only")
    return Outcome(len(spikes), largest, min(1.0, end / duration))
