"""Whether a design with one changed line is the same design: proved by yosys and the model checker of ABC, or not.

Both begin by a reset, with registers that hold 0 as an FPGA loads them; inputs are anything at any clock. What a memory
gives is anything, too, but the same in both designs for the same place at the same time; so the proofs hold for all weights
and start values. They are by induction, without a bound on time.

1. Of one design: what the line computes is always what the changed line would (`same_value`). With `tables`, memories that
   are never written have their words, and queues give only numbers of populations whose spikes are put into them: that none of
   another is put in is proved before (`unheard`), and that a queue makes no word is fifo.test.
2. Of one module, or of the whole design, and its changed copy side by side: the same outputs at every clock (the number of
   an event only where there is one), and the same words written to the same places of all memories at every clock
   (`same_behaviour`). Sums, products and comparisons of WIDE bits or more, but for those of the changed line, and where
   `near` is asked for the sums and comparisons that take what it computes in the same clock, are functions of which only is
   known that equal operands give equal results; `exact` leaves none of them out, and tables have their own words, which
   takes long. Slots of delay begin alike, and none is told from the others but by how far it is from the present one: where
   `turned` is asked for, of one module, places of sums are compared by that, and the presents have to stay as far apart as
   they are; tables have their own words then, so that no delay is longer than the ring.
"""

import contextlib
import functools
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile

WIDE = 6
OPERATORS = ("$add", "$sub", "$mul", "$lt", "$le", "$gt", "$ge", "$eq", "$ne", "$shl", "$sshr", "$shr")
VALID = {"out_event": "out_valid"}  # outputs that mean something only where others say so
READ = ("hierarchy -check -top {top}; proc; {flatten}opt_expr; opt_clean; opt_dff; opt_clean; memory_dff; "
        "memory_collect; opt_clean")
GATES = ("opt -full; opt_dff; wreduce; opt -full; alumacc; opt; techmap; opt -fast; dffunmap; setundef -undriven -init -zero; "
         "setundef -zero; abc -g AND -fast; aigmap; opt_clean; write_aiger -zinit proof.aig")


class Unproved(Exception):
    """A tool did not come to an end, or could not read what it was given."""


def call(folder, limit, *command):
    """What a program prints that takes no more than so many seconds, not counting those that others take."""
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=1200,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1)))
    text = done.stdout.decode(errors="replace")
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Unproved(f"`{command[0]}` ran past {limit} s")
    if done.returncode:
        raise Unproved(f"`{command[0]}`: {text[-300:]}")
    return text


def holds(folder, limit):
    """Whether no output of proof.aig is ever 1."""
    said = call(folder, limit, "yosys-abc", "-c", "read_aiger proof.aig; fold; scorr; pdr")
    return "Property proved" in said or "All properties are proved" in said


@contextlib.contextmanager
def copy_of(folder):
    """The design alone, for one proof."""
    with tempfile.TemporaryDirectory() as work:
        yield shutil.copytree(folder, work, ignore=shutil.ignore_patterns("test"), dirs_exist_ok=True)


def verilog(folder):
    return sorted(name for name in os.listdir(folder) if name.endswith(".v"))


def ports_of(path):
    """[(direction, range, name)] of a module, without the clock and the reset."""
    found = []
    with open(path) as file:
        for line in file:
            port = re.match(r"\s+(input|output) +wire (\[\d+:0\] )?(\w+)", line)
            if port and port[3] not in ("clk", "rst"):
                found.append((port[1], port[2] or "", port[3]))
    return found


def width_in(lines, name):
    for line in lines:
        declared = re.match(rf"\s*(?:input +|output +)?(?:wire|reg) (?:\[(\d+):0\] )?{name}\b", line)
        if declared:
            return int(declared[1] or 0) + 1
    raise Unproved(f"no declaration of {name}")


def write_proof(work, top, inputs):
    """A module `proof` in which a design is reset once, and everything else comes from outside."""
    with open(os.path.join(work, "proof.v"), "w") as file:
        file.write(f"module proof({', '.join(['input clk'] + ['input ' + bits + port for _, bits, port in inputs])});\n"
                   "reg started; initial started = 0; always @(posedge clk) started <= 1;\n"
                   f"{top} design(.clk(clk), .rst(~started){''.join(f', .{port}({port})' for _, _, port in inputs)});\n"
                   "endmodule\n")


