"""Frames from a file, what reads them, and protocols about them (C7)."""

import random as randomness
import struct

import synapses

PERIODS = [10, 15, 22.5]
WINDOWS = ["", " during 0 ms .. 6 ms", " during 2.5 ms .. 9 ms"]


def images(random, count, size):
    """An idx file of `count` frames."""
    numbers = bytes(random.choice([0, 0, 40, 128, 255]) for _ in range(count * size))
    return struct.pack(">BBBB2I", 0, 0, 8, 2, count, size) + numbers


def source(model):
    """Numbers of their own: what else a model has does not depend on its frames."""
    return randomness.Random(model.seed * 7919)


def drawn(model):
    """Whether the model is one of those with frames, one in six."""
    return source(model).random() < 1 / 6


def stimulus(random, model, target):
    """A current or events that follow the frames."""
    cell = target.cell
    where = target.name + target.site(random)
    window = random.choice(WINDOWS)
    factor = random.choice(["shown / 255", "shown / 255", "(shown / 255 + shown.index) / 4",
                            "(1 + shown.label) * shown / 500", "sqrt(shown) / 16 * (1 + 0.1 * index)"])
    if cell.current and (not cell.spikes or random.random() < 0.5):
        name, unit, size = synapses.current_of(cell)
        return f"stimulate {where}.{name} : current({round(size * random.uniform(1, 3), 3)} {unit} * {factor}){window}"
    synapse = synapses.onto(random, model.names, cell, stimulus=True)
    model.declare("synapse", synapse.name, synapse.text)
    weight = "1 mV" if cell.whole else f"{round(synapse.size * random.uniform(0.3, 1), 4)} {synapse.unit}"
    return (f"stimulate {where} : poisson(rate = 1500 Hz * {factor}){window} through "
            f"{synapse.name.split()[0]} {{ weight = {weight} }}")


class Shown:
    """The frames of one model."""

    def __init__(self, model):
        self.random = random = source(model)
        target = random.choice(model.populations)
        count = random.randint(2, 5)
        model.files["pixels"] = images(random, count, target.size)
        labels = bytes(random.randrange(3) for _ in range(count))
        model.files["marks"] = struct.pack(">BBBBI", 0, 0, 8, 1, count) + labels
        period = random.choice(PERIODS)
        # `during` of every stimulus counts in the frames now, and must end within one.
        model.circuit = [line.replace("during 10 ms .. 45 ms", "during 1 ms .. 8 ms") for line in model.circuit]
        model.circuit.append(f'let shown = frames idx "{{pixels}}" labels "{{marks}}" every {period} ms')
        for _ in range(random.randint(1, 2)):
            model.circuit.append(stimulus(random, model, target))
        self.able = [population for population in model.populations if population.cell.spikes and population.cell.bias]

    def protocol(self):
        """What is done at the frames of a run, and how often one is shown."""
        if not self.able:
            return []
        random, target = self.random, self.random.choice(self.able)
        parameter, values = target.cell.bias
        change = f"{target.name}.{parameter} = {random.choice(values)}"
        limit = f"count(spikes of {target.name}) < {random.randint(1, 6) * target.size}"
        return random.sample([f"every frame {{ {change} }}",
                              f"repeat frame while {limit} and shown.index < 2 {{ {change} }}",
                              f"repeat frame while shown.label == 1 and {limit} {{ }}"], random.randint(1, 2))
