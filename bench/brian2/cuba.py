"""examples/cuba.syn in Brian2."""

import common
from brian2 import *

duration = common.start()
defaultclock.dt = 0.1 * ms
cells = NeuronGroup(4000, """dv/dt = (ge + gi - (v + 49*mV)) / (20*ms) : volt (unless refractory)
                             dge/dt = -ge / (5*ms) : volt
                             dgi/dt = -gi / (10*ms) : volt""",
                    threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, method="exact")
cells.v = "-60*mV + rand() * 10*mV"
excitatory = Synapses(cells[:3200], cells, on_pre="ge += 1.62*mV", delay=0.1 * ms)
excitatory.connect(p=0.02)
inhibitory = Synapses(cells[3200:], cells, on_pre="gi -= 9*mV", delay=0.1 * ms)
inhibitory.connect(p=0.02)
common.finish(duration, 4000, [SpikeMonitor(cells)], [cells, excitatory, inhibitory])
