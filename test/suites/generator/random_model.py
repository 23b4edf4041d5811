"""Prints a random model: `random_model.py SEED [--scale N]`.

At most 60 neurons (times N) and 200 ms; most of them spike. The same seed prints the same text. A
model may read tables, which are written beside it: `Model.write`.
"""

import argparse
import os
import random

import cells
import frames
import plasticity
import unusual_cells
from connections import Connector
from stimuli import stimulate


class Names:
    """Names that no declaration has used."""

    def __init__(self, source):
        self.random = source
        self.used = set()

    def beside(self, source):
        """The same, chosen by another source of random numbers."""
        names = Names(source)
        names.used = self.used
        return names

    def __call__(self, stem):
        while True:
            syllables = self.random.randint(0, 2)
            name = stem + "".join(self.random.choice(["ba", "ko", "_mi", "zu", "_3", "r"])
                                  for _ in range(syllables))
            if name not in self.used:
                self.used.add(name)
                return name


class Population:
    """A population of the circuit: its neuron, its size, whether it has positions."""

    def __init__(self, name, cell, size, placed, port=None):
        self.name, self.cell, self.size, self.placed = name, cell, size, placed
        self.port = port or name  # what a projection may call it
        self.changing = []  # parameters that rules move

    def site(self, source):
        """The compartment that a projection or stimulus names, if the cell has any."""
        return "." + source.choice(self.cell.sites) if self.cell.sites else ""


def indent(lines, by="  "):
    return "".join(f"{by}{line}\n" for line in lines)