def prove_text(folder, top, texts, written, limit):
    """Whether the assertions hold in a design whose files are changed to `texts`. What products give is anything, and so is what
    memories do, but for those that are never written, where only the others are `written`."""
    with copy_of(folder) as work:
        for name, lines in texts.items():
            with open(os.path.join(work, name), "w") as file:
                file.write("\n".join(lines) + "\n")
        inputs = [port for port in ports_of(os.path.join(work, top + ".v")) if port[0] == "input"]
        write_proof(work, top, inputs)
        cut = "t:$mem_v2 r:WR_PORTS>0 %i" if written else "t:$mem*"
        call(work, 60, "yosys", "-q", "-p", f"read_verilog -sv {' '.join(verilog(work))}; {READ.format(top='proof', flatten='flatten; ')}; "
             f"cutpoint t:$mul {cut}; setundef -anyseq; memory_map; chformal -early; {GATES}")
        return holds(work, limit)


def text_of(folder, name):
    """The lines of a module, and where its assertions begin."""
    with open(os.path.join(folder, name)) as file:
        lines = file.read().splitlines()
    return lines, next(i for i, line in enumerate(lines) if "`ifdef FORMAL" in line or line == "endmodule")


@functools.lru_cache(maxsize=None)
def unheard(folder, top, limit):
    """[(queue, first, end)] of the populations whose spikes are never put into a queue."""
    with open(os.path.join(folder, top + ".json")) as file:
        sources = [(of["first"], of["first"] + of["size"]) for of in json.load(file)["sources"]]
    lines, begins = text_of(folder, top + ".v")
    queues = re.findall(r"(\w+_queue) \(\n(?:.*\n)*?    \.in_valid\((\w+)\),\n    \.in_data\((\w+)\)", "\n".join(lines))
    found = []
    for queue, valid, data in queues:
        if queue == "out_queue":
            continue
        for first, end in [*sources, (max(end for _, end in sources), 2 ** width_in(lines, data))]:
            asserts = [f"wire [31:0] put_in = {data};",
                       f"always @* if (~rst & {valid}) assert(put_in < {first} | put_in >= {end});", "endmodule",
                       "`default_nettype wire"]
            with contextlib.suppress(Unproved):
                if first < end and prove_text(folder, top, {top + ".v": lines[:begins] + asserts}, False, limit):
                    found.append((queue, first, end))
    return found


def same_value(folder, top, place, limit, tables=False):
    """Of the design in `folder`: whether a line always computes what `place`, (file, line, changed line), would."""
    name, number, changed = place
    lines, begins = text_of(folder, name)
    computes = r"\s*(?:wire (?:\[\d+:0\] )?(\w+) =|assign (\w+) =|(\w+) <=) (.*);"
    was, becomes = re.match(computes, lines[number]), re.match(computes, changed)
    if not was or not becomes:
        return False
    # A register is as it is until the reset has been.
    before = width_in(lines, was[1] or was[2] or was[3]) - 1
    lines[begins:] = [f"wire [{before}:0] value_was = {was[4]};", f"wire [{before}:0] value_becomes = {becomes[4]};",
                      f"always @* if ({'~rst' if was[3] else '1'}) assert(value_was == value_becomes);", "endmodule",
                      "`default_nettype wire"]
    texts = {name: lines}
    if tables:
        above, begins = (lines, begins) if name == top + ".v" else text_of(folder, top + ".v")
        above[begins:begins] = [line for i, (queue, first, end) in enumerate(unheard(folder, top, limit)) for line in (
            f"wire [31:0] comes_out{i} = {queue}_out_data;",
            # What a queue shows stays until the next word; before the first one it is 0.
            f"always @* assume(comes_out{i} < {first} | comes_out{i} >= {end} | ~{queue}_out_valid & comes_out{i} == 0);")]
        if name != top + ".v":
            end = next(i for i, line in enumerate(above) if "`ifdef FORMAL" in line or line == "endmodule")
            above = above[:end] + ["endmodule", "`default_nettype wire"]
        texts[top + ".v"] = above
    return prove_text(folder, top, texts, tables, limit)


def keeps_assertions(folder, top, limit):
    """Whether nothing that the modules of a design assert ever fails; what queues assert of their words is left to the
    proof of a queue, as memories are outside here."""
    with copy_of(folder) as work:
        inputs = [port for port in ports_of(os.path.join(work, top + ".v")) if port[0] == "input"]
        write_proof(work, top, inputs)
        queues = [name for name in verilog(work) if "queue" in name]
        others = [name for name in verilog(work) if name not in queues]
        said = call(work, 60, "yosys", "-p", f"read_verilog -sv {' '.join(queues)}; read_verilog -formal {' '.join(others)}; "
                    f"{READ.format(top='proof', flatten='flatten; ')}; cutpoint t:$mul t:$mem_v2 r:WR_PORTS>0 %i; setundef -anyseq; "
                    f"memory_map; chformal -early; select -count t:$assert; {GATES}")
        count = int(re.search(r"(\d+) objects", said)[1])
        return holds(work, limit), count


