"""The compiled model means what the reference interpreter says.

Runs random models on both and compares every state at every step, and all spikes. Both round in
other places: a relative 1e-16 a step, over at most 2000 steps, times the growth of differences,
which is largest in the upstroke of a spike, where the potential's speed grows 1e5 times. That
gives the bound of 1e-6 of the value, of its unit, and of its change in one step; what a changed sign, delay or order of events
does is 1e-3 at least. A spike may move only where a test is decided by less than that bound, about
once in 1e7 spikes: no difference is excused here, and no run ends early.
"""

import os
import sys

from suitelib import Failed, for_each, model_count, random_model, run, spikes_of, traces_of

BOUND = 1e-6


def differing(traces, reference):
    """The first value beyond the bound: (time, what, value, reference), or None; and the largest
    difference before it."""
    first, largest = None, 0.0
    for key, (times, values) in traces.items():
        if key not in reference or reference[key][0] != times:
            raise Failed(f"the reference has no such trace of {key}")
        right = reference[key][1]
        for k, (time, value, expected) in enumerate(zip(times, values, right)):
            change = max(abs(expected - x) for x in right[max(0, k - 1): k + 2])
            difference = abs(value - expected) / (1 + abs(expected) + change)
            if not difference <= BOUND:
                if first is None or time < first[0]:
                    first = time, key, value, expected
                break
            largest = max(largest, difference)
    return first, largest


def check(folder, seed):
    """(spikes, largest difference) of a model; raises Failed."""
    model = random_model(folder, seed)
    stem = model[: -len(".syn")]
    run(model, stem + "-cpu.csv", "-O", "0", "--lanes", "1", "--threads", "1")
    run(model, stem + "-reference.csv", "--target", "reference")
    spikes, expected = (spikes_of(stem + end) for end in ("-cpu.csv", "-reference.csv"))
    first, largest = differing(traces_of(stem + "-cpu.csv"), traces_of(stem + "-reference.csv"))
    if first:
        time, (population, variable, element), value, other = first
        raise Failed(f"at {time} ms, {population}[{element}].{variable} is {value}, not {other}")
    if sorted(spikes) != sorted(expected):
        wrong = min(set(spikes) ^ set(expected), key=lambda spike: spike[2])
        raise Failed(f"the spike of {wrong[0]}[{wrong[1]}] at {wrong[2]} ms is on one side only")
    return len(spikes), largest


def main(folder, count):
    os.makedirs(folder, exist_ok=True)

    def case(seed):
        try:
            return check(folder, seed)
        except Failed as failure:
            return f"model {seed}: {failure}"

    results = for_each(case, range(1, count + 1))
    failures = [result for result in results if isinstance(result, str)]
    good = [result for result in results if not isinstance(result, str)]
    for failure in failures:
        print(failure)
    spiking = sum(1 for spikes, _ in good if spikes)
    print(f"{count} models, {spiking} with spikes, {len(failures)} differ; largest difference within "
          f"the bound {max((largest for _, largest in good), default=0):.1e}")
    if failures or spiking < 0.7 * count:
        return 1
    print("PASS")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], model_count(40)))
