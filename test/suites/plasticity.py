"""Weights of plastic connections, against a program that follows every spike of both ends by itself.

Sources and targets fire when they are told to: some rarely, so that decays are longer than any table of them, some
in bursts, so that many spikes of a target wait for one of a source. The potentials of the targets sum up what
the connections send, so each weight shows at each of its events.
"""

import math
import os
import random
import re
import sys

from suitelib import Failed, fresh, hashes, run, spikes_of, traces_of

STEP = 0.1  # ms
DURATION = 30000  # steps
A2, B2, K, TAU_X, TAU_Y, TAU_Z, TAU_E, GREATEST = 0.01, 0.02, 0.05, 20.0, 30.0, 90.0, 200.0, 0.4

MODEL = """
neuron Puppet {{
  state v = 0 mV, u = 0
  v' = 0 [mV/ms]
  spike when u >= 1 {{ u = 0 }}
}}
synapse Poke {{ on pre {{ post.u += 1 }} }}
synapse Send {{ parameter weight = 0.1 mV;  on pre {{ post.v += weight }} }}
plasticity Rule {{
  parameter a = {A2}, b = {B2}, k = {K}, tau_x = {TAU_X} ms, w_max : weight
  state x = 0, y = 0, z = 0, e = 0
  x' = -x / tau_x;  y' = -y / {TAU_Y} ms;  z' = -z / {TAU_Z} ms;  e' = -e / {TAU_E} ms
  on pre  {{ x += 1;  e -= a * y;  weight += k * e * w_max }}
  on post {{ e += x * (a + b * z);  weight += k * e * (w_max - weight);  y += 1;  z += 1 }}
  bound weight in 0 mV .. w_max
}}
circuit Follow {{
  population A : Puppet[{sources}]
  population B : Puppet[{targets}]
  project A -> B as ab : Send {{ delay = {delay} }} with Rule {{ w_max = {GREATEST} mV }} connect {connect}
  stimulate A : spikes from "a.csv" through Poke
  stimulate B : spikes from "b.csv" through Poke
}}
experiment {{
  simulate Follow for {duration} ms {{ step = {STEP} ms, seed = 1
    record spikes of {{A, B}}
    record v of B every 5 ms
    {protocol}
  }}
}}
"""


def train(rng, kind):
    """Steps of spikes."""
    if kind == "rare":
        return range(rng.randrange(1, 9000), DURATION, rng.randrange(9000, 13000))
    steps, t = [], 0
    while True:
        if kind == "bursts":
            t += rng.choice([1, 2, 3, 5, 8, rng.randrange(500, 4000)])
        else:
            t += rng.randrange(1, 600)
        if t >= DURATION:
            return steps
        steps.append(t)


def write_inputs(folder, rng, sources, targets):
    for name, count in (("a", sources), ("b", targets)):
        with open(os.path.join(folder, name + ".csv"), "w") as file:
            file.write("element,time\n")
            # The last target never fires.
            for cell in range(count - (name == "b")):
                for step in train(rng, ("rare", "steady", "bursts")[cell % 3]):
                    file.write(f"{cell},{step * STEP:.1f}\n")


def weights_sent(pre, post, delay, tau_x):
    """[(step of arrival, weight)] of one connection."""
    events = sorted([(t + delay, 0) for t in post] + [(t, 1) for t in pre])
    x = y = z = e = 0.0
    x_at = y_at = z_at = e_at = 0
    weight, sent = 0.1, []

    def decayed(value, since, now, tau):
        return value * math.exp(-(now - since) * STEP / tau)

    def clipped(w):
        return min(max(w, 0.0), GREATEST)

    i = 0
    while i < len(events):
        now = events[i][0]
        sides = {side for t, side in events[i : i + 2] if t == now}
        i += len(sides)
        # What only one side writes is read by the other as it was before this time (G4).
        x_before, y_before = decayed(x, x_at, now, tau_x), decayed(y, y_at, now, TAU_Y)
        e, e_at = decayed(e, e_at, now, TAU_E), now
        if 0 in sides:
            z, z_at = decayed(z, z_at, now, TAU_Z), now
            e += x_before * (A2 + B2 * z)
            weight = clipped(weight + K * e * (GREATEST - weight))
            z += 1
            y, y_at = y_before + 1, now
        if 1 in sides:
            e -= A2 * y_before
            weight = clipped(weight + K * e * GREATEST)
            x, x_at = x_before + 1, now
            sent.append((now + delay, weight))
    return sent


