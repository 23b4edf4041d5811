"""The interpreter that defines the language stays short: who wants to know what a model means reads it.

A feature may cost lines here, but no machinery; whoever comes near the cap looks first for what can
go. What it may include is a matter of layers.py.
"""

import sys

from lintlib import CPP, Report, files, lines

CAP = 2350  # lines of targets/reference, with comments; the aim is 1,200


def main(root):
    report = Report()
    looked_at = total = 0
    for path in files(root, CPP, ["targets/reference"]):
        looked_at += 1
        total += sum(1 for _ in lines(root, path))
        if total > CAP:
            report.breach(path, 1, f"targets/reference has more than {CAP} lines: it is a definition")
            break
    report.done(looked_at)


if __name__ == "__main__":
    main(sys.argv[1])
