"""Starts a command and sends it SIGINT: `interrupt.py once FILE command...` when FILE holds records,
`interrupt.py twice - command...` as soon as the signal is handled, and again when it was."""

import os
import signal
import subprocess
import sys
import time

mode, path, *command = sys.argv[1:]
process = subprocess.Popen(command)


def wait_until(condition):
    for _ in range(6000):
        if condition():
            return
        if process.poll() is not None:
            sys.exit(f"ended with {process.returncode} before it was interrupted")
        time.sleep(0.005)
    process.kill()
    sys.exit("nothing happened for 30 s")


def handles_interrupt():
    with open(f"/proc/{process.pid}/status") as status:
        caught = next(line for line in status if line.startswith("SigCgt"))
    return int(caught.split()[1], 16) >> (signal.SIGINT - 1) & 1 == 1


if mode == "once":
    wait_until(lambda: os.path.exists(path) and os.path.getsize(path) > 1000)
    process.send_signal(signal.SIGINT)
else:
    wait_until(handles_interrupt)
    process.send_signal(signal.SIGINT)
    wait_until(lambda: not handles_interrupt())
    process.send_signal(signal.SIGINT)
print("exit code", process.wait(timeout=60), flush=True)
