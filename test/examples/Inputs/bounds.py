"""bounds.py RESULT POPULATION LOW HIGH ...: is the mean rate of each population within its bounds?"""

import json
import sys

populations = json.load(open(sys.argv[1]))["populations"]
claims = sys.argv[2:]
for name, low, high in zip(claims[::3], claims[1::3], claims[2::3]):
    rate = populations[name]["rate_hz"]
    if not float(low) <= rate <= float(high):
        sys.exit(f"{name}: {rate} Hz is not within {low} .. {high} Hz")
print("PASS")
