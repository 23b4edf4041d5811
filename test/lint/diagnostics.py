"""Every message of the front end is provoked by a test: `diagnostics.py ROOT [LIBRARY]`.

Asks synfire-check which messages the models below test/ provoke. Messages that need an option or a
file that is made on the way must be quoted by a test.
"""

import os
import re
import subprocess
import sys

from lintlib import Report, files, lines, text

REGISTERED = re.compile(r'DIAG\((\w+), \w+, "((?:\\.|[^"\\])*)"\)')
# What no model can provoke, and why it is there.
NEVER = {"err_format_changes": "guards against a defect of the formatter itself"}


def provoked(root, library):
    models = [os.path.join(root, path) for path in files(root, (".syn",), ["test"])]
    if not models:
        return set()
    done = subprocess.run(["synfire-check", "--library", library, "--names", *models], capture_output=True,
                          text=True, check=True)
    return set(done.stdout.split())


def quoted(root, message):
    """Whether a test has a part of the message between arguments that is long enough to tell."""
    parts = [part.strip() for part in re.split(r"\{\d\}", message.replace(r"\"", '"')) if len(part) > 12]
    return any(part in text(root, path) for path in files(root, (".test", ".syn"), ["test"]) for part in parts)


def main(root, library):
    report = Report()
    known = provoked(root, library)
    looked_at = 0
    for path in files(root, (".def",)):
        for number, line in lines(root, path):
            for name, message in REGISTERED.findall(line):
                looked_at += 1
                if name in NEVER or name in known or quoted(root, message):
                    continue
                report.breach(path, number, f"no test provokes `{name}`")
    report.done(looked_at)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else os.path.join(sys.argv[1], "library"))
