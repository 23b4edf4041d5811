"""Prints a random model that has a hardware form, and writes its tables here: `hardware_model.py SEED`. Cells of four kinds that meet by events,
small enough for a slow simulator; most of them spike within some tens of steps."""

import random
import sys

DELTA = "synapse Delta { parameter weight = 1 mV; on pre { post.v += weight } }\n"
EXPONENTIAL = """synapse Exponential {
  parameter weight = 1 mV, tau = 2 ms
  state i = 0 mV
  i' = -i / tau
  on pre { i += weight }
  post.I += i
}
"""
ALPHA = """synapse Alpha {
  parameter weight = 1 mV, tau = 1.5 ms
  state rise = 0 mV, i = 0 mV
  rise' = -rise / tau
  i' = (rise - i) / tau
  on pre { rise += exp(1) * weight }
  post.I += i
}
"""
RELAY = "neuron Relay { state v = 0 mV; spike when v >= 1 mV { v = 0 mV } }\n"


class Model:
    def __init__(self, seed):
        self.random = random.Random(f"hardware {seed}")
        self.seed = seed
        self.populations = []  # (name, kind, size)
        self.relays = []
        self.tables = {}  # files beside the model
        self.lines = []

    def one(self, *choices):
        return self.random.choice(choices)

    def number(self, low, high, digits=2):
        return round(self.random.uniform(low, high), digits)

    # Kinds of cells. What a kind draws is written into its text, so that each model has others.

    def leaky(self, name):
        bound = self.one("", "", f"  format v = Q7.{self.random.randint(8, 14)}\n")
        refractory = self.one("", f"; refractory {self.number(0.3, 4, 1)} ms")
        return (f"neuron {name} {{\n  parameter tau = {self.number(5, 25)} ms, drive = {self.number(0, 25)} mV\n"
                f"  state v = {self.number(0, 8)} mV\n  input I : mV\n  v' = (-v + I + drive) / tau\n{bound}"
                f"  spike when v >= {self.number(8, 14)} mV {{ v = {self.number(-2, 5)} mV{refractory} }}\n}}\n")

    def adaptive(self, name):
        fraction = self.random.randint(9, 13)
        refractory = self.one("", f"; refractory {self.number(0.3, 2, 1)} ms", f"; refractory {self.number(0.3, 2, 1)} ms hold v")
        return (f"neuron {name} {{\n  parameter tau = {self.number(8, 20)} ms, drive = {self.number(16, 30)} mV\n"
                f"  state v = 0 mV, th = 0 mV, w = 0 mV\n  input I : mV\n  v' = (-v - w + I + drive) / tau\n"
                f"  th' = -th / {self.number(20, 80, 0)} ms\n  w' = -w / {self.number(30, 200, 0)} ms\n"
                f"  format v = Q7.{fraction}; format th = Q7.{fraction}; format w = Q7.{fraction}\n"
                f"  spike when v >= {self.number(8, 14)} mV + th {{ v = 0 mV; th += {self.number(0.5, 3)} mV; "
                f"w += {self.number(0.1, 1)} mV{refractory} }}\n}}\n")

    def quadratic(self, name):
        fraction = self.random.randint(10, 14)
        return (f"neuron {name} {{\n  parameter a = {self.number(0.02, 0.1)} [1/ms], d = {self.number(2, 8)} [mV/ms], "
                f"drive = {self.number(6, 20)} [mV/ms]\n"
                f"  state v = -65 mV, u = -13 [mV/ms]\n  input I : [mV/ms]\n"
                f"  v' = 0.04 [1/(ms*mV)] * v^2 + 5 [1/ms] * v + 140 [mV/ms] - u + I + drive\n"
                f"  u' = a * (0.2 [1/ms] * v - u)\n  format v = Q9.{fraction}; format u = Q9.{fraction}\n"
                f"  spike when v >= 30 mV {{ v = -65 mV; u += d }}\n}}\n")

    def weight(self):
        low = self.number(-2, 4)
        return self.one(f"weight = {self.number(0.3, 3)} mV", f"weight = -{self.number(0.3, 3)} mV",
                        f"weight ~ uniform({low} mV, {round(low + self.number(0.5, 3), 2)} mV)")

    def delay(self):
        low = self.number(0.1, 3, 1)
        return self.one("", f", delay = {self.number(0.1, 5, 1)} ms",
                        f", delay ~ uniform({low} ms, {round(low + self.number(0.5, 3), 1)} ms)")

    def synapse(self, kind):
        return "Delta" if kind == "quadratic" else self.one("Delta", "Delta", "Exponential", "Alpha")

    def rule(self, source, target):
        rules = [f"probability({self.number(0.1, 0.9)})", "all_to_all", "all_to_all",
                 f"fixed_indegree({self.random.randint(1, 4)})", f"fixed_outdegree({self.random.randint(1, 4)})",
                 f"fixed_number({self.random.randint(1, 3 * target)})"]
        return self.random.choice(rules + (["one_to_one"] if source == target else []))

    def pairs(self, number, source, target):
        """A connect rule that meets no pair of cells twice, for weights that learn, and which sources it is for."""
        own = random.Random(f"pairs {self.seed} {number}")  # so that the rest stays as it is
        same, n, m = source[0] == target[0], source[2], target[2]
        if own.random() < 0.35:
            some = f"[{n // 2}..{n - 1}]" if not same and n > 3 and own.random() < 0.2 else ""
            return f"all_to_all{'(autapses = true)' if same else ''}", some
        rules = [f"probability({round(own.uniform(0.1, 0.9), 2)}{', autapses = true' if same and own.random() < 0.5 else ''})"]
        rules += [f"fixed_indegree({own.randint(1, n)}, multapses = false)", f"fixed_outdegree({own.randint(1, m)}, multapses = false)"]
        if n == m:
            rules += ["one_to_one"]
        if same and n > 1:
            rules += ["all_but_one"]
        rule = own.choice(rules + ["table"])
        if rule == "table":
            every = [(pre, post) for pre in range(n) for post in range(m)]
            chosen = own.sample(every, own.randint(1, len(every)))
            name = f"pairs{self.seed}_{number}.csv"
            self.tables[name] = "pre,post\n" + "".join(f"{pre},{post}\n" for pre, post in chosen)
            rule = f'from "{name}"'
        return rule, ""

    def plastic(self, number, source, target):
        """A projection whose weights learn, by a rule of its own."""
        traces = {"x": self.one("x = 1", "x = 1", "x += 1"), "y": self.one("y = 1", "y = 1", "y += 1")}
        factor = lambda: self.one("w_max", "w_max", "(w_max - weight)", "weight")  # noqa: E731
        offset = self.one("", "", f" - {self.number(0.1, 0.5)}")
        events = {
            "pre": self.one("", f"weight {self.one('+', '-')}= eta * {factor()} * (y{offset})"),
            "post": self.one(f"weight {self.one('+', '-')}= eta * {factor()} * x", "weight += eta * (w_max * x - weight)"),
        }
        if self.random.random() < 0.15 and events["pre"]:
            events["post"] = ""
        used = [name for name, event in (("x", "post"), ("y", "pre")) if events[event]]
        pre = "; ".join(part for part in (traces["x"] if "x" in used else "", events["pre"]) if part)
        post = "; ".join(part for part in (events["post"], traces["y"] if "y" in used else "") if part)
        form = self.one("", f"  format weight = Q{self.random.randint(1, 3)}.{self.random.randint(5, 11)}\n")
        self.lines.append(
            f"plasticity Rule{number} {{\n  parameter w_max = {self.number(0.4, 0.9)} mV, eta = {self.number(0.02, 0.4, 3)}, "
            f"tau_x = {self.number(2, 12)} ms, tau_y = {self.number(2, 12)} ms\n"
            f"  state {', '.join(f'{name} = 0' for name in used)}\n"
            + "".join(f"  {name}' = -{name} / tau_{name}\n" for name in used) + form
            + (f"  on pre {{ {pre} }}\n" if pre else "") + (f"  on post {{ {post} }}\n" if post else "")
            + f"  bound weight in {self.one('0', '0', '-0.3')} mV .. w_max\n}}\n")
        delay = self.one("", f", delay = {self.number(0.1, 4, 1)} ms")
        rule, some = self.pairs(number, source, target)
        return (f"project {source[0]}{some} -> {target[0]} as plastic{number} : Delta {{ weight ~ uniform(0 mV, 0.9 mV){delay} }} "
                f"with Rule{number} connect {rule}")

    def stimulus(self, name, kind, size):
        where = name + (f"[0..{self.random.randint(0, size - 1)}]" if self.random.random() < 0.2 else "")
        choice = self.random.random()
        if choice < 0.35:
            return (f"stimulate {where} : poisson(rate = {self.random.randint(2, 30) * 100} Hz) through "
                    f"{self.synapse(kind)} {{ weight = {self.one('', '-')}{self.number(0.3, 2)} mV }}")
        if choice < 0.5 and kind != "quadratic":
            return f"stimulate {name}.I : current({self.number(-5, 20)} mV)"
        times = self.one(f"spikes at {self.number(0.5, 5, 1)} ms every {self.number(0.4, 5, 1)} ms times {self.random.randint(1, 12)}",
                         f"spikes at [{', '.join(f'{time} ms' for time in sorted({self.number(0.1, 20, 1) for _ in range(5)}))}]")
        return f"stimulate {where} : {times} through {self.synapse(kind)} {{ {self.weight()} }}"

    def text(self):
        kinds = ["leaky", "leaky", "adaptive", "quadratic"]
        declared = []
        for number in range(self.random.randint(1, 2)):
            kind = self.random.choice(kinds)
            declared.append((f"Cell{number}", kind))
            self.lines.append(getattr(self, kind)(f"Cell{number}"))
        circuit, cells = [], []
        for number in range(self.random.randint(1, 4)):
            cell, kind = self.random.choice(declared)
            size = self.one(1, 2, self.random.randint(1, 20), self.random.randint(1, 40), 8, 16)
            settings = []
            if kind == "leaky" and self.random.random() < 0.5:
                settings.append(self.one("drive ~ uniform(10 mV, 25 mV)", f"drive = {self.number(8, 25)} mV"))
            if kind == "leaky" and self.random.random() < 0.5:
                settings.append("v ~ uniform(-2 mV, 8 mV)")
            if kind == "quadratic" and self.random.random() < 0.5:
                settings.append(self.one("drive ~ uniform(5 [mV/ms], 15 [mV/ms])", "v ~ uniform(-70 mV, -50 mV)"))
            circuit.append(f"population P{number} : {cell}[{size}] {{ {'; '.join(settings)} }}")
            self.populations.append((f"P{number}", kind, size))
            cells.append(cell)
        sources = list(self.populations)
        if self.random.random() < 0.3:
            size = self.random.randint(1, 12)
            circuit.append(f"population X : Relay[{size}]")
            circuit.append(f"stimulate X : spikes at {self.number(0.1, 3, 1)} ms every {self.number(0.3, 3, 1)} ms times "
                           f"{self.random.randint(2, 20)} through Delta {{ weight = 1 mV }}")
            sources += [("X", "relay", size)] * 2
        for _ in range(self.random.randint(0, 5)):
            source, target = self.random.choice(sources), self.random.choice(self.populations)
            circuit.append(f"project {source[0]} -> {target[0]} : {self.synapse(target[1])} {{ {self.weight()}{self.delay()} }} "
                           f"connect {self.rule(source[2], target[2])}")
        # Populations of one type share an engine, whose weights do not learn.
        alone = [one for one, cell in zip(self.populations, cells) if cells.count(cell) == 1 and one[1] != "quadratic"]
        self.learns = bool(alone) and self.random.random() < 0.9
        for number in range(self.one(1, 1, 2) if self.learns else 0):
            circuit.append(self.plastic(number, self.random.choice(sources), self.random.choice(alone)))
        for population in self.populations:
            for _ in range(self.one(0, 0, 1, 1, 2)):
                circuit.append(self.stimulus(*population))
        names = ", ".join(name for name, _, _ in self.populations)
        self.poisson = any("poisson" in line for line in circuit)
        step = self.one("0.1", "0.25", "0.5", "1") if not any(k == "quadratic" for _, k, _ in self.populations) else "0.25"
        return (f"# Random model {self.seed} for hardware.\n{DELTA}{EXPONENTIAL}{ALPHA}{RELAY}{''.join(self.lines)}"
                f"circuit Net {{\n" + "".join(f"  {line}\n" for line in circuit) + "}\n"
                f"experiment {{\n  simulate Net for 100 ms {{ step = {step} ms; seed = {self.random.randint(1, 10**9)}\n"
                f"    record spikes of {{{names}}}\n  }}\n}}\n")


if __name__ == "__main__":
    made = Model(int(sys.argv[1]))
    print(made.text(), end="")
    for name, table in made.tables.items():
        with open(name, "w") as file:
            file.write(table)
