"""No name of a model in library/ or examples/ occurs in C++: the compiler has no shortcuts for
models it knows."""

import re
import sys

from lintlib import CPP, Report, files, text, without_comments

DECLARATION = re.compile(r"^\s*(?:neuron|synapse|plasticity|prior|circuit)\s+([A-Za-z_]\w*)", re.M)

# Words of the trade that name something else in the compiler as well. A model with such a name is
# tested like any other (test/ renames and permutes library models); C++ may use the word.
WORDS = {
    "Delta": "a difference, the Greek letter",
    "Rate": "a frequency",
    "Gap": "a hole between two things",
    "Threshold": "the level in a spike rule",
    "Input": "an input of a model, an operand",
    "Relay": "the forwarding of something",
    "Scaling": "multiplication by a factor",
    "Cell": "one place of a table; a neuron of the interpreter",
    "Tree": "a parse tree",
    "Graded": "the field's word for a unit without spikes",
}


def main(root):
    report = Report()
    names = {}
    for path in files(root, (".syn",), ["library", "examples"]):
        for name in DECLARATION.findall(text(root, path)):
            if name not in WORDS and len(name) > 2:
                names.setdefault(name, path)
    looked_at = 0
    # A name counts inside another one too: `isLif`, `LifLowering`.
    pattern = re.compile("(?<![A-Z])(" + "|".join(map(re.escape, names)) + ")(?![a-z])")
    for path in files(root, CPP, ["frontend", "dialects", "passes", "targets", "runtime", "tools"]):
        looked_at += 1
        if not names:
            continue
        for number, line in enumerate(without_comments(text(root, path)).split("\n"), 1):
            for match in pattern.finditer(line):
                name = match.group(1)
                report.breach(path, number, f"`{name}` is the name of a model in {names[name]}")
    report.done(looked_at)


if __name__ == "__main__":
    main(sys.argv[1])
