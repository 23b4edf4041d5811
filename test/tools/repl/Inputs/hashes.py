"""Compares the hashes of spikes that runs report: `hashes.py whole.json [second.json] session.txt`.

The hash of a run is the sum over its spikes, so those of two parts add up to that of the whole.
"""

import json
import re
import sys

*runs, session = sys.argv[1:]
expected = {}
for run in runs:
    with open(run) as file:
        for name, population in json.load(file)["populations"].items():
            known = expected.get(name, (0, 0))
            expected[name] = (
                known[0] + population["spikes"],
                (known[1] + int(population["spike_hash"], 16)) % 2**64,
            )
with open(session) as file:
    text = file.read()
found = {}
for part in re.split(r"^(?=\w+: [\d,]+ cells)", text, flags=re.M)[1:]:
    name = part.split(":")[0]
    spikes = int(re.search(r"([\d,]+) spikes", part).group(1).replace(",", ""))
    digits = re.search(r"hash of all spikes (\w+)", part)
    found[name] = (spikes, int(digits.group(1), 16) if digits else 0)
if not found:
    sys.exit("the session shows no population")
for name, (spikes, value) in found.items():
    if spikes < 10:
        sys.exit(f"{name} spiked {spikes} times only: that compares nothing")
    if expected[name] != (spikes, value):
        sys.exit(f"{name}: expected {expected[name]}, found {(spikes, value)}")
