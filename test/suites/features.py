"""What the random models use: `features.py` prints how many of the first models of the suites use each
feature of the language, and fails where one is used by too few to be tested.
"""

import re
import sys

from suitelib import GENERATOR, model_count  # noqa: F401 (puts the generator on the path)

import random_model

LEAST = 4
FEATURES = {
    "one state, linear": r"_?\w*' = \(-70 mV - ",
    "adaptation, exponential upstroke": r"exp\(\(\w+ \+ 50 mV\)",
    "quadratic upstroke": r"0\.04 \[1/\(ms\*mV\)\]",
    "gates": r"^function",
    "exponentials that are powers": r"-30 mV, 10 mV",
    "steady start": r"= steady",
    "rate unit": r"^neuron Unit",
    "removable singularity": r"/ \(1 - exp\(-",
    "second derivative": r"''",
    "explicit solvers": r"^  solve ",
    "substeps": r" in \d steps",
    "solved after another": r" after ",
    "implicit": r"by implicit",
    "no equation": r"^neuron Counter",
    "compartments": r"compartment soma",
    "row of compartments": r"compartment dend\[",
    "moving threshold": r">= th",
    "crossing": r" crosses ",
    "refractory": r"refractory [\d.]+ ms( }|;|$)",
    "refractory hold": r"refractory [\d.]+ ms hold \w+",
    "refractory, nothing held": r"hold nothing",
    "noise": r"noise\(\)",
    "shared noise": r"let \w+ = noise\(\)",
    "time in an equation": r"' = .*\bt\b",
    "jump": r"^synapse Jump",
    "jump with a factor of the target": r"weight \* \(1 \+ post",
    "jumps of two states": r"on pre \{ post\..*; post\.",
    "let in a synapse": r"let size",
    "value of the source in a jump": r"weight \* \(1 \+ tanh\(pre",
    "exponential current": r"^synapse Decaying",
    "two-state current": r"^synapse Rising",
    "conductance": r"^synapse Conductance",
    "voltage-dependent conductance": r"/ \(1 \+ exp\(-\(post",
    "inhibitory effect": r"inhibitory \{",
    "short-term depression": r"^synapse Depressing",
    "facilitation": r"\(1 - u\w*\); post",
    "plasticity": r" with Rule",
    "two rules": r" with Rule\w*, Rule",
    "trace of a connection": r": weight = 0",
    "weight with an equation": r"^  weight' =",
    "timer of a rule": r"^  every .* weight",
    "rule that reads the target": r"tanh\(\(low",
    "third factor": r"\{ factor\w* = ",
    "third factor, delayed": r"\{ factor\w* = .*delayed",
    "third factor in an equation": r"^  weight' = .*factor",
    "third factor in handlers": r"^  on p.*weight.*factor",
    "third factor at a timer": r"^  every .*factor",
    "rule of a neuron's parameter": r"population .* with Intrinsic",
    "rule of a threshold": r"with Intrinsic\w* on theta",
    "equation of a neuron's parameter": r"^plasticity Intrinsic\w* \{(\n  .*)*\n  weight'",
    "plasticity in a part": r"^circuit Part(.*\n)*?.* with Rule(.*\n)*?^circuit Net",
    "frozen weights": r"freeze ",
    "pruning": r"prune when",
    "growth": r"grow probability",
    "limits of a prior": r"constrain \w+ : bound",
    "effect of a prior": r"constrain \w+ : effect",
    "sum of a prior": r"constrain sum",
    "density of a prior": r"constrain density",
    "symmetry of a prior": r"constrain symmetric",
    "part of a projection": r"constrain .*\[\d+\.\.\d+\].* -> ",
    "gap junction": r"^synapse Gap",
    "rate synapse": r"^synapse Rate",
    "delayed at every moment": r": (Gap|Rate)\w* \{ .*delay = ",
    "delayed at every moment, drawn": r": (Gap|Rate)\w* \{ .*delay ~",
    "release": r"release\([\d.]+\) \{ post\.\w+ \+= (?!.*-=)",
    "release and a state": r"release\(.*-=",
    "state of each connection": r"project .*tau_x\w* ~",
    "rule on a rate synapse": r": Rate\w* .* with Rule",
    "rule on a gap junction": r": Gap\w* .* with Rule",
    "weights of both ends": r"weight = [^,]*pre\.\w+_says",
    "weights of rank 1": r"low_rank\(1\)",
    "weights of rank 2": r"low_rank\(2\)",
    "start value of a compartment": r"population .*soma\.\w+ (~|=)",
    "one_to_one": r"connect one_to_one",
    "all_to_all": r"connect all_to_all",
    "all_but_one": r"connect all_but_one",
    "probability": r"connect probability\(0",
    "probability of distance": r"probability\(exp",
    "fixed_indegree": r"connect fixed_indegree",
    "fixed_outdegree": r"connect fixed_outdegree",
    "fixed_number": r"connect fixed_number",
    "small_world": r"connect small_world",
    "modular": r"connect modular",
    "table of pairs": r"connect from",
    "no autapses, no multapses": r"multapses = false",
    "column as weight": r"weight = column",
    "drawn weight": r"weight ~",
    "default delay": r"project .*weight (=|~) [^,]*\} connect",
    "constant delay": r"delay = \d",
    "drawn delay": r"delay ~",
    "delay of distance": r"delay = .*distance",
    "axonal delay": r"dendritic_fraction",
    "learning after an axonal delay": r"dendritic_fraction = 0\.\d \} with Rule",
    "grid positions": r"at grid",
    "uniform positions": r"at uniform",
    "periodic positions": r"periodic",
    "draw: uniform": r"\w ~ uniform",
    "draw: normal": r"\w ~ normal",
    "draw: lognormal": r"\w ~ lognormal",
    "draw: exponential": r"\w ~ exponential",
    "draw: again until inside": r"\) in -?[\d.]+",
    "draw: clipped": r"clipped to",
    "some sources": r"project \w+\[",
    "Poisson": r"poisson\(rate = \d+ Hz\)",
    "Poisson, other rate for each": r"poisson\(rate = .*index",
    "Poisson, rate in time": r"poisson\(rate = .*sin",
    "current": r": current\([\d.]+ ?[\w\[\]/^]*\)",
    "current of a parameter": r": current\([\d.]+ \* \w*bias",
    "current in time": r": current\(.*\bt /",
    "current, other for each": r": current\(.*index",
    "noise current": r"noise_current",
    "spikes, periodic": r"spikes at .* times",
    "spikes, list": r"spikes at \[",
    "spikes, file": r"spikes from",
    "window: from to": r" from [\d.]+ ms to",
    "window: during": r" during ",
    "current of frames": r": current\(.*shown",
    "Poisson, rate of frames": r"poisson\(rate = .*shown",
    "during of frames": r"shown.* during ",
    "every frame": r"every frame",
    "repeat frame": r"repeat frame",
    "some targets of a stimulus": r"stimulate \w+\[",
    "protocol at": r"^    at ",
    "protocol every": r"^    every ",
    "protocol of some elements": r"\{ \w+\[0\.\.\d+\]\.\w+ =",
    "protocol of a state": r"\.\w+ \+= 1",
    "protocol of a weight": r"\.weight \*=",
    "recorded input": r"record x",
    "drawn weight of a stimulus": r"stimulate .* weight ~",
    "frames in two runs": r"shown = frames(.*\n)*.*from first \{",
    "two runs": r"from first \{",
    "parts": r"^  part ",
    "port of a part": r"project .*\.out",
}


def main(count):
    texts = [random_model.Model(seed).text() for seed in range(1, count + 1)]
    few = []
    for name, pattern in FEATURES.items():
        uses = sum(1 for text in texts if re.search(pattern, text, re.MULTILINE))
        print(f"{uses:4} {name}")
        if uses < LEAST:
            few.append(name)
    if few:
        print(f"used by fewer than {LEAST} of {count} models: {', '.join(few)}")
        return 1
    print("PASS")
    return 0


if __name__ == "__main__":
    sys.exit(main(model_count(200)))
