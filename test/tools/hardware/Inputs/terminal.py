"""Runs a host on a pseudo terminal at whose other end a simulated design is.

terminal.py FOLDER COMMAND ...: the name of the terminal is put behind the command
"""

import json
import os
import pty
import subprocess
import sys
import tty

folder, command = sys.argv[1], sys.argv[2:]
design = json.load(open(folder + "/duo.json"))
master, slave = pty.openpty()
tty.setraw(slave)
twin = subprocess.Popen(
    ["./twin/Vtwin", str(design["clocks_per_bit"])], cwd=folder, stdin=master, stdout=master
)
code = subprocess.call(command + [os.ttyname(slave)])
twin.kill()
twin.wait()
sys.exit(code)
