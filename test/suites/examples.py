"""Every example, made small through its own parameters, in every way of running it:
`examples.py FOLDER EXAMPLES`.

The CPU agrees with the reference interpreter (comparison.py). One, two and three threads, one and
eight lanes, the oldest and this processor, an executable, and a run that stops halfway and goes on
from its checkpoint give the same hashes.
"""

import glob
import json
import os
import sys

from comparison import compare
from suitelib import Failed, execute, for_each, fresh, hashes, run, spike_hashes, sum_of_hashes, synfire

# What makes an example small, and how long it runs. Weights grow as connections become fewer.
SMALL = {
    "brunel": ["--set", "Brunel.N_E=200", "--set", "Brunel.C_E=20", "--set", "Brunel.J=5 mV", 40],
    "celegans": [20],
    "coba": ["--set", "Coba.N=100", "--set", "Coba.p=20 %", 40],
    "cobahh": ["--set", "CobaHh.N=60", "--set", "CobaHh.p=20 %", 20],
    "cuba": ["--set", "Cuba.N=200", "--set", "Cuba.p=20 %", 40],
    "distal_reward": [1000],
    "hexapod": [100],
    "hpc_stdp": ["--set", "Balanced.N_E=80", "--set", "Balanced.C_E=80", "--set", "Balanced.J=1000 pA", 40],
    "izhikevich": ["--set", "Net.N=60", 200],
    "liquid": ["--set", "Liquid.N=100", 100],
    "microcircuit": ["--set", "Microcircuit.scale=0.0005", 3],
    "stdp_window": [250],
    "swimmer": [300],
    "two_compartment": [100],
    "vogels": ["--set", "Vogels.N=200", "--set", "Vogels.p=20 %", "--set", "Experiment.start=10 ms", 60],
    "wilson_cowan": [100],
}
# Their data are not part of the project; a test of their own in test/examples makes some.
ELSEWHERE = {"diehl_cook", "digits_chip"}
# Threads divide what has more than a thousand elements: a size at which three have work.
LARGE = {
    "brunel": ["--set", "Brunel.C_E=20", "--set", "Brunel.J=5 mV"],
    "coba": [],
    "cuba": [],
    "microcircuit": ["--set", "Microcircuit.scale=0.02"],
}
PLAIN = ["--threads", "1", "--lanes", "1", "-O", "0", "--cpu", "x86-64-v3"]
WAYS = [
    ["--threads", "2", "--lanes", "8", "-O", "2"],
    ["--threads", "3", "--lanes", "8", "-O", "2", "--cpu", "x86-64-v3"],
    ["--threads", "1", "--lanes", "1", "-O", "2"],
    ["--threads", "2", "--lanes", "16", "-O", "0"],
]


def require(what, expected, got):
    if expected != got:
        raise Failed(f"{what} gives other hashes: {got}, not {expected}")


def means_the_same(path, stem, options, duration):
    options = options + ["--duration", f"{duration} ms"]
    run(path, stem + "-cpu.csv", *PLAIN, *options)
    run(path, stem + "-reference.csv", "--target", "reference", *options)

    # Too short for rounding to grow; so no bound needs to be wider.
    outcome = compare(path, stem + "-cpu.csv", stem + "-reference.csv", widen=False)
    return outcome.spikes


def runs_the_same(path, stem, options, duration):
    whole = ["--duration", f"{duration} ms", *options]
    summary = run(path, None, *PLAIN, *whole)
    expected = hashes(summary)
    for way in WAYS:
        require(" ".join(way), expected, hashes(run(path, None, *way, *whole)))
    return summary, expected


def resumes(path, stem, options, duration, summary):
    first = run(path, None, "--threads", "1", "--duration", f"{duration / 2} ms", "--checkpoint",
                stem + ".h5", *options)
    second = run(path, None, "--threads", "2", "--duration", f"{duration / 2} ms", "--resume",
                 stem + ".h5", *options)
    require("a run resumed halfway", spike_hashes(summary),
            sum_of_hashes(spike_hashes(first), spike_hashes(second)))


def executes(path, stem, options, duration, expected):
    exe = stem + ".exe"
    synfire("build", path, "--emit", "exe", "-o", exe, *options)
    code, out, err = execute([exe, "--json", "--threads", "2", "--duration", str(duration)])
    if code != 0:
        raise Failed(f"the executable gave {code}: {err[:200]}")
    require("the executable", expected, hashes(json.loads(out)))


def check(folder, path):
    name = os.path.basename(path)[: -len(".syn")]
    stem = os.path.join(folder, name)
    if name not in SMALL:
        raise Failed("say in SMALL of test/suites/examples.py how it is made small")
    *options, duration = SMALL[name]
    spikes = means_the_same(path, stem, options, duration)
    summary, expected = runs_the_same(path, stem, options, duration)
    resumes(path, stem, options, duration, summary)
    executes(path, stem, options, duration, expected)
    if name in LARGE:
        large, _ = runs_the_same(path, stem, LARGE[name], 20)
        if not any(population["spikes"] for population in large["populations"].values()):
            raise Failed("nothing fires, so nothing is compared")
    return f"{name}: {spikes} spikes"


def main(folder, examples):
    fresh(folder)

    def case(path):
        try:
            return check(folder, path), True
        except Failed as failure:
            return f"{os.path.basename(path)}: {failure}", False

    paths = [path for path in sorted(glob.glob(os.path.join(examples, "*.syn")))
             if os.path.basename(path)[: -len(".syn")] not in ELSEWHERE]
    results = for_each(case, paths)
    for line, _ in results:
        print(line)
    if len(results) < len(SMALL) or not all(good for _, good in results):
        return 1
    print("PASS")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
