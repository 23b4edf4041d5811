"""Whether runs have the same spikes, weights and counts of events, and any spikes at all."""

import json
import sys


def answers(path):
    with open(path) as file:
        run = json.load(file)
    populations = {name: (p["spikes"], p["spike_hash"]) for name, p in run["populations"].items()}
    projections = {name: p["weight_hash"] for name, p in run["projections"].items()}
    return populations, projections, run["synaptic_events"]


first, *others = [answers(path) for path in sys.argv[1:]]
assert all(spikes > 0 for spikes, _ in first[0].values()), "nothing fired, so nothing is compared"
for path, other in zip(sys.argv[2:], others):
    if other != first:
        sys.exit(f"{path}: {other}\n{sys.argv[1]}: {first}")
print(f"{1 + len(others)} runs have the same {sum(spikes for spikes, _ in first[0].values())} spikes")
