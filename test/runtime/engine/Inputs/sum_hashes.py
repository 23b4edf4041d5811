"""Spike hashes of a whole run and of its parts: `sum_hashes.py whole.json part.json...`."""

import json
import sys

whole, *parts = [json.load(open(path)) for path in sys.argv[1:]]
for name, population in whole["populations"].items():
    if population["spikes"] < 100:
        sys.exit(f"{name} has {population['spikes']} spikes: too few to compare")
    spikes = sum(part["populations"][name]["spikes"] for part in parts)
    total = sum(int(part["populations"][name]["spike_hash"], 16) for part in parts) % 2**64
    if (spikes, total) != (population["spikes"], int(population["spike_hash"], 16)):
        sys.exit(f"{name} differs: {population['spikes']} spikes in one run, {spikes} in parts")
print("the same spikes")
