"""What the Brian2 scripts share: C++ standalone, single thread, loop time and mean rate as a JSON line."""

import json
import sys
import tempfile
import time

import brian2 as b


def start():
    b.set_device("cpp_standalone", build_on_run=False)
    b.prefs.codegen.cpp.extra_compile_args_gcc = ["-O3", "-march=native", "-ffast-math", "-w"]
    return float(sys.argv[1]) * b.second


def finish(duration, cells, monitors, objects):
    network = b.Network(*objects, *monitors)
    network.run(duration)
    begin = time.time()
    with tempfile.TemporaryDirectory() as folder:
        b.device.build(directory=folder, compile=True, run=True, with_output=False)
        spikes = sum(m.num_spikes for m in monitors)
    total = time.time() - begin
    loop = b.device._last_run_time
    print(json.dumps({"simulate_s": loop, "build_s": total - loop, "rate_hz": spikes / cells / float(duration)}))
