"""Runs the testbench and the lockstep of the design in a folder: `verify.py FOLDER`."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *[os.pardir] * 3, "suites"))
import hardware

design = hardware.Design(os.path.abspath(sys.argv[1]))
print(design.simulate())
design.verilate("-O0")
print(design.lockstep("--stall")[1])
