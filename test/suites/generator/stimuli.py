"""Stimuli of every kind (C6)."""

import random as generators

import synapses

WINDOWS = ["", "", "", " from 5 ms to 25 ms", " from 12.3 ms to 40 ms", " during 10 ms .. 45 ms"]


def current(random, target, where):
    """A current that is constant, differs between elements, or changes in time."""
    name, unit, size = synapses.current_of(target.cell)
    amplitude = f"{round(size * random.uniform(0.5, 2), 3)} {unit}".rstrip()
    if random.random() < 0.4:
        what = random.choice([f"noise_current({'0' if target.cell.whole else f'0 {unit}'.rstrip()}, {amplitude}, {{}})".format(
            random.choice(["0.5 ms", "1 ms", "every = 2 ms"]))])
        return f"stimulate {where}.{name} : {what}{random.choice(WINDOWS)}"
    if target.cell.bias and random.random() < 0.2:
        amplitude = f"{random.choice([0.2, 0.4])} * {target.cell.bias[0]}"
    what = random.choice([amplitude, amplitude, f"{amplitude} * sin(2 * pi * t / 20 ms)",
                          f"{amplitude} * (1 + 0.1 * index)", f"{amplitude} * min(t / 30 ms, 1)"])
    return f"stimulate {where}.{name} : current({what}){random.choice(WINDOWS)}"


def events(random, model, target):
    """What makes the events of a stimulus, and its window."""
    kind = random.choice(["poisson", "poisson", "periodic", "list", "file"])
    if kind == "poisson":
        rate = random.choice(["200 Hz", "800 Hz", "2000 Hz", "100 Hz * (1 + index)",
                              "500 Hz * (1 + sin(2 * pi * t / 25 ms))"])
        return f"poisson(rate = {rate}){random.choice(WINDOWS)}"
    if kind == "periodic":
        return (f"spikes at {random.randint(1, 10)} ms every {random.randint(5, 15)} ms "
                f"times {random.randint(1, 6)}")
    if kind == "list":
        times = sorted({round(random.uniform(0.5, 45), 1) for _ in range(random.randint(1, 5))})
        return f"spikes at [{', '.join(f'{time} ms' for time in times)}]"
    name = f"spikes{len(model.tables)}"
    model.tables[name] = [("element", "time")] + [
        (random.randrange(target.size), round(random.uniform(0.2, 45), 2)) for _ in range(2 * target.size)]
    return f'spikes from "{{{name}}}"'


def stimulate(random, model, target):
    """The statement of one stimulus."""
    cell = target.cell
    where = target.name + target.site(random)
    if cell.current and (not cell.spikes or random.random() < 0.45):
        return current(random, target, where)
    synapse = synapses.onto(random, model.names, cell, stimulus=True)
    # What came later draws by itself, so that other models stay as they are.
    own = generators.Random(f"stimulus {model.seed} {synapse.name}")
    if not cell.whole and own.random() < 0.2:
        synapse = synapses.depressing(own, model.names.beside(own), cell)
    model.declare("synapse", synapse.name, synapse.text)
    size = round(synapse.size * random.uniform(0.3, 1), 4)
    weight = f"= {random.choice([1, 2])} mV" if cell.whole else f"= {size} {synapse.unit}"
    if not cell.whole and random.random() < 0.2:
        weight = f"~ uniform({round(size / 2, 4)} {synapse.unit}, {size} {synapse.unit})"
    settings = [f"weight {weight}"] + own.choice(
        [[]] * 4 + [["delay = 1.5 ms"], ["delay ~ uniform(0 ms, 4 ms)"], ["delay = 0.3 ms * index"]])
    if synapse.tau and own.random() < 0.2:
        settings.append(f"{synapse.tau} ~ uniform(2 ms, 8 ms)")
    settings = ", ".join(settings)
    what = events(random, model, target)
    if where == target.name and target.size > 2 and random.random() < 0.2 and "from \"" not in what:
        where += f"[0..{random.randint(1, target.size - 1)}]"
    made, window = (what.split(" from ", 1) + [""])[:2] if " from " in what and "spikes" not in what else (what, "")
    if " during " in what:
        made, window = what.split(" during ")
        return f"stimulate {where} : {made} during {window} through {synapse.name.split()[0]} {{ {settings} }}"
    window = f" from {window}" if window else ""
    return f"stimulate {where} : {made}{window} through {synapse.name.split()[0]} {{ {settings} }}"
