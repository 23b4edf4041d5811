"""Every op of a dialect is summed up, described with an example, and occurs in a test."""

import re
import sys

from lintlib import Report, files, text
from tablegen import records

# Ops that nobody writes or reads: implicit terminators, which have no text to show or to match.
SILENT = "Never printed."


def main(root, mlir_include):
    report = Report()
    looked_at = 0
    tests = "\n".join(text(root, path) for path in files(root, (".mlir",), ["test"]))
    used = set(re.findall(r"\b([a-z]+\.[a-z_]+)\b", tests))
    for path in files(root, ("Ops.td",), ["dialects"]):
        folder, file = path.rsplit("/", 1)
        dialect = folder.rsplit("/", 1)[-1]
        if file.lower() != dialect + "ops.td":
            continue  # the others are included by this one
        for place, line, op in records(root, path, mlir_include, "Op"):
            if "/" + dialect + "/" not in "/" + place or op["opDialect"]["def"].startswith("Builtin"):
                continue
            looked_at += 1
            name = dialect + "." + op["opName"]
            if not op["summary"].strip():
                report.breach(place, line, f"`{name}` has no summary")
            if SILENT in op["description"]:
                continue
            if "Example" not in op["description"] and "```" not in op["description"]:
                report.breach(place, line, f"the description of `{name}` has no example")
            if name not in used:
                report.breach(place, line, f"`{name}` occurs in no test/**/*.mlir")
    report.done(looked_at)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
