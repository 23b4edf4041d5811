"""Whether what yosys makes of a module is what the text of the module says: `synthesised.py FAMILY FOLDER MODULE [blocks]`.

The text and its netlist of a family's cells, with the models of the cells that yosys has, stand side by side with the same
inputs, and give the same outputs at every clock: by induction (ABC), without a bound on time. Both begin with registers that
hold 0, as an FPGA loads them, and a reset of one clock; it may come again at any time.

- Instances in a module are outside of it, and give anything, the same to both.
- A memory is made of registers, so that it has to be small; with `blocks` the netlist has blocks of RAM (iCE40; of the others
  there is no model).
- A product is taken as the sum of the products of its digits, which is the distributive law. Of the products of digits, on
  both sides, is known only that equal operands give equal results. Digits are as wide as what the models of multipliers
  multiply: what they are given, and how that is added up, is proved. That MULT18X18D multiplies is taken from its data sheet.

Then a fault is put into the netlist, one at a time: a table that gives the opposite, and a bit of what a multiplier is given.
Each must be found out by inputs that tell the two apart.
"""

import json
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "..", "suites"))
import equivalence  # pylint: disable=wrong-import-position

LIMIT = 60  # seconds of a proof
PROVE, GUESS, SEARCH = "scorr; pdr", "sim3 -F 100 -T 2", "bmc3 -F 30 -T 20"
# As `build --synth` has it, but for the pads.
SYNTHESIS = {"ice40": "synth_ice40 -dsp -spram -abc9", "ecp5": "synth_ecp5", "xilinx": "synth_xilinx -family xc7 -flatten -noiopad"}
DIGITS = {"ice40": (16, 8), "ecp5": (18,), "xilinx": (17,)}  # where a product is split, and its parts again
TABLES = {"SB_LUT4": "LUT_INIT", "LUT4": "INIT", **{f"LUT{inputs}": "INIT" for inputs in range(1, 7)}}
MULTIPLIERS = {"SB_MAC16": "B", "DSP48E1": "B", "MULT18X18D": "B0"}
# Inputs at the first clock. Before its first start a generator of random numbers has none.
AT_FIRST = {"rst": "rst | ~started", "aresetn": "aresetn & started", "start": "start | ~started"}
WIDE = 32  # bits of an operand, its sign or a 0 before it
SPLIT = r"""(* techmap_celltype = "$mul" *)
module split(A, B, Y);
  parameter A_SIGNED = 0; parameter B_SIGNED = 0; parameter A_WIDTH = 1; parameter B_WIDTH = 1; parameter Y_WIDTH = 1;
  input [A_WIDTH-1:0] A; input [B_WIDTH-1:0] B; output [Y_WIDTH-1:0] Y;
  wire _TECHMAP_FAIL_ = A_SIGNED != 0 || B_SIGNED != 0 || A_WIDTH <= `DIGIT || B_WIDTH <= `DIGIT || Y_WIDTH < A_WIDTH + B_WIDTH;
  localparam AH = A_WIDTH - `DIGIT, BH = B_WIDTH - `DIGIT;
  wire [2*`DIGIT-1:0] ll; wire [AH+`DIGIT-1:0] hl; wire [`DIGIT+BH-1:0] lh; wire [AH+BH-1:0] hh;
  \$mul #(.A_SIGNED(0), .B_SIGNED(0), .A_WIDTH(`DIGIT), .B_WIDTH(`DIGIT), .Y_WIDTH(2*`DIGIT)) low (.A(A[`DIGIT-1:0]), .B(B[`DIGIT-1:0]), .Y(ll));
  \$mul #(.A_SIGNED(0), .B_SIGNED(0), .A_WIDTH(AH), .B_WIDTH(`DIGIT), .Y_WIDTH(AH+`DIGIT)) left (.A(A[A_WIDTH-1:`DIGIT]), .B(B[`DIGIT-1:0]), .Y(hl));
  \$mul #(.A_SIGNED(0), .B_SIGNED(0), .A_WIDTH(`DIGIT), .B_WIDTH(BH), .Y_WIDTH(`DIGIT+BH)) right (.A(A[`DIGIT-1:0]), .B(B[B_WIDTH-1:`DIGIT]), .Y(lh));
  \$mul #(.A_SIGNED(0), .B_SIGNED(0), .A_WIDTH(AH), .B_WIDTH(BH), .Y_WIDTH(AH+BH)) high (.A(A[A_WIDTH-1:`DIGIT]), .B(B[B_WIDTH-1:`DIGIT]), .Y(hh));
  assign Y = ll + (hl << `DIGIT) + (lh << `DIGIT) + (hh << (2*`DIGIT));
endmodule
"""


