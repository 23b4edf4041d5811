"""Everything exact gives the same spikes and traces: vectors, threads, optimisation, executables.

Runs random models plainly (one lane, one thread, no optimisation, the oldest processor) and in
ways that must not show: equal spike hashes, and equal traces byte for byte.
"""

import os
import sys

from suitelib import (Failed, execute, files_of, for_each, fresh, hashes, model_count, random_model, run,
                      synfire)

import json

PLAIN = ["-O", "0", "--lanes", "1", "--threads", "1", "--cpu", "x86-64-v3"]
# Each model meets the executable and three of these; a quarter of the models have more neurons
# than one thread takes.
WAYS = [
    ["-O", "2", "--lanes", "16", "--threads", "1"],
    ["-O", "2", "--lanes", "8", "--threads", "2", "--cpu", "x86-64-v3"],
    ["-O", "2", "--lanes", "16", "--threads", "3", "--cpu", "x86-64-v3"],
    ["-O", "0", "--lanes", "8", "--threads", "3"],
    ["-O", "2", "--lanes", "1", "--threads", "2"],
    ["-O", "0", "--lanes", "16", "--threads", "2"],
    ["-O", "2", "--lanes", "4", "--threads", "1"],
    ["-O", "2", "--lanes", "2", "--threads", "3", "--cpu", "x86-64-v3"],
]


def executable(model, stem):
    """Hashes and files of a run of the compiled model."""
    synfire("build", model, "--emit", "exe", "-o", stem + ".exe")
    code, out, err = execute([stem + ".exe", "--json", "--threads", "2", "-o", stem + ".csv"])
    if code != 0:
        raise Failed(f"the executable of {model} gave {code}: {err[:200]}")
    return hashes(json.loads(out)), files_of(stem + ".csv")


def compare(what, plain, other):
    if plain[0] != other[0]:
        raise Failed(f"{what}: other hashes: {plain[0]} and {other[0]}")
    for name in plain[1]:
        if plain[1][name] != other[1].get(name):
            raise Failed(f"{what}: `{name}` differs")


def check(model, number, extra=()):
    """The number of spikes of a model that is the same in all ways; raises Failed."""
    stem = model[: -len(".syn")]
    summary = run(model, stem + "-plain.csv", *PLAIN, *extra)
    plain = hashes(summary), files_of(stem + "-plain.csv")
    for k in range(3):
        way = WAYS[(number * 3 + k) % len(WAYS)]
        output = f"{stem}-{k}.csv"
        other = hashes(run(model, output, *way, *extra)), files_of(output)
        compare(f"{os.path.basename(model)} {' '.join(way)}", plain, other)
    if not extra:
        compare(f"{os.path.basename(model)} as an executable", plain, executable(model, stem + "-exe"))
    return sum(p["spikes"] for p in summary["populations"].values())


def random_case(folder):
    def case(seed):
        try:
            return check(random_model(folder, seed, 20 if seed % 4 == 0 else 1), seed)
        except Failed as failure:
            return f"model {seed}: {failure}"

    return case


def main(folder, count):
    fresh(folder)
    results = for_each(random_case(folder), range(1, count + 1))
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
    sys.exit(main(sys.argv[1], model_count(24)))
