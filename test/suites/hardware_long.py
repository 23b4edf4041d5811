"""A design of each kind of cell beside the quantised program for 1e9 updates of cells: `hardware_long.py FOLDER
[UPDATES]`. Not part of the ordinary tests: it takes some minutes for each kind."""

import os
import re
import sys
import time

import hardware

CELLS = 256
SYNAPSES = """
synapse Delta { parameter weight = 1 mV; on pre { post.v += weight } }
synapse Exponential { parameter weight = 1 mV; state i = 0 mV; i' = -i / 2 ms; on pre { i += weight }; post.I += i }
synapse Alpha { parameter weight = 1 mV; state rise = 0 mV, i = 0 mV
  rise' = -rise / 1.5 ms; i' = (rise - i) / 1.5 ms; on pre { rise += exp(1) * weight }; post.I += i }
"""
LEAKY = """
neuron Cell { parameter tau = 20 ms, drive = 20 mV; state v = 0 mV; input I : mV
  v' = (-v + I + drive) / tau
  spike when v >= 12 mV { v = 0 mV; refractory 2 ms } }
"""
ADAPTIVE = """
neuron Cell { parameter tau = 15 ms, drive = 24 mV; state v = 0 mV, th = 0 mV, w = 0 mV; input I : mV
  v' = (-v - w + I + drive) / tau; th' = -th / 60 ms; w' = -w / 100 ms
  format v = Q7.12; format th = Q7.12; format w = Q7.12
  spike when v >= 12 mV + th { v = 0 mV; th += 2 mV; w += 0.5 mV; refractory 1.5 ms } }
"""
QUADRATIC = """
neuron Cell { parameter a = 0.02 [1/ms], drive = 10 [mV/ms]; state v = -65 mV, u = -13 [mV/ms]; input I : [mV/ms]
  v' = 0.04 [1/(ms*mV)] * v^2 + 5 [1/ms] * v + 140 [mV/ms] - u + I + drive; u' = a * (0.2 [1/ms] * v - u)
  format v = Q9.14; format u = Q9.14
  spike when v >= 30 mV { v = -65 mV; u += 8 [mV/ms] } }
"""
KINDS = {  # the cell, its start values and drives, synapses, ms of a step
    "leaky": (LEAKY, "v ~ uniform(0 mV, 10 mV); drive ~ uniform(10 mV, 16 mV)", ["Delta", "Delta"], 0.1),
    "currents": (LEAKY, "v ~ uniform(0 mV, 10 mV); drive ~ uniform(10 mV, 16 mV)", ["Exponential", "Alpha"], 0.1),
    "adaptive": (ADAPTIVE, "v ~ uniform(0 mV, 10 mV); drive ~ uniform(18 mV, 26 mV)", ["Delta", "Exponential"], 0.1),
    "quadratic": (QUADRATIC, "v ~ uniform(-70 mV, -60 mV); drive ~ uniform(4 [mV/ms], 10 [mV/ms])", ["Delta", "Delta"], 0.25),
}


def text(kind):
    cell, starts, (first, second), step = KINDS[kind]
    return f"""{SYNAPSES}{cell}
circuit Net {{
  population P : Cell[{CELLS}] {{ {starts} }}
  project P[0..199] -> P : {first} {{ weight ~ uniform(0.1 mV, 1 mV), delay ~ uniform(0.5 ms, 3 ms) }} connect fixed_indegree(5)
  project P[200..255] -> P : {second} {{ weight = -1.5 mV, delay = 1 ms }} connect fixed_indegree(2)
}}
experiment {{ simulate Net for 1 s {{ step = {step} ms; seed = 1; record spikes of P }} }}
"""


def main(folder, updates="1e9"):
    os.makedirs(folder, exist_ok=True)
    good = True
    for kind in KINDS:
        model = os.path.join(folder, kind + ".syn")
        with open(model, "w") as file:
            file.write(text(kind))
        begin = time.time()
        design = hardware.build(model, os.path.join(folder, kind), "--vectors", str(-(-int(float(updates)) // CELLS)))
        design.verilate("-O2")
        built = time.time()
        code, out, err = hardware.execute_in(design.folder, ["test/lockstep/Design"], limit=7200)
        took = time.time() - built
        equal = code == 0 and out.rstrip().endswith("PASS")
        clocks = re.search(r"clocks (\d+)", out)
        print(f"{kind}: built and run as software in {built - begin:.0f} s; {int(clocks[1]) / took / 1e6:.1f} million clocks a second\n"
              f"{out}{err}" if clocks else f"{kind}: {out}{err}", flush=True)
        good = good and equal
    print("PASS" if good else "FAIL")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
