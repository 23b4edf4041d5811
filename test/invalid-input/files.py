"""Damaged tables, IR, checkpoints and command lines get messages, never a crash: `files.py FOLDER ROOT [COUNT]`.

COUNT is the number of cases of the quickest kind; slower ones get a part of it.
"""

import concurrent.futures
import os
import random
import re
import subprocess
import sys

import mutate

COUNT = 160
TIME_LIMIT = 60  # seconds
MESSAGE = re.compile(r"error: |^error", re.MULTILINE)

TABLE = """name,a,pre,post,weight
first,1.5,0,1,0.5
"second, quoted",2,1,2,1e-3
third,3,2,0,-0.25
"""

MODEL = """
neuron N { parameter a = 1 ms
  state v = 0 mV
  v' = -v / a
  spike when v >= 10 mV { v = 0 mV; refractory 1 ms }
}
synapse S { parameter weight = 1 mV;  on pre { post.v += weight } }
circuit M {
  population A : N[3] { a = from "table.csv" column "a" in [ms], v ~ uniform(0 mV, 9 mV) }
  population B : N from "table.csv" name "name"
  project A -> A : S { weight = column "weight" * 1 mV, delay = 1 ms } connect from "table.csv" (pre = "pre", post = "post")
  stimulate {A, B} : poisson(rate = 500 Hz) through S { weight = 1 mV }
  stimulate A : spikes from "spikes.csv" through S
}
experiment { simulate M for 20 ms { step = 0.1 ms
  record spikes of {A, B}
  record v of A every 1 ms
} }
"""
SPIKES = "element,time\n0,1.5\n1,2.5\n2,19\n"

CSV_WORDS = ["", ",", '"', "\n", "nan", "NaN", "inf", "-1", "1e400", "3", "4294967296", "x", "name", "a", ";", "\t", "0x10",
             "1,5", "--", "1e", " 1 ", "\r\n", '""', "#"]


def run(command, **more):
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIME_LIMIT, check=False, **more)
    except subprocess.TimeoutExpired:
        return None, f"ran past {TIME_LIMIT} s"
    return done.returncode, done.stderr.decode(errors="replace")


def complaint(command, codes=(0, 1), message=MESSAGE, **more):
    """(exit code, what is wrong with how a command ended, or None)."""
    code, errors = run(command, **more)
    shown = " ".join(repr(word) if " " in word or not word else word for word in command)
    if code not in codes:
        return code, f"`{shown}` ended with {code}: {errors[-400:]}"
    if code and not message.search(errors):
        return code, f"`{shown}` gave no message: {errors[:400]}"
    return code, None


def table_word(text, source):
    """Another cell, or what separates cells."""
    cells = re.split(r"([,\n])", text)
    cells[source.randrange(len(cells))] = source.choice(CSV_WORDS)
    return "".join(cells)


TABLE_OPERATORS = [(6, table_word)] + [(weight, operator) for weight, operator in mutate.OPERATORS
                                       if operator.__name__ in ("_bytes", "_garbage", "_line", "_repeat_lines", "_cut")]


def tables(folder, number):
    source = random.Random(number)
    here = os.path.join(folder, f"table-{number}")
    os.makedirs(here, exist_ok=True)
    mutate.write(os.path.join(here, "m.syn"), MODEL)
    which = number % 3 == 0
    mutate.write(os.path.join(here, "table.csv"), TABLE if which else mutate.mutate(TABLE, source, TABLE_OPERATORS))
    mutate.write(os.path.join(here, "spikes.csv"), mutate.mutate(SPIKES, source, TABLE_OPERATORS) if which else SPIKES)
    located = re.compile(r"m\.syn:\d+:\d+: error: |m\.syn: error: .*(`A|`B|A->A)")
    return complaint(["synfire", "run", "--quiet", "--threads", "1", os.path.join(here, "m.syn")], message=located)


def ir(folder, number, texts):
    source = random.Random(number)
    text, passes = texts[number % len(texts)]
    path = os.path.join(folder, f"ir-{number}.mlir")
    mutate.write(path, mutate.mutate(text, source))
    return complaint(["synfire-opt", *passes, path, "-o", os.devnull])