def yosys(folder, script):
    equivalence.call(folder, 120, "yosys", "-q", "-p", script)


def read(path, name):
    with open(path) as file:
        return json.load(file)["modules"][name]


def write(path, name, module):
    with open(path, "w") as file:
        json.dump({"creator": "", "modules": {name: module}}, file)


def port(module, name, direction, bits):
    module["ports"][name] = {"direction": direction, "bits": bits}
    module["netnames"][name] = {"hide_name": 0, "bits": bits, "attributes": {}}


def alone(folder, top, into):
    """The module without what is in its instances, which are ports of it."""
    files = " ".join(os.path.join(folder, name) for name in equivalence.verilog(folder))
    yosys(into, f"read_verilog {files}; hierarchy -check -top {top}; proc; opt_expr; opt_clean; memory_dff; memory_collect; "
                "opt_clean; write_json all.json")
    with open(os.path.join(into, "all.json")) as file:
        modules = json.load(file)["modules"]
    module = modules[top]
    for cell, of in list(module["cells"].items()):
        if of["type"] in modules:
            for name, what in modules[of["type"]]["ports"].items():
                if name != "clk":
                    port(module, f"{cell}_{name}", "input" if what["direction"] == "output" else "output", of["connections"][name])
            del module["cells"][cell]
    write(os.path.join(into, "module.json"), top, module)


def products(module):
    """Takes the multipliers out of a module, and tells of each [(wires of A, B, Y), whether there are signs]."""
    found = []
    for cell, of in list(module["cells"].items()):
        wires = of["connections"]
        if of["type"] == "$mul":
            found.append([[wires[side] for side in "ABY"], int(of["parameters"]["A_SIGNED"], 2)])
        elif of["type"] == "MULT18X18D":
            if any(wires[sign] != ["0"] for sign in ("SIGNEDA", "SIGNEDB")):
                raise equivalence.Unproved("a product with signs")
            found.append([[[wires[f"{side}{i}"][0] for i in range(18)] for side in "AB"] + [[wires[f"P{i}"][0] for i in range(36)]], 0])
        else:
            continue
        del module["cells"][cell]
    return found


def flip(of):
    """Makes a fault of a cell."""
    if of["type"] in TABLES:
        table = TABLES[of["type"]]
        of["parameters"][table] = "".join("10"[int(bit)] for bit in of["parameters"][table])
    else:
        operand = of["connections"][MULTIPLIERS[of["type"]]]
        operand[0] = "1" if operand[0] == "0" else "0"


