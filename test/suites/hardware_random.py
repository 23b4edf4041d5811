"""Random models become designs that do, bit for bit, what the quantised program does: `hardware_random.py FOLDER`.

Each is simulated with the testbench that comes with it, some steps; SYNFIRE_LOCKSTEP=1 takes Verilator, and 1000.
"""

import collections
import os
import re
import sys

import hardware
from suitelib import Failed, for_each, fresh, model_count

import hardware_model


def check(folder, seed):
    """(clocks, spikes that were to be seen), a refusal, or a failure."""
    model = hardware_model.Model(seed)
    path = os.path.join(folder, f"hardware{seed}.syn")
    with open(path, "w") as file:
        file.write(model.text())
    for name, table in model.tables.items():
        with open(os.path.join(folder, name), "w") as file:
            file.write(table)
    locked = "SYNFIRE_LOCKSTEP" in os.environ
    design = hardware.build(path, path[: -len(".syn")], "--vectors", "1000" if locked else "30" if model.poisson else "120")
    if locked:
        design.verilate("-O0")
        for stall in ([], ["--stall"]):
            equal, said = design.lockstep(*stall)
            if not equal:
                raise Failed(said)
        return int(re.search(r"clocks (\d+)", said)[1]), int(re.search(r"spikes (\d+)", said)[1])
    if seed % 8 == 0:
        design.lint()
    said = design.simulate()
    if not said.startswith("PASS"):
        raise Failed(said)
    with open(os.path.join(design.folder, "test", f"{design.top}_tb_fired.hex")) as file:
        numbers = [int(line, 16) for line in file]
    steps = int(re.search(r"(\d+) steps", said)[1])
    return int(re.search(r"(\d+) clocks", said)[1]), len(numbers) - steps


def main(folder, count):
    fresh(folder)
    refusals = collections.Counter()

    def case(seed):
        try:
            return check(folder, seed)
        except hardware.Refused as refusal:
            refusals[re.sub(r"^\S+ ", "", str(refusal))] += 1
            return None
        except Exception as failure:  # pylint: disable=broad-except
            return f"model {seed}: {failure}"

    results = for_each(case, range(1, 1 + count))
    failures = [result for result in results if isinstance(result, str)]
    done = [result for result in results if isinstance(result, tuple)]
    spiking = sum(1 for _, spikes in done if spikes)
    for failure in failures:
        print(failure)
    for reason, times in refusals.most_common():
        print(f"{times} refused: {reason}")
    print(f"{count} models, {len(done)} equal in {sum(clocks for clocks, _ in done)} clocks, {spiking} of them with spikes, "
          f"{sum(refusals.values())} refused, {len(failures)} differ")
    # What is refused or silent proves little.
    if failures or len(done) < 0.85 * count or spiking < 0.7 * len(done):
        return 1
    print("PASS")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], model_count(40)))
