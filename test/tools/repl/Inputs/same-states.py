"""Compares the states of a population that two sessions show: `same-states.py a.txt b.txt`."""

import sys

states = []
for path in sys.argv[1:]:
    with open(path) as file:
        states.append([line for line in file if line.strip().startswith("state")])
if not states[0] or states[0] != states[1]:
    sys.exit(f"states differ: {states}")
