"""Projections: what is set of them, and which pairs they connect."""

import random as generators

import plasticity
import synapses


def value(random, size, unit, signed, whole=False):
    """What follows `weight`: a constant or a draw around a size that is felt."""
    if whole:
        return f"= {random.choice([1, 1, 2, 0.5])} {unit}"
    sign = random.choice([1, -1]) if signed else 1
    mean = round(sign * size * random.uniform(0.5, 1.5), 4)
    low, high = sorted([round(mean * 0.5, 4), round(mean * 1.5, 4)])
    drawn = [f"= {mean} {unit}", f"= {mean} {unit}", f"~ uniform({low} {unit}, {high} {unit})",
             f"~ normal({mean} {unit}, {abs(mean) * 0.2:.4f} {unit}) in {low} {unit} .. {high} {unit}",
             f"~ normal({mean} {unit}, {abs(mean) * 0.5:.4f} {unit}) clipped to {low} {unit} .. {high} {unit}"]
    if sign > 0:
        drawn += [f"~ lognormal({mean} {unit}, 0.4)", f"~ exponential({mean} {unit})"]
    return random.choice(drawn)


def delay(random, placed, remembers):
    """The setting of a delay of events, which may be left out. A state of the source (`remembers`)
    is read there, which axonal delays do not allow."""
    choices = ["", "delay = 1.5 ms", "delay = 3 ms", "delay ~ uniform(0.5 ms, 4 ms)",
               "delay ~ normal(2 ms, 0.5 ms) in 1 ms .. 4 ms"]
    if not remembers:
        choices += ["delay = 2 ms, dendritic_fraction = 0",
                    "delay ~ uniform(1 ms, 3 ms), dendritic_fraction = 0.5"]
    if placed:
        choices += ["delay = 0.5 ms + distance / 100 [um/ms]"] * 3
    return random.choice(choices)


def lateness(random):
    """The setting of a delay of what acts at every moment (S3), mostly none."""
    return random.choice(["", "", "delay = 0.4 ms", "delay = 2 ms", "delay ~ uniform(0.2 ms, 3 ms)"])


