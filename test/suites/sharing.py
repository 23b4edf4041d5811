"""Sharing kernels changes nothing: `sharing.py FOLDER EXAMPLES`.

Random circuits of a few types, whose populations are often alike and often almost, and every
example become the same program whether the kernels of populations and projections that are alike are
built once or for each. That they are built once where they can be is counted, too.
"""

import glob
import os
import random
import re
import sys

from examples import ELSEWHERE
from suitelib import Failed, execute, for_each, fresh, model_count, synfire

TYPES = """
neuron Cell {
  parameter tau = 20 ms, theta = 10 mV, g_L = 10 nS, t_ref = 2 ms
  state v = 1 mV
  input I : pA
  v' = (I / g_L - v) / tau
  spike when v >= theta { v = 0 mV
    refractory t_ref }
}
neuron Eager {
  parameter tau = 20 ms, theta = 10 mV, g_L = 10 nS, t_ref = 2 ms
  state v = 1 mV
  input I : pA
  v' = (I / g_L - v) / tau
  spike when v >= theta { v = theta / 2
    refractory t_ref hold nothing }
}
synapse Jump { parameter weight = 1 mV; on pre { post.v += weight } }
synapse Driven { parameter weight = 0.1, E = 0 mV; on pre { post.v += weight * (E - post.v) } }
synapse Ex excitatory {
  parameter weight = 1 nS, tau = 5 ms, E = 0 mV
  state g = 0 nS
  g' = -g / tau
  on pre { g += weight }
  post.I += g * (E - post.v)
}
synapse Adding { parameter weight = 1 mV, tau = 9 ms; state x = 0; x' = -x / tau; on pre { x += 1; post.v += weight * x } }
synapse Setting { parameter weight = 1 mV, tau = 9 ms; state x = 0; x' = -x / tau; on pre { x = 1; post.v += weight * x } }
synapse Chance { parameter weight = 1 mV, p = 0.5; on pre { release(p) { post.v += weight } } }
synapse Gap { parameter weight = 1 nS; post.I += weight * (pre.v - post.v) }
plasticity Pair {
  parameter w_max : weight, eta = 0.01, tau_x = 20 ms, tau_y = 20 ms
  state x = 0, y = 0
  x' = -x / tau_x;  y' = -y / tau_y
  on pre { x += 1; weight -= eta * y * weight }
  on post { y += 1; weight += eta * x * (w_max - weight) }
  bound weight in 0 .. w_max
}
plasticity Late {
  parameter w_max : weight, eta = 0.01, tau_y = 30 ms
  state y = 0
  y' = -y / tau_y
  on pre { weight -= eta * y * weight }
  on post { y += 1 }
}
plasticity Drift {
  parameter rest : weight, eta = 0.1 mV, tau = 100 ms
  weight' = (rest - weight) / tau
  on spike { weight += eta }
}
"""

# What a projection may be given beside its delay.
SETTINGS = {
    "Jump": ["weight = 2 mV", "weight ~ uniform(1 mV, 2 mV)"],
    "Driven": ["E = 5 mV", "weight ~ uniform(0.1, 0.2)"],
    "Ex": ["tau = 6 ms", "E = 5 mV", "weight = 2 nS"],
    "Adding": ["tau = 8 ms", "tau ~ uniform(8 ms, 9 ms)"],
    "Setting": ["tau = 8 ms"],
    "Chance": ["p = 0.25"],
}
RULES = ["", "", "", " with Pair { w_max = 3 mV }", " with Pair { w_max = 3 mV, tau_x = 10 ms }",
         " with Pair { w_max = 3 mV, tau_x ~ uniform(10 ms, 20 ms) }", " with Late { w_max = 3 mV }"]
STIMULI = ["poisson(rate = 1 kHz) through Jump", "poisson(rate = 2 kHz) through Jump { weight = 0.1 mV }",
           "poisson(rate = 1 kHz) through Ex", "poisson(rate = 1 kHz) through Driven",
           "poisson(rate = 1 kHz) through Adding", "poisson(rate = 1 kHz * index) through Jump",
           "current(100 pA)", "current(100 pA) from 0 ms to 0.5 ms", "noise_current(mean = 0 pA, sd = 10 pA, every = 1 ms)",
           "spikes at 0.2 ms every 0.1 ms times 2 through Jump"]


