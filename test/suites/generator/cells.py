"""Declarations of neurons with drawn names and parameters: those of the literature."""


class Cell:
    """What a circuit needs to know of a neuron that it declares."""

    def __init__(self, name, text, **facts):
        self.name = name
        self.text = text
        self.potential = facts.get("potential")  # (name, unit) of the state that events move
        self.current = facts.get("current")  # (name, unit) of the input
        self.rate = facts.get("rate")  # the state that rate synapses read
        self.spikes = facts.get("spikes", True)
        self.starts = facts.get("starts", [])  # lines that set start values and parameters
        self.bias = facts.get("bias")  # (name, values) a protocol may set
        self.record = facts.get("record", [])
        self.step = facts.get("step", 0.1)  # the largest step, ms
        self.sites = facts.get("sites", [])  # compartments; potential and current are theirs
        self.whole = facts.get("whole", False)  # amounts must be whole
        self.plastic = facts.get("plastic", [])  # (name, low, high, unit) of what rules may change
        self.second = facts.get("second")  # (name, unit) of another state that events may move


def refractory(random, held, free=True):
    """`refractory` (N5) or nothing; `free`: a state that goes on untested cannot run away."""
    time = random.choice(["1 ms", "2 ms", "0.7 ms", "3.3 ms"])
    forms = [f" hold {', '.join(held)}"] + ([" hold nothing"] if free else [])
    forms += [""] if len(held) == 1 else []
    return random.choice([f"refractory {time}{random.choice(forms)}"] * 2 + [""])


def leaky(random, names):
    """Leaky integrate-and-fire: with or without adaptation, moving threshold and noise."""
    name, v, i = names("Cell"), names("v"), names("i")
    tau, theta, reset, bias = (names(stem) for stem in ("tau", "theta", "reset", "bias"))
    adapting, moving, noisy = (random.random() < 0.4 for _ in range(3))
    w, th, sigma = names("w"), names("th"), names("sigma")
    resistance = random.choice([40, 50, 100])
    drive = round(random.uniform(14, 30) / resistance * 1000, 1)
    lines = [
        f"parameter {tau} = {random.randint(8, 25)} ms, {theta} = -{random.choice([50, 51.5, 52])} mV",
        f"parameter {reset} = -{random.choice([60, 65, 68.5])} mV, {bias} = {drive} pA",
        f"state {v} = -70 mV" + (f", {w} = 0 pA" if adapting else ""),
        f"input {i} : pA",
    ]
    current = f"{i} + {bias}" + (f" - {w}" if adapting else "")
    shared = noisy and adapting and random.random() < 0.8
    call = names("xi") if shared else "noise()"
    noise = f" + {sigma} * sqrt(2 / {tau}) * {call}" if noisy else ""
    if noisy:
        lines.append(f"parameter {sigma} = {round(random.uniform(0.2, 2), 2)} mV")
    if shared:
        lines.append(f"let {call} = noise()")
    lines.append(f"{v}' = (-70 mV - {v} + {resistance / 1000} Gohm * ({current})) / {tau}{noise}")
    handler = [f"{v} = {reset}"]
    if adapting:
        lines.append(f"{w}' = ({round(random.uniform(0, 1), 2)} nS * ({v} + 70 mV) - {w}) / 60 ms"
                     + (f" + 2 pA * sqrt(2 / 60 ms) * {call}" if shared else ""))
        handler.append(f"{w} += {random.randint(5, 40)} pA")
    if moving:
        lines.append(f"state {th} = -52 mV")
        lines.append(f"{th}' = ({theta} - {th}) / {random.randint(10, 50)} ms")
        handler.append(f"{th} += {random.choice([0.5, 1, 2])} mV")
    handler.append(refractory(random, [v, w] if adapting else [v]))
    test = th if moving else theta
    lines.append(f"spike when {v} >= {test} {{ {'; '.join(part for part in handler if part)} }}")
    starts = [
        f"{v} ~ uniform(-70 mV, -52 mV)",
        f"{v} ~ normal(-62 mV, 5 mV) in -75 mV .. -53 mV",
        f"{tau} ~ lognormal(15 ms, 0.1)",
        f"{theta} = -52 mV + 0.1 mV * index",
        f"{bias} ~ normal({drive} pA, 30 pA) clipped to 0 pA .. 900 pA",
    ]
    return Cell(name, lines, potential=(v, "mV"), current=(i, "pA"), starts=starts,
                bias=(bias, [f"{round(drive * f)} pA" for f in (0.7, 1.3)]),
                plastic=[(theta, -53, -49, "mV"), (bias, 0.5 * drive, 1.5 * drive, "pA")],
                second=(w, "pA") if adapting else None, record=[v] + ([w] if adapting else []) + ([th] if moving else []))


