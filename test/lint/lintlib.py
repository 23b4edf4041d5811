"""What the lints share: which files there are, and how a breach is reported.

A lint takes the folder to look at, prints `file:line: what is wrong` and exits with 1 if there was
anything to print. Its .test runs it on this tree, and on a tree with breaches planted, so that no
lint passes because it looks at nothing.
"""

import os
import re
import sys

CPP = (".cpp", ".h", ".def", ".c")
SOURCE = CPP + (".td", ".g4", ".py", ".cmake", ".sh", ".syn", ".mlir", ".test", "CMakeLists.txt")

_SKIPPED = re.compile(r"^(build.*|third_party|__pycache__|\..*|.*\.egg-info)$")


def files(root, suffixes, below=None):
    """The files of the tree (outputs and hidden folders left out), as paths relative to root."""
    for start in below or ["."]:
        for folder, folders, names in os.walk(os.path.join(root, start)):
            folders[:] = sorted(name for name in folders if not _SKIPPED.match(name))
            for name in sorted(names):
                if name.endswith(suffixes):
                    yield os.path.relpath(os.path.join(folder, name), root)


def lines(root, path):
    """The lines of a file, with their numbers from 1."""
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        yield from enumerate(file.read().splitlines(), 1)


def text(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def without_comments(source):
    """C++ text with comments blanked; lines keep their numbers, strings stay."""
    pattern = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.S)

    def blank(match):
        found = match.group(0)
        return found if found[0] == '"' else re.sub(r"[^\n]", " ", found)

    return pattern.sub(blank, source)


class Report:
    def __init__(self):
        self.count = 0

    def breach(self, path, line, message):
        print(f"{path}:{line}: {message}")
        self.count += 1

    def done(self, looked_at):
        if looked_at == 0:
            print("nothing to look at: this lint would pass on an empty tree")
            self.count += 1
        sys.exit(1 if self.count else 0)
