"""What place and route says of a design, in words that a test can match: `report.py report.json`."""

import json
import sys

report = json.load(open(sys.argv[1]))
cells = report["utilization"]["ICESTORM_LC"]["used"]
mhz = min(clock["achieved"] for clock in report["fmax"].values())
print(f"cells at most 110: {'yes' if cells <= 110 else cells}")
print(f"24 MHz: {'yes' if mhz >= 24 else mhz}")
print(f"{cells} cells, {mhz:.1f} MHz", file=sys.stderr)
