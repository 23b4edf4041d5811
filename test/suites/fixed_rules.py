"""Rules in fixed point: weights stay near those of floating point, and are the same everywhere.

Both ends fire as random events say, so that runs in f64 and in fixed point have the same spikes whatever the weights are. An
event changes a weight by a function that moves no two weights further apart, and adds these errors in fixed point: half a unit
where the weight is rounded, an eighth of that for each table and product, which have three bits more (two of them at most
here), and for a trace that adds up over spikes what the compiler says of its error, times how fast the rule learns. So after
n events a weight is at most n times their sum away. What is seen is smaller, since roundings point both ways; but rounding
must be seen at all.
"""

import csv
import json
import os
import re
import sys

from suitelib import fresh, report, run, synfire

FRACTION = 10
ETA = 0.0625

RULES = {
    "nearest": ("x = 1; weight += eta * w_max * (y - alpha)", "y = 1; weight += eta * w_max * x"),
    "multiplicative": ("x = 1; weight -= eta * weight * y", "y = 1; weight += eta * (w_max - weight) * x"),
    "stabilising": ("x = 1; weight += eta * w_max * (alpha - y)", "y = 1; weight -= eta * weight * x"),
    "instar": ("x = 1", "weight += eta * (w_max * x - weight)"),
    "presynaptic": ("weight += eta * w_max * (y - alpha)", "y = 1"),
    "all pairs": ("x += 1; weight -= eta * w_max * y", "y += 1; weight += eta * w_max * x"),
}

MODEL = """
neuron Cell {{
  state v = 0 mV, sum = 0 mV
  sum' = -sum / 1 ms
  spike when v >= 50 mV {{ v = 0 mV }}
}}
synapse Delta {{ parameter weight = 1 mV;  on pre {{ post.v += weight }} }}
synapse Tiny {{ parameter weight = 1 mV;  on pre {{ post.sum += weight }} }}
plasticity Rule {{
  parameter w_max = 1 mV, eta = {eta}, alpha = 0.25, tau = 20 ms
  state {states}
{decays}
  format weight = Q1.{fraction}
  on pre {{ {pre} }}
  on post {{ {post} }}
  bound weight in 0 mV .. w_max
}}
circuit Net {{
  population X : Cell[8]
  population E : Cell[6]
  project X -> E as xe : Tiny {{ weight ~ uniform(0 mV, 0.9 mV), delay = {delay} ms }} with Rule connect all_to_all
  stimulate {{X, E}} : poisson(rate = 25 Hz) through Delta {{ weight = 60 mV }}
}}
experiment {{ simulate Net for 2 s {{ step = 1 ms; seed = {seed}; record spikes of {{X, E}}; record weight of xe every 2 s }} }}
"""


def write(folder, rule, delay):
    pre, post = RULES[rule]
    traces = [name for name in "xy" if re.search(rf"\b{name}\b", pre + " " + post)]
    path = os.path.join(folder, f"{rule.replace(' ', '_')}{delay}.syn")
    with open(path, "w", encoding="utf-8") as file:
        file.write(MODEL.format(eta=ETA, fraction=FRACTION, pre=pre, post=post, delay=delay, seed=delay,
                                states=", ".join(f"{name} = 0" for name in traces),
                                decays="\n".join(f"  {name}' = -{name} / tau" for name in traces)))
    return path


def last_weights(output):
    """{(source, target): weight in mV}"""
    with open(output.replace(".csv", ".xe.weight.csv"), encoding="utf-8") as file:
        row = list(csv.DictReader(file))[-1]
    found = {}
    for name, value in row.items():
        ends = re.match(r"xe\[(\d+)->(\d+)\]\.weight \[(\w+)\]", name)
        if ends:
            found[int(ends[1]), int(ends[2])] = float(value)
    return found


def spikes(output):
    counts = {}
    with open(output, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = (row["population"], int(row["element"]))
            counts[key] = counts.get(key, 0) + 1
    return counts


def errors_of_traces(model):
    program = synfire("build", model, "--precision", "fixed", "--emit", "sim")
    found = re.findall(r'sim\.array @"xe\.Rule\.[xy](?:#after)?" .*? error ([\d.e+-]+)', program)
    return max(map(float, found), default=0.0)


def check_error(case):
    folder, rule, delay = case
    model = write(folder, rule, delay)
    outputs = {precision: model.replace(".syn", f".{precision}.csv") for precision in ("f64", "fixed")}
    for precision, output in outputs.items():
        run(model, output, "--precision", precision)
    counts = spikes(outputs["f64"])
    name = f"{rule}, {delay} ms"
    if counts != spikes(outputs["fixed"]):
        return [f"{name}: spikes differ, which nothing acts on"], name
    unit = 2.0**-FRACTION
    each = unit * (0.5 + 2 / 16) + ETA * errors_of_traces(model)
    exact, fixed = (last_weights(output) for output in outputs.values())
    failures, largest = [], 0
    for ends, weight in exact.items():
        events = counts.get(("X", ends[0]), 0) + counts.get(("E", ends[1]), 0)
        off = abs(fixed[ends] - weight)
        largest = max(largest, off)
        if fixed[ends] % unit:
            failures.append(f"{name}: weight {ends} is {fixed[ends]}, no multiple of its unit")
        if off > (events + 1) * each:
            failures.append(f"{name}: weight {ends} is {off:.3g} off after {events} events, beyond {(events + 1) * each:.3g}")
    if largest == 0 or len(exact) != 48:
        failures.append(f"{name}: {len(exact)} weights, none of which was rounded")
    return failures, f"{name}: {largest / unit:.2f} units off at most"


def check_same(case):
    """Threads, lanes and optimisation change no weight."""
    folder, rule = case
    model = write(folder, rule, 3)
    found = {}
    for options in (["--threads", "1"], ["--threads", "2"], ["--threads", "3"], ["--lanes", "1"], ["-O0", "--lanes", "8"]):
        told = json.loads(synfire("run", model, "--precision", "fixed", "--json", *options))
        found[" ".join(options)] = told["projections"]["xe"]["weight_hash"]
    different = sorted(text for text, one in found.items() if one != found["--threads 1"])
    return [f"{rule}: other weights with {text}" for text in different], f"{rule}: {len(found)} ways"


def check_silence(case):
    """A cell that has been silent for longer than tables of ages reach changes no weight of its neighbours in a vector."""
    folder, rule = case
    model = write(folder, rule, 2)
    with open(model, encoding="utf-8") as file:
        text = file.read()
    text = text.replace("stimulate {X, E} :", """population Drive : Cell[5]
  project Drive -> E[0..4] : Delta { weight = 60 mV, delay = 1 ms } connect one_to_one
  stimulate E[5] : spikes at 10 ms through Delta { weight = 60 mV }
  stimulate {X, Drive} :""")
    with open(model, "w", encoding="utf-8") as file:
        file.write(text.replace("for 2 s", "for 6 s"))  # tables have 4,096 ages of 1 ms
    failures = []
    for precision in ("fixed", "f64", "f32"):
        found = {json.loads(synfire("run", model, "--precision", precision, "--json", "--lanes", lanes))["projections"]["xe"]["weight_hash"]
                 for lanes in ("1", "8")}
        if len(found) != 1:
            failures.append(f"{rule}, {precision}: other weights with 8 lanes after a silence")
    return failures, f"{rule}: silence"


def main(folder):
    fresh(folder)
    return report([(check_error, [(folder, rule, delay) for rule in RULES for delay in (1, 4)]),
                   (check_same, [(folder, rule) for rule in RULES]),
                   (check_silence, [(folder, rule) for rule in RULES])])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
