"""Counts the results of lit and prints them as the last line: `N passed, N failed, N skipped`.

An expected failure passes, an unexpected success fails; a test that this machine cannot run is
skipped. Exits with 1 where a test failed or none passed.
"""

import sys
import xml.etree.ElementTree


def main(path):
    try:
        tests = list(xml.etree.ElementTree.parse(path).getroot().iter("testcase"))
    except (OSError, xml.etree.ElementTree.ParseError) as error:
        print(f"no results of the tests: {error}")
        tests = []
    failed = [test for test in tests if test.find("failure") is not None]
    skipped = [test for test in tests if test.find("skipped") is not None]
    passed = len(tests) - len(failed) - len(skipped)
    for test in failed:
        print(f"failed: {test.get('classname')} {test.get('name')}")
    line = f"{passed} passed, {len(failed)} failed"
    if skipped:
        line += f", {len(skipped)} skipped"
    print(line)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