def failing(folder, module, limit, clocks):
    """The numbers of the assertions of a module that can fail within so many clocks after the reset, whatever it is given, and
    whatever memories and products give."""
    with copy_of(folder) as work:
        inputs = [port for port in ports_of(os.path.join(work, module + ".v")) if port[0] == "input"]
        write_proof(work, module, inputs)
        others = [name for name in verilog(work) if name != module + ".v"]
        call(work, 60, "yosys", "-q", "-p", f"read_verilog -sv {' '.join(others)}; read_verilog -formal {module}.v; "
             f"{READ.format(top='proof', flatten='flatten; ')}; cutpoint t:$mul t:$mem*; setundef -anyseq; chformal -early; {GATES}")
        with open(os.path.join(work, "proof.aig"), "rb") as file:
            numbers = file.readline().split()  # aig M I L O A B
        count = sum(int(number) for number in numbers[4:5] + numbers[6:7])
        # One after another: for all at once (`-a`) the program that comes with yosys 0.23 crashes.
        said = call(work, limit, "yosys-abc", "-c", "; ".join(
            f"read_aiger proof.aig; cone -s -O {i}; echo number {i} of {count}; bmc3 -F {clocks} -T {limit}" for i in range(count)))
        return set(re.findall(r"number (\d+) of .*\n.*was asserted", said))


class Netlist:
    """A design as one module whose memories are outside: they are ports of it."""

    def __init__(self, folder, top, into, name, whole):
        self.path = os.path.join(into, name + ".json")
        read = READ.format(top=top, flatten="flatten; " if whole else "")
        call(folder, 60, "yosys", "-q", "-p", f"read_verilog {' '.join(verilog(folder))}; {read}; write_json {self.path}")
        with open(self.path) as file:
            modules = json.load(file)["modules"]
        module = modules[top]
        module["attributes"].pop("top", None)
        self.instances = []
        for cell, of in sorted(module["cells"].items()):
            if of["type"] in modules:
                self.cut_instance(module, cell, modules[of["type"]]["ports"])
        self.name, self.module, self.reads, self.writes = name, module, [], []
        for cell, of in sorted(module["cells"].items()):
            if of["type"] == "$mem_v2":
                self.cut_memory(cell)
        self.operators = {}
        for cell, of in module["cells"].items():
            if of["type"] in OPERATORS and max(len(of["connections"][port]) for port in "ABY") >= WIDE:
                # `$add$net.v:7$123`: the last number counts everything that was read before.
                key = [re.sub(r"\$\d+$", "", cell), json.dumps(of["parameters"], sort_keys=True), 0]
                while tuple(key) in self.operators:
                    key[2] += 1
                self.operators[tuple(key)] = cell

    def port(self, name, direction, bits):
        self.module["ports"][name] = {"direction": direction, "bits": bits}
        self.module["netnames"][name] = {"hide_name": 0, "bits": bits, "attributes": {}}

    def cut_instance(self, module, cell, ports):
        """What an instance gives is anything, but the same for both; what it takes is looked at."""
        for port, of in ports.items():
            bits = module["cells"][cell]["connections"][port]
            if port != "clk":
                name = f"{cell}_port_{port}"
                direction = "input" if of["direction"] == "output" else "output"
                module["ports"][name] = {"direction": direction, "bits": bits}
                module["netnames"][name] = {"hide_name": 0, "bits": bits, "attributes": {}}
                self.instances.append((direction, f"[{len(bits) - 1}:0] ", name))
        del module["cells"][cell]

    def cut_memory(self, cell):
        of = self.module["cells"].pop(cell)
        number = {key: int(of["parameters"][key], 2) for key in ("ABITS", "WIDTH", "RD_PORTS", "WR_PORTS")}
        places, width, wires = number["ABITS"], number["WIDTH"], of["connections"]
        memory = re.sub(r"\W", "_", of["parameters"]["MEMID"].lstrip("\\"))
        for i in range(number["RD_PORTS"]):
            if of["parameters"]["RD_CLK_ENABLE"][::-1][i] != "1":
                raise Unproved(f"{cell} is read without a clock")
            port = f"{memory}_read{i}"
            self.port(port + "_enable", "output", [wires["RD_EN"][i]])
            self.port(port + "_place", "output", wires["RD_ADDR"][i * places:(i + 1) * places])
            self.port(port + "_word", "input", wires["RD_DATA"][i * width:(i + 1) * width])
            self.reads.append((port, places, width))
        for i in range(number["WR_PORTS"]):
            port = f"{memory}_write{i}"
            self.port(port + "_enable", "output", wires["WR_EN"][i * width:(i + 1) * width])
            self.port(port + "_place", "output", wires["WR_ADDR"][i * places:(i + 1) * places])
            self.port(port + "_word", "output", wires["WR_DATA"][i * width:(i + 1) * width])
            self.writes.append((port, places, width))

    def show_slot(self):
        """The bits of the present slot, where the module is a ring of sums."""
        slot = self.module["netnames"].get("slot")
        if slot:
            self.port("ring_slot", "output", list(slot["bits"]))
        return len(slot["bits"]) if slot else 0

    def follows(self, line):
        """The cells that what a line computes comes to in the same clock."""
        takes, cells = {}, self.module["cells"]
        for cell, of in cells.items():
            if "ff" not in of["type"]:
                for port, bits in of["connections"].items():
                    for bit in bits if port != "Y" else []:
                        takes.setdefault(bit, []).append(cell)
        found, new = set(), [cell for cell, of in cells.items() if re.search(rf"\b{re.escape(line)}\.", of["attributes"].get("src", ""))]
        while new:
            cell = new.pop()
            if cell not in found:
                found.add(cell)
                new += [other for bit in cells[cell]["connections"].get("Y", []) for other in takes.get(bit, [])]
        return found

    def cut_operator(self, key, port):
        wires = self.module["cells"].pop(self.operators[key])["connections"]
        for side, direction in (("A", "output"), ("B", "output"), ("Y", "input")):
            self.port(f"{port}_{side}", direction, wires[side])
        return [len(wires[side]) for side in "ABY"]

    def write(self):
        with open(self.path, "w") as file:
            json.dump({"creator": "", "modules": {self.name: self.module}}, file)


