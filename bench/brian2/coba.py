"""examples/coba.syn in Brian2."""

import common
from brian2 import *

duration = common.start()
defaultclock.dt = 0.1 * ms
cells = NeuronGroup(4000, """dv/dt = (10*nS*(-60*mV - v) + ge*(0*mV - v) + gi*(-80*mV - v)) / (200*pF) : volt (unless refractory)
                             dge/dt = -ge / (5*ms) : siemens
                             dgi/dt = -gi / (10*ms) : siemens""",
                    threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, method="exponential_euler")
cells.v = "-60*mV + rand() * 10*mV"
excitatory = Synapses(cells[:3200], cells, on_pre="ge += 6*nS", delay=0.1 * ms)
excitatory.connect(p=0.02)
inhibitory = Synapses(cells[3200:], cells, on_pre="gi += 67*nS", delay=0.1 * ms)
inhibitory.connect(p=0.02)
kick = PoissonGroup(50, rates="300*Hz * int(t < 51*ms)")
start = Synapses(kick, cells, on_pre="ge += 6*nS")
start.connect(j="i")
common.finish(duration, 4000, [SpikeMonitor(cells)], [cells, excitatory, inhibitory, kick, start])
