"""Runs a model for 50 ms, redefines what differs in a second one, and runs on:
`swap.py first.syn second.syn`."""

import re
import subprocess
import sys


def declarations(path):
    with open(path) as file:
        return re.findall(r"^(?:neuron|synapse|plasticity) .*?^}|^synapse [^\n]*}$", file.read(), re.M | re.S)


first, second = sys.argv[1:]
changed = [new for old, new in zip(declarations(first), declarations(second)) if old != new]
assert len(changed) == 1
script = f":run 50 ms\n{changed[0]}\n:run 50 ms\n:show E\n:show I\n"
sys.exit(subprocess.run(["synfire", "repl", "--quiet", first], input=script, text=True).returncode)
