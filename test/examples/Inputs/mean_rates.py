"""mean_rates.py MODEL DURATION SEEDS POPULATION LOW HIGH ...: is the mean rate over networks with seeds 1 .. SEEDS within bounds?

One network says little about a rate: those of cuba.syn differ by a Hz. POPULATION `all` is all cells together.
"""

import json
import os
import subprocess
import sys

model, duration, seeds = sys.argv[1], sys.argv[2], int(sys.argv[3])
claims = sys.argv[4:]
rates = {}
for seed in range(1, seeds + 1):
    command = [os.environ.get("SYNFIRE", "synfire"), "run", model, "--json", "--duration", duration, "--seed", str(seed)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    populations = told["populations"]
    for name, population in populations.items():
        rates.setdefault(name, []).append(population["rate_hz"])
    cells = sum(population["size"] for population in populations.values())
    spikes = sum(population["spikes"] for population in populations.values())
    rates.setdefault("all", []).append(spikes / cells / told["duration_s"])
for name, low, high in zip(claims[::3], claims[1::3], claims[2::3]):
    mean = sum(rates[name]) / len(rates[name])
    print(f"{name}: {mean:.2f} Hz in {min(rates[name]):.2f} .. {max(rates[name]):.2f}")
    if not float(low) <= mean <= float(high):
        sys.exit(f"{name}: {mean} Hz is not within {low} .. {high} Hz")