class Model:
    """One random circuit and its experiment."""

    def __init__(self, seed, scale=1):
        self.random = random.Random(seed)
        self.seed = seed
        self.scale = scale
        self.names = Names(self.random)
        self.declarations = []
        self.circuit = []
        self.experiment = []
        self.populations = []
        self.projections = []  # those with a constant weight
        self.plastic = []  # those with rules
        self.ends = []  # of projections: source, target, synapse, and whether there are rules
        self.tables = {}  # name: rows
        self.files = {}  # name: bytes
        self.step = 0.2

    def text(self):
        """The model, with {name} for the path of each table."""
        self.populate()
        for _ in range(self.random.randint(1, 4)):
            ends = self.random.choice(self.populations), self.random.choice(self.populations)
            statement = Connector(self, self.populations).project(*ends)
            self.circuit += [statement] if statement else []
        for population in self.populations:
            for _ in range(self.random.choice([0, 1, 1, 2]) + population.cell.whole):
                if population.cell.spikes or self.random.random() < 0.5:
                    self.circuit.append(stimulate(self.random, self, population))
        self.circuit += plasticity.partial(random.Random(f"part {self.seed}"), self)
        self.framed = frames.Shown(self) if frames.drawn(self) else None
        step = self.random.choice([s for s in (0.1, 0.05, 0.2, 0.125) if s <= self.step])
        return (f"# Random model {self.seed}.\n" + "".join(self.declarations)
                + "circuit Net {\n" + indent(self.circuit) + "}\n" + self.runs(step))

    def runs(self, step):
        """The experiment: one run, or a second one that goes on from the first (C8)."""
        duration = round(max(40, 140 * step / 0.2))
        settings = f"step = {step} ms, seed = {self.random.randint(1, 10**9)}"
        if self.random.random() < 0.8:
            return f"experiment {{\n  simulate Net for {duration} ms {{ {settings}\n{self.protocol()}}}\n"
        return (f"experiment {{\n  run first = simulate Net for {duration // 2} ms {{ {settings}\n{self.protocol()}"
                f"  simulate Net for {max(34, duration // 2)} ms from first {{\n{self.protocol()}}}\n")

    def protocol(self):
        """What is done and recorded in one run."""
        self.experiment = []
        self.act()
        self.observe()
        self.experiment += self.framed.protocol() if self.framed else []
        return indent(self.experiment, "    ") + "  }\n"

    def write(self, folder, stem):
        """Writes the model and its tables; returns the model's path."""
        text = self.text()
        for name, rows in self.tables.items():
            table = f"{stem}-{name}.csv.table"
            with open(os.path.join(folder, table), "w") as file:
                file.write("".join(",".join(map(str, row)) + "\n" for row in rows))
            text = text.replace("{" + name + "}", table)
        for name, content in self.files.items():
            with open(os.path.join(folder, f"{stem}-{name}.idx"), "wb") as file:
                file.write(content)
            text = text.replace("{" + name + "}", f"{stem}-{name}.idx")
        path = os.path.join(folder, stem + ".syn")
        with open(path, "w") as file:
            file.write(text)
        return path

    def declare(self, keyword, name, lines):
        functions = [line for line in lines if line.startswith("function")]
        body = [line for line in lines if not line.startswith("function")]
        self.declarations.append("".join(f"{line}\n" for line in functions)
                                 + f"{keyword} {name} {{\n{indent(body)}}}\n")

    def factors(self, cell):
        """The name of a parameter of the neuron, other for each cell, that weights are made of."""
        name = f"{cell.name.lower()}_says"
        line = f"  parameter {name} ~ uniform(0.5, 1.5)\n"
        for i, text in enumerate(self.declarations):
            start = f"neuron {cell.name} {{\n"
            if start in text and line not in text:
                self.declarations[i] = text.replace(start, start + line)
        return name

    def populate(self):
        count = self.random.randint(1, 3)
        for number in range(count):
            # The first one spikes by itself, so that most models do.
            kinds = cells.KINDS + (unusual_cells.KINDS if number or self.random.random() < 0.35 else [])
            cell = self.random.choice(kinds)(self.random, self.names)
            self.declare("neuron", cell.name, cell.text)
            self.step = min(self.step, cell.step)
            for _ in range(self.random.choice([1, 1, 2])):
                size = self.random.randint(1, 60 // count // 2) * self.scale
                if self.random.random() < 0.12:
                    self.add_parts(cell, max(1, size // 2))
                else:
                    self.circuit.append(self.population(self.names("P"), cell, size, str(size)))

    def add_parts(self, cell, size):
        """Two parts of one circuit (C1), of different sizes."""
        part, circuit, inner, n = (self.names(stem) for stem in ("part_", "Part", "Q", "n"))
        body = [f"parameter {n} = {size}; output out = {inner}", self.population(inner, cell, size, n)]
        inside = self.populations.pop()
        known = list(self.projections), list(self.plastic)
        statement = Connector(self, [inside]).project(inside, inside)
        self.projections, self.plastic = known  # protocols do not reach into parts
        body += [statement] if statement else []
        self.declarations.append(f"circuit {circuit} {{\n{indent(body)}}}\n")
        self.circuit.append(f"part {part}[2] : {circuit} {{ {n} = {size} + index }}")
        for i in range(2):
            self.populations.append(Population(f"{part}[{i}].{inner}", cell, size + i, inside.placed,
                                               f"{part}[{i}].out"))
            self.populations[-1].changing = inside.changing

    def population(self, name, cell, size, written):
        """The statement of a population, whose size is `written`."""
        # At most one line for each name.
        chosen = {}
        for line in self.random.sample(cell.starts, min(len(cell.starts), 3)):
            chosen.setdefault(line.split()[0], line)
        if cell.sites:
            own = random.Random(f"sites {self.seed} {name}")
            row = "dend[0]" in cell.sites
            for site in own.sample(["soma"] + (["dend[1]", "dend[2]"] if row else ["dend"]), own.randint(0, 2)):
                start = own.choice(["~ uniform(-68 mV, -55 mV)", "= -62 mV + 1 mV * (index - 2 * floor(index / 2))"])
                chosen[site] = f"{site}.{cell.potential[0]} {start}"
        shape, place = written, ""
        placed = self.random.random() < 0.25
        if placed:
            if written == str(size) and size % 2 == 0 and self.random.random() < 0.5:
                shape, place = f"{size // 2}, 2", " at grid(spacing = 50 um)"
            else:
                place = " at uniform(300 um, 300 um)"
            place += self.random.choice(["", " periodic"])
        self.populations.append(Population(name, cell, size, placed))
        rule = self.intrinsic(self.populations[-1])
        return f"population {name} : {cell.name}[{shape}]{place}{rule} {{ " + "; ".join(chosen.values()) + " }"

    def intrinsic(self, population):
        """What attaches a rule to a parameter of some populations, declared."""
        if not population.cell.plastic or self.random.random() > 0.15:
            return ""
        parameter, low, high, unit = self.random.choice(population.cell.plastic)
        population.changing = [parameter]
        name = self.names("Intrinsic")
        self.declare("plasticity", name, plasticity.intrinsic(self.random, self.names, low, high, unit))
        return f" with {name} on {parameter} {{ }}"

    def act(self):
        """Protocols: a parameter, a state, a weight."""
        whens = ["at 20 ms", "at 33.3 ms", "every 15 ms"]
        for population in self.populations:
            if population.cell.bias and self.random.random() < 0.4:
                parameter, values = population.cell.bias
                some = self.random.choice(["", "", f"[0..{population.size // 2}]"])
                self.experiment.append(f"{self.random.choice(whens)} {{ {population.name}{some}.{parameter} "
                                       f"= {self.random.choice(values)} }}")
            second = population.cell.second
            if second and self.random.random() < 0.2:
                unit = f"[{second[1]}]" if "/" in second[1] else second[1]
                self.experiment.append(f"{self.random.choice(whens)} {{ {population.name}.{second[0]} += 1 {unit} }}")
        for name in self.projections:
            if self.random.random() < 0.25:
                self.experiment.append(f"{self.random.choice(whens)} {{ {name}.weight *= 0.5 }}")

        for name in self.plastic:
            if self.random.random() < 0.2:
                self.experiment += [f"at 20 ms {{ freeze {name} }}", f"at 45 ms {{ thaw {name} }}"]

    def observe(self):
        spiking = [population.name for population in self.populations if population.cell.spikes]
        if spiking:
            self.experiment.append(f"record spikes of {{{', '.join(spiking)}}}")
        for name in self.plastic:
            if self.scale == 1:
                self.experiment.append(f"record weight of {name} every {self.random.choice([1, 2, 5])} ms")
        for population in self.populations:
            # Every state at every step: what is compared are these. Of many neurons the first.
            some = "" if self.scale == 1 else "[0]"
            for state in population.cell.record:
                for site in [""] if not population.cell.sites else [".soma", "." + population.cell.sites[1]]:
                    self.experiment.append(f"record {state} of {population.name}{some}{site}")
            for parameter in population.changing:
                self.experiment.append(f"record {parameter} of {population.name}{some}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--scale", type=int, default=1, help="times as many neurons")
    options = parser.parse_args()
    print(Model(options.seed, options.scale).text(), end="")


if __name__ == "__main__":
    main()
