"""Damaged models get messages, never a crash: `models.py FOLDER ROOT [COUNT]`.

Damages the examples and the library, always in the same ways, and gives them to `synfire check`, many
to a process, and a part of those that are still good to `synfire run`. Both end with 0 or 1 within
their time; 1 comes with a located message.
"""

import concurrent.futures
import glob
import os
import random
import re
import subprocess
import sys

from mutate import mutate, write

COUNT = 1000
FILES_A_PROCESS = 25
RUNS = 40
TIME_LIMIT = 60  # seconds
LARGEST = 400  # elements of a population: damage to large numbers shows in small ones too

# What only drawing shows is told with the connection.
LOCATED = re.compile(r"^[^\n]+:\d+:\d+: error: |error: the (weight|delay) of the connection \d+ -> \d+ of `", re.MULTILINE)
VERDICT = re.compile(r"^(.*): (good|wrong)$", re.MULTILINE)


def small(text):
    """The same model with populations of at most LARGEST elements."""
    return re.sub(r"(?<=\[)\d{4,}(?=\])|(?<=indegree\()\d{3,}(?=\))",
                  lambda number: str(min(LARGEST if number.string[number.start() - 1] == "[" else 20,
                                         int(number.group()))), text)


def end(command):
    """(exit code or None, stdout, stderr) of a command."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIME_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return None, "", f"ran past {TIME_LIMIT} s"
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def complaint(command):
    """(exit code, what is wrong with how the command ended, or None)."""
    code, _, errors = end(command)
    if code not in (0, 1):
        return code, f"`{' '.join(command)}` ended with {code}: {errors[-300:]}"
    if code == 1 and not LOCATED.search(errors):
        return code, f"`{' '.join(command)}` gave no located message: {errors[:300]}"
    return code, None


def check(paths):
    """(complaints, good paths) of models that share a process. A process that ends badly, or says of a
    model that it is wrong without saying where, is looked at file by file."""
    code, output, errors = end(["synfire", "check", "--each", *paths])
    verdicts = dict(VERDICT.findall(output))
    wrong = [path for path in paths if verdicts.get(path) == "wrong"]
    places = set(re.findall(r"^(.+?):\d+:\d+: error: ", errors, re.MULTILINE))
    if code in (0, 1) and len(verdicts) == len(paths) and all(path in places for path in wrong):
        return [], [path for path in paths if verdicts[path] == "good"]
    results = [(path, *complaint(["synfire", "check", path])) for path in paths]
    complaints = [message for _, _, message in results if message]
    if not complaints and code not in (0, 1):
        complaints = [f"a process ended with {code} only with all of {' '.join(paths)}"]
    return complaints, [path for path, code, _ in results if code == 0]


def run(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        large = re.search(r"\d{4,}|e\d{1,}|from \"", re.sub(r"#.*", "", file.read()))
    # A network that takes long to build is compiled only.
    command = (["build", "--emit", "sim", "-o", path + ".mlir"] if large or "microcircuit" in path else
               ["run", "--quiet", "--duration", "1 ms", "--threads", "1"])
    return complaint(["synfire", *command, path])[1]


def main(folder, root, count):
    os.makedirs(folder, exist_ok=True)
    originals = sorted(glob.glob(os.path.join(root, "examples", "*.syn"))
                       + glob.glob(os.path.join(root, "library", "std", "*.syn")))
    texts = []
    for original in originals:
        with open(original, encoding="utf-8") as file:
            texts.append(small(file.read()))
    paths = []
    for number in range(count):
        kind = number % len(originals)
        paths.append(os.path.join(folder, f"{number}-{os.path.basename(originals[kind])}"))
        write(paths[-1], mutate(texts[kind], random.Random(number)))
    # Tables that the originals name lie beside them.
    for data in glob.glob(os.path.join(root, "examples", "*")):
        link = os.path.join(folder, os.path.basename(data))
        if not data.endswith(".syn") and not os.path.lexists(link):
            os.symlink(data, link)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        batches = [paths[i:i + FILES_A_PROCESS] for i in range(0, count, FILES_A_PROCESS)]
        checked = list(pool.map(check, batches))
        good = [path for _, some in checked for path in some]
        runs = good[:: max(1, len(good) * COUNT // (RUNS * count))]
        ran = list(pool.map(run, runs))
    wrong = [message for some, _ in checked for message in some] + [message for message in ran if message]
    for message in wrong:
        print(message)
    print(f"{count} models, {len(good)} of them still good, {len(runs)} of these run, {len(wrong)} ended badly")
    # Where every damage is refused at once, nothing behind the parser is tried.
    if wrong or len(good) < count // 20:
        return 1
    print("PASS")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else COUNT))
