"""Prints a circuit of N populations of one type in a ring: `populations.py N [KIND]`.

Each has a Poisson stimulus and two projections, to itself and to the next, of the kind that is asked for.
"""

import sys

KINDS = {
    "constant": "Delta { weight = 0.1 mV, delay = 1.5 ms }",
    "drawn": "Delta { weight ~ uniform(0.1 mV, 0.2 mV), delay ~ uniform(1 ms, 2 ms) }",
    "plastic": "Delta { weight = 0.1 mV, delay = 1.5 ms } with Stdp { w_max = 0.3 mV }",
}


def circuit(count, kind):
    lines = ["use std.neurons", "use std.synapses", "use std.plasticity", "circuit Ring {"]
    for i in range(count):
        lines += [f"  population P{i} : Lif[10] {{ v ~ uniform(0 mV, 20 mV) }}",
                  f"  stimulate P{i} : poisson(20 [1/ms]) through Delta {{ weight = 0.1 mV }}"]
        # Two names for the ring of one, so that it has the same declarations.
        for name, target in ((f"Self{i}", i), (f"Next{i}", (i + 1) % count)):
            lines.append(f"  project P{i} -> P{target} as {name} : {KINDS[kind]} connect one_to_one")
    return "\n".join(lines + ["}", "experiment { simulate Ring for 1 ms { step = 0.1 ms } }", ""])


if __name__ == "__main__":
    print(circuit(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "constant"), end="")