def exponential(random, names):
    """Adaptive exponential integrate-and-fire (Brette and Gerstner 2005)."""
    name, v, w, i, bias = names("Cell"), names("v"), names("w"), names("i"), names("bias")
    g, slope = random.choice([10, 15]), random.choice([2, 3])
    drive = random.randint(400, 800)
    lines = [
        f"parameter {bias} = {drive} pA",
        f"state {v} = -70 mV, {w} = 0 pA",
        f"input {i} : pA",
        f"{v}' = ({g} nS * (-70 mV - {v}) + {g} nS * {slope} mV * exp(({v} + 50 mV) / {slope} mV)"
        f" - {w} + {i} + {bias}) / 200 pF",
        f"{w}' = ({random.choice([0, 1, 2])} nS * ({v} + 70 mV) - {w}) / {random.randint(40, 150)} ms",
        f"spike when {v} >= 0 mV {{ {v} = -{random.choice([58, 65])} mV; "
        f"{w} += {random.randint(10, 60)} pA; {refractory(random, [v, w], free=False)} }}",
    ]
    starts = [f"{v} ~ uniform(-72 mV, -60 mV)", f"{bias} ~ uniform({drive - 50} pA, {drive + 50} pA)"]
    return Cell(name, lines, potential=(v, "mV"), current=(i, "pA"), starts=starts,
                plastic=[(bias, drive - 200, drive + 200, "pA")],
                bias=(bias, [f"{drive - 200} pA", f"{drive + 100} pA"]), record=[v, w])


def quadratic(random, names):
    """Izhikevich's neuron (2003)."""
    name, v, u, i = names("Cell"), names("v"), names("u"), names("i")
    a, b, c, bias = names("a"), names("b"), names("c"), names("bias")
    kick = random.choice([2, 4, 8])
    noise = random.choice(["", "", " + 0.5 mV * sqrt(2 / 10 ms) * noise()"])
    lines = [
        f"parameter {a} = {random.choice([0.02, 0.05, 0.1])} [1/ms], {b} = 0.2 [1/ms]",
        f"parameter {c} = -{random.choice([50, 55, 65])} mV, {bias} = {random.randint(8, 14)} [mV/ms]",
        f"state {v} = -65 mV, {u} = -13 [mV/ms]",
        f"input {i} : [mV/ms]",
        f"{v}' = 0.04 [1/(ms*mV)] * {v}^2 + 5 [1/ms] * {v} + 140 [mV/ms] - {u} + {i} + {bias}{noise}",
        f"{u}' = {a} * ({b} * {v} - {u})",
        f"spike when {v} >= 30 mV {{ {v} = {c}; {u} += {kick} [mV/ms] }}",
    ]
    starts = [f"{v} ~ uniform(-70 mV, -60 mV)", f"{c} ~ uniform(-65 mV, -55 mV)"]
    return Cell(name, lines, potential=(v, "mV"), current=(i, "mV/ms"), starts=starts,
                plastic=[(bias, 4, 15, "[mV/ms]"), (c, -68, -50, "mV")],
                bias=(bias, ["5 [mV/ms]", "12 [mV/ms]"]), second=(u, "mV/ms"), record=[v, u])


def gated(random, names):
    """Two gates and a potential that is linear at fixed gates (Morris and Lecar 1981, changed)."""
    name, v, n, m, i, bias = (names(stem) for stem in ("Cell", "v", "n", "m", "i", "bias"))
    level = names("level")
    drive = random.randint(60, 120)
    slope = 10 if drive % 2 else 7  # 10: one exponential is the square of the other, but for a factor
    lines = [
        f"function {level}(x : mV, half : mV, k : mV) -> 1 = 1 / (1 + exp((half - x) / k))",
        f"parameter {bias} = {drive} pA",
        f"state {v} = -60 mV, {n} = {random.choice(['steady', '0.1'])}, {m} = 0.05",
        f"input {i} : pA",
        f"{m}' = ({level}({v}, -30 mV, {slope} mV) - {m}) / 0.5 ms",
        f"{n}' = ({level}({v}, -25 mV, 5 mV) - {n}) / {random.choice([3, 5])} ms",
        f"{v}' = ({i} + {bias} - 2 nS * ({v} + 70 mV) - 20 nS * {m} * ({v} - 50 mV)"
        f" - 20 nS * {n} * ({v} + 90 mV)) / 20 pF",
        f"spike when {v} crosses {random.choice([-15, -20])} mV",
    ]
    starts = [f"{v} ~ uniform(-65 mV, -55 mV)"]
    return Cell(name, lines, potential=(v, "mV"), current=(i, "pA"), starts=starts,
                plastic=[(bias, 40, 150, "pA")], bias=(bias, ["50 pA", "150 pA"]), record=[v, n], step=0.05)


KINDS = [leaky, leaky, leaky, exponential, quadratic, gated]
