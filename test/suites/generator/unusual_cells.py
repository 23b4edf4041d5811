"""Declarations of neurons that use what the usual models leave out."""

from cells import Cell, refractory

# What a rate may make of its input; the last is singular at 0 (N3).
ANSWERS = ["tanh({x})", "{x}", "tanh(0.5 + {x})", "max({x}, 0)", "if {x} > 0 then {x} else 0.2 * {x}",
           "log(1 + exp({x}))", "sqrt(abs({x}))", "min({x}, 1) * cos({x})", "{x} / (1 - exp(-{x}))"]


def graded(random, names):
    """A rate unit without spikes."""
    name, r, x = names("Unit"), names("r"), names("x")
    drive = random.choice(["", f" + 0.3 * sin(2 * pi * t / {random.randint(10, 30)} ms)"])
    lines = [
        f"state {r} = {random.choice(['0', '0.3'])}",
        f"input {x} : 1",
        f"{r}' = (-{r} + {random.choice(ANSWERS).format(x=x)}{drive}) / {random.randint(5, 20)} ms",
    ]
    return Cell(name, lines, rate=r, current=(x, "1"), spikes=False,
                starts=[f"{r} ~ uniform(-1, 1)", f"{r} ~ normal(0, 0.5)"], record=[r, x])


def resonating(random, names):
    """An equation of second order (Izhikevich 2001, resonate-and-fire)."""
    name, x, i, bias = names("Resonator"), names("x"), names("i"), names("bias")
    stiffness, drive = random.choice([0.02, 0.05]), round(random.uniform(0.5, 1.2), 2)
    lines = [
        f"parameter {bias} = {drive} [mV/ms^2]",
        f"state {x} = 0 mV, {x}' = 0 [mV/ms]",
        f"input {i} : [mV/ms^2]",
        f"{x}'' = {bias} + {i} - {stiffness} [1/ms^2] * {x}",
        f"spike when {x} >= {random.choice([10, 12.5])} mV {{ {x} = 0 mV; {refractory(random, [x], free=False)} }}",
    ]
    return Cell(name, lines, potential=(x, "mV"), current=(i, "mV/ms^2"),
                starts=[f"{x} ~ uniform(-5 mV, 5 mV)", f"{bias} ~ exponential({drive} [mV/ms^2]) in 0.4 [mV/ms^2] .. 2 [mV/ms^2]"],
                bias=(bias, ["0.3 [mV/ms^2]", "1.5 [mV/ms^2]"]), record=[x])


def solved(random, names):
    """The model says how its equations are solved (FitzHugh 1961, in mV)."""
    name, v, w, i, bias = names("Solved"), names("v"), names("w"), names("i"), names("bias")
    solve = random.choice([f"{v} by rk4, {w} by rk4", f"{v} by rk4 in 2 steps, {w} by exponential_euler",
                           f"{v} by euler in 2 steps, {w} by euler after {v}",
                           f"{v} by euler, {w} by implicit", f"{v} by rk4, {w} by euler in 3 steps"])
    lines = [
        f"parameter {bias} = {random.choice([5, 8])} [mV/ms]",
        f"state {v} = -24 mV, {w} = -12 mV",
        f"input {i} : [mV/ms]",
        f"{v}' = ({v} * (1 - ({v} / 20 mV)^2 / 3) - {w}) / 2 ms + {i} + {bias}",
        f"{w}' = ({v} + 14 mV - 0.8 * {w}) / 15 ms",
        f"spike when {v} crosses 0 mV {{ {random.choice(['', f'{w} += 2 mV', f'refractory 2 ms hold {w}'])} }}",
        f"solve {solve}",
    ]
    return Cell(name, lines, potential=(v, "mV"), current=(i, "mV/ms"),
                starts=[f"{v} ~ uniform(-30 mV, -10 mV)", f"{w} ~ normal(-12 mV, 2 mV) clipped to -15 mV .. -9 mV"],
                bias=(bias, ["3 [mV/ms]", "9 [mV/ms]"]), second=(w, "mV"), record=[v, w])


def counting(random, names):
    """No equation: whole events are counted, and the count meets the level exactly (N4)."""
    name, n, level = names("Counter"), names("n"), names("level")
    reset = random.choice([f"{n} = 0 mV", f"{n} -= {level}"])
    lines = [
        f"parameter {level} = {random.choice([2, 3])} mV",
        f"state {n} = {random.choice([0, 1])} mV",
        f"spike when {n} {random.choice(['>=', 'crosses'])} {level} {{ {reset}; "
        f"{random.choice(['', f'refractory 1 ms hold {n}', 'refractory 0.6 ms hold nothing'])} }}",
    ]
    return Cell(name, lines, potential=(n, "mV"), record=[n], whole=True,
                starts=[f"{level} = {random.choice([2, 3])} mV + 1 mV * index"])


def branched(random, names):
    """A soma and a dendrite, or a row of them (N8)."""
    name, v, i, leak = names("Branched"), names("v"), names("i"), names("leak")
    reach = random.choice(["", "", "[3]"])
    bias = names("bias")
    lines = [
        f"parameter {leak} = {random.choice([5, 8])} nS, {bias} = {random.randint(250, 400)} pA",
        f"compartment soma {{ state {v} = -65 mV; input {i} : pA; {v}' = ({leak} * (-65 mV - {v}) + {i} + {bias}) / 100 pF; "
        f"spike when {v} >= -50 mV {{ {v} = -60 mV; {refractory(random, [v])} }} }}",
        f"compartment dend{reach} {{ state {v} = -65 mV; input {i} : pA; {v}' = ({leak} * (-65 mV - {v}) + {i}) / 80 pF }}",
        f"couple soma.{v}, dend{'[0]' if reach else ''}.{v} by {random.choice([3, 5])} nS",
    ]
    if reach:
        lines.append(f"couple dend[i].{v}, dend[i + 1].{v} by 4 nS for i in 0..1")
    return Cell(name, lines, potential=(v, "mV"), current=(i, "pA"),
                sites=["soma"] + (["dend[0]", "dend[2]", "dend[*]"] if reach else ["dend"]),
                starts=[f"{bias} ~ uniform(250 pA, 450 pA)"],
                plastic=[(bias, 150, 500, "pA")], bias=(bias, ["200 pA", "450 pA"]), record=[v])


KINDS = [graded, graded, graded, resonating, solved, solved, counting, branched]
