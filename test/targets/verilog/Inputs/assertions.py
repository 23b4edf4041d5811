"""Whether all that a design asserts holds: `assertions.py FOLDER`."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "suites"))
import equivalence  # pylint: disable=wrong-import-position

holds, count = equivalence.keeps_assertions(os.path.abspath(sys.argv[1]), "net", 60)
print(f"{count} assertions hold" if holds else f"not all of {count} assertions hold")
sys.exit(0 if holds else 1)
