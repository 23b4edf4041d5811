"""Rules of plasticity on projections whose both ends spike."""


def bounds(random, synapse):
    """Walls of the weight, and the size of one change."""
    low, high = (-3 * synapse.size, 3 * synapse.size) if synapse.signed else (0, 3 * synapse.size)
    return f"bound weight in {low:g} {synapse.unit} .. {high:g} {synapse.unit}"


def pair(random, names, synapse):
    """Traces at both ends: all pairs or the nearest, additive or with the weight as a factor."""
    x, y, eta = names("x"), names("y"), names("eta")
    step = random.choice(["+= 1", "= 1", "+= 0.5"])
    change = f"{synapse.size * random.uniform(0.01, 0.1):.3g} {synapse.unit}"
    factor = random.choice([change, change, "0.05 * weight"])
    order = random.choice([0, 1])
    pre = [f"{x} {step}", f"weight -= {eta} * {factor} * {y}"]
    post = [f"{y} {step}", f"weight += {eta} * {change} * {x}"]
    return [
        f"parameter {eta} = {random.choice([1, 0.5])}",
        f"state {x} = 0, {y} = 0",
        f"{x}' = -{x} / {random.randint(5, 40)} ms; {y}' = -{y} / {random.randint(5, 40)} ms",
        f"on pre {{ {'; '.join(pre[::-1] if order else pre)} }}",
        f"on post {{ {'; '.join(post[::-1] if order else post)} }}",
    ]


def triplet(random, names, synapse):
    """Two traces of each side, read across."""
    r, s, o, p = names("ra"), names("rs"), names("oa"), names("os")
    change = f"{synapse.size * random.uniform(0.01, 0.1):.3g} {synapse.unit}"
    return [
        f"state {r} = 0, {s} = 0, {o} = 0, {p} = 0",
        f"{r}' = -{r} / 17 ms; {s}' = -{s} / 60 ms; {o}' = -{o} / 34 ms; {p}' = -{p} / 90 ms",
        f"on pre {{ weight -= {change} * {o} * (0.5 + 0.2 * {s}); {r} += 1; {s} += 1 }}",
        f"on post {{ weight += {change} * {r} * (0.2 + 0.3 * {p}); {o} += 1; {p} += 1 }}",
    ]


def eligibility(random, names, synapse):
    """A trace of each connection that both sides move; a part of it is the weight's change."""
    x, y, e = names("x"), names("y"), names("e")
    lines = [
        f"state {x} = 0, {y} = 0, {e} : weight = 0",
        f"{x}' = -{x} / 15 ms; {y}' = -{y} / 25 ms; {e}' = -{e} / {random.randint(20, 80)} ms",
        f"on pre {{ {x} += 1; {e} -= {0.05 * synapse.size:.3g} {synapse.unit} * {y} }}",
        f"on post {{ {y} += 1; {e} += {0.05 * synapse.size:.3g} {synapse.unit} * {x} }}",
    ]
    if random.random() < 0.5:
        lines.append(f"weight' = 0.02 [1/ms] * {e}")
    else:
        lines.append(f"every {random.choice([5, 12.5])} ms {{ weight += 0.3 * {e} }}")
    return lines


def modulated(random, names, synapse, factor, scaled, unit):
    """Three factors: what both sides leave in a trace becomes the weight's change by the third one."""
    x, y, e = names("x"), names("y"), names("e")
    size = f"{0.05 * synapse.size:.3g} {synapse.unit}"
    lines = [
        f"input {factor} : {unit}",
        f"state {x} = 0, {y} = 0, {e} : weight = 0",
        f"{x}' = -{x} / 15 ms; {y}' = -{y} / 25 ms; {e}' = -{e} / {random.randint(20, 80)} ms",
    ]
    how = random.choice(["equation", "timer", "handlers"])
    at_once = f" * {scaled}" if how == "handlers" else ""
    to = "weight" if how == "handlers" else e
    lines += [f"on pre {{ {x} += 1; {to} -= {size} * {y}{at_once} }}",
              f"on post {{ {y} += 1; {to} += {size} * {x}{at_once} }}"]
    if how == "equation":
        lines.append(f"weight' = 0.02 [1/ms] * {e} * {scaled}")
    elif how == "timer":
        lines.append(f"every {random.choice([5, 12.5])} ms {{ weight += 0.3 * {e} * {scaled} }}")
    return lines + [bounds(random, synapse)]


def intrinsic(random, names, low, high, unit):
    """A rule of a neuron's parameter, which the cell's own spikes move."""
    a = names("a")
    size = f"{(high - low) * random.choice([0.02, 0.1]):.3g} {unit}"
    rest = f"{low + (high - low) * random.uniform(-0.3, 1.3):.4g} {unit}"  # sometimes behind a wall
    lines = [
        f"state {a} = 0",
        f"{a}' = -{a} / {random.randint(10, 60)} ms",
        random.choice([f"on spike {{ {a} += 1; weight += {size} * {a} }}",
                       f"on spike {{ weight += {size}; {a} = 1 }}"]),
    ]
    if random.random() < 0.7:
        drift = random.choice(["", f" - {a} * {size} / 20 ms"])
        lines.append(f"weight' = ({rest} - weight) / {random.randint(20, 100)} ms{drift}")
    return lines + [f"bound weight in {low:g} {unit} .. {high:g} {unit}"]


