"""Declarations of synapses between drawn neurons."""

# By unit of an input: a current that is felt, the unit of a conductance to go with it, and its size.
FELT = {
    "pA": (60, "nS", 1.0),
    "mV/ms": (2, "[1/ms]", 0.03),
    "mV/ms^2": (0.3, "[1/ms^2]", 0.005),
    "1": (0.5, "", 0.5),
}


class Synapse:
    """A declared synapse; `signed`: its weight may be negative, `settings`: what projections set too."""

    def __init__(self, name, text, unit, size, signed=True, events=True, remembers=False, settings=(), tau=""):
        self.name = name
        self.text = text
        self.unit = unit
        self.size = size  # of a weight that is felt and does not explode
        self.signed = signed
        self.events = events
        self.remembers = remembers  # reads a state of the source
        self.settings = settings
        self.tau = tau  # of a decay at the target


def released(random, body):
    """The statements of a handler, or the same with a probability (S6)."""
    return f"release({random.choice([0.3, 0.5, 0.8])}) {{ {body} }}" if random.random() < 0.25 else body


def jump(random, names, target):
    """A jump of the potential, or of another state with it; it may depend on both ends."""
    name = names("Jump")
    v, unit = target.potential
    if target.whole:
        body = released(random, f"post.{v} += weight")
        return Synapse(name, [f"parameter weight = 1 {unit}", f"on pre {{ {body} }}"], unit, 1.0)
    form = random.choice(["weight", "weight", f"weight * (1 + post.{v} / 100 mV)", "size * strength"])
    lines = [f"parameter weight = 0.5 {unit}"]
    if form.startswith("size"):
        strength, size = names("strength"), names("size")
        lines += [f"parameter {strength} = {random.choice([0.5, 1.5])}", f"let {size} = weight * 0.7"]
        form = f"{size} * {strength}"
    body = f"post.{v} += {form}"
    if target.second and random.random() < 0.3:
        w, other = target.second
        second = f"0.5 [{other}]" if "/" in other else f"0.5 {other}"
        body += f"; post.{w} += {second}"
    return Synapse(name, lines + [f"on pre {{ {released(random, body)} }}"], unit, 1.0)


def depressing(random, names, target):
    """Short-term depression (Tsodyks and Markram 1997), with or without facilitation. The states belong to
    the source; where connections recover in times of their own, or by chance, to each connection."""
    name, x, use = names("Depressing"), names("x"), names("spent")
    v, unit = target.potential
    part = round(random.uniform(0.2, 0.6), 2)
    if random.random() < 0.5:
        u = names("u")
        lines = [
            f"parameter weight = 1 {unit}, {use} = {part}",
            f"state {x} = 1, {u} = 0",
            f"{x}' = (1 - {x}) / {random.randint(50, 300)} ms",
            f"{u}' = -{u} / {random.randint(50, 300)} ms",
            f"on pre {{ {u} += {use} * (1 - {u}); post.{v} += weight * {u} * {x}; {x} -= {u} * {x} }}",
        ]
        return Synapse(name, lines, unit, 2.0, remembers=True)
    tau = names("tau_x")
    lines = [
        f"parameter weight = 1 {unit}, {use} = {part}, {tau} = {random.randint(50, 300)} ms",
        f"state {x} = 1",
        f"{x}' = (1 - {x}) / {tau}",
        f"on pre {{ {released(random, f'post.{v} += weight * {use} * {x}; {x} -= {use} * {x}')} }}",
    ]
    own = random.random() < 0.5
    return Synapse(name, lines, unit, 2.0, remembers=True,
                   settings=[f"{tau} ~ uniform(50 ms, 300 ms)"] if own else [])


def latching(random, names, source, target):
    """The amount depends on the source's state when it fires."""
    v, unit = target.potential
    w, other = source.second
    scale = f"30 [{other}]" if "/" in other else f"30 {other}"
    lines = [f"parameter weight = 1 {unit}", f"on pre {{ post.{v} += weight * (1 + tanh(pre.{w} / {scale})) }}"]
    return Synapse(names("Latching"), lines, unit, 1.0, remembers=True)


def current_of(target):
    """Unit and size of a current that is felt."""
    name, unit = target.current
    written = {"pA": "pA", "1": ""}.get(unit, f"[{unit}]")
    return name, written, FELT[unit][0]


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
    return Synapse(name, lines, unit, size, tau=tau)


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
    conducts, size = FELT[unit][1:]
    block = random.choice(["", "", f" / (1 + exp(-(post.{v} + 50 mV) / 15 mV))"])
    lines = [
        f"parameter weight = 1 {conducts}, {tau} = {random.choice([2, 4, 8])} ms",
        f"state {g} = 0 {conducts}",
        f"{g}' = -{g} / {tau}",
        f"on pre {{ {g} += weight }}",
        f"post.{i} += {g}{block} * ({reversal} mV - post.{v})",
    ]
    return Synapse(f"{name} {effect}", lines, conducts, size, signed=False, tau=tau)


def gap(random, names, source, target):
    """A gap junction: no events."""
    i, unit = target.current
    conducts, size = FELT[unit][1:]
    lines = [
        f"parameter weight = 1 {conducts}",
        f"post.{i} += weight * (pre.{source.potential[0]} - post.{target.potential[0]})",
    ]
    return Synapse(names("Gap"), lines, conducts, size, signed=False, events=False)


def rate(random, names, source, target):
    """What a rate unit sends: into a rate unit, or as a current."""
    i, unit, size = current_of(target)
    lines = [
        f"parameter weight = 1 {unit}".rstrip(),
        f"post.{i} += weight * {random.choice(['tanh(pre.%s)', 'pre.%s', 'max(pre.%s, 0)'])}" % source.rate,
    ]
    return Synapse(names("Rate"), lines, unit, size, events=False)


def between(random, names, source, target):
    """A synapse that fits both ends, or None."""
    if not source.spikes:
        return rate(random, names, source, target) if target.current else None
    if not target.spikes:
        return None
    if target.whole:
        return jump(random, names, target)
    if random.random() < 0.15 and not source.sites and not source.whole:
        return gap(random, names, source, target)
    if random.random() < 0.15 and source.second:
        return latching(random, names, source, target)
    return onto(random, names, target)


def saturating(synapse):
    """The same where what an event adds gets less as the state rises."""
    for i, line in enumerate(synapse.text):
        if line.startswith("on pre {"):
            most = f"{round(10 * synapse.size, 4)} {synapse.unit}".rstrip()
            synapse.text[i] = line.replace("weight", f"weight * max(1 - {line.split()[3]} / {most}, 0)")


def onto(random, names, target, stimulus=False):
    """A synapse of events; for a stimulus one without a state of its source."""
    if target.whole:
        return jump(random, names, target)
    kinds = [jump, decaying, rising, conductance] + ([] if stimulus else [depressing])
    return random.choice(kinds)(random, names, target)
