"""What hardware costs: `./dev bench hardware` builds the reference design (hardware.syn) for an iCE40 UP5K, with its
serial line, places and routes it, runs it in lockstep with its program, and prints each figure beside its goal.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SYNFIRE = os.environ.get("SYNFIRE", os.path.join(HERE, "../build/bin/synfire"))
MODEL = os.path.join(HERE, "hardware.syn")
ENGINE = os.path.join(HERE, "hardware_engine.syn")
LEARNING = os.path.join(HERE, "hardware_learning.syn")
TOOLS = ("yosys", "nextpnr-ice40")


def build(folder, *options, model=MODEL):
    begin = time.monotonic()
    subprocess.run([SYNFIRE, "build", model, "--emit", "verilog", "-o", folder, *options], check=True)
    return time.monotonic() - begin


def figure(report, pattern):
    found = re.search(pattern, report)
    return float(found.group(1).replace(",", "")) if found else None


def logic_of(folder, module):
    """(cells of logic, multipliers) of a module alone, beside its memories. A cell of an iCE40 is a table of four inputs
    with a carry beside it; a carry that shares no inputs with a table takes a cell for itself."""
    script = f"read_verilog {module}.v; synth_ice40 -dsp -abc9 -top {module}; write_json netlist.json"
    subprocess.run(["yosys", "-q", "-p", script], cwd=folder, check=True)
    with open(os.path.join(folder, "netlist.json"), encoding="utf-8") as file:
        cells = json.load(file)["modules"][module]["cells"].values()
    of_type = {kind: [cell["connections"] for cell in cells if cell["type"] == kind] for kind in ("SB_LUT4", "SB_CARRY", "SB_MAC16")}
    tables = {(str(c["I1"]), str(c["I2"]), str(c["I3"])) for c in of_type["SB_LUT4"]}
    alone = sum((str(c["I0"]), str(c["I1"]), str(c["CI"])) not in tables for c in of_type["SB_CARRY"])
    return len(of_type["SB_LUT4"]) + alone, len(of_type["SB_MAC16"])


def row(what, measured, goal, least=False):
    met = measured is not None and (measured >= goal if least else measured <= goal)
    shown = "-" if measured is None else f"{measured:g}"
    print(f"  {what:46}{shown:>10}{('>= ' if least else '<= ') + format(goal, 'g'):>12}  {'' if met else 'missed'}", flush=True)
    return met


def main():
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        sys.exit(f"bench: {', '.join(missing)} is not installed")
    good = True
    print(f"  {'256 cells, 131,072 connections, UP5K':46}{'measured':>10}{'goal':>12}")
    with tempfile.TemporaryDirectory() as folder:
        good &= row("seconds from the model to Verilog", build(folder, "--board", "icebreaker"), 1)
        build(folder, "--board", "icebreaker", "--synth", "ice40")
        with open(os.path.join(folder, "report.md"), encoding="utf-8") as file:
            report = file.read()
        good &= row("seconds of synth_ice40", figure(report, r"by yosys in ([\d.]+) s"), 10)
        good &= row("logic cells, serial line included", figure(report, r"\*\*([\d,]+) of 5280 logic cells"), 1000)
        good &= row("MHz, routed", figure(report, r"logic cells, ([\d.]+) MHz"), 24, least=True)
        good &= row("clocks for a synaptic event", figure(report, r"\| `e_ring` \| \d+ \| ([\d.]+) \| dense"), 0.14)
        build(folder, "--board", "icebreaker", "--synth", "ice40", model=LEARNING)
        with open(os.path.join(folder, "report.md"), encoding="utf-8") as file:
            report = file.read()
        good &= row("logic cells with symmetric learning on chip", figure(report, r"\*\*([\d,]+) of 5280 logic cells"), 1600)
        good &= row("MHz, routed", figure(report, r"logic cells, ([\d.]+) MHz"), 24, least=True)
        build(folder, "--multipliers", "8", "--vectors", "1", model=ENGINE)
        logic, multipliers = logic_of(folder, "e_neurons")
        good &= row("LUT4 of the engine of 4,096 cells", logic, 130)
        good &= row("multipliers of the engine of 4,096 cells", multipliers, 1)
    sys.exit(not good)


main()
