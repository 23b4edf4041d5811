"""Sweeps elementary functions through compiled models and compares with decimal arithmetic.

A unit's state x_f is set from its index; a recorded `let` is f(x_f), computed by the update kernel.
CSV prints enough digits to give each double back (its decimal text is not the double, hence `float`
first). The error is counted in ulp of the exact result in the format, so that a correctly rounded
function has at most 0.5. Bounds are those of passes/sim/MathExpansion.h, with no allowance: the
exact value is known to 40 digits, and x is taken as it was recorded, so neither adds an error. The
largest errors are printed, so that a failure tells how far off it is.
"""

import csv
import math
import subprocess
import sys
from decimal import Decimal as D, getcontext

getcontext().prec = 60
PI = D("3.14159265358979323846264338327950288419716939937510582097494459")


def reduced(x):
    """x minus a multiple of pi / 2, and which one."""
    n = int((x / (PI / 2)).to_integral_value())
    return x - n * PI / 2, n % 4


def series(x, first):
    """x^first / first! - x^(first+2) / (first+2)! + ..."""
    term = D(1) if first == 0 else x
    total, k = D(0), first
    while abs(term) > D("1e-55"):
        total += term
        term *= -x * x / ((k + 1) * (k + 2))
        k += 2
    return total


def sine(x, turn=0):
    r, n = reduced(x)
    n = (n + turn) % 4
    value = series(r, 1) if n % 2 == 0 else series(r, 0)
    return -value if n >= 2 else value


def tanh(x):
    e = (2 * x).exp()
    return (e - 1) / (e + 1)


def phi1(x):
    return (x.exp() - 1) / x if x else D(1)


# The exponent is exact in both formats.
def power(y):
    return lambda x: (D(y) * x.ln()).exp()


def constant(ulp):
    return lambda x: ulp


# name: expression of X in the language (None: see there), sweep (lowest, highest), exact function, bound in ulp,
# scale below which the error is absolute.
CASES = {
    "exp": ("exp(X)", (-80, 80), lambda x: x.exp(), constant(1.1), 0),
    "exp_near": ("exp(X)", (-1, 1), lambda x: x.exp(), constant(1.1), 0),
    "log": ("log(X)", (1e-6, 20), lambda x: x.ln(), constant(2), 0),
    "log_near": ("log(X)", (0.7, 1.5), lambda x: x.ln(), constant(2), 0),
    "sin": ("sin(X)", (-20, 20), sine, constant(2), 1e-3),
    "sin_far": ("sin(X)", (-1e5, 1e5), sine, constant(2), 1e-3),
    "cos": ("cos(X)", (-20, 20), lambda x: sine(x, 1), constant(2), 1e-3),
    "cos_far": ("cos(X)", (-1e5, 1e5), lambda x: sine(x, 1), constant(2), 1e-3),
    # One step of exponential Euler: y' = x y + 1 from y = 0.
    "phi1": (None, (-8, 3), phi1, constant(3), 0),
    "phi1_near": (None, (-1.2, 1.2), phi1, constant(3), 0),
    "tanh": ("tanh(X)", (-12, 12), tanh, constant(4), 0),
    "tanh_near": ("tanh(X)", (-0.3, 0.3), tanh, constant(4), 0),
    "pow": ("X ^ 2.75", (0.01, 30), power("2.75"), lambda x: 2 + 2 * abs(2.75 * math.log(x)), 0),
}
COUNT = 1001
SEEDS = {"f64": 53, "f32": 24}


def model():
    """One unit with a state and a let for each case."""
    lines = ["neuron F {", "  state z = 1", "  z' = -z / 10 ms"]
    starts, records = [], []
    for name, (expression, (low, high), *_) in CASES.items():
        lines.append(f"  state x_{name} = 1")
        if expression:
            lines.append(f"  let y_{name} = " + expression.replace("X", f"x_{name}"))
        else:
            lines += [f"  state y_{name} = 0", f"  y_{name}' = (x_{name} * y_{name} + 1) / 1 ms"]
            lines.append(f"  solve y_{name} by exponential_euler")
        starts.append(f"x_{name} = ({float(low)!r}) + index * {(high - low) / (COUNT - 1)!r}")
        records += [f"record x_{name} of P", f"record y_{name} of P"]
    lines += ["}", f"circuit C {{ population P : F[{COUNT}] {{"] + starts + ["} }"]
    lines += ["experiment { simulate C for 1 ms { step = 1 ms"] + records + ["} }"]
    return "\n".join(lines) + "\n"


def column(path):
    with open(path) as file:
        return [D(float(value)) for value in list(csv.reader(file))[-1][1:]]


def ulp_of(value, digits, floor):
    magnitude = max(abs(float(value)), floor)
    return D(2) ** (math.frexp(magnitude)[1] - digits)


def main(precision, folder):
    digits = SEEDS[precision]
    failed = False
    stem = f"{folder}/{precision}"
    with open(stem + ".syn", "w") as file:
        file.write(model())
    subprocess.run(["synfire", "run", stem + ".syn", "--quiet", "--threads", "1", "--precision", precision,
                    "-o", stem + ".csv"], check=True)
    for name, (_, _, exact, bound, floor) in CASES.items():
        xs, ys = column(f"{stem}.P.x_{name}.csv"), column(f"{stem}.P.y_{name}.csv")
        assert len(xs) == len(ys) == COUNT
        worst, where = D(0), None
        for x, y in zip(xs, ys):
            value = exact(x)
            if value == 0:
                error = D(0) if y == 0 else D("inf")
            else:
                error = abs(y - value) / ulp_of(value, digits, floor)
            error /= D(bound(float(x)))
            if error > worst:
                worst, where = error, x
        print(f"{precision} {name}: {float(worst):.2f} of its bound, at {where}")
        failed |= worst > 1
    sys.exit(failed)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
