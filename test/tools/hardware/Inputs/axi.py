"""Beats for axi_bench.v from the spikes of a run, and what should come back.

axi.py beats FOLDER RUN.csv STEPS: writes beats.hex, prints the macros for iverilog -c
axi.py compare FOLDER RUN.csv STEPS < output of the bench
"""

import csv
import json
import sys

what, folder, path, steps = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
design = json.load(open(folder + "/duo.json"))
first = {source["name"]: source for source in design["sources"]}
given = [[] for _ in range(steps)]
expected = set()
for row in csv.DictReader(open(path)):
    source = first[row["population"]]
    step = round(float(row["time [ms]"]) / design["step_ms"]) - 1
    number = source["first"] + int(row["element"])
    if source["input"]:
        if step < steps:
            given[step].append(number)
    elif step < steps:
        expected.add((step, number))

if what == "beats":
    with open(folder + "/beats.hex", "w") as file:
        for events in given:
            file.writelines(f"{event:08x}\n" for event in events)
            file.write("80000000\n")
    count = sum(len(events) + 1 for events in given)
    for name, value in [("BEATS", count), ("STEPS", steps), ("WORDS", design["load_words"])]:
        print(f"+define+{name}={value}")
else:
    came, step, registers = set(), 0, {}
    for line in sys.stdin:
        words = line.split()
        if words[0] == "beat":
            value = int(words[1], 16)
            if words[2] == "1":
                assert value == 1 << 31 | step, line
                step += 1
            elif step < steps:
                came.add((step, value))
        elif words[0] == "register":
            registers[words[1]] = int(words[2])
        elif "finish" not in line:
            sys.exit(line)
    assert registers["00"] == 0x53464131
    assert registers["08"] == design["cells"] and registers["0c"] == design["inputs"]
    assert registers["10"] == 0 and registers["18"] == steps + 10
    assert registers["1c"] == sum(map(len, given)), registers
    assert came == expected, (len(came), len(expected), sorted(came ^ expected)[:5])
    print(f"{len(came)} spikes in {step} steps as in the run")
