"""A model's names and the order of its declarations are of no account: `renaming.py FOLDER`.

Neurons, synapses, their parameters, states, inputs and lets get other names, and parameters another
order; hashes stay. Names of circuits, populations and stimuli key the random numbers (D1) and stay.
"""

import os
import re
import sys

from suitelib import Failed, for_each, fresh, hashes, random_model, run

DECLARED = re.compile(r"^(?:neuron|synapse|function) (\w+)|^  (?:parameter|state|input|let) (.*)$",
                      re.MULTILINE)
KEPT = {"weight", "delay"}


def declared(text):
    """Names that a model declares in its neurons and synapses."""
    names = set()
    for whole, members in DECLARED.findall(text):
        names.add(whole or None)
        names.update(re.findall(r"(\w+) [=:] ", members))
    return names - KEPT - {None, ""}


def renamed(text):
    """The model with other names. Names that random numbers are keyed by stay: those of states
    and parameters that are drawn."""
    drawn = set(re.findall(r"(\w+) ~", text))
    names = sorted(declared(text) - drawn)
    new = {name: f"q{number}_{name[::-1]}" for number, name in enumerate(names)}
    words = re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b")
    return words.sub(lambda word: new[word.group()], text), len(names)


def permuted(text):
    """The model with the members of its neurons and synapses in the reverse order."""
    def reverse(match):
        members = match.group(2).splitlines(keepends=True)
        parameters = [line for line in members if line.startswith("  parameter")]
        others = [line for line in members if not line.startswith("  parameter")]
        return match.group(1) + "".join(others + parameters[::-1]) + "}\n"

    return re.sub(r"(^(?:neuron|synapse) [^\n]*\{\n)(.*?)^\}\n", reverse, text,
                  flags=re.MULTILINE | re.DOTALL)


def check(folder, seed):
    path = random_model(folder, seed)
    with open(path) as file:
        text = file.read()
    expected = hashes(run(path, None, "--threads", "1"))
    other, count = renamed(text)
    for what, changed in (("renamed", other), ("permuted", permuted(text))):
        if changed == text or count < 3:
            raise Failed(f"model {seed} cannot be {what}")
        copy = path[: -len(".syn")] + f"-{what}.syn"
        with open(copy, "w") as file:
            file.write(changed)
        if hashes(run(copy, None, "--threads", "1")) != expected:
            raise Failed(f"model {seed} {what} gives other spikes")


def main(folder):
    fresh(folder)

    def case(seed):
        try:
            check(folder, seed)
            return None
        except Failed as failure:
            return f"model {seed}: {failure}"

    failures = [failure for failure in for_each(case, range(201, 213)) if failure]
    for failure in failures:
        print(failure)
    if not failures:
        print("PASS")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
