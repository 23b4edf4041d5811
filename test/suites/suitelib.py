"""What the suites share: random models, runs of `synfire`, what they recorded."""

import concurrent.futures
import glob
import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
GENERATOR = os.path.join(HERE, "generator", "random_model.py")
sys.path.insert(0, os.path.join(HERE, "generator"))

SPIKES = b"population,element,time [ms]\n"  # how a file of spikes begins
TIME_LIMIT = 600  # seconds for one command: everything here takes about one, but the machine may have other work


class Failed(Exception):
    """A command did not do what it should."""


def fresh(folder):
    """Makes the folder, empty: what an earlier run left would be taken for results."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)


def random_model(folder, seed, scale=1):
    """Writes a random model and returns its path."""
    import random_model as generator

    return generator.Model(seed, scale).write(folder, f"random{seed}x{scale}")


def execute(command):
    """(exit code, stdout, stderr); a code is negative after a crash, None after the time limit."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIME_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return None, "", "ran past its time limit"
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def synfire(*arguments):
    """What a command of `synfire` prints; it must succeed."""
    command = ["synfire", *map(str, arguments)]
    code, out, err = execute(command)
    if code != 0:
        raise Failed(f"`{' '.join(command)}` gave {code}: {' / '.join(err.splitlines()[:3])}")
    return out


def hashes(summary):
    """All hashes of a summary printed by `--json`."""
    result = {name: p["spike_hash"] for name, p in summary["populations"].items()}
    result.update({name: p["weight_hash"] for name, p in summary["projections"].items()})
    return result


def spike_hashes(summary):
    return {name: population["spike_hash"] for name, population in summary["populations"].items()}


def sum_of_hashes(first, second):
    """The hashes of two runs, one after the other: sums modulo 2^64 over all spikes."""
    return {name: f"{(int(first[name], 16) + int(second[name], 16)) % 2**64:016x}" for name in first}


def run(model, output=None, *options):
    """The summary of a run."""
    files = ["-o", output] if output else []
    return json.loads(synfire("run", model, "--json", *files, *options))


def files_of(output):
    """{what follows the stem: bytes} of all CSV files that the runs of an experiment wrote."""
    stem = output[: -len(".csv")]
    result = {}
    for path in sorted([output] + glob.glob(glob.escape(stem) + ".*.csv")):
        with open(path, "rb") as file:
            content = file.read()
        # Spikes are written population by population whenever buffers are flushed: their order in
        # the file depends on the clock, the set of lines does not.
        if content.startswith(SPIKES):
            content = SPIKES + b"".join(sorted(content.splitlines(keepends=True)[1:]))
        result[path[len(stem):]] = content
    return result


def spikes_of(output):
    """[(population, element, time in ms)] in order of time, of all runs of the experiment."""
    rows = [line.split(",") for text in files_of(output).values() if text.startswith(SPIKES)
            for line in text.decode().splitlines()[1:]]
    return sorted(((row[0], int(row[1]), float(row[2])) for row in rows), key=lambda row: row[2])


def traces_of(output):
    """{`P[3].v`: (times, values)} of the traces of all runs, one after the other."""
    result = {}
    files = [text.decode().splitlines() for text in files_of(output).values() if not text.startswith(SPIKES)]
    for titles, *rows in sorted(files, key=lambda file: float(file[1].split(",")[0])):
        columns = list(zip(*([float(cell) for cell in row.split(",")] for row in rows)))
        connections = {}  # a connection is known by its place among those of the file
        for number, title in enumerate(titles.split(",")[1:], 1):
            # `P[3].v [mV]`, of a connection `ee[3->5].weight [mV]`; from the reference `P[3].v []`.
            name = title.split(" ")[0]
            where = re.match(r"(.*)\[\d+->\d+\](.*)", name)
            if where:
                place = connections[where.groups()] = connections.get(where.groups(), -1) + 1
                name = f"{where[1]}[{place}]{where[2]}"
            times, values = result.get(name, ((), ()))
            result[name] = times + columns[0], values + columns[number]
    return result


def for_each(function, items):
    """Results of a function that waits for programs, in order, as many at a time as there are cores."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))


def report(checks):
    """Prints what each check, [(function, cases)], says of its cases, then what failed, or PASS; an exit code. A function
    gives ([failures], text)."""
    def attempt(check):
        function, case = check
        try:
            return function(case)
        except Failed as failure:
            return [str(failure)], f"{case}"

    results = for_each(attempt, [(function, case) for function, cases in checks for case in cases])
    for _, text in results:
        print(text)
    failures = [text for found, _ in results for text in found]
    print("\n".join(failures) or "PASS")
    return 1 if failures else 0


def model_count(default):
    """How many random models to run; SYNFIRE_RANDOM_MODELS says otherwise."""
    return int(os.environ.get("SYNFIRE_RANDOM_MODELS", default))