class Pair:
    """Two netlists side by side, and what says that they differ."""

    def __init__(self, one, other):
        self.sides, self.inputs, self.wires, self.body, self.differ = (one, other), ["clk"], [], [], []
        self.bound = {side.name: [".clk(clk)", ".rst(~started)"] for side in self.sides}

    def input(self, name, width):
        self.inputs.append(f"[{width - 1}:0] {name}")

    def both(self, port, width, kind="wire"):
        for side in self.sides:
            self.wires.append(f"{kind} [{width - 1}:0] {side.name}_{port};")
            self.bound[side.name].append(f".{port}({side.name}_{port})")

    def outside(self, ports):
        for direction, bits, port in ports:
            width = int(bits[1:-4]) + 1 if bits else 1
            if direction == "input":
                self.input(port, width)
                for side in self.sides:
                    self.bound[side.name].append(f".{port}({port})")
                continue
            self.both(port, width)
            valid = f" & one_{VALID[port]}" if port in VALID else ""
            self.differ.append(f"(one_{port} != other_{port}){valid}")

    def function(self, port, widths):
        """Equal operands give equal results, whatever they are."""
        for side, width in zip("ABY", widths):
            self.both(f"{port}_{side}", width)
        for chance in "pq":
            self.input(f"{port}_{chance}", widths[2])
        self.body.append(f"assign one_{port}_Y = {port}_p; assign other_{port}_Y = one_{port}_A == other_{port}_A & "
                         f"one_{port}_B == other_{port}_B ? {port}_p : {port}_q;")

    def read(self, port, places, width, slots=None, table=None):
        """The same place at the same time has the same word; what is read stays until the next word is. Places of a ring
        are the same that are as far from the present slot. A table has the words of a file."""
        self.both(port + "_enable", 1)
        self.both(port + "_place", places)
        self.both(port + "_word", width, "reg")
        apart = self.turn(port, places, *slots) if slots else f"(one_{port}_place != other_{port}_place)"
        for side, chance in zip(self.sides, "pq"):
            if table:
                self.wires.append(f"wire [{width - 1}:0] {port}_{chance} = {port}_table[{side.name}_{port}_place];")
            else:
                self.input(f"{port}_{chance}", width)
        if table:
            self.wires.insert(0, f'reg [{width - 1}:0] {port}_table[0:{2 ** places - 1}]; initial $readmemh("{table}", {port}_table);')
        self.body.append(f"initial begin one_{port}_word = 0; other_{port}_word = 0; end always @(posedge clk) begin "
                         f"if (one_{port}_enable) one_{port}_word <= {port}_p; if (other_{port}_enable) other_{port}_word <= "
                         f"one_{port}_enable & ~{apart} ? {port}_p : {port}_q; end")

    def write(self, port, places, width, slots=None):
        for what, bits in (("enable", width), ("place", places), ("word", width)):
            self.both(f"{port}_{what}", bits)
        enable, place = f"one_{port}_enable", f"(one_{port}_place != other_{port}_place)"
        if slots:
            place = self.turn(port, places, *slots)
        self.differ += [f"({enable} != other_{port}_enable)", f"(|{enable} & {place})",
                        f"(|({enable} & (one_{port}_word ^ other_{port}_word)))"]

    def turn(self, port, places, slots, bits):
        """Whether two places differ in more than what the present slot is."""
        if not any(wire.endswith(" one_ring_slot;") for wire in self.wires):
            self.both("ring_slot", bits)
        for side in self.sides:
            of, now = f"{side.name}_{port}", f"{side.name}_ring_slot"
            self.wires += [f"wire [{bits}:0] {of}_in = {of}_place[{places - 1}:{places - bits}];",
                           f"wire [{bits}:0] {of}_ahead = {of}_in < {now} ? {of}_in + {slots} - {now} : {of}_in - {now};"]
        one, other = f"one_{port}", f"other_{port}"
        self.wires += [f"wire [{bits}:0] {port}_apart = other_ring_slot < one_ring_slot ? other_ring_slot + {slots} - one_ring_slot : "
                       f"other_ring_slot - one_ring_slot;", f"reg [{bits}:0] {port}_before;", f"reg {port}_known; initial {port}_known = 0;"]
        self.body.append(f"always @(posedge clk) begin {port}_before <= {port}_apart; {port}_known <= started; end")
        self.differ.append(f"({port}_known & ({port}_apart != {port}_before))")
        below = places - bits - 1
        return f"({one}_ahead != {other}_ahead | {one}_place[{below}:0] != {other}_place[{below}:0])"

    def text(self):
        instances = [f"{name} {name}({', '.join(bound)});" for name, bound in self.bound.items()]
        return "\n".join([f"module pair({', '.join('input ' + name for name in self.inputs)}, output differ);",
                          "reg started; initial started = 0; always @(posedge clk) started <= 1;", *self.wires, *instances,
                          *self.body, f"assign differ = started & ({' | '.join(self.differ)});", "endmodule", ""])


