"""Writes files of the idx format, plain or compressed."""

import gzip
import struct

TYPES = {0x08: "B", 0x09: "b", 0x0B: "h", 0x0C: "i", 0x0D: "f", 0x0E: "d"}


def write(path, shape, numbers, kind=0x08):
    """`numbers` of the type `kind` in dimensions `shape`; compressed where the name ends so."""
    data = struct.pack(f">BBBB{len(shape)}I", 0, 0, kind, len(shape), *shape)
    data += struct.pack(f">{len(numbers)}{TYPES[kind]}", *numbers)
    with open(path, "wb") as file:
        # Without a time stamp the same numbers give the same file.
        file.write(gzip.compress(data, mtime=0) if path.endswith(".gz") else data)