def relaxing(random, names, synapse):
    """The weight falls back between the changes that spikes make."""
    rest = f"{synapse.size * random.uniform(0.2, 1):.3g} {synapse.unit}"
    change = f"{synapse.size * 0.1:.3g} {synapse.unit}"
    return [
        f"weight' = ({rest} - weight) / {random.randint(20, 100)} ms",
        random.choice([f"on pre {{ weight -= {change} }}", f"on post {{ weight += {change} }}"]),
    ]


def voltage(random, names, synapse, target):
    """What a pre spike does depends on the potential that it meets."""
    v, unit = target.potential
    change = f"{synapse.size * 0.05:.3g} {synapse.unit}"
    low = names("low")
    return [
        f"state {low} = -60 {unit}",
        f"{low}' = (post.{v} - {low}) / {random.randint(5, 20)} ms",
        f"on pre {{ weight += {change} * tanh(({low} + 60 {unit}) / 10 {unit}) }}",
    ]


def graded(random, names, synapse, source, target):
    """Values at both ends move the weight, at every moment or on a timer."""
    v, unit = (target.rate, "") if target.rate else target.potential
    x, y = f"tanh(pre.{source.rate})", f"tanh(post.{v} / 20 {unit})"
    change = f"{synapse.size * 0.05:.3g} {synapse.unit}"
    h = names("h")
    return random.choice([
        [f"weight' = {change} * {x} * {y} / 4 ms - weight / {random.randint(50, 200)} ms"],
        [f"weight' = 0.1 [1/ms] * {y} * ({change} * {x} - {y} * weight)"],
        [f"state {h} = 0",
         f"{h}' = ({y}^2 - {h}) / {random.randint(5, 30)} ms",
         f"weight' = {change} * {x} * {y} * ({y} - {h}) / 2 ms"],
        [f"every {random.choice([5, 12.5])} ms {{ weight += {change} * {x} * {y} }}"],
    ])


def structure(random, synapse):
    """Connections that go where they are weak, and come back by chance."""
    if random.random() < 0.75:
        return []
    period = f"every {random.choice([4, 10])} ms"
    lines = [f"prune when abs(weight) < {0.6 * synapse.size:.3g} {synapse.unit} {period}"]
    if random.random() < 0.7:
        lines.append(f"grow probability 0.4 {period}")
    return lines


def rule(random, names, synapse, source, target):
    """The lines of a rule for a synapse between two cells."""
    kinds = [pair, pair, triplet, eligibility, relaxing]
    if not source.spikes:
        return graded(random, names, synapse, source, target) + [bounds(random, synapse)] + structure(random, synapse)
    if target.potential[1] == "mV" and not target.sites and random.random() < 0.2:
        lines = voltage(random, names, synapse, target)
    else:
        lines = random.choice(kinds)(random, names, synapse)
    return lines + [bounds(random, synapse)] + structure(random, synapse)


def statements_about(random, what, synapse, densities, same):
    """What a prior can state of a projection that learns, or of a part of it."""
    size, unit = synapse.size, synapse.unit
    period = f"every {random.choice([5, 12.5, 20])} ms"
    low = -2 * size if synapse.signed else 0.1 * size
    choices = [f"{what} : bound weight in {low:g} {unit} .. {2 * size:g} {unit}",
               f"sum(weight, by = {random.choice(['pre', 'post'])}) of {what} <= {2 * size:g} {unit} {period}",
               f"density({what}) <= {random.choice(densities)} % {period}"]
    return choices + ([f"symmetric of {what} {period}"] if same else [])


def constraints(random, name, synapse, same):
    """What a prior states of a projection that learns, as statements after it."""
    if random.random() < 0.5:
        return ""
    choices = statements_about(random, name, synapse, [5, 20], same)
    if not synapse.signed:
        choices.append(f"{name} : effect == {-1 if 'inhibitory' in synapse.name else 1}")
    return "".join(f"\n  constrain {one}" for one in random.sample(choices, random.choice([1, 1, 2])))


def partial(random, model):
    """What priors state of a part of a projection that learns, by its ends, which no other one has."""
    statements = []
    for source, target, synapse, learns in model.ends:
        alone = sum((source, target) == ends[:2] for ends in model.ends) == 1
        known = source in model.populations and target in model.populations
        if not learns or not alone or not known or source.size < 2 or target.cell.sites or random.random() < 0.5:
            continue
        if "." in source.name + target.name:  # those of parts are named by their ports
            continue
        part = f"{source.name}[0..{random.randint(1, max(1, source.size - 2))}] -> {target.name}"
        if random.random() < 0.4:
            part += f"[{random.randint(0, target.size - 1)}..{target.size - 1}]"
        choices = statements_about(random, part, synapse, [10, 30], source is target)
        statements += [f"constrain {one}" for one in random.sample(choices, random.choice([1, 1, 2]))]
    return statements
