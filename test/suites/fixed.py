"""Fixed point: runs stay within the proven error of floating-point runs, and are the same everywhere.

Small random networks run in f64 and in fixed point, with weights that are multiples of the units of their sums, so that
both programs are the same but for rounding. Until the first spike that differs, every state of every cell is within the
bound that the compiler printed. A bound is for the worst case, in which all roundings of a time constant point in one
direction; they point in all, so what is seen is about the root of their number smaller: tens of times for the 100 to 1000
steps of the time constants here. A bound that is LOOSE times what was seen would mean that something was counted twice.
"""

import os
import random
import re
import sys

from suitelib import fresh, report, run, spike_hashes, spikes_of, synfire, traces_of

STEP = 0.1  # ms
LOOSE = 200
NETWORKS = 2  # of each kind

# kind: the neuron; what events act on; the states; the weight of an excitatory connection.
NEURONS = {
    "delta": ("""
neuron Cell {{
  parameter tau = {tau} ms, theta = 20 mV, v_reset = {reset} mV, t_ref = {hold} ms
  state v = 0 mV
  v' = -v / tau
  spike when v >= theta {{ v = v_reset; refractory t_ref }}
}}""", "v", ["v"], "mV", 0.5),
    "exponential": ("""
neuron Cell {{
  parameter tau = {tau} ms, tau_s = {decay} ms, theta = 20 mV, v_reset = {reset} mV, t_ref = {hold} ms, R = 40 Mohm
  state v = 0 mV, i = 0 pA
  v' = (-v + R * i) / tau
  i' = -i / tau_s
  spike when v >= theta {{ v = v_reset; refractory t_ref }}
}}""", "i", ["v", "i"], "pA", 64.0),
    "alpha": ("""
neuron Cell {{
  parameter tau = {tau} ms, tau_s = {decay} ms, theta = 20 mV, v_reset = {reset} mV, t_ref = {hold} ms, R = 40 Mohm
  state v = 0 mV, i = 0 pA, j = 0 pA
  v' = (-v + R * i) / tau
  i' = (j - i) / tau_s
  j' = -j / tau_s
  spike when v >= theta {{ v = v_reset; refractory t_ref }}
}}""", "j", ["v", "i", "j"], "pA", 64.0),
    "adaptive": ("""
neuron Cell {{
  parameter tau = {tau} ms, tau_w = 100 ms, b = 2 mV, theta = 20 mV, v_reset = {reset} mV, t_ref = {hold} ms
  state v = 0 mV, w = 0 mV
  v' = (-v - w) / tau
  w' = -w / tau_w
  spike when v >= theta {{ v = v_reset; w += b; refractory t_ref }}
}}""", "v", ["v", "w"], "mV", 0.5),
    "threshold": ("""
neuron Cell {{
  parameter tau = {tau} ms, tau_t = 50 ms, v_reset = {reset} mV, t_ref = {hold} ms
  state v = 0 mV, theta = 20 mV
  v' = -v / tau
  theta' = (20 mV - theta) / tau_t
  spike when v >= theta {{ v = v_reset; theta += 1.5 mV; refractory t_ref }}
}}""", "v", ["v", "theta"], "mV", 0.5),
    "drawn": ("""
neuron Cell {{
  parameter tau ~ uniform(10 ms, 20 ms), theta ~ uniform(18 mV, 20 mV), v_reset = {reset} mV, t_ref = {hold} ms
  state v = 0 mV
  v' = -v / tau
  spike when v >= theta {{ v = v_reset; refractory t_ref }}
}}""", "v", ["v"], "mV", 0.5),
}

NETWORK = """
synapse Jump {{ parameter weight : {unit} = 0 {unit};  on pre {{ post.{target} += weight }} }}
circuit Net {{
  population E : Cell[16] {{ v ~ uniform(0 mV, 20 mV) }}
  population I : Cell[4] {{ v ~ uniform(0 mV, 20 mV) }}
  project E -> {{E, I}} : Jump {{ weight = {weight} {unit}, delay = 1.5 ms }} connect fixed_indegree(4)
  project I -> {{E, I}} : Jump {{ weight = -{inhibition} {unit}, delay = 0.7 ms }} connect fixed_indegree(2)
  stimulate {{E, I}} : poisson(rate = {rate} kHz) through Jump {{ weight = {weight} {unit} }}
}}
experiment {{
  simulate Net for 100 ms {{
    step = {step} ms, seed = {seed}
    record spikes of {{E, I}}
{records}
  }}
}}
"""


