"""A compiler with a fault is found out: `mutations.py FOLDER`.

`synfire-mutant` puts one fault into the program of a random model and runs it; the comparison of the
meaning suite must see it. A fault may be without effect where it stands (the delay of a connection
whose source never fires): each kind is tried at several places, one after the other, until it
is seen; unmutated, all models pass.
"""

import os
import shutil
import sys

from comparison import compare
from suitelib import Failed, execute, for_each, fresh, random_model, run

TRIES = 32
# Random models seldom meet a level exactly.
LEVELS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "causes", "level-met.syn")


def prepare(model):
    """(model, places by kind of fault); raises Failed where the plain model does not agree."""
    stem = model[: -len(".syn")]
    run(model, stem + "-reference.csv", "--target", "reference")
    run(model, stem + "-cpu.csv", "-O", "0", "--lanes", "1", "--threads", "1")
    # Of no use where the bound must be widened.
    try:
        compare(model, stem + "-cpu.csv", stem + "-reference.csv", widen=False)
    except Failed:
        return None
    code, out, err = execute(["synfire-mutant", model])
    if code != 0:
        raise Failed(f"synfire-mutant {model} gave {code}: {err[:200]}")
    rows = [line.split(" ", 2) for line in out.splitlines()]
    return model, {name: int(count) for name, count, _ in rows}, {name: what for name, _, what in rows}


def seen(model, kind, site):
    """How a fault shows, or None."""
    stem = model[: -len(".syn")]
    output = f"{stem}-{kind}{site}.csv"
    code, _, err = execute(["synfire-mutant", model, "--mutate", kind, "--site", str(site), "-o", output])
    if code == 3:
        return f"refused: {err[:60]}"
    if code != 0:
        raise Failed(f"{kind} in {model} gave {code}: {err[:200]}")
    try:
        compare(model, output, stem + "-reference.csv", widen=False)
    except Failed as failure:
        return str(failure)
    return None


def hunt(models):
    def case(kind):
        places = [(model, site) for model, counts, _ in models
                  for site in {0, counts.get(kind, 0) // 2} if counts.get(kind, 0)]
        for number, (model, site) in enumerate(places[:TRIES], 1):
            try:
                how = seen(model, kind, site)
            except Failed as failure:
                return kind, None, str(failure)
            if how:
                return kind, number, f"{os.path.basename(model)}: {how}"
        return kind, None, f"not seen at {min(len(places), TRIES)} places"

    return case


def main(folder):
    fresh(folder)

    def case(seed):
        try:
            return prepare(random_model(folder, seed) if seed else shutil.copy(LEVELS, folder))
        except Failed as failure:
            return f"model {seed}: {failure}"

    prepared = [model for model in for_each(case, [0, *range(1001, 1017)]) if model]
    failures = [model for model in prepared if isinstance(model, str)]
    models = [model for model in prepared if not isinstance(model, str)]
    if len(models) < 12:
        failures.append(f"only {len(models)} models agree without a fault")
    what = models[0][2]
    for kind, tries, how in for_each(hunt(models), what):
        print(f"{kind} ({what[kind]}): {f'try {tries}, ' if tries else 'MISSED, '}{how}")
        failures += [] if tries else [kind]
    for failure in failures:
        print(f"failed: {failure}")
    if failures:
        return 1
    print("PASS")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
