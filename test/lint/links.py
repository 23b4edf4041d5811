"""What the README and the guides point at exists: links, and paths in backticks."""

import glob
import os
import re
import sys

from lintlib import Report, files, lines

LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)")
PATH = re.compile(
    r"`((?:\.ci|bench|dialects|docs|examples|frontend|grammar|library|passes|runtime|targets|test|tools)"
    r"/[\w./*-]*)`"
)
# Written by a command that the same page names.
MADE = ("docs/generated/",)


def main(root):
    report = Report()
    looked_at = 0
    for path in files(root, (".md",)):
        looked_at += 1
        folder = os.path.dirname(os.path.join(root, path))
        for number, line in lines(root, path):
            targets = [os.path.join(folder, target) for target in LINK.findall(line)]
            named = [name for name in PATH.findall(line) if not name.startswith(MADE)]
            targets += [os.path.join(root, name) for name in named]
            for target in targets:
                if not glob.glob(target):
                    report.breach(path, number, f"`{os.path.relpath(target, root)}` does not exist")
    report.done(looked_at)


if __name__ == "__main__":
    main(sys.argv[1])
