"""A design of each kind of cell beside the quantised program for 1e9 updates of cells: `hardware_long.py FOLDER
[UPDATES [KIND ...]]`. Not part of the ordinary tests: it takes some minutes for each kind. Each kind has a folder of its own, so that
several can run side by side."""

import os
import re
import sys
import time

import hardware
import suitelib

suitelib.TIME_LIMIT = LIMIT = 36000  # seconds for one command: for the slowest kind on a machine that has other work

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
CURRENTS = LEAKY.replace("input I : mV", "input I : mV\n  format v = Q7.14")  # else its states and currents need too many bits
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
SPIKER = """
neuron Cell {
  parameter C = 281 pF, g_L = 30 nS, E_L = -70.6 mV, V_T = -50.4 mV, Delta_T = 2 mV, tau_w = 144 ms, a = 4 nS, drive = 900 pA
  state v = -70.6 mV, w = 0 pA; input I : pA
  v' = (g_L * (E_L - v) + g_L * Delta_T * exp((v - V_T) / Delta_T) - w + I + drive) / C; w' = (a * (v - E_L) - w) / tau_w
  solve v by euler, w by euler
  format v = Q9.11; format w = Q12.6
  spike when v >= 0 mV { v = -70.6 mV; w += 80.5 pA } }
"""
RULE = """
neuron Source { state v = 0; spike when v >= 1 { v = 0 } }
synapse Impulse { parameter weight = 1; on pre { post.v += weight } }
plasticity Pairs {
  parameter w_max = 0.99609375 mV, eta = 0.0625, alpha = 0.25
  state x = 0, y = 0; x' = -x / 20 ms; y' = -y / 20 ms
  format weight = Q1.8
  on pre { x = 1; weight += eta * w_max * (y - alpha) }
  on post { y = 1; weight += eta * (w_max - weight) * x }
  bound weight in 0 mV .. w_max }
"""
RECURRENT = """
  population P : Cell[{cells}] {{ {starts} }}
  project P[0..199] -> P : {first} {{ weight ~ uniform(0.1 mV, 1 mV), delay ~ uniform(0.5 ms, 3 ms) }} connect fixed_indegree(5)
  project P[200..255] -> P : {second} {{ weight = -1.5 mV, delay = 1 ms }} connect fixed_indegree(2)
"""
NOISE = """
  stimulate P : poisson(rate = 2000 Hz) through Delta { weight = 0.5 mV }
  stimulate P : poisson(rate = 500 Hz) through Delta { weight = -1 mV }
"""
PLASTIC = """
  population X : Source[64]
  population P : Cell[192] { drive ~ uniform(2 mV, 10 mV) }
  stimulate X : poisson(rate = 20 Hz) through Impulse
  project X -> P : Delta { weight ~ uniform(0 mV, 0.9 mV), delay = 3 ms } with Pairs connect all_to_all
  project P -> P : Delta { weight = -1.5 mV, delay ~ uniform(1 ms, 2 ms) } connect fixed_indegree(5)
"""


def recurrent(starts, first, second):
    return RECURRENT.format(cells=CELLS, starts=starts, first=first, second=second)


LEAKY_STARTS = "v ~ uniform(0 mV, 10 mV); drive ~ uniform(10 mV, 16 mV)"
KINDS = {  # what is declared, the circuit, ms of a step
    "leaky": (LEAKY, recurrent(LEAKY_STARTS, "Delta", "Delta"), 0.1),
    "currents": (CURRENTS, recurrent(LEAKY_STARTS, "Exponential", "Alpha"), 0.1),
    "adaptive": (ADAPTIVE, recurrent("v ~ uniform(0 mV, 10 mV); drive ~ uniform(18 mV, 26 mV)", "Delta", "Exponential"), 0.1),
    "quadratic": (QUADRATIC, recurrent("v ~ uniform(-70 mV, -60 mV); drive ~ uniform(4 [mV/ms], 10 [mV/ms])", "Delta", "Delta"), 0.25),
    "exponential": (SPIKER, recurrent("v ~ uniform(-70 mV, -55 mV); drive ~ uniform(600 pA, 1200 pA)", "Delta", "Delta"), 0.1),
    "noise": (LEAKY, recurrent("drive ~ uniform(0 mV, 10 mV)", "Delta", "Delta") + NOISE, 0.1),
    "plastic": (LEAKY + RULE, PLASTIC, 1),
}


def text(kind):
    cell, circuit, step = KINDS[kind]
    return f"""{SYNAPSES}{cell}
circuit Net {{{circuit}}}
experiment {{ simulate Net for 1 s {{ step = {step} ms; seed = 1; record spikes of P }} }}
"""


def main(folder, updates="1e9", *kinds):
    os.makedirs(folder, exist_ok=True)
    good = True
    for kind in kinds or KINDS:
        model = os.path.join(folder, kind + ".syn")
        with open(model, "w") as file:
            file.write(text(kind))
        begin = time.time()
        design = hardware.build(model, os.path.join(folder, kind), "--vectors", str(-(-int(float(updates)) // CELLS)))
        design.verilate("-O3")
        built = time.time()
        code, out, err = hardware.execute_in(design.folder, ["test/lockstep/Design"], limit=LIMIT)
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
