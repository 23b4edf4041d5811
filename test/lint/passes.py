"""One pass is one file and one test of its name, summed up and described with IR before and after."""

import os
import sys

from lintlib import Report, files, text
from tablegen import records


def camel(name):
    return "".join(word.capitalize() for word in name.split("-"))


def main(root, mlir_include):
    report = Report()
    looked_at = 0
    for path in files(root, ("Passes.td",), ["passes"]):
        folder = os.path.dirname(path)
        level = os.path.basename(folder)
        for place, line, record in records(root, path, mlir_include, "PassBase"):
            looked_at += 1
            argument = record["argument"]
            # `neuro-choose-solvers` of passes/neuro is ChooseSolvers.cpp and choose-solvers.mlir.
            short = argument.removeprefix(level + "-")
            if not argument.startswith(level):
                report.breach(place, line, f"the passes of {folder} are named `{level}-...`")
            if not record["summary"].strip():
                report.breach(place, line, f"`{argument}` has no summary")
            description = record["description"]
            # What checks or refuses changes nothing, so there is nothing to show.
            if "```" not in description and not ("verif" in short or "check" in short):
                report.breach(place, line, f"`{argument}` does not show IR before and after")
            source = os.path.join(folder, camel(short) + ".cpp")
            if not os.path.exists(os.path.join(root, source)):
                report.breach(place, line, f"`{argument}` has no file {source}")
            test = os.path.join("test", folder, short + ".mlir")
            if not os.path.exists(os.path.join(root, test)):
                report.breach(place, line, f"`{argument}` has no test {test}")
            elif "--" + argument not in text(root, test):
                report.breach(place, line, f"{test} does not run `--{argument}`")
    report.done(looked_at)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
