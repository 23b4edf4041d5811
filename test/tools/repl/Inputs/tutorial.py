"""Runs the `repl` blocks of a page as one session: `tutorial.py docs/repl.md`.

Lines behind `#>` are what the lines before them print, in order, and lines behind `#!` what is in
their error message. `...` stands for anything, blanks for any number of blanks. An output may have
more lines than the page shows.
"""

import re
import subprocess
import sys


def pattern(text):
    parts = [re.escape(" ".join(part.split())) for part in text.split("...")]
    return re.compile(".*".join(parts))


def read(path):
    """The units of the page: what is typed, what is expected of stdout and of stderr."""
    with open(path, encoding="utf-8") as file:
        blocks = re.findall(r"^```repl\n(.*?)^```$", file.read(), re.M | re.S)
    units = []
    for block in blocks:
        for line in block.splitlines():
            if line.startswith("#"):
                units[-1][2 if line.startswith("#!") else 1].append(line[2:])
            elif units and not any(units[-1][1:]):
                units[-1][0].append(line)
            else:
                units.append(([line], [], []))
    return units


def check(wanted, got, typed, what):
    lines = [" ".join(line.split()) for line in got]
    at = 0
    for text in wanted:
        expression = pattern(text)
        while at < len(lines) and not expression.search(lines[at]):
            at += 1
        if at == len(lines):
            sys.exit(f"after\n  {typed}\nthe page shows `{text}`, which is not in the {what}:\n"
                     + "\n".join(got))
        at += 1


units = read(sys.argv[1])
if len(units) < 20:
    sys.exit(f"the page has {len(units)} blocks only")
# A mark behind each unit tells the outputs apart. Errors come in the same order.
script = ""
for number, (typed, _, _) in enumerate(units):
    script += "\n".join(typed) + f"\n{770000 + number} + 0\n"
done = subprocess.run(["synfire", "repl"], input=script, text=True, stdout=subprocess.PIPE,
                      stderr=subprocess.STDOUT, encoding="utf-8")
lines = done.stdout.splitlines()
for number, (typed, shown, wrong) in enumerate(units):
    mark = str(770000 + number)
    if mark not in lines:
        sys.exit(f"the session ended before {typed}:\n" + done.stdout)
    got, lines = lines[: lines.index(mark)], lines[lines.index(mark) + 1 :]
    if any("error: " in line for line in got) != bool(wrong):
        sys.exit("\n".join(["after", *typed, "there is", *got]))
    check(shown + wrong, got, "\n  ".join(typed), "output")
# The errors that the page shows, and no others.
if done.returncode != 1:
    sys.exit(f"the exit code is {done.returncode}")
print(f"{len(units)} blocks are as the page says")