class Connector:
    """Chooses rules; tables go to files beside the model. Third factors come from `populations`."""

    def __init__(self, model, populations):
        self.model = model
        self.populations = populations
        self.random = model.random

    def rule(self, source, target):
        n, m, same = source.size, target.size, source is target
        pick = self.random.randint
        rules = ["all_to_all", "probability(0.3)", f"fixed_indegree({pick(1, 6)})",
                 f"fixed_outdegree({pick(1, 4)})", f"fixed_number({pick(1, 2 * n)})",
                 "probability(0.2, autapses = true)"]
        if n * m > 4000:
            rules = rules[2:5]
        if n == m:
            rules.append("one_to_one")
        if same and 1 < n < 100:
            rules += ["all_but_one", "probability(0.4, autapses = true)"]
        if same and 5 < n < 100:
            rules += [f"small_world({self.random.choice([2, 4])}, 0.3)"] * 2
        if n > 6:
            rules.append("fixed_indegree(3, multapses = false)")
        if n > 4 and same:
            rules.append("fixed_outdegree(2, autapses = false, multapses = false)")
        if n > 5 and m > 5 and n * m < 4000:
            rules.append("modular(2, 0.5, 0.1)")
        if source.placed and target.placed:
            rules += ["probability(exp(-distance / 150 um))"] * 4
        if n < 100 and m < 100:
            rules.append(self.table(n, m))
        return self.random.choice(rules)

    def table(self, n, m):
        name = f"pairs{len(self.model.tables)}"
        rows = [(self.random.randrange(n), self.random.randrange(m)) for _ in range(self.random.randint(1, 2 * n))]
        self.model.tables[name] = [("a", "b", "w")] + [(a, b, round(self.random.uniform(0.5, 1.5), 3)) for a, b in rows]
        return f'from "{{{name}}}" (pre = "a", post = "b")'

    def project(self, source, target):
        """The projection's statement, or None where no synapse fits."""
        random, names = self.random, self.model.names
        synapse = synapses.between(random, names, source.cell, target.cell)
        if not synapse:
            return None
        decays = generators.Random(f"decay {self.model.seed} {synapse.name}")
        # What is held for a step is linear in the potential.
        apart = synapse.tau and "exp(" not in str(synapse.text) and decays.random() < 0.25
        if apart and not synapse.signed and decays.random() < 0.4:
            synapses.saturating(synapse)
        self.model.declare("synapse", synapse.name, synapse.text)
        rule = self.rule(source, target)
        weight = value(random, synapse.size, synapse.unit, synapse.signed, target.cell.whole)
        if rule.startswith("from") and random.random() < 0.6:
            weight = f'= column "w" * {round(synapse.size, 4)} {synapse.unit}'
        sets = [f"weight {weight}",
                delay(random, source.placed and target.placed, synapse.remembers)
                if synapse.events else lateness(random), *synapse.settings]
        left, right = source.port, (target.name if target.cell.sites else target.port) + target.site(random)
        if random.random() < 0.15 and source.size > 3 and rule in ("all_to_all", "probability(0.3)"):
            left = f"{source.name}[1..{random.randint(1, source.size - 1)}]"
        name = names("c")
        # What has no events draws by itself, so that other models stay as they are.
        own = random if synapse.events else generators.Random(f"{self.model.seed} {name}")
        if not synapse.events:
            sets[1] = own.choice(["", "", "", "delay = 1.5 ms", "delay ~ uniform(0.5 ms, 3 ms)"])
        if synapse.events:
            able = (source.cell.spikes and target.cell.spikes and not target.cell.whole
                    and "fraction" not in sets[1])
        else:
            able = not target.cell.sites and (source.cell.spikes or target.cell.rate or target.cell.potential)
        learns = able and own.random() < 0.4
        late = generators.Random(f"late {self.model.seed} {name}")
        able = sets[1].startswith("delay =") and "distance" not in sets[1] and "pre." not in str(synapse.text)
        if able and synapse.events and (learns or synapse.remembers) and late.random() < 0.5 and "fraction" not in sets[1]:
            sets[1] += f", dendritic_fraction = {late.choice([0.4, 0.5, 0.8])}"
        rules = self.learn(own, name, synapse, source, target) if learns else ""
        constraints = plasticity.constraints(own, name, synapse, source is target) if learns else ""
        self.model.ends.append((source, target, synapse, learns))
        factors = generators.Random(f"factors {self.model.seed} {name}")
        if apart:
            sets.append(f"{synapse.tau} ~ uniform(2 ms, 8 ms)")
        if (not learns and not apart and weight.startswith("=") and "column" not in weight
                and "fraction" not in sets[1] and not target.cell.whole and factors.random() < 0.25):
            f, g = self.model.factors(source.cell), self.model.factors(target.cell)
            if source.cell is target.cell and factors.random() < 0.5:
                product, rank = f"(0.6 * pre.{f} * post.{g} + 0.4 * pre.{g} * post.{f})", 2
            else:
                product, rank = f"(pre.{f} * post.{g})", 1
            weight += f" * {product}"
            sets[0] = f"weight {weight}"
            if factors.random() < 0.8:
                rule += f", low_rank({rank})"
        # What follows an axonal delay cannot change yet.
        elif not learns and weight.startswith("=") and "column" not in weight and "fraction" not in sets[1]:
            self.model.projections.append(name)
        return (f"project {left} -> {right} as {name} : {synapse.name.split()[0]} "
                f"{{ {', '.join(s for s in sets if s)} }}{rules} connect {rule}{constraints}")

    def learn(self, random, projection, synapse, source, target):
        """What attaches one or two rules, which are declared."""
        names = self.model.names
        attached, equation = [], False
        for _ in range(random.choice([1, 1, 2])):
            rule, settings = names("Rule"), ""
            # Its handlers need spikes of both ends.
            spiking = source.cell.spikes and target.cell.spikes
            factor = self.third_factor() if spiking and random.random() < 0.3 else None
            if factor:
                read, scaled, unit = factor
                name = names("factor")
                lines = plasticity.modulated(random, names, synapse, name, scaled.format(name), unit)
                settings = f" {{ {name} = {read}{random.choice(['', '', ' delayed 0.4 ms', ' delayed 3 ms'])} }}"
            else:
                lines = plasticity.rule(random, names, synapse, source.cell, target.cell)
            moves = any(line.startswith("weight'") for line in lines)
            if moves and equation:
                continue  # a weight has one equation
            equation |= moves
            self.model.declare("plasticity", rule, lines)
            attached.append(rule + settings)
        self.model.plastic.append(projection)
        return f" with {', '.join(attached)}"

    def third_factor(self):
        """What a modulator may be (P4): a state of one cell, as a number about 1, and its unit. Graded
        cells first."""
        graded = [population for population in self.populations if population.cell.rate]
        population = self.random.choice(graded or self.populations)
        cell = population.cell
        read = f"{population.name}[{self.random.randrange(population.size)}]"
        if cell.rate:
            return f"{read}.{cell.rate}", "(1 + {})", "1"
        name, unit = cell.potential
        if cell.sites:
            read += f".{cell.sites[0]}"
        return f"{read}.{name}", f"tanh(1.5 + {{}} / 40 {unit})", unit