def write(folder, kind, number):
    """A network of one kind, and its states."""
    chance = random.Random(f"{kind} {number}")
    neuron, target, states, unit, weight = NEURONS[kind]
    records = "\n".join(f"    record {state} of {name}" for state in states for name in "EI")
    text = neuron.format(tau=chance.choice([10, 13.7, 20]), reset=chance.choice([0, 7.3, 10]),
                         hold=chance.choice([0.5, 2]), decay=chance.choice([2, 5.5]))
    text += NETWORK.format(unit=unit, target=target, weight=weight, inhibition=4 * weight,
                           rate=chance.choice([4, 6]), step=STEP, seed=number + 1, records=records)
    path = os.path.join(folder, f"{kind}{number}.syn")
    with open(path, "w") as file:
        file.write(text)
    return path, states


def bounds_of(model):
    """{state: error} of the quantised program."""
    program = synfire("build", model, "--precision", "fixed", "--emit", "sim")
    found = re.findall(r"sim\.array @E\.(\w+) : f64 state .*? error ([\d.e+-]+)", program)
    return {state: float(error) for state, error in found}


def first_difference(one, other):
    """The time of the first spike that only one of two runs has."""
    differ = set(one) ^ set(other)
    return min((time for _, _, time in differ), default=float("inf"))


def check_error(case):
    folder, kind, number = case
    model, states = write(folder, kind, number)
    outputs = {precision: model.replace(".syn", f".{precision}.csv") for precision in ("f64", "fixed")}
    for precision, output in outputs.items():
        run(model, output, "--precision", precision)
    end = first_difference(*(spikes_of(output) for output in outputs.values()))
    exact, fixed = (traces_of(output) for output in outputs.values())
    bounds = bounds_of(model)
    failures, largest, compared = [], dict.fromkeys(states, 0.0), 0
    for name, (times, values) in exact.items():
        state = name.rsplit(".", 1)[1]
        for time, a, b in zip(times, values, fixed[name][1]):
            if time < end - STEP / 2:
                largest[state] = max(largest[state], abs(a - b))
                compared += 1
    name = f"{kind} {number}"
    for state in states:
        if state not in bounds:
            failures.append(f"{name}: {state} has no bound")
        elif largest[state] > bounds[state]:
            failures.append(f"{name}: {state} is {largest[state]:.3g} off, beyond {bounds[state]:.3g}")
        elif bounds[state] > LOOSE * largest[state]:
            failures.append(f"{name}: the bound of {state}, {bounds[state]:.3g}, is more than {LOOSE} times {largest[state]:.3g}")
    if "v" in bounds and bounds["v"] > 0.1:
        failures.append(f"{name}: v keeps no tolerance of 0.1 mV")
    if compared < 1000:
        failures.append(f"{name}: only {compared} values before spikes differ")
    text = ", ".join(f"{s} {largest[s]:.2g} of {bounds.get(s, 0):.2g}" for s in states)
    return failures, f"{name}: {compared} values; {text}"


def check_same(case):
    """Threads, lanes and optimisation change nothing."""
    folder, kind = case
    model, _ = write(folder, kind, 99)
    found = {}
    for options in (["--threads", "1"], ["--threads", "2"], ["--threads", "3"], ["--lanes", "1"], ["--lanes", "8"],
                    ["-O0"], ["-O0", "--lanes", "8", "--threads", "3"]):
        found[" ".join(options)] = spike_hashes(run(model, None, "--precision", "fixed", *options))
    different = {text for text, hashes in found.items() if hashes != found["--threads 1"]}
    return [f"{kind}: other spikes with {text}" for text in sorted(different)], f"{kind}: {len(found)} ways"


def main(folder):
    fresh(folder)
    cases = [(folder, kind, number) for kind in NEURONS for number in range(NETWORKS)]
    return report([(check_error, cases), (check_same, [(folder, kind) for kind in NEURONS])])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
