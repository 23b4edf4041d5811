"""Redefines a neuron 240 times in one session and compares the memory in between."""

import re
import subprocess
import sys


def neuron(number):
    return f"neuron Cell {{ state v = 0 mV; v' = (30 mV - v) / {10 + number} ms; spike when v >= 20 mV {{ v = 0 mV }} }}\n"


script = neuron(0) + "population E : Cell[10]\n:run 1 ms\n"
script += "".join(neuron(i) + (":memory\n" if i % 120 == 0 else "") for i in range(1, 241))
done = subprocess.run(["synfire", "repl", "--quiet"], input=script, capture_output=True, text=True)
if done.returncode:
    sys.exit(done.stderr)
before, after = [int(kib) for kib in re.findall(r"memory: (\d+) KiB", done.stdout)]
if after - before > 120 * 20:
    sys.exit(f"{after - before} KiB more after 120 redefinitions")
