"""How exact each solver is: order of convergence, and closed forms for what is solved exactly.

A run is compared with one of a 64th of the step (or with the closed form); halving the step must
divide the error by 2^order. So with models made for it, and with the examples whose traces do not depend on
the step by random numbers or by whole steps of spikes.
"""

import math
import os
import re
import sys
from decimal import Decimal, getcontext

from suitelib import Failed, fresh, run, traces_of

OSCILLATOR = """
neuron Cell {{
  state x = 1, y = 0.2
  x' = (y + x * (1 - x * x)) / 4 ms
  y' = (0.5 - x - x * y) / 5 ms
  solve x by {method}, y by {method}
}}
"""
# Linear in each variable, with coefficients that the other one moves.
GATED = """
neuron Cell {{
  state x = 1, y = 0.2
  x' = (y - x * (1 + y * y)) / 4 ms
  y' = (0.5 - y - x * x * y) / 5 ms
  solve x by {method}, y by {method}
}}
"""
# The time stands in the equation.
DRIVEN = """
neuron Cell {{
  state x = 1, y = 0.2
  x' = (sin(t / 3 ms) - x - x * x * x) / 4 ms
  y' = (cos(t / 2 ms) * x - y) / 5 ms
  solve x by {method} in 2 steps, y by {method} in 2 steps
}}
"""
RUN = """
circuit Net {{ population P : Cell[1] }}
experiment {{ simulate Net for 16 ms {{ step = {step} ms; record x of P every 1 ms; record y of P every 1 ms }} }}
"""
ORDERS = [  # method, model, order
    ("rk4", OSCILLATOR, 4),
    ("euler", OSCILLATOR, 1),
    ("exponential_euler", GATED, 1),
    ("implicit", OSCILLATOR, 2),
    ("implicit", GATED, 2),
    # Time enters the stages, and substeps divide the step.
    ("rk4", DRIVEN, 4),
    ("implicit", DRIVEN, 2),
    ("euler", DRIVEN, 1),
]

MODELS = [OSCILLATOR, GATED, DRIVEN]

getcontext().prec = 50

EXACT = """
neuron Lif {{
  parameter tau = {tau} ms, theta = 100 mV
  state v = 3 mV
  input I : pA
  v' = (-v + 40 Mohm * I) / tau
  spike when v >= theta {{ v = 0 mV }}
}}
synapse Decaying {{
  parameter weight = 200 pA, tau = {decay} ms
  state i = 0 pA
  i' = -i / tau
  on pre {{ i += weight }}
  post.I += i
}}
synapse Alpha {{
  parameter weight = 200 pA, tau = {decay} ms
  state i = 0 pA, j = 0 pA
  j' = -j / tau
  i' = (j - i) / tau
  on pre {{ j += weight }}
  post.I += i
}}
circuit Net {{
  population P : Lif[1]
  stimulate P : spikes at 5 ms through {synapse}
}}
experiment {{ simulate Net for 60 ms {{ step = 0.1 ms; record v of P }} }}
"""


def write(folder, name, text):
    path = os.path.join(folder, name + ".syn")
    with open(path, "w") as file:
        file.write(text)
    return path


def trace(folder, name, text, target):
    model = write(folder, name, text)
    output = model[: -len(".syn")] + ".csv"
    run(model, output, *(["--target", "reference"] if target == "reference" else []))
    return traces_of(output)


def error(one, other):
    return max(abs(a - b) for key in one for a, b in zip(one[key][1], other[key][1]))


def order(folder, method, model, target):
    """The measured order of convergence, from steps of 0.5 and 0.25 ms."""
    text = {step: model.format(method=method) + RUN.format(step=step)
            for step in (0.5, 0.25, 0.5 / 64)}
    name = f"{method}{MODELS.index(model)}"
    values = {step: trace(folder, f"{name}{n}{target}", text[step], target)
              for n, step in enumerate(text)}
    fine = values[0.5 / 64]
    return math.log2(error(values[0.5], fine) / error(values[0.25], fine))


