"""Writes `images.gz` and `labels.gz`: 28 x 28 pixels with a bar on the left, in the middle or on the right, each
a little differently. The labels are 0, 1, 2. `other-images.gz` and `other-labels.gz` hold others of their kind."""

import gzip
import random
import struct

random.seed(1)
for prefix, count in (("", 80), ("other-", 30)):
    images, labels = [], []
    for _ in range(count):
        label = random.randrange(3)
        labels.append(label)
        left = 3 + 9 * label + random.randint(-1, 1)
        images += [255 if left <= x < left + 5 and random.random() < 0.9 else 0 for y in range(28) for x in range(28)]
    for name, shape, numbers in (("images", (count, 28, 28), images), ("labels", (count,), labels)):
        header = struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape)
        with open(f"{prefix}{name}.gz", "wb") as file:
            file.write(gzip.compress(header + bytes(numbers), mtime=0))