def expected_sums(spikes, delays, targets, tau_x):
    """What each target has received after each step."""
    trains = {}
    for population, element, time in spikes:
        trains.setdefault((population, element), []).append(round(time / STEP))
    arriving = [[0.0] * (DURATION + 1) for _ in range(targets)]
    for (source, target), delay in delays.items():
        post = trains.get(("B", target), [])
        for step, weight in weights_sent(trains.get(("A", source), []), post, delay, tau_x):
            if step <= DURATION:
                arriving[target][step] += weight
    for sums in arriving:
        for step in range(1, DURATION + 1):
            sums[step] += sums[step - 1]
    return arriving


def compare(folder, name, delay, sources, targets, tau_x=TAU_X):
    """The largest relative difference, and the number of values compared."""
    rng = random.Random(name)
    write_inputs(folder, rng, sources, targets)
    pairs = [(a, b) for a in range(sources) for b in range(targets)]
    delays = {pair: delay or rng.randrange(1, 400) for pair in pairs}
    connect = "all_to_all"
    text = f"{(delay or 0) * STEP:.1f} ms"
    if not delay:
        connect, text = 'from "c.csv"', 'column "delay" in [ms]'
        with open(os.path.join(folder, "c.csv"), "w") as file:
            file.write("pre,post,delay\n")
            file.writelines(f"{a},{b},{steps * STEP:.1f}\n" for (a, b), steps in delays.items())
    protocol = f"at 0 ms {{ ab.Rule.tau_x = {tau_x} ms }}" if tau_x != TAU_X else ""
    model = os.path.join(folder, name + ".syn")
    with open(model, "w") as file:
        file.write(MODEL.format(**globals(), sources=sources, targets=targets, delay=text, connect=connect,
                                duration=DURATION * STEP, protocol=protocol))
    output = os.path.join(folder, name + ".csv")
    summary = run(model, output, "--threads", "1")
    for options in (["--threads", "3"], ["-O", "0"], ["--lanes", "1"], ["--lanes", "4"], ["--lanes", "16", "--threads", "2"]):
        if hashes(run(model, None, *options)) != hashes(summary):
            raise Failed(f"{name}: other hashes with {' '.join(options)}")
    sums = expected_sums(spikes_of(output), delays, targets, tau_x)
    largest, compared = 0.0, 0
    for name, (times, values) in traces_of(output).items():
        element = int(re.search(r"\[(\d+)\]", name)[1])
        for time, value in zip(times, values):
            right = sums[element][round(time / STEP)]
            compared += right > 0
            largest = max(largest, abs(value - right) / max(right, 0.1))
    return largest, compared


def main(folder):
    failures = 0
    # The last one changes a parameter that tables follow from.
    for name, *arguments in (("short", 15, 12, 7), ("long", 250, 12, 7), ("drawn", None, 12, 7),
                             ("changed", 15, 12, 7, 45.0)):
        where = os.path.join(folder, name)
        fresh(where)
        difference, compared = compare(where, name, *arguments)
        # Some 10,000 roundings of 1e-16 each, of exponential functions that are right to an ulp.
        good = difference < 1e-11 and compared > 1000
        print(f"{name}: {compared} values, largest relative difference {difference:.1e}{'' if good else ': WRONG'}")
        failures += not good
    if not failures:
        print("PASS")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
