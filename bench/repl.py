#!/usr/bin/env python3
"""Measures a session: how long it takes to start, how long from Enter to running code, and where that goes, and
whether a thousand redefinitions leave memory behind. `./dev bench repl` calls it with SYNFIRE set to the compiler.

The circuit has 1,000 cells and 100,000 connections; each redefinition changes the equation of its neuron.
"""

import os
import re
import statistics
import subprocess
import sys
import time

SYNFIRE = os.environ.get("SYNFIRE", "synfire")
REDEFINITIONS = 1000
# In ms: from Enter to running code, and the start of a session; in KiB: what may be left behind.
GOAL, START, LEAK = 100, 150, 50 * 1024
CIRCUIT = """
synapse Push { parameter weight = 1 mV; on pre { post.v += weight } }
population E : Cell[800] { v ~ uniform(0 mV, 20 mV) }
population I : Cell[200]
project E -> {E, I} : Push { weight = 0.5 mV, delay = 1.5 ms } connect probability(0.1)
project I -> {E, I} : Push { weight = -2 mV, delay = 1.5 ms } connect probability(0.1)
stimulate E : current(600 pA)
:run 10 ms
"""


def neuron(number):
    return f"""neuron Cell {{
  parameter tau = 20 ms, theta = 20 mV, R = 40 Mohm
  state v = 0 mV
  input I : pA
  v' = (-v + R * I * (1 + {number} / 100000)) / tau
  spike when v >= theta {{ v = 0 mV; refractory 2 ms }}
}}
"""


def starts():
    times = []
    for _ in range(5):
        begin = time.monotonic()
        subprocess.run([SYNFIRE, "repl", "--quiet", "-c", "1 + 1"], stdout=subprocess.DEVNULL, check=True)
        times.append((time.monotonic() - begin) * 1e3)
    return min(times)


def main():
    start = starts()
    script = neuron(0) + CIRCUIT + ":memory\n"
    script += "".join(neuron(i + 1) + ":times\n" for i in range(REDEFINITIONS)) + ":run 1 ms\n:memory\n"
    done = subprocess.run([SYNFIRE, "repl", "--quiet"], input=script, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    memory = [int(kib) for kib in re.findall(r"memory: (\d+) KiB", done.stdout)]
    lines = re.findall(r"the last change took (.*?);", done.stdout)
    parts = ["total", "check", "passes", "code", "build", "state"]
    changes = [[float(ms) for ms in re.findall(r"([\d.]+) ms", line)] for line in lines]
    assert len(changes) == REDEFINITIONS
    best = sorted(changes)[: REDEFINITIONS // 10]  # other work on the machine only ever adds
    print(f"start of a session: {start:.0f} ms (goal {START})")
    print(f"from Enter to running code, {REDEFINITIONS} redefinitions in a circuit of 1,000 cells, ms (goal {GOAL})")
    print(f"  {'':10}" + "".join(f"{part:>9}" for part in parts))
    for name, rows in [("fastest", best), ("all", changes)]:
        print(f"  {name:10}" + "".join(f"{statistics.median(column):9.1f}" for column in zip(*rows)))
    left = memory[1] - memory[0]
    print(f"memory: {memory[0]} KiB at the first run, {left} KiB more at the end (goal {LEAK})")
    median = statistics.median(row[0] for row in best)
    sys.exit(median > GOAL or start > START or left > LEAK)


main()
