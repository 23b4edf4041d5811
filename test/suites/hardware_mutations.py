"""A design with a fault is found out: `hardware_mutations.py FOLDER [MUTANTS [DESIGN ...]]`.

One operator, constant or choice of the Verilog of a design is changed. The testbench that comes with it, or the lockstep,
must fail, or the counts of a Poisson stimulus be wrong for some random number (counts.py), or an assertion of the module or
of the top of the design, which holds for all inputs without the fault, fail in the first clocks; or the fault is none: then
it is proved that the changed design is the same (equivalence.py)."""

import collections
import os
import random
import re
import shutil
import sys

import counts
import equivalence
import hardware
from suitelib import Failed, for_each, fresh

HERE = os.path.dirname(os.path.abspath(__file__))
# The model, the steps of the lockstep, those of the testbench, and the mean counts of Poisson stimuli, of each module.
DESIGNS = {"delta": ("mutated-delta.syn", "20000", 80, {}), "adaptive": ("mutated-adaptive.syn", "20000", 80, {}),
           "learning": ("mutated-learning.syn", "6000", 60, {"x_neurons": 120 * 0.001})}
WAYS = [(), ("--stall", "--seed", "1"), ("--stall", "--seed", "2")]
LIMIT = 20  # seconds of a proof
LONG = 120  # of one in which nothing is left out
CLOCKS = 60  # in which assertions may fail

KINDS = [  # what stands there, and what stands there instead
    ("sum", r" \+ ", " - "),
    ("difference", r" - ", " + "),
    ("equality", r" == ", " != "),
    ("conjunction", r" & ", " | "),
    ("disjunction", r" \| ", " & "),
    ("comparison", r"(?<=\w) < (?=\w)", " <= "),
    ("choice", r" \? ([^?:;]+) : ([^?:;]+)(?=[;)])", r" ? \2 : \1"),
    ("constant", r"(?<=\d'd)(\d+)\b", lambda match: str(int(match[1]) + 1)),
    ("bit of an address", r"(?<=\[)(\w+)(?=\];)", r"\1 ^ 1"),
    ("shift", r">>> (\d+)", lambda match: f">>> {int(match[1]) + 1}"),
]

def places(design):
    """[(file, line number, kind, changed line)] of all faults that can be put in."""
    found = []
    for name in design.modules:
        with open(os.path.join(design.folder, name)) as file:
            lines = file.read().splitlines()
        formal = False
        for number, line in enumerate(lines):
            code = line.split("//")[0]
            formal = line.startswith("`ifdef FORMAL") or formal and not line.startswith("`endif")
            if formal:
                continue
            if not re.match(r"\s*(assign|wire\s.*=|.*<=|if\b)", code) or "assert" in code or "assume" in code:
                continue
            start = code.index("<=") + 2 if "<=" in code and "always" not in code else 0
            for kind, pattern, instead in KINDS:
                for match in re.finditer(pattern, code[start:]):
                    text = match.expand(instead) if isinstance(instead, str) else instead(match)
                    found.append((name, number, kind, code[:start + match.start()] + text + code[start + match.end():]))
    return found


def failing(design, module):
    """Which assertions of a module fail in its first clocks for something that it may be given."""
    try:
        return equivalence.failing(design.folder, module, LIMIT, CLOCKS)
    except equivalence.Unproved:
        return set()  # and as without a fault


def simulated(mutant, means):
    """Whether the testbench, the lockstep, or the counts of random numbers notice."""
    if not mutant.simulate().startswith("PASS"):
        return True
    if not all(counts.are_right(mutant, module, mean) for module, mean in means.items()):
        return True
    mutant.verilate("-O0")
    return not all(mutant.lockstep(*how)[0] for how in WAYS)


def proved(design, folder, place):
    """How a mutant, whose design is in `folder`, is proved to be the same design, or an empty text."""
    name, number, _, changed = place
    module = name[: -len(".v")]
    ways = {
        "line": lambda: equivalence.same_value(design.folder, design.top, (name, number, changed), LIMIT),
        "line, tables": lambda: equivalence.same_value(design.folder, design.top, (name, number, changed), LIMIT, True),
        "module": lambda: equivalence.same_behaviour(design.folder, folder, module, (name, number), LIMIT, whole=False),
        "module, near": lambda: equivalence.same_behaviour(design.folder, folder, module, (name, number), LIMIT, False, near=True),
        "module, turned": lambda: equivalence.same_behaviour(design.folder, folder, module, (name, number), LIMIT, False, True),
        "module, exact": lambda: equivalence.same_behaviour(design.folder, folder, module, (name, number), LONG, False, exact=True),
        "design": lambda: equivalence.same_behaviour(design.folder, folder, design.top, (name, number), LIMIT),
    }
    if not module.endswith("_synapses"):
        ways.pop("module, turned")  # only there are rings
    for what, proof in ways.items():
        try:
            if proof():
                return what
        except equivalence.Unproved as reason:
            print(f"  {name}:{number + 1}: {what}: {reason}")
    return ""


def outcome(design, means, fail, number, place):
    """How the fault shows: `seen`, `equal`, `invalid` where it is no Verilog, or `missed`; and how it is proved. `fail`: the
    assertions of each module that fail without a fault for what it is never given."""
    name, line, _, changed = place
    folder = f"{design.folder}-mutant{number}"
    shutil.copytree(design.folder, folder)
    path = os.path.join(folder, name)
    with open(path) as file:
        lines = file.read().splitlines()
    lines[line] = changed
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")
    try:
        mutant = hardware.Design(folder)
        if simulated(mutant, means):
            return "seen", ""
        if any(failing(mutant, module) - fail[module] for module in {design.top, name[: -len(".v")]}):
            return "seen", "asserted"
        how = proved(design, folder, place)
        return ("equal" if how else "missed"), how
    except Failed:
        return "invalid", ""
    finally:
        shutil.rmtree(folder)


def shorten(design, steps):
    """Lets the testbench, not the lockstep, end early."""
    path = os.path.join(design.folder, "test", f"{design.top}_tb.v")
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(re.sub(r"STEPS = \d+", f"STEPS = {steps}", text))


def main(folder, most="24", *names):
    folder = os.path.abspath(folder)
    fresh(folder)
    failed = False
    for name in names or DESIGNS:
        model, vectors, steps, means = DESIGNS[name]
        design = hardware.build(os.path.join(HERE, "Inputs", model), os.path.join(folder, name), "--vectors", vectors)
        shorten(design, steps)
        fail = {file[: -len(".v")]: failing(design, file[: -len(".v")]) for file in design.modules}
        if simulated(design, means) or fail[design.top]:
            raise Failed(f"{name} fails without a fault")
        all_places = places(design)
        chosen = random.Random(1).sample(all_places, min(int(most), len(all_places)))
        results = for_each(lambda entry: outcome(design, means, fail, *entry), list(enumerate(chosen)))
        for place, (result, how) in zip(chosen, results):
            if result in ("missed", "equal"):
                failed = failed or result == "missed"
                print(f"{result} {how}: {place[0]}:{place[1] + 1}: {place[2]}: {place[3].strip()}")
        counts = collections.Counter(result for result, _ in results)
        print(f"{name}: {len(all_places)} places, {len(chosen)} tried: {counts['seen']} seen, {counts['equal']} proved "
              f"equal, {counts['missed']} missed, {counts['invalid']} not Verilog", flush=True)
    print("FAIL" if failed else "PASS")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
