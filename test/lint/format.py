"""The C++ files are laid out as .clang-format says. `--fix` lays them out."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from lintlib import Report, files

TOOL = shutil.which("clang-format-22") or "clang-format"
FOLDERS = ["frontend", "dialects", "passes", "targets", "runtime", "tools", "test", "bench", "cmake"]


def main(root, fix):
    paths = list(files(root, (".cpp", ".h", ".c"), FOLDERS))

    def run(path):
        options = ["-i"] if fix else ["--dry-run", "--ferror-limit=1"]
        command = [TOOL, "--style=file", *options, path]
        return subprocess.run(command, cwd=root, capture_output=True, text=True)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(run, paths))
    report = Report()
    for path, result in zip(paths, results):
        if result.returncode != 0:
            sys.exit(f"{TOOL}: {result.stderr}")
        if result.stderr:
            line = result.stderr.split(":")[1]
            report.breach(path, line, "not laid out as .clang-format says: run ./dev format")
    report.done(len(paths))


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--fix"]
    main(arguments[0], "--fix" in sys.argv)
