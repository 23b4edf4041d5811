"""Prints a circuit of N populations of one type in a ring, each with a Poisson stimulus."""

import sys

count = int(sys.argv[1])
print("use std.neurons\nuse std.synapses\ncircuit Ring {")
for i in range(count):
    print(f"  population P{i} : Lif[10] {{ v ~ uniform(0 mV, 20 mV) }}")
    print(f"  stimulate P{i} : poisson(20 [1/ms]) through Delta {{ weight = 0.1 mV }}")
    print(f"  project P{i} -> P{(i + 1) % count} : Delta {{ weight = 0.1 mV, delay = 1.5 ms }} connect one_to_one")
print("}\nexperiment { simulate Ring for 1 ms { step = 0.1 ms } }")