def slots_of(path, bits):
    """How many slots a ring of sums has: all that its bits tell apart where it says no last one."""
    with open(path) as file:
        last = re.search(r"slot == \d+'d(\d+) \?", file.read())
    return int(last[1]) + 1 if last else 2 ** bits


def same_behaviour(folder, changed, top, place, limit, whole=True, turned=False, near=False,
                   exact=False):
    """Whether the modules `top` in two folders, of which `place` = (file, line) tells the difference, do the same: `whole`
    with what is in them, or whatever it is."""
    with tempfile.TemporaryDirectory() as work:
        one, other = Netlist(folder, top, work, "one", whole), Netlist(changed, top, work, "other", whole)
        if (one.reads, one.writes, one.instances) != (other.reads, other.writes, other.instances):
            return False
        pair = Pair(one, other)
        pair.outside(ports_of(os.path.join(folder, top + ".v")) + one.instances)
        line = f"{place[0]}:{place[1] + 1}"
        shared = [key for key in one.operators if key in other.operators and not key[0].endswith(line) and not exact]
        if near:
            after = one.follows(line) | other.follows(line)
            shared = [key for key in shared if key[0].startswith("$mul") or not {one.operators[key], other.operators[key]} & after]
        for i, key in enumerate(shared):
            pair.function(f"operator{i}", [side.cut_operator(key, f"operator{i}") for side in (one, other)][0])
        bits = one.show_slot() and other.show_slot() if turned else 0
        slots = (slots_of(os.path.join(folder, top + ".v"), bits), bits) if bits else None
        for port, places, width in one.reads:
            table = os.path.join(folder, f"{top}_{port.rsplit('_', 1)[0]}.hex")
            fixed = (turned or exact) and os.path.exists(table) and not any(of[0].startswith(port.rsplit("_", 1)[0]) for of in one.writes)
            pair.read(port, places, width, slots if "sums" in port else None, table if fixed else None)
        for port, places, width in one.writes:
            pair.write(port, places, width, slots if "sums" in port else None)
        for side in (one, other):
            side.write()
        with open(os.path.join(work, "pair.v"), "w") as file:
            file.write(pair.text())
        call(work, 60, "yosys", "-q", "-p", "read_json one.json; read_json other.json; read_verilog pair.v; "
             f"hierarchy -top pair; proc; flatten; memory -nomap; memory_map; {GATES}")
        return holds(work, limit)
