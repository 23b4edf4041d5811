"""A design with a fault is found out: `hardware_mutations.py FOLDER [MUTANTS]`.

One operator, constant or choice of the Verilog of a design is changed; the testbench that comes with it must fail.
Faults that change nothing are listed in EQUIVALENT, with the reason."""

import os
import random
import re
import shutil
import sys

import hardware
from suitelib import Failed, for_each, fresh

HERE = os.path.dirname(os.path.abspath(__file__))
DESIGNS = {"delta": "mutated-delta.syn", "adaptive": "mutated-adaptive.syn"}

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

# (file, text of the line) of faults that no run can show.
EQUIVALENT = [
    # The clocks that a queue needs to show what was pushed are counted with one to spare.
    (r"^net\.v", r"settled|_t\d+ = _t\d+ [|&] \w+_spike"),
    # An event stays valid until its row ends, so that `busy` need not look at the stages that begin a row.
    (r"synapses", r"= event_valid [|&] looks"),
    # A word of sums may be read again while its cells are taken: it is the same word, and nobody adds to it then.
    (r"neurons", r"ring_read = "),
    # `start` sets the first cell, whatever the reset left.
    (r"neurons", r"^\s*at <= \d"),
    # Above the range of a sum all bits are the sign.
    (r"neurons", r"wire _t\d+ = s\d+_\d+\["),
    # A queue that waits longer before it shows a word tells the same words.
    (r"queue", r"wire fetch ="),
    # The stages that still work overlap, as cells follow each other; after a reset they only seem to work.
    (r"neurons", r"= running \| valid|drain\d|busy ="),
    # All slots of delay begin alike, and what a reset lets be added is nothing.
    (r"synapses", r"^\s*(slot|reads|adds) <= \d"),
    # The same number modulo the range of sources.
    (r"^net\.v", r"in_event\} - "),
    # Each word of sums is cleared once, with whichever of its cells.
    (r"neurons", r"ring_clear = "),
    # Rows of an even number of words, in another order.
    (r"synapses", r"connections\[at \^ 1\]"),
    # Nobody offers an event during a step, or looks at whether it would be taken.
    (r"^net\.v", r"wire accepts ="),
    # `done` is told to others than those that compare.
    (r"^net\.v", r"assign done ="),
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


def outcome(design, number, place):
    """How the fault shows: `seen`, `invalid` where it is no Verilog, or `missed`."""
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
        if not mutant.simulate().startswith("PASS"):
            return "seen"
        if any(re.search(file, name) and re.search(text, changed) for file, text in EQUIVALENT):
            return "equivalent"
        # A rounding that is wrong for one remainder of thousands takes more steps.
        mutant.verilate("-O0")
        return "missed" if mutant.lockstep("--stall")[0] else "seen"
    except Failed:
        return "invalid"
    finally:
        shutil.rmtree(folder)


def shorten(design, steps):
    """Lets the testbench, not the lockstep, end early."""
    path = os.path.join(design.folder, "test", f"{design.top}_tb.v")
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(re.sub(r"s < STEPS", f"s < {steps}", text))


def main(folder, most="24"):
    fresh(folder)
    failed = False
    for name, model in DESIGNS.items():
        design = hardware.build(os.path.join(HERE, "Inputs", model), os.path.join(folder, name), "--vectors", "20000")
        shorten(design, 80)
        if not design.simulate().startswith("PASS"):
            raise Failed(f"{name} fails without a fault")
        all_places = places(design)
        chosen = random.Random(1).sample(all_places, min(int(most), len(all_places)))
        results = for_each(lambda entry: outcome(design, *entry), list(enumerate(chosen)))
        counts = {what: results.count(what) for what in ("seen", "equivalent", "missed", "invalid")}
        for place, result in zip(chosen, results):
            if result == "missed":
                failed = True
                print(f"not seen: {place[0]}:{place[1] + 1}: {place[2]}: {place[3].strip()}")
        print(f"{name}: {len(all_places)} places, {len(chosen)} tried: {counts['seen']} seen, {counts['equivalent']} "
              f"equivalent, {counts['missed']} missed, {counts['invalid']} not Verilog")
    print("FAIL" if failed else "PASS")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
