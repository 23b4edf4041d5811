"""Runs a command, shows what it says, and checks the exit code: `exits.py [--memory MiB] CODE command...`."""

import resource
import subprocess
import sys

arguments = sys.argv[1:]
limit = None
if arguments[0] == "--memory":
    limit = int(arguments[1]) << 20
    arguments = arguments[2:]


def restrict():
    if limit:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


code, *command = arguments
done = subprocess.run(command, preexec_fn=restrict, stderr=subprocess.STDOUT)
if done.returncode != int(code):
    sys.exit(f"exit code {done.returncode} instead of {code}")
