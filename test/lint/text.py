"""Files are short, promise nothing for later and know no machine."""

import re
import sys

from lintlib import SOURCE, Report, files, lines

LONGEST = 600
# path: why it is longer
LONG_FILES = {}

PROMISES = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MACHINES = re.compile(r"(?<![\w.%}])/(work|root|farm|home/\w+|Users/\w+)/|(?<![\w.])/tmp/\w")


def main(root):
    report = Report()
    looked_at = 0
    for path in files(root, SOURCE + (".md", ".in", "dev")):
        if path.startswith("test/lint/"):
            continue
        looked_at += 1
        number = 0
        for number, line in lines(root, path):
            if match := PROMISES.search(line):
                report.breach(path, number, f"`{match.group(0)}`: finish it, or say what is not there")
            if match := MACHINES.search(line):
                report.breach(path, number, f"`{match.group(0)}` exists on one machine only")
        if number > LONGEST and path not in LONG_FILES and not path.endswith(".md"):
            report.breach(path, number, f"longer than {LONGEST} lines: split it by what it owns")
    report.done(looked_at)


if __name__ == "__main__":
    main(sys.argv[1])
