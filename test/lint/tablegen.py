"""Reads the records of a TableGen file, for the lints on ops and passes."""

import json
import os
import subprocess
import sys


def records(root, path, mlir_include, kind):
    """(path, line, record) of each def of class `kind` in the file and in what it includes of ours."""
    command = ["llvm-tblgen", "--dump-json", "-I", mlir_include, "-I", root, os.path.join(root, path)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(run.stderr)
    everything = json.loads(run.stdout)
    for name in everything["!instanceof"].get(kind, []):
        record = everything[name]
        file, line = record["!locs"][0].rsplit(":", 1)
        record["name"] = name
        yield os.path.join(os.path.dirname(path), file), int(line), record
