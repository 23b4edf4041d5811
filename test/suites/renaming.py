"""A model's names and the order of its declarations are of no account: `renaming.py FOLDER LIBRARY`.

So with random models, and with a copy of every neuron and synapse of the standard library. Neurons, synapses, their parameters, states, inputs and lets get other names, and parameters another
order; hashes stay. Names of circuits, populations and stimuli key the random numbers (D1) and stay.
"""

import os
import re
import sys

from suitelib import Failed, files_of, for_each, fresh, hashes, random_model, run

DECLARED = re.compile(r"^(?:neuron|synapse|function) (\w+)|^  (?:parameter|state|input|let) (.*)$",
                      re.MULTILINE)
KEPT = {"weight", "delay"}


def declared(text):
    """Names that a model declares in its neurons and synapses."""
    names = set()
    for whole, members in DECLARED.findall(text):
        names.add(whole or None)
        names.update(re.findall(r"(\w+) [=:] ", members))
    return names - KEPT - {None, ""}


def renamed(text):
    """The model with other names. Names that random numbers are keyed by stay: those of states
    and parameters that are drawn, and of what has noise in its equation."""
    drawn = set(re.findall(r"(\w+) ~|(\w+)'* = .*noise\(\)", text))
    drawn = {name for both in drawn for name in both}
    names = sorted(declared(text) - drawn)
    new = {name: f"q{number}_{name[::-1]}" for number, name in enumerate(names)}
    # What stands in quotes names files and their columns.
    words = re.compile(r'"[^"]*"|\b(' + "|".join(map(re.escape, names)) + r")\b")
    return words.sub(lambda word: new.get(word.group(), word.group()), text), len(names)


def permuted(text):
    """The model with the members of its neurons and synapses in the reverse order."""
    def reverse(match):
        members = match.group(2).splitlines(keepends=True)
        parameters = [line for line in members if line.startswith("  parameter")]
        others = [line for line in members if not line.startswith("  parameter")]
        return match.group(1) + "".join(others + parameters[::-1]) + "}\n"

    return re.sub(r"(^(?:neuron|synapse) [^\n]*\{\n)(.*?)^\}\n", reverse, text,
                  flags=re.MULTILINE | re.DOTALL)


def check(what, path, text):
    """The model of that text, renamed and permuted, gives the same; raises Failed."""
    with open(path, "w") as file:
        file.write(text)
    expected = answers(path)
    other, count = renamed(text)
    for how, changed in (("renamed", other), ("permuted", permuted(text))):
        if how == "renamed" and (changed == text or count < 3):
            raise Failed(f"{what} cannot be {how}")
        copy = path[: -len(".syn")] + f"-{how}.syn"
        with open(copy, "w") as file:
            file.write(changed)
        if answers(copy) != expected:
            raise Failed(f"{what} {how} gives other spikes or traces")


def answers(path):
    """Hashes, and the numbers of all traces without their titles."""
    output = path[: -len(".syn")] + ".csv"
    summary = run(path, output, "--threads", "1")
    traces = sorted(content.split(b"\n", 1)[1] for name, content in files_of(output).items() if name != ".csv")
    return hashes(summary), traces


def random_case(folder, seed):
    path = random_model(folder, seed)
    with open(path) as file:
        check(f"model {seed}", path, file.read())


def declarations(path):
    """{name: text} of the neurons and synapses of a file, one member a line."""
    with open(path) as file:
        source = re.sub(r" *#.*", "", file.read())
    result = {}
    for match in re.finditer(r"^(?:neuron|synapse) (\w+)", source, re.MULTILINE):
        depth, end = 1, source.index("{", match.start()) + 1
        begin = end
        while depth:
            depth += {"{": 1, "}": -1}.get(source[end], 0)
            end += 1
        body = re.sub(r",\n\s+", ", ", source[begin: end - 1])
        members = []
        # A handler stays on one line, whatever it contains.
        flat = re.sub(r"\{[^{}]*\}", lambda b: "; ".join(b.group().split("\n")).replace("{;", "{").replace("; }", " }")
                      .replace(";", "\0"), body)
        for member in re.split(r"[;\n]", flat):
            member = re.sub(r"\s+", " ", member.replace("\0", ";")).strip()
            keyword, _, rest = member.partition(" ")
            parts = re.split(r", ", rest) if keyword in ("parameter", "state") else [rest]
            members += [f"  {keyword} {part}\n" for part in parts if member]
        result[match.group(1)] = source[match.start(): begin] + "\n" + "".join(members) + "}\n"
    return result


RUN = "experiment {{ simulate Net for 100 ms {{ step = 0.1 ms, seed = 1; record {state} of P{spikes} }} }}\n"
DRIVES = {"pA": "600 pA", "[mV/ms]": "12 [mV/ms]", "1": "0.6"}


def neuron_model(text):
    """A model of one neuron of the library, driven more from element to element."""
    state = re.search(r"state (\w+)", text).group(1)
    unit = re.search(r"input (\w+) : (\S+)", text)
    drive = (f"stimulate P.{unit.group(1)} : current({DRIVES[unit.group(2)]} * (1 + 0.1 * index))" if unit else
             "stimulate P : spikes at 5 ms every 7 ms times 10 through Kick")
    kick = "" if unit else f"synapse Kick {{\n  parameter weight = 2 mV\n  on pre {{ post.{state} += weight }}\n}}\n"
    spikes = "; record spikes of P" if "spike when" in text else ""
    return (text + kick + f"circuit Net {{ population P : {text.split()[1]}[12]; {drive} }}\n"
            + RUN.format(state=state, spikes=spikes))


def synapse_model(text, neurons):
    """A model of one synapse of the library, between cells of the library that fit it."""
    rates = "pre.r" in text
    cell = neurons["WilsonCowan" if rates else "LifCurrent"]
    name, cells = text.split()[1], cell.split()[1]
    weight = "{ weight = 2 }" if rates else ""
    drive = "0.6" if rates else "600 pA"
    return (text + cell + f"circuit Net {{\n  population P : {cells}[12]\n"
            f"  stimulate P.I : current({drive} * (1 + 0.1 * index))\n"
            f"  project P -> P : {name} {weight} connect fixed_indegree(3)\n}}\n"
            + RUN.format(state="r" if rates else "v", spikes="" if rates else "; record spikes of P"))


def library_cases(folder, library):
    neurons = declarations(os.path.join(library, "std", "neurons.syn"))
    synapses = declarations(os.path.join(library, "std", "synapses.syn"))
    texts = {name: neuron_model(text) for name, text in neurons.items()}
    texts.update({name: synapse_model(text, neurons) for name, text in synapses.items()})
    return [(lambda name=name, text=text: check(name, os.path.join(folder, name + ".syn"), text))
            for name, text in texts.items()]


def main(folder, library):
    fresh(folder)

    def outcome(case):
        try:
            case()
            return None
        except Failed as failure:
            return str(failure)

    cases = library_cases(folder, library)
    if len(cases) < 22:
        print(f"only {len(cases)} models of the library")
        return 1
    cases += [lambda seed=seed: random_case(folder, seed) for seed in range(3001, 3013)]
    failures = [failure for failure in for_each(outcome, cases) if failure]
    for failure in failures:
        print(failure)
    if not failures:
        print("PASS")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
