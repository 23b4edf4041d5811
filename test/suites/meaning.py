"""The compiled model means what the reference interpreter says: `meaning.py FOLDER` runs random
models, `meaning.py FOLDER MODEL ...` these.

Every state is compared at every step, and all spikes (comparison.py says how closely). Runs that a
decision within the bound ends are counted: one that ends before half its time proves nothing, and
at most one in twenty may.
"""

import os
import sys

from comparison import compare
from suitelib import Failed, for_each, fresh, model_count, random_model, run

MOST_SHORT = 0.05


def check(model):
    """The outcome of one model; raises Failed."""
    stem = model[: -len(".syn")]
    run(model, stem + "-cpu.csv", "-O", "0", "--lanes", "1", "--threads", "1")
    run(model, stem + "-reference.csv", "--target", "reference")
    return compare(model, stem + "-cpu.csv", stem + "-reference.csv")


def random_case(folder):
    def case(seed):
        try:
            return check(random_model(folder, seed))
        except Failed as failure:
            return f"model {seed}: {failure}"

    return case


def copy(folder, path):
    """Outputs go to the folder, not beside the model."""
    target = os.path.join(folder, os.path.basename(path))
    with open(path) as source, open(target, "w") as file:
        file.write(source.read())
    return target


def main(folder, *models):
    fresh(folder)
    if models:
        for model in models:
            outcome = check(copy(folder, model))
            print(f"{os.path.basename(model)}: {outcome.spikes} spikes, difference {outcome.largest:.1e}")
        print("PASS")
        return 0
    results = for_each(random_case(folder), range(1, model_count(200) + 1))
    failures = [result for result in results if isinstance(result, str)]
    good = [result for result in results if not isinstance(result, str)]
    for failure in failures:
        print(failure)
    spiking = sum(1 for outcome in good if outcome.spikes)
    ended = [outcome for outcome in good if outcome.ended < 1]
    short = sum(1 for outcome in ended if outcome.ended < 0.5)
    print(f"{len(results)} models, {spiking} with spikes, {len(failures)} differ, {len(ended)} ended by a "
          f"decision within the bound, {short} of them before half their time; largest difference "
          f"{max((outcome.largest for outcome in good), default=0):.1e}")
    if failures or spiking < 0.7 * len(results) or short > MOST_SHORT * len(results):
        return 1
    print("PASS")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
