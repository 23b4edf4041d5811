"""Random logic with registers and a memory as a module of `rtl`, with what it must give: `random_logic.py SEED FOLDER`.

Writes logic.mlir, and bench.v, a simulation that compares each output with what Python's integers give.
"""

import random
import sys

WIDTHS = [1, 1, 2, 3, 5, 7, 8, 8, 12, 16, 16, 24, 32, 33, 40, 64, 65]
COMPARISONS = {
    "eq": lambda a, b, s: a == b, "ne": lambda a, b, s: a != b,
    "ult": lambda a, b, s: a < b, "ule": lambda a, b, s: a <= b,
    "ugt": lambda a, b, s: a > b, "uge": lambda a, b, s: a >= b,
    "slt": lambda a, b, s: s(a) < s(b), "sle": lambda a, b, s: s(a) <= s(b),
    "sgt": lambda a, b, s: s(a) > s(b), "sge": lambda a, b, s: s(a) >= s(b),
}
PAIRS = {
    "addi": lambda a, b, s: a + b, "subi": lambda a, b, s: a - b, "muli": lambda a, b, s: a * b,
    "andi": lambda a, b, s: a & b, "ori": lambda a, b, s: a | b, "xori": lambda a, b, s: a ^ b,
    "maxsi": lambda a, b, s: max(a, b, key=s), "minsi": lambda a, b, s: min(a, b, key=s),
    "maxui": lambda a, b, s: max(a, b), "minui": lambda a, b, s: min(a, b),
}
SHIFTS = {
    "shli": lambda a, b, s: a << b, "shrui": lambda a, b, s: a >> b, "shrsi": lambda a, b, s: s(a) >> b,
}


def signed(width):
    return lambda value: value - (1 << width) if value >> (width - 1) else value


