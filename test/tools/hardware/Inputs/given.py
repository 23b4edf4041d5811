"""Spikes for the inputs of duo.syn: about 14 in a step, none in some, many in others."""

import random

random.seed(4)
print("element,time")
for step in range(1, 300):
    if step % 7 == 3:
        continue
    count = 55 if step % 50 == 25 else 14
    for element in sorted(random.sample(range(60), count)):
        print(f"{element},{step / 10:.1f}")
