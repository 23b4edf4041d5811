"""Random combinational logic as a module of `rtl`, with what it must give: `random_logic.py SEED FOLDER`.

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
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines, self.values = [], []  # a value: (name, width, function of the inputs)
        self.inputs = [(f"i{n}", self.random.choice(WIDTHS)) for n in range(5)]
        for n, (name, width) in enumerate(self.inputs):
            self.values.append(("%" + name, width, lambda inputs, n=n: inputs[n]))

    def add(self, text, width, function):
        name = f"%v{len(self.lines)}"
        mask = (1 << width) - 1
        self.lines.append(f"  {name} = {text}")
        self.values.append((name, width, lambda inputs: function(inputs) & mask))
        return self.values[-1]

    def constant(self, width, value):
        return self.add(f"arith.constant {value if width > 1 else str(bool(value)).lower()}"
                        + (f" : i{width}" if width > 1 else ""), width, lambda inputs: value)

    def of_width(self, width):
        found = [value for value in self.values if value[1] == width]
        if found and self.random.random() < 0.8:
            return self.random.choice(found)
        if self.random.random() < 0.3:
            return self.constant(width, self.random.getrandbits(width))
        return self.fit(self.random.choice(self.values), width)

    def fit(self, value, width):
        name, have, f = value
        if have == width:
            return value
        if have < width:
            kind = self.random.choice(["extui", "extsi"])
            s = signed(have) if kind == "extsi" else lambda x: x
            return self.add(f"arith.{kind} {name} : i{have} to i{width}", width, lambda inputs: s(f(inputs)))
        start = self.random.choice([0, self.random.randrange(have - width + 1)])
        if start == 0 and self.random.random() < 0.5:
            return self.add(f"arith.trunci {name} : i{have} to i{width}", width, f)
        return self.add(f"rtl.extract {name} from {start} : i{have} -> i{width}", width,
                        lambda inputs: f(inputs) >> start)

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
                         lambda inputs: a[2](inputs) << b[1] | b[2](inputs))
            return
        if kind == "wire":
            self.add(f'rtl.wire "w" {a[0]} : i{width}', width, a[2])
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
                             lambda inputs: x[2](inputs) & (width - 1))
            self.add(f"arith.{op} {a[0]}, {b[0]} : i{width}", width,
                     lambda inputs: SHIFTS[op](a[2](inputs), b[2](inputs), s))
            return
        b = self.constant(width, (1 << width) - 1) if kind == "not" else self.of_width(width)
        if kind == "compare":
            op = self.random.choice(list(COMPARISONS))
            self.add(f"arith.cmpi {op}, {a[0]}, {b[0]} : i{width}", 1,
                     lambda inputs: int(COMPARISONS[op](a[2](inputs), b[2](inputs), s)))
        elif kind == "select":
            c = self.of_width(1)
            self.add(f"arith.select {c[0]}, {a[0]}, {b[0]} : i{width}", width,
                     lambda inputs: a[2](inputs) if c[2](inputs) else b[2](inputs))
        else:
            op = "xori" if kind == "not" else self.random.choice(list(PAIRS))
            self.add(f"arith.{op} {a[0]}, {b[0]} : i{width}", width,
                     lambda inputs: PAIRS[op](a[2](inputs), b[2](inputs), s))

    def vector(self):
        return [self.random.choice([0, (1 << w) - 1, 1 << (w - 1), self.random.getrandbits(w)])
                for _, w in self.inputs]


def main(seed, folder):
    logic = Logic(seed)
    for _ in range(60):
        logic.step()
    # Values that others use, too: what stands in another text must mean the same alone.
    outputs = logic.random.sample(logic.values, 12) + logic.values[-3:]
    ports = [f"in %{name}: i{width}" for name, width in logic.inputs]
    ports += [f"out o{n}: i{value[1]}" for n, value in enumerate(outputs)]
    with open(f"{folder}/logic.mlir", "w") as file:
        print(f"rtl.module @random_logic({', '.join(ports)}) {{", *logic.lines, sep="\n", file=file)
        print("  rtl.output", ", ".join(v[0] for v in outputs), ":", ", ".join(f"i{v[1]}" for v in outputs), file=file)
        print("}", file=file)
    with open(f"{folder}/bench.v", "w") as file:
        print("module bench;", file=file)
        for name, width in logic.inputs:
            print(f"  reg [{width - 1}:0] {name};", file=file)
        for n, value in enumerate(outputs):
            print(f"  wire [{value[1] - 1}:0] o{n};", file=file)
        names = [name for name, _ in logic.inputs] + [f"o{n}" for n in range(len(outputs))]
        print("  random_logic dut (", ", ".join(f".{name}({name})" for name in names), ");", file=file)
        print("  initial begin", file=file)
        for _ in range(40):
            inputs = logic.vector()
            for (name, width), value in zip(logic.inputs, inputs):
                print(f"    {name} = {width}'h{value:x};", file=file)
            print("    #1;", file=file)
            for n, value in enumerate(outputs):
                expected = value[2](inputs)
                print(f"    if (o{n} !== {value[1]}'h{expected:x}) $display(\"wrong: o{n} is %h, not "
                      f"{expected:x}\", o{n});", file=file)
        print('    $display("done");\n  end\nendmodule', file=file)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
