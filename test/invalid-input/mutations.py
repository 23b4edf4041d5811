"""Damaged models get messages, never a crash: `mutations.py FOLDER ROOT`.

Changes bytes, words and lines of the examples and the library, always the same ones, and gives
each to `synfire check`, and to `synfire run` where check finds it good. Both end with 0 or 1
within their time; 1 comes with a located message.
"""

import concurrent.futures
import glob
import os
import random
import re
import subprocess
import sys

COUNT = 300
TIME_LIMIT = 60  # seconds
LARGEST = 400  # elements of a population: damage to large numbers shows in small ones too

LOCATED = re.compile(r"^[^\n]+:\d+:\d+: error: ", re.MULTILINE)
TOKEN = re.compile(r'"[^"\n]*"|\w+|\s+|[^\w\s]')
WORDS = ["{", "}", "(", ")", "[", "]", ",", ";", "->", "'", "=", "~", "..", "^", "-", "1e308", "1e-308",
         "0", "-1", "99999999999999999999", "neuron", "state", "inf", "steady", "pre", "post", "ms", "mV",
         "weight", "index", "noise()", "every", "connect", "if", "then", "#", '"', "\n"]


def mutate(text, source):
    """One to three damages."""
    for _ in range(source.randint(1, 3)):
        kind = source.choice(["byte", "token", "token", "token", "line", "cut"])
        if kind == "byte":
            data = bytearray(text, "utf-8", "surrogateescape")
            at = source.randrange(len(data))
            data[at:at + source.randint(0, 1)] = bytes([source.randrange(256)])
            text = data.decode("utf-8", "surrogateescape")
        elif kind == "token":
            tokens = TOKEN.findall(text)
            at = source.randrange(len(tokens))
            deed = source.choice(["drop", "repeat", "replace", "swap", "word"])
            if deed == "drop":
                del tokens[at]
            elif deed == "repeat":
                tokens.insert(at, tokens[at])
            elif deed == "replace":
                tokens[at] = source.choice(tokens)
            elif deed == "swap":
                other = source.randrange(len(tokens))
                tokens[at], tokens[other] = tokens[other], tokens[at]
            else:
                tokens[at] = source.choice(WORDS)
            text = "".join(tokens)
        elif kind == "line":
            lines = text.split("\n")
            line = lines.pop(source.randrange(len(lines)))
            if source.random() < 0.5:
                lines.insert(source.randrange(len(lines) + 1), line)
            text = "\n".join(lines)
        else:
            text = text[: source.randrange(len(text) // 2, len(text))]
        text = text or "\n"
    return text


def small(text):
    """The same model with populations of at most LARGEST elements."""
    return re.sub(r"(?<=\[)\d{4,}(?=\])|(?<=indegree\()\d{3,}(?=\))",
                  lambda number: str(min(LARGEST if number.string[number.start() - 1] == "[" else 20,
                                         int(number.group()))), text)


def complaint(command):
    """(exit code, what is wrong with how the command ended, or None)."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIME_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return None, f"`{' '.join(command)}` ran past {TIME_LIMIT} s"
    errors = done.stderr.decode(errors="replace")
    if done.returncode not in (0, 1):
        return done.returncode, f"`{' '.join(command)}` gave {done.returncode}: {errors[-300:]}"
    if done.returncode == 1 and not LOCATED.search(errors):
        return 1, f"`{' '.join(command)}` gave no located message: {errors[:300]}"
    return done.returncode, None


def try_model(path):
    """(complaint or None, whether check found the model good)."""
    code, wrong = complaint(["synfire", "check", path])
    if wrong or code:
        return wrong, False
    with open(path, encoding="utf-8", errors="replace") as file:
        large = re.search(r"\d{4,}|from \"", re.sub(r"#.*", "", file.read()))
    large = large or "microcircuit" in os.path.basename(path)
    # A network that takes long to build is compiled only.
    command = (["build", "--emit", "sim", "-o", path + ".mlir"] if large else
               ["run", "--quiet", "--duration", "1 ms", "--threads", "1"])
    _, wrong = complaint(["synfire", *command, path])
    return wrong, True


def main(folder, root):
    os.makedirs(folder, exist_ok=True)
    originals = sorted(glob.glob(os.path.join(root, "examples", "*.syn"))
                       + glob.glob(os.path.join(root, "library", "std", "*.syn")))
    paths = []
    for number in range(COUNT):
        source = random.Random(number)
        original = originals[number % len(originals)]
        with open(original, encoding="utf-8") as file:
            text = mutate(small(file.read()), source)
        path = os.path.join(folder, f"{number}-{os.path.basename(original)}")
        with open(path, "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
        paths.append(path)
    # Tables and pictures that the originals name lie beside them.
    for data in glob.glob(os.path.join(root, "examples", "*")):
        link = os.path.join(folder, os.path.basename(data))
        if not data.endswith(".syn") and not os.path.lexists(link):
            os.symlink(data, link)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(try_model, paths))
    wrong = [message for message, _ in results if message]
    for message in wrong:
        print(message)
    good = sum(1 for _, good in results if good)
    print(f"{len(results)} models, {good} of them still good, {len(wrong)} ended badly")
    # Where every damage is refused at once, nothing behind the parser is tried.
    if wrong or good < COUNT // 20:
        return 1
    print("PASS")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