def projection(rng, source, target):
    if rng.random() < 0.15:
        return f"  project {source} -> {target} : Gap connect all_to_all\n"
    synapse = rng.choice(["Ex", "Ex", *SETTINGS])
    settings = [rng.choice(["delay = 1 ms", "delay = 1 ms", "delay ~ uniform(1 ms, 2 ms)"])]
    settings += [s for s in rng.sample(SETTINGS[synapse], 1) if rng.random() < 0.3]
    rule = rng.choice(RULES) if synapse == "Jump" else ""
    return f"  project {source} -> {target} : {synapse} {{ {', '.join(settings)} }}{rule} connect all_to_all\n"


def circuit(seed):
    """A circuit whose parts are drawn, and most of them twice."""
    rng = random.Random(seed)
    text, pairs = TYPES + "circuit C {\n", rng.randrange(2, 5)
    kinds = [rng.choice(["Cell", "Cell", "Eager"]) for _ in range(pairs)]
    rules = [rng.choice(["", "", " with Drift on theta { rest = 10 mV }"]) for _ in range(pairs)]
    for copy in "ab":
        for i in range(pairs):
            given = rng.choice(["", "", "", " { tau = 10 ms }", " { tau = 9 ms }", " { tau ~ uniform(10 ms, 20 ms) }"])
            text += f"  population {copy}{i} : {kinds[i]}[4]{rules[i] or given}\n"
    for i in range(pairs):
        for j in range(pairs):
            if rng.random() < 0.6:
                continue
            drawn = rng.randrange(1 << 30)
            # Inside each copy, or between all of them, as those of excitatory and inhibitory cells.
            for ends in rng.choice([["aa", "bb"], ["aa", "ab", "ba", "bb"]]):
                again = random.Random(drawn if rng.random() < 0.95 else drawn + 1)
                text += projection(again, f"{ends[0]}{i}", f"{ends[1]}{j}")
    for i in range(pairs):
        kind = rng.choice(STIMULI)
        if rng.random() < 0.5:
            for copy in "ab":
                text += f"  stimulate {copy}{i} : {kind if rng.random() < 0.9 else rng.choice(STIMULI)}\n"
    return text + "}\nexperiment { simulate C for 1 ms { step = 0.1 ms, seed = 1\n  record spikes of a0\n} }\n"


def lower(model, share):
    """The lines of the program, sorted, and how many updates and events of projections were built."""
    code, out, err = execute(["synfire-opt", "--neuro-prepare", f"--neuro-to-sim=share={share}",
                              "--remarks-filter-analyse=neuro-to-sim", model])
    if code != 0:
        raise Failed(f"{model} gave {code}: {' / '.join(err.splitlines()[:3])}")
    return sorted(out.splitlines()), [len(re.findall(f"builds the {what} of", err)) for what in ("update", "events")]


def check(path, folder):
    """How many updates, and events of projections, were not built."""
    model = os.path.join(folder, os.path.basename(path) + ".mlir")
    synfire("build", path, "--emit", "neuro", "-o", model)
    once, built = lower(model, "true")
    each, all_of_them = lower(model, "false")
    for line, other in zip(once, each):
        if line != other:
            raise Failed(f"{path}: `{line.strip()}` where it was `{other.strip()}`")
    if len(once) != len(each):
        raise Failed(f"{path}: {len(once)} lines where there were {len(each)}")
    return [there - here for there, here in zip(all_of_them, built)]


def main(folder, examples):
    fresh(folder)
    paths = [path for path in sorted(glob.glob(os.path.join(examples, "*.syn")))
             if os.path.basename(path)[: -len(".syn")] not in ELSEWHERE]
    for seed in range(1, 1 + model_count(60)):
        paths.append(os.path.join(folder, f"circuit{seed}.syn"))
        with open(paths[-1], "w", encoding="utf-8") as file:
            file.write(circuit(seed))
    failures, updates, events = 0, 0, 0

    def case(path):
        try:
            return check(path, folder), None
        except Failed as failure:
            return (0, 0), str(failure)

    for saved, failure in for_each(case, paths):
        updates += saved[0]
        events += saved[1]
        failures += failure is not None
        if failure:
            print(failure)
    print(f"{len(paths)} models, {updates} updates and {events} events of projections shared")
    if failures == 0 and min(2 * updates, events) > len(paths):
        print("PASS")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
