"""Declarations of synapses between drawn neurons."""


class Synapse:
    """A declared synapse; `weights` are values of its weight, `signed` whether they may be negative."""

    def __init__(self, name, text, unit, size, signed=True, events=True):
        self.name = name
        self.text = text
        self.unit = unit
        self.size = size  # of a weight that is felt and does not explode
        self.signed = signed
        self.events = events


def jump(random, names, target):
    name, w = names("Jump"), "weight"
    v, unit = target.potential
    return Synapse(name, [f"parameter {w} = 0.5 {unit}", f"on pre {{ post.{v} += {w} }}"], unit, 1.0)


def depressing(random, names, target):
    """Short-term depression (Tsodyks and Markram 1997); its state belongs to the source."""
    name, x, use = names("Depressing"), names("x"), names("spent")
    v, unit = target.potential
    lines = [
        f"parameter weight = 1 {unit}, {use} = {round(random.uniform(0.2, 0.6), 2)}",
        f"state {x} = 1",
        f"{x}' = (1 - {x}) / {random.randint(50, 300)} ms",
        f"on pre {{ post.{v} += weight * {use} * {x}; {x} -= {use} * {x} }}",
    ]
    return Synapse(name, lines, unit, 2.0)


def current_of(target):
    """Unit and size of a current that is felt."""
    name, unit = target.current
    return name, (unit if unit == "pA" else f"[{unit}]"), (60 if unit == "pA" else 2)


def decaying(random, names, target):
    name, s, tau = names("Decaying"), names("s"), names("tau")
    i, unit, size = current_of(target)
    lines = [
        f"parameter weight = 1 {unit}, {tau} = {random.choice([2, 3, 5, 10])} ms",
        f"state {s} = 0 {unit}",
        f"{s}' = -{s} / {tau}",
        f"on pre {{ {s} += weight }}",
        f"post.{i} += {s}",
    ]
    return Synapse(name, lines, unit, size)


def rising(random, names, target):
    """An alpha function, or the difference of two exponentials."""
    name, s, h = names("Rising"), names("s"), names("h")
    i, unit, size = current_of(target)
    fast = random.choice([2, 3])
    slow = random.choice([fast, fast, 6])
    lines = [
        f"parameter weight = 1 {unit}",
        f"state {s} = 0 {unit}, {h} = 0 {unit}",
        f"{h}' = -{h} / {fast} ms",
        f"{s}' = ({h} - {s}) / {slow} ms",
        f"on pre {{ {h} += weight }}",
        f"post.{i} += {s}",
    ]
    return Synapse(name, lines, unit, size)


def conductance(random, names, target):
    name, g, tau = names("Conductance"), names("g"), names("tau")
    v, (i, unit) = target.potential[0], target.current
    effect, reversal = random.choice([("excitatory", 0), ("inhibitory", -80)])
    conducts = "nS" if unit == "pA" else "[1/ms]"
    lines = [
        f"parameter weight = 1 {conducts}, {tau} = {random.choice([2, 4, 8])} ms",
        f"state {g} = 0 {conducts}",
        f"{g}' = -{g} / {tau}",
        f"on pre {{ {g} += weight }}",
        f"post.{i} += {g} * ({reversal} mV - post.{v})",
    ]
    size = 1.0 if unit == "pA" else 0.03
    return Synapse(f"{name} {effect}", lines, conducts, size, signed=False)


def gap(random, names, source, target):
    """A gap junction: no events."""
    i, unit = target.current
    conducts, size = ("nS", 0.5) if unit == "pA" else ("[1/ms]", 0.02)
    lines = [
        f"parameter weight = 1 {conducts}",
        f"post.{i} += weight * (pre.{source.potential[0]} - post.{target.potential[0]})",
    ]
    return Synapse(names("Gap"), lines, conducts, size, signed=False, events=False)


def rate(random, names, source, target):
    """What a rate unit sends: into a rate unit, or as a current."""
    i, unit, size = current_of(target) if target.spikes else (target.current[0], "", 0.5)
    lines = [
        f"parameter weight = 1 {unit}".rstrip(),
        f"post.{i} += weight * {random.choice(['tanh(pre.%s)', 'pre.%s'])}" % source.rate,
    ]
    return Synapse(names("Rate"), lines, unit, size, events=False)


def between(random, names, source, target):
    """A synapse that fits both ends, or None."""
    if not source.spikes:
        return rate(random, names, source, target)
    if not target.spikes:
        return None
    if random.random() < 0.15:
        return gap(random, names, source, target)
    return onto(random, names, target)


def onto(random, names, target, stimulus=False):
    """A synapse of events; a stimulus cannot have one with a state of its source."""
    kinds = [jump, decaying, rising, conductance] + ([] if stimulus else [depressing])
    return random.choice(kinds)(random, names, target)
