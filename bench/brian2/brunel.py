"""examples/brunel.syn in Brian2."""

import common
from brian2 import *

duration = common.start()
defaultclock.dt = 0.1 * ms
cells = NeuronGroup(12500, "dv/dt = -v / (20*ms) : volt (unless refractory)",
                    threshold="v >= 20*mV", reset="v = 10*mV", refractory=2 * ms, method="exact")
cells.v = "rand() * 20*mV"
# fixed_indegree: with replacement, as drawn.
excitatory = Synapses(cells[:10000], cells, on_pre="v_post += 0.1*mV * int(not_refractory_post)", delay=1.5 * ms)
excitatory.connect(i=np.random.randint(0, 10000, 12500 * 1000), j=np.repeat(np.arange(12500), 1000))
inhibitory = Synapses(cells[10000:], cells, on_pre="v_post -= 0.5*mV * int(not_refractory_post)", delay=1.5 * ms)
inhibitory.connect(i=np.random.randint(0, 2500, 12500 * 250), j=np.repeat(np.arange(12500), 250))
drive = PoissonInput(cells, "v", 2000, 10 * Hz, weight="0.1*mV * int(not_refractory)")
common.finish(duration, 12500, [SpikeMonitor(cells)], [cells, excitatory, inhibitory, drive])
