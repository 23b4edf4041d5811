"""Whether the multipliers of a netlist multiply what random numbers give them: `philox_products.py FAMILY FOLDER SEED STREAM`.

FOLDER has made.json, the netlist of the generator for a family, of which synthesised.py proves: it is what its text says,
whatever products of digits are. So a product of a word is the sum of what the netlist gives for each digit of it alone, the
rest 0. Here that is simulated for all values of all digits, by Verilator, with the models of the cells that yosys has, and of
ECP5's multiplier the one below, written after its data sheet. Both factors of the generator are constants, and stay what
they are; with the proof, all products of words are right.

Then one multiplier at a time is wrong in one bit for one value of its operand, which the proof does not see; here it has to be
found out.
"""

import json
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "..", "suites"))
import hardware  # pylint: disable=wrong-import-position
import synthesised  # pylint: disable=wrong-import-position

SHORTEST = 14  # bits of a digit
RESULTS = {"SB_MAC16": "O", "DSP48E1": "P", "MULT18X18D": "P0"}
OPERANDS = {"SB_MAC16": ("A", "B"), "DSP48E1": ("A", "ACIN", "B"),
            "MULT18X18D": tuple(tuple(f"{side}{i}" for i in range(18)) for side in "AB")}


def ports(side, count):
    """Names of the bits of a port, the highest first."""
    return ", ".join(f"{side}{i}" for i in reversed(range(count)))


# No parameters: without any, there is no register between the operands and the result.
MULT18X18D = f"""module MULT18X18D(input {ports("A", 18)}, {ports("B", 18)}, {ports("C", 18)},
  input SIGNEDA, SIGNEDB, SOURCEA, SOURCEB, output {ports("P", 36)});
  wire plain = ~(SIGNEDA | SIGNEDB | SOURCEA | SOURCEB);
  assign {{{ports("P", 36)}}} = plain ? {{18'd0, {ports("A", 18)}}} * {{18'd0, {ports("B", 18)}}} : 36'd0;
endmodule
"""


def operand(cell):
    """The lowest wires of that operand of a multiplier which is not one of a few constants: it has the most of them."""
    found = []
    for names in OPERANDS[cell["type"]]:
        bits = [bit for name in ([names] if isinstance(names, str) else names) for bit in cell["connections"].get(name, [])]
        found.append([bit for bit in bits if isinstance(bit, int)])
    return max(found, key=lambda bits: len(set(bits)))[:SHORTEST]


def with_faults(module):
    """Adds an input `fault` to a module, with a bit for each multiplier; the number of them."""
    multipliers = [of for _, of in sorted(module["cells"].items()) if of["type"] in RESULTS]
    free = 1 + max(bit for of in module["netnames"].values() for bit in of["bits"] if isinstance(bit, int))

    def wire():
        nonlocal free
        free += 1
        return free - 1

    def gate(kind, a, b):
        result, width = wire(), len(a)
        module["cells"][f"fault{result}"] = {
            "hide_name": 0, "type": kind, "attributes": {}, "port_directions": {"A": "input", "B": "input", "Y": "output"},
            "parameters": {"A_SIGNED": 0, "B_SIGNED": 0, "A_WIDTH": width, "B_WIDTH": width, "Y_WIDTH": 1},
            "connections": {"A": a, "B": b, "Y": [result]}}
        return result

    faults = [wire() for _ in multipliers]
    synthesised.port(module, "fault", "input", faults)
    for fault, cell in zip(faults, multipliers):
        bits, result = operand(cell), cell["connections"][RESULTS[cell["type"]]]
        wrong = gate("$and", [fault], [gate("$eq", bits, ["01"[i % 2] for i in range(len(bits))])])
        was, right = result[0], wire()
        result[0] = right
        flipped = gate("$xor", [right], [wrong])
        module["cells"][f"fault{flipped}"]["connections"]["Y"] = [was]
    return len(multipliers)


def main(family, folder, seed, stream):
    module = synthesised.read(os.path.join(folder, "made.json"), "philox")
    faults = with_faults(module)
    synthesised.write(os.path.join(folder, "products.json"), "philox", module)
    synthesised.yosys(folder, "read_json products.json; write_verilog -noattr products.v")
    with open(os.path.join(folder, "cells.v"), "w") as file:
        file.write(f'`include "{family}/cells_sim.v"\n' + (MULT18X18D if family == "ecp5" else ""))
    cells = os.path.join(os.path.dirname(os.path.realpath(shutil.which("yosys"))), "..", "share", "yosys")
    hardware.verilate(folder, "philox", "simulated", os.path.join(HERE, "philox_products.cpp"),
                      ["-Wno-lint", "-DNO_ICE40_DEFAULT_ASSIGNMENTS", f"-I{cells}", f"-I{cells}/{family}", "cells.v", "products.v"])
    width = synthesised.DIGITS[family][0]
    code, out, err = hardware.execute_in(folder, ["simulated/Design", seed, stream, str(faults), str(width), str(32 - width)])
    print(f"{family}: {(out + err).strip()}")
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