class Logic:
    """Ops in the order in which they are made; a value is (name, width, what it is given all before)."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines, self.values, self.last = [], [], []
        self.inputs = [(f"i{n}", self.random.choice(WIDTHS)) for n in range(5)]
        self.values += [("%" + name, width, None) for name, width in self.inputs]
        # State comes before what depends on it, and so do its readers; how it goes on is chosen at the end.
        self.state = {}
        self.registers = [(f"%r{n}", self.random.choice(WIDTHS)) for n in range(5)]
        self.memory = (self.random.choice([2, 3, 8]), self.random.choice([6, 8, 12]))
        for name, width in self.registers + [("%mq", self.memory[1])]:
            self.values.append((name, width, None))
            self.state[name] = self.random.getrandbits(width)

    def add(self, text, width, function):
        name = f"%v{len(self.lines)}"
        mask = (1 << width) - 1
        self.lines.append(f"  {name} = {text}")
        self.values.append((name, width, lambda env: function(env) & mask))
        return self.values[-1]

    def constant(self, width, value):
        return self.add(f"arith.constant {value if width > 1 else str(bool(value)).lower()}"
                        + (f" : i{width}" if width > 1 else ""), width, lambda env: value)

    def of_width(self, width):
        found = [value for value in self.values if value[1] == width]
        if found and self.random.random() < 0.8:
            return self.random.choice(found)
        if self.random.random() < 0.3:
            return self.constant(width, self.random.getrandbits(width))
        return self.fit(self.random.choice(self.values), width)

    def fit(self, value, width):
        name, have, _ = value
        if have == width:
            return value
        if have < width:
            kind = self.random.choice(["extui", "extsi"])
            s = signed(have) if kind == "extsi" else lambda x: x
            return self.add(f"arith.{kind} {name} : i{have} to i{width}", width, lambda env: s(env[name]))
        start = self.random.choice([0, self.random.randrange(have - width + 1)])
        if start == 0 and self.random.random() < 0.5:
            return self.add(f"arith.trunci {name} : i{have} to i{width}", width, lambda env: env[name])
        return self.add(f"rtl.extract {name} from {start} : i{have} -> i{width}", width,
                        lambda env: env[name] >> start)

    def step(self):
        width = self.random.choice(WIDTHS)
        kind = self.random.choice(["pair", "pair", "pair", "compare", "shift", "select", "concat", "not", "wire"])
        a = self.of_width(width)
        s = signed(width)
        if kind == "concat":
            b = self.random.choice(self.values)
            total = width + b[1]
            if total <= 80:
                self.add(f"rtl.concat {a[0]}, {b[0]} : i{width}, i{b[1]} -> i{total}", total,
                         lambda env: env[a[0]] << b[1] | env[b[0]])
            return
        if kind == "wire":
            self.add(f'rtl.wire "w" {a[0]} : i{width}', width, lambda env: env[a[0]])
            return
        if kind == "shift":
            op = self.random.choice(list(SHIFTS))
            amount = self.random.randrange(width)
            if self.random.random() < 0.5 or width & (width - 1) or width == 1:
                b = self.constant(width, amount)
            else:  # a power of 2: lower bits are less than the width
                mask = self.constant(width, width - 1)
                x = self.of_width(width)
                b = self.add(f"arith.andi {x[0]}, {mask[0]} : i{width}", width,
                             lambda env: env[x[0]] & (width - 1))
            self.add(f"arith.{op} {a[0]}, {b[0]} : i{width}", width,
                     lambda env: SHIFTS[op](env[a[0]], env[b[0]], s))
            return
        b = self.constant(width, (1 << width) - 1) if kind == "not" else self.of_width(width)
        if kind == "compare":
            op = self.random.choice(list(COMPARISONS))
            self.add(f"arith.cmpi {op}, {a[0]}, {b[0]} : i{width}", 1,
                     lambda env: int(COMPARISONS[op](env[a[0]], env[b[0]], s)))
        elif kind == "select":
            c = self.of_width(1)
            self.add(f"arith.select {c[0]}, {a[0]}, {b[0]} : i{width}", width,
                     lambda env: env[a[0]] if env[c[0]] else env[b[0]])
        else:
            op = "xori" if kind == "not" else self.random.choice(list(PAIRS))
            self.add(f"arith.{op} {a[0]}, {b[0]} : i{width}", width,
                     lambda env: PAIRS[op](env[a[0]], env[b[0]], s))

    def vector(self):
        return [self.random.choice([0, (1 << w) - 1, 1 << (w - 1), self.random.getrandbits(w)])
                for _, w in self.inputs]

    def add_registers(self):
        """Registers with every kind of control, some of them with the same."""
        controls = [self.of_width(1)[0] for _ in range(3)]
        for name, width in self.registers:
            following = self.of_width(width)[0]
            enable, reset = (self.random.choice([None, *controls]) for _ in range(2))
            value = self.random.getrandbits(width)
            text = f'  {name} = rtl.register "{name[1:]}" {following}'
            text += f" enable {enable}" if enable else ""
            text += f" reset {reset} to {value}" if reset else ""
            self.lines.append(f"{text} initially {self.state[name]} : i{width}")
            self.last.append(lambda env, name=name, following=following, enable=enable, reset=reset, value=value:
                             {name: value if reset and env[reset] else
                              env[name] if enable and not env[enable] else env[following]})

    def add_memory(self):
        """A memory with two ports, or one that reads or writes."""
        bits, width = self.memory
        words = [self.random.getrandbits(width) for _ in range(1 << bits)]
        kind = f"!rtl.memory<{1 << bits}xi{width}>"
        start = ", ".join(map(str, words))
        self.lines.append(f'  %m = rtl.memory "m" init dense<[{start}]> : tensor<{1 << bits}xi{width}> : {kind}')
        lanes = self.random.choice([None, 1, 2, 3]) if width % 6 == 0 else self.random.choice([None, 2, 4])
        write, read, data = self.of_width(bits)[0], self.of_width(bits)[0], self.of_width(width)[0]
        enable, writes = self.of_width(1)[0], self.of_width(1)[0]
        mask = self.of_width(lanes)[0] if lanes else None
        masked = f" mask {mask} : i{lanes}" if lanes else ""
        single = self.random.random() < 0.4
        if single:
            self.lines.append(f"  %mq = rtl.access %m[{write}], {data} write {writes} enable {enable}{masked} : {kind}")
        else:
            self.lines.append(f"  rtl.write %m[{write}], {data} enable {writes}{masked} : {kind}")
            self.lines.append(f"  %mq = rtl.read %m[{read}] enable {enable} : {kind}")

        def edge(env):
            old = words[env[write if single else read]]
            reads = env[enable] and not (single and env[writes])
            if env[writes] and (env[enable] or not single):
                each = width // lanes if lanes else width
                for lane in range(lanes or 1):
                    if not lanes or env[mask] >> lane & 1:
                        part = ((1 << each) - 1) << lane * each
                        words[env[write]] = words[env[write]] & ~part | env[data] & part
            return {"%mq": old if reads else env["%mq"]}

        # What is read first is unknown in the text, too.
        self.last.append(edge)

    def evaluate(self, inputs):
        env = dict(self.state, **{"%" + name: value for (name, _), value in zip(self.inputs, inputs)})
        for name, _, function in self.values:
            if function:
                env[name] = function(env)
        return env

    def edge(self, env):
        # All see the values from before the edge.
        for change in [function(env) for function in self.last]:
            self.state.update(change)


def main(seed, folder):
    logic = Logic(seed)
    for _ in range(60):
        logic.step()
    logic.add_registers()
    logic.add_memory()
    # Values that others use, too: what stands in another text must mean the same alone.
    outputs = logic.random.sample(logic.values, 12) + logic.values[-3:]
    ports = [f"in %{name}: i{width}" for name, width in logic.inputs]
    ports += [f"out o{n}: i{value[1]}" for n, value in enumerate(outputs)]
    with open(f"{folder}/logic.mlir", "w") as file:
        print(f"rtl.module @random_logic({', '.join(ports)}) {{", *logic.lines, sep="\n", file=file)
        print("  rtl.output", ", ".join(v[0] for v in outputs), ":", ", ".join(f"i{v[1]}" for v in outputs), file=file)
        print("}", file=file)
    with open(f"{folder}/bench.v", "w") as file:
        print("module bench;\n  reg clk = 0;", file=file)
        for name, width in logic.inputs:
            print(f"  reg [{width - 1}:0] {name};", file=file)
        for n, value in enumerate(outputs):
            print(f"  wire [{value[1] - 1}:0] o{n};", file=file)
        names = [name for name, _ in logic.inputs] + [f"o{n}" for n in range(len(outputs))]
        # The clock is last: without state there is none.
        print("  random_logic dut (", ", ".join(f".{name}({name})" for name in names), "\n`ifdef CLOCKED\n"
              "    , .clk(clk)\n`endif\n  );", file=file)
        print("  initial begin", file=file)
        if any("rtl.memory" in line for line in logic.lines):
            print(f"`ifdef READS\n    dut.m_q = {logic.memory[1]}'h{logic.state['%mq']:x};\n`endif", file=file)
        for _ in range(40):
            inputs = logic.vector()
            for (name, width), value in zip(logic.inputs, inputs):
                print(f"    {name} = {width}'h{value:x};", file=file)
            print("    #1;", file=file)
            env = logic.evaluate(inputs)
            for n, value in enumerate(outputs):
                print(f"    if (o{n} !== {value[1]}'h{env[value[0]]:x}) $display(\"wrong: o{n} is %h, not "
                      f"{env[value[0]]:x}\", o{n});", file=file)
            logic.edge(env)
            print("    clk = 1; #1 clk = 0;", file=file)
        print('    $display("done");\n  end\nendmodule', file=file)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
