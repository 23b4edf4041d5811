"""Prints a random model: `random_model.py SEED [--scale N] [--quiet-records]`.

At most 60 neurons (times N) and 200 ms; most of them spike. The same seed prints the same text.
"""

import argparse
import random

import cells
import synapses


class Names:
    """Names that no declaration has used."""

    def __init__(self, source):
        self.random = source
        self.used = set()

    def __call__(self, stem):
        while True:
            syllables = self.random.randint(0, 2)
            name = stem + "".join(self.random.choice(["ba", "ko", "_mi", "zu", "_3", "r"])
                                  for _ in range(syllables))
            if name not in self.used:
                self.used.add(name)
                return name


def indent(lines, by="  "):
    return "".join(f"{by}{line}\n" for line in lines)


class Model:
    """One random circuit and its experiment."""

    def __init__(self, seed, scale):
        self.random = random.Random(seed)
        self.seed = seed
        self.scale = scale
        self.names = Names(self.random)
        self.declarations = []
        self.circuit = []
        self.experiment = []
        self.populations = []  # (name, cell, size)
        self.constant = 0
        self.step = 0.1

    def text(self):
        self.populate()
        self.connect()
        self.drive()
        self.observe()
        step = self.random.choice([s for s in (0.1, 0.05, 0.2, 0.125) if s <= self.step])
        duration = round(max(40, 200 * step / 0.2))
        return (f"# Random model {self.seed}.\n" + "".join(self.declarations)
                + "circuit Net {\n" + indent(self.circuit) + "}\n"
                + f"experiment {{\n  simulate Net for {duration} ms {{ step = {step} ms, "
                f"seed = {self.random.randint(1, 10**9)}\n"
                + indent(self.experiment, "    ") + "  }\n}\n")

    def declare(self, keyword, name, lines):
        functions = [line for line in lines if line.startswith("function")]
        body = [line for line in lines if not line.startswith("function")]
        self.declarations.append("".join(f"{line}\n" for line in functions)
                                 + f"{keyword} {name} {{\n{indent(body)}}}\n")

    def populate(self):
        self.step = 0.2
        count = self.random.randint(1, 3)
        for number in range(count):
            kind = self.random.choice(cells.KINDS if number else cells.KINDS[:-1])
            cell = kind(self.random, self.names)
            self.declare("neuron", cell.name, cell.text)
            self.step = min(self.step, cell.step)
            for _ in range(self.random.choice([1, 1, 2])):
                size = self.random.randint(1, 60 // count // 2) * self.scale
                name = self.names("P")
                # At most one line for each name.
                chosen = {}
                for line in self.random.sample(cell.starts, min(len(cell.starts), 3)):
                    chosen.setdefault(line.split()[0], line)
                self.circuit.append(f"population {name} : {cell.name}[{size}] {{ "
                                    + "; ".join(chosen.values()) + " }")
                self.populations.append((name, cell, size))

    def value(self, size, unit, signed):
        """`= constant` or `~ draw` of a weight."""
        sign = -1 if signed and self.random.random() < 0.35 else 1
        mean = round(sign * size * self.random.uniform(0.5, 1.5), 4)
        low, high = sorted([round(mean * 0.5, 4), round(mean * 1.5, 4)])
        drawn = [f"= {mean} {unit}", f"= {mean} {unit}", f"~ uniform({low} {unit}, {high} {unit})",
                 f"~ normal({mean} {unit}, {abs(mean) * 0.2:.4f} {unit}) in {low} {unit} .. {high} {unit}"]
        if sign > 0:
            drawn += [f"~ lognormal({mean} {unit}, 0.4)", f"~ exponential({mean} {unit})"]
        return self.random.choice(drawn)

    def delay(self, events):
        choices = ["delay = 1.5 ms", "delay = 3 ms", "delay ~ uniform(0.5 ms, 4 ms)",
                   "delay ~ normal(2 ms, 0.5 ms) in 1 ms .. 4 ms"]
        return self.random.choice(choices) if events else ""

    def rule(self, source, target):
        n, same = source[2], source[0] == target[0]
        rules = ["all_to_all", "probability(0.3)", f"fixed_indegree({self.random.randint(1, 6)})",
                 f"fixed_outdegree({self.random.randint(1, 4)})",
                 f"fixed_number({self.random.randint(1, 2 * n)})",
                 "probability(0.2, autapses = true)"]
        if n * target[2] > 4000:
            rules = rules[2:5]
        if n == target[2]:
            rules.append("one_to_one")
        if same and n > 1 and n < 100:
            rules += ["all_but_one"]
        if n > 6:
            rules.append("fixed_indegree(3, multapses = false)")
        return self.random.choice(rules)

    def connect(self):
        for _ in range(self.random.randint(1, 4)):
            source, target = self.random.choice(self.populations), self.random.choice(self.populations)
            synapse = synapses.between(self.random, self.names, source[1], target[1])
            if not synapse:
                continue
            self.declare("synapse", synapse.name, synapse.text)
            sets = [f"weight {self.value(synapse.size, synapse.unit, synapse.signed)}",
                    self.delay(synapse.events)]
            self.circuit.append(f"project {source[0]} -> {target[0]} as {self.names('c')} : "
                                f"{synapse.name.split()[0]} {{ {', '.join(s for s in sets if s)} }} "
                                f"connect {self.rule(source, target)}")

    def drive(self):
        for name, cell, _ in self.populations:
            if not cell.spikes:
                if self.random.random() < 0.5:
                    self.circuit.append(f"stimulate {name} : current({self.random.choice([0.5, -1])})"
                                        " from 10 ms to 30 ms")
                continue
            for _ in range(self.random.choice([0, 1, 1, 2])):
                self.stimulate(name, cell)

    def stimulate(self, name, cell):
        current, unit, size = synapses.current_of(cell)
        amplitude = f"{round(size * self.random.uniform(0.5, 2), 3)} {unit}"
        kind = self.random.choice(["poisson", "poisson", "current", "times", "noise"])
        if kind == "current":
            self.circuit.append(f"stimulate {name}.{current} : current({amplitude}) from 5 ms to 25 ms")
            return
        if kind == "noise":
            self.circuit.append(f"stimulate {name}.{current} : noise_current(0 {unit}, {amplitude}, "
                                f"{self.random.choice(['0.5 ms', '1 ms'])})".replace("0 [mV/ms]", "0"))
            return
        synapse = synapses.onto(self.random, self.names, cell, stimulus=True)
        self.declare("synapse", synapse.name, synapse.text)
        events = (f"poisson(rate = {self.random.choice([200, 800, 2000])} Hz)" if kind == "poisson" else
                  f"spikes at {self.random.randint(1, 10)} ms every {self.random.randint(5, 15)} ms "
                  f"times {self.random.randint(1, 6)}")
        weight = f"{round(synapse.size * self.random.uniform(0.3, 1), 4)} {synapse.unit}"
        self.circuit.append(f"stimulate {name} : {events} through {synapse.name.split()[0]} "
                            f"{{ weight = {weight} }}")

    def observe(self):
        for name, cell, _ in self.populations:
            if cell.bias and self.random.random() < 0.4:
                parameter, values = cell.bias
                when = self.random.choice(["at 20 ms", "at 33.3 ms", "every 15 ms"])
                self.experiment.append(f"{when} {{ {name}.{parameter} = {self.random.choice(values)} }}")
        spiking = [name for name, cell, _ in self.populations if cell.spikes]
        self.experiment.append(f"record spikes of {{{', '.join(spiking)}}}")
        for name, cell, _ in self.populations:
            # Every state at every step: what is compared are these. Of many neurons the first.
            of = name if self.scale == 1 else f"{name}[0]"
            for state in cell.record:
                self.experiment.append(f"record {state} of {of}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--scale", type=int, default=1, help="times as many neurons")
    options = parser.parse_args()
    print(Model(options.seed, options.scale).text(), end="")


if __name__ == "__main__":
    main()