def pair(work, family):
    """Makes proof.aig of text.json and netlist.json in the folder: its output is 1 where they differ."""
    yosys(work, f"read_json netlist.json; techmap -wb -D EQUIV -autoproc -map +/{family}/cells_sim.v; opt_clean; "
                "rename -top other; write_json other.json")
    sides = {"one": read(os.path.join(work, "text.json"), "one"), "other": read(os.path.join(work, "other.json"), "other")}
    inputs, body, differ = ["clk"], [], []
    bound = {"one": [".clk(clk)"], "other": [".clk(clk)"]}
    for name, of in sides["one"]["ports"].items():
        width = len(of["bits"])
        if name == "clk":
            continue
        if of["direction"] == "output":
            differ.append(f"(one_{name} != other_{name})")
        else:
            inputs.append(f"[{width - 1}:0] {name}")
        at_first = AT_FIRST.get(name, name)
        for side in sides:
            bound[side].append(f".{name}({at_first if of['direction'] == 'input' else f'{side}_{name}'})")
            if of["direction"] == "output":
                body.append(f"wire [{width - 1}:0] {side}_{name};")
    taken = {side: products(module) for side, module in sides.items()}
    known = len(taken["one"])
    # Sums of products fit where they do because no product is larger than those of its digits are.
    width = max((len(wires[0]) + len(wires[1]) for wires, _ in taken["one"]), default=0)
    for count, (side, (wires, signs)) in enumerate((side, of) for side, found in taken.items() for of in found):
        for letter, bits in zip("aby", wires):
            port(sides[side], f"product{count}_{letter}", "input" if letter == "y" else "output", bits)
            body.append(f"wire [{len(bits) - 1}:0] product{count}_{letter};")
            bound[side].append(f".product{count}_{letter}(product{count}_{letter})")
        for letter, bits in zip("ab", wires):
            top = f"product{count}_{letter}[{len(bits) - 1}]" if signs else "1'b0"
            body.append(f"wire [{WIDE - 1}:0] operand{count}_{letter} = {{{{{WIDE - len(bits)}{{{top}}}}}, product{count}_{letter}}};")
        inputs.append(f"[{width - 1}:0] any{count}")
        most = f"{width}'d{min(2 ** width - 1, (2 ** len(wires[0]) - 1) * (2 ** len(wires[1]) - 1))}"
        same = "".join(f"operand{count}_a == operand{i}_a & operand{count}_b == operand{i}_b ? result{i} : " for i in range(min(count, known)))
        body.append(f"wire [{width - 1}:0] result{count} = {same}any{count} > {most} ? {most} : any{count}; "
                    f"assign product{count}_y = result{count};")
    for side, module in sides.items():
        write(os.path.join(work, side + ".json"), side, module)
    with open(os.path.join(work, "pair.v"), "w") as file:
        file.write("\n".join([f"module pair({', '.join('input ' + name for name in inputs)}, output differ);",
                              "reg started; initial started = 0; always @(posedge clk) started <= 1;", *body,
                              *(f"{side} {side}({', '.join(bound[side])});" for side in sides),
                              f"assign differ = started & ({' | '.join(differ)});", "endmodule", ""]))
    yosys(work, "read_json one.json; read_json other.json; read_verilog pair.v; hierarchy -top pair; proc; flatten; "
                f"memory -nomap; memory_map; {equivalence.GATES}")


def differ(work, script):
    """What ABC finds: True where inputs tell the two apart, False where none can, None where it found neither."""
    said = equivalence.call(work, LIMIT, "yosys-abc", "-c", f"read_aiger proof.aig; {script}")
    if "asserted in frame" in said:
        return True
    return False if re.search(r"Property proved|All properties are proved", said) else None


def main(family, folder, top, *options):
    with tempfile.TemporaryDirectory() as work:
        work = os.environ.get("KEEP", work)
        os.makedirs(work, exist_ok=True)
        alone(os.path.abspath(folder), top, work)
        with open(os.path.join(work, "split.v"), "w") as file:
            file.write(SPLIT)
        split = "; ".join(f"techmap -map split.v -D DIGIT={digit}" for digit in DIGITS[family])
        registers = "" if "blocks" in options else "memory_map; opt_clean; "
        yosys(work, f"read_json module.json; memory_map; wreduce; {split}; opt_clean; rename -top one; write_json text.json")
        yosys(work, f"read_json module.json; {registers}{SYNTHESIS[family]} -top {top}; write_json made.json")
        made = read(os.path.join(work, "made.json"), top)
        write(os.path.join(work, "netlist.json"), top, made)
        pair(work, family)
        if differ(work, PROVE) is not False:
            print(f"{family}: {top} is not proved to be what its text says")
            return 1
        tables = sorted(cell for cell, of in made["cells"].items() if of["type"] in TABLES)
        faults = [tables[len(tables) // 2], *sorted(cell for cell, of in made["cells"].items() if of["type"] in MULTIPLIERS)[:1]]
        for fault in faults:
            broken = json.loads(json.dumps(made))
            flip(broken["cells"][fault])
            write(os.path.join(work, "netlist.json"), top, broken)
            pair(work, family)
            if not differ(work, GUESS) and not differ(work, SEARCH):
                print(f"{family}: {top}: a fault in {fault} is not found out")
                return 1
        print(f"{family}: {top}: {len(made['cells'])} cells are what the text says; {len(faults)} faults found out")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
