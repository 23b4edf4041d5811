"""Everything exact gives the same spikes and traces: vectors, threads, optimisation, executables.

Runs random models plainly (one lane, one thread, no optimisation, the oldest processor) and in
ways that must not show: equal spike hashes, and equal traces byte for byte. A run that stops and goes
on from its checkpoint has the same spikes.
"""

import json
import os
import sys

from suitelib import (Failed, execute, files_of, for_each, fresh, hashes, model_count, random_model, run,
                      spike_hashes, sum_of_hashes, synfire)

PLAIN = ["-O", "0", "--lanes", "1", "--threads", "1", "--cpu", "x86-64-v3"]
# Models take turns: each meets one of these, an eighth the executable as well, and a quarter a checkpoint; an
# eighth has more neurons than one thread takes, a third run in single precision. Optimising takes most of the time.
WAYS = [
    ["-O", "2", "--lanes", "16", "--threads", "1"],
    ["-O", "2", "--lanes", "8", "--threads", "2", "--cpu", "x86-64-v3"],
    ["-O", "0", "--lanes", "16", "--threads", "3", "--cpu", "x86-64-v3"],
    ["-O", "0", "--lanes", "8", "--threads", "3"],
    ["-O", "2", "--lanes", "1", "--threads", "2"],
    ["-O", "0", "--lanes", "16", "--threads", "2"],
    ["-O", "2", "--lanes", "4", "--threads", "1"],
    ["-O", "0", "--lanes", "2", "--threads", "3", "--cpu", "x86-64-v3"],
    ["-O", "2", "--lanes", "8", "--threads", "2", "--freeze"],
]


def executable(model, stem, extra):
    """Hashes and files of a run of the compiled model."""
    synfire("build", model, "--emit", "exe", "-o", stem + ".exe", *extra)
    code, out, err = execute([stem + ".exe", "--json", "--threads", "2", "-o", stem + ".csv"])
    if code != 0:
        raise Failed(f"the executable of {model} gave {code}: {err[:200]}")
    return hashes(json.loads(out)), files_of(stem + ".csv")


def resumed(model, stem, extra, duration):
    """Hashes of all spikes of a run that stops within and goes on from its checkpoint."""
    half = round(duration * 0.4)
    parts = [run(model, None, "-O", "0", "--threads", str(threads), "--duration", f"{time} ms", kept, stem + ".h5", *extra)
             for threads, time, kept in ((1, half, "--checkpoint"), (2, duration - half, "--resume"))]
    return sum_of_hashes(*map(spike_hashes, parts))


def has_two_runs(model):
    with open(model) as file:
        return " from first " in file.read()


def compare(what, plain, other):
    if plain[0] != other[0]:
        raise Failed(f"{what}: other hashes: {plain[0]} and {other[0]}")
    for name in plain[1]:
        if plain[1][name] != other[1].get(name):
            raise Failed(f"{what}: `{name}` differs")


def check(model, number, extra=()):
    """The number of spikes of a model that is the same in all ways; raises Failed."""
    stem = model[: -len(".syn")]
    name = f"{os.path.basename(model)} {' '.join(extra)}"
    summary = run(model, stem + "-plain.csv", *PLAIN, *extra)
    plain = hashes(summary), files_of(stem + "-plain.csv")
    way, turn = WAYS[number % len(WAYS)], number // len(WAYS)
    if has_two_runs(model):
        way = [option for option in way if option != "--freeze"]  # whose numbers are those of one run
    output = f"{stem}-way.csv"
    other = hashes(run(model, output, *way, *extra)), files_of(output)
    compare(f"{name} {' '.join(way)}", plain, other)
    if (number + turn) % 8 == 0:
        compare(f"{name} as an executable", plain, executable(model, stem + "-exe", extra))
    if (number + turn) % 4 == 2:  # the last run is cut in two
        whole = resumed(model, stem, extra, round(1000 * summary["duration_s"]))
        if whole != spike_hashes(summary):
            raise Failed(f"{name} resumed: other hashes")
    return sum(p["spikes"] for p in summary["populations"].values())


def random_case(folder):
    def case(seed):
        extra = ["--precision", "f32"] if seed % 3 == 0 else []
        try:
            return check(random_model(folder, seed, 20 if seed // len(WAYS) % 8 == 0 else 1), seed, extra)
        except Failed as failure:
            return f"model {seed}: {failure}"

    return case


def main(folder, count):
    fresh(folder)
    results = for_each(random_case(folder), range(2001, 2001 + count))
    failures = [result for result in results if isinstance(result, str)]
    spiking = sum(1 for result in results if not isinstance(result, str) and result > 0)
    for failure in failures:
        print(failure)
    print(f"{count} models, {spiking} with spikes, {len(failures)} differ")
    # Silent models would prove little.
    if failures or spiking < 0.7 * count:
        return 1
    print("PASS")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], model_count(200)))