def closed(time, tau, decay, synapse):
    """v(t) of EXACT: 3 mV decaying, and what the one event at 5 ms adds."""
    # Time constants that nearly coincide cancel most digits.
    p, q = 1 / Decimal(str(tau)), 1 / Decimal(str(decay))
    v = 3 * (-p * time).exp()
    s = time - 5
    if s <= 0:
        return float(v)
    strength = Decimal(8) * p  # 40 Mohm * 200 pA / tau
    fast, slow = (-p * s).exp(), (-q * s).exp()
    if synapse == "Decaying":
        return float(v + strength * (s * fast if p == q else (slow - fast) / (p - q)))
    d = p - q
    shape = s * s / 2 * fast if d == 0 else (fast + slow * (d * s - 1)) / d**2
    return float(v + strength * q * shape)


def exactness(folder, tau, decay, synapse, target):
    """The largest difference from the closed form, relative to the largest value."""
    text = EXACT.format(tau=tau, decay=decay, synapse=synapse)
    (times, values), = trace(folder, f"{synapse}{tau}_{decay}{target}", text, target).values()
    scale = max(abs(value) for value in values)
    return max(abs(value - closed(Decimal(str(round(time, 6))), tau, decay, synapse))
               for time, value in zip(times, values)) / scale


# What one cell sees of another is held over a step, which is of first order whatever the solvers are.
# Examples: ms compared, from before which spikes would move by whole steps; order; bound at the
# example's own step, of the largest value of a trace.
EXAMPLES = {
    "wilson_cowan": (60, 1, 5e-2),
    "two_compartment": (50, 1, 2e-3),
    "celegans": (130, 1, 2e-3),
    "cobahh": (0.5, 1, 2e-2),
}


def example(folder, examples, name, duration):
    """(error, order) of an example at its own step."""
    with open(os.path.join(examples, name + ".syn")) as file:
        text = file.read().replace('"data/', f'"{examples}/data/')
    step = float(re.search(r"(?:step|parameter h) = ([\d.]+) ms", text).group(1))
    values = []
    for parts in (1, 2, 64):
        finer = re.sub(r"(step|parameter h) = [\d.]+ ms", rf"\1 = {step / parts} ms", text)
        model = write(folder, f"{name}{parts}", finer)
        output = model[: -len(".syn")] + ".csv"
        small = ["--set", "CobaHh.N=60"] if name == "cobahh" else []
        run(model, output, "--duration", f"{duration} ms", *small)
        values.append(traces_of(output))
    scale = max(abs(value) for _, trace in values[2].values() for value in trace)
    coarse, finer = error(values[0], values[2]), error(values[1], values[2])
    return coarse / scale, math.log2(coarse / finer)


def check_examples(folder, examples):
    failures = 0
    for name, (duration, expected, bound) in EXAMPLES.items():
        largest, measured = example(folder, examples, name, duration)
        good = largest <= bound and measured > expected - 0.25
        print(f"{name}: order {measured:.2f}, error {largest:.1e}"
              f"{'' if good else f'; expected {expected} and {bound:.0e} at most'}")
        failures += not good
    return failures


def main(folder, examples):
    fresh(folder)
    failures = check_examples(folder, examples)
    for target in ("cpu", "reference"):
        for method, model, expected in ORDERS:
            measured = order(folder, method, model, target)
            good = abs(measured - expected) < 0.25
            print(f"{target} {method}: order {measured:.2f}{'' if good else f', not {expected}'}")
            failures += not good
        for synapse in ("Decaying", "Alpha"):
            for tau, decay in ((20, 5), (10, 10), (10, 10.001), (7, 11)):
                try:
                    difference = exactness(folder, tau, decay, synapse, target)
                except Failed as failure:
                    print(failure)
                    difference = math.inf
                good = difference < 1e-12
                print(f"{target} exact, {synapse}, {tau} and {decay} ms: {difference:.1e}"
                      f"{'' if good else ', not below 1e-12'}")
                failures += not good
    if not failures:
        print("PASS")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