def checkpoint(folder, number, data):
    """Bytes of an HDF5 file: headers, lengths, names and numbers."""
    source = random.Random(number)
    damaged = bytearray(data)
    for _ in range(source.choice([1, 1, 2, 4, 64])):
        kind = source.random()
        at = source.randrange(len(damaged))
        if kind < 0.5:
            damaged[at] = source.randrange(256)
        elif kind < 0.7:
            damaged[at:at + 8] = source.choice([b"\xff" * 8, b"\0" * 8, b"\0" * 6 + b"\xf8\x7f"])[: len(damaged) - at]
        elif kind < 0.8:
            del damaged[at:]
        else:
            damaged[at:at + 64] = bytes(source.randrange(256) for _ in range(64))
        damaged = damaged or bytearray(b"x")
    path = os.path.join(folder, f"state-{number}.h5")
    with open(path, "wb") as file:
        file.write(damaged)
    # What was damaged may be what no run reads, or a value that is as good as another.
    return complaint(["synfire", "run", "--quiet", "--threads", "1", os.path.join(folder, "whole", "m.syn"),
                      "--resume", path], codes=(0, 1, 2))


ARGUMENTS = ["run", "check", "build", "fmt", "explain", "doc", "repl", "--help", "--json", "--quiet", "--seed", "--set",
             "--duration", "--threads", "--precision", "--cpu", "--lanes", "-O0", "-O", "-O9", "--emit", "-o", "--plot",
             "--resume", "--checkpoint", "--target", "--", "-", "", "0", "-1", "1e9", "99999999999999999999", "nan", "M.x=3",
             "M.x", "=", "N.a=5 ms", "N.a=5 mV", "N.a=", "N.a=(", "2 s", "20 ms", "2 mV", "abc", "1/0", "f32", "f16", "16",
             "3", "reference", "native", "pentium", "sim", "exe", "out.gif", "/no/where.h5", "out.h5", "MODEL", "MODEL",
             "MODEL", "none.syn", ".", "--unknown", "--sed", "-x", "\udcff", "a" * 5000]


def arguments(folder, number):
    source = random.Random(number)
    words = [source.choice(ARGUMENTS) for _ in range(source.randint(0, 6))]
    if source.random() < 0.8:
        words = [source.choice(["run", "run", "check", "build", "explain"]), "MODEL", *words]
    words = [os.path.join("whole", "m.syn") if word == "MODEL" else word for word in words]
    # Options that only write: what they say is no damage, and would take a core for long.
    return complaint(["synfire", *words], codes=(0, 1, 2), message=re.compile(r"\S"), cwd=folder)


def prepare(folder, root):
    """The whole model with its checkpoint, and IR of the three levels to damage."""
    whole = os.path.join(folder, "whole")
    os.makedirs(whole, exist_ok=True)
    for name, text in [("m.syn", MODEL), ("table.csv", TABLE), ("spikes.csv", SPIKES)]:
        mutate.write(os.path.join(whole, name), text)
    model, state = os.path.join(whole, "m.syn"), os.path.join(folder, "whole.h5")
    subprocess.run(["synfire", "run", "--quiet", "--threads", "1", "--checkpoint", state, model], check=True)
    texts = []
    for emit, passes in [("neuro", ["--neuro-prepare"]), ("neuro", ["--neuro-prepare", "--to-sim"]),
                         ("sim", ["--sim-to-loops"])]:
        path = os.path.join(folder, emit + ".mlir")
        subprocess.run(["synfire", "build", "--emit", emit, "-o", path, model], check=True)
        with open(path, encoding="utf-8") as file:
            texts.append((file.read(), passes))
    with open(state, "rb") as file:
        return texts, file.read()


def main(folder, root, count):
    texts, state = prepare(folder, root)
    cases = {
        "tables": (count, lambda number: tables(folder, number)),
        "IR": (count, lambda number: ir(folder, number, texts)),
        "checkpoints": (count // 2, lambda number: checkpoint(folder, number, state)),
        "command lines": (count, lambda number: arguments(folder, number)),
    }
    wrong = 0
    for kind, (number, case) in cases.items():
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(case, range(number)))
        bad = [message for _, message in results if message]
        refused = sum(1 for code, _ in results if code)
        for message in bad:
            print(message)
        print(f"{kind}: {number} cases, {refused} of them refused, {len(bad)} ended badly")
        # Both outcomes must be among them, or the damage is of no use.
        wrong += len(bad) + (refused < number // 10) + (refused == number)
    if wrong:
        return 1
    print("PASS")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else COUNT))
