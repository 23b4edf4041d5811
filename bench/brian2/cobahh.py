"""examples/cobahh.syn in Brian2, at the step of the comparison."""

import common
from brian2 import *

duration = common.start()
defaultclock.dt = 0.01 * ms
cells = NeuronGroup(4000, """
    dv/dt = (10*nS*(-60*mV - v) + ge*(0*mV - v) + gi*(-80*mV - v)
             - 20*usiemens*m**3*h*(v - 50*mV) - 6*usiemens*n**4*(v + 90*mV)) / (200*pF) : volt
    dm/dt = am*(1 - m) - bm*m : 1
    dh/dt = ah*(1 - h) - bh*h : 1
    dn/dt = an*(1 - n) - bn*n : 1
    dge/dt = -ge / (5*ms) : siemens
    dgi/dt = -gi / (10*ms) : siemens
    u = v + 63*mV : volt
    am = 0.32/mV * 4*mV / exprel((13*mV - u) / (4*mV)) / ms : Hz
    bm = 0.28/mV * 5*mV / exprel((u - 40*mV) / (5*mV)) / ms : Hz
    ah = 0.128 * exp((17*mV - u) / (18*mV)) / ms : Hz
    bh = 4 / (1 + exp((40*mV - u) / (5*mV))) / ms : Hz
    an = 0.032/mV * 5*mV / exprel((15*mV - u) / (5*mV)) / ms : Hz
    bn = 0.5 * exp((10*mV - u) / (40*mV)) / ms : Hz""",
    threshold="v > -20*mV", refractory="v > -20*mV", method="exponential_euler")
cells.v = "-65*mV + randn() * 5*mV"
cells.m = 0.05
cells.h = 0.6
cells.n = 0.3
cells.ge = "clip(40 + 15*randn(), 0, inf) * nS"
cells.gi = "clip(200 + 120*randn(), 0, inf) * nS"
excitatory = Synapses(cells[:3200], cells, on_pre="ge += 6*nS", delay=0.1 * ms)
excitatory.connect(p=0.02)
inhibitory = Synapses(cells[3200:], cells, on_pre="gi += 67*nS", delay=0.1 * ms)
inhibitory.connect(p=0.02)
common.finish(duration, 4000, [SpikeMonitor(cells)], [cells, excitatory, inhibitory])
