"""Includes go one way (docs/architecture.md): tools, targets, passes, dialects; frontend, dialects.

The runtime is what compiled models link with and knows nothing of LLVM. A dialect counts as included
where it is named: the precompiled header knows all of them.
"""

import re
import sys

from lintlib import CPP, Report, files, text

LLVM = ["llvm/"]
MLIR = ["llvm/", "mlir/"]
RANDOM = "runtime/random/"  # the numbers are a contract of compiler and runtime
ABI = "runtime/synfire.h"
PIPELINES = ["passes/Pipelines.h", "passes/neuro/Pipelines.h"]
FRAMES = ["runtime/frames/", "runtime/report/Status.h"]  # files that the compiler looks into
NEURO_QUERIES = "passes/neuro/analysis/"  # questions about a model; free of passes

# The longest folder that a file is below decides: what of the project it may include besides its
# own folder, and which libraries (`<...>` of the standard library is free).
LAYERS = {
    "frontend/source": ([], LLVM),
    "frontend/ast": (["frontend/source/"], LLVM),
    # The one list of messages pulls in those of sema.
    "frontend/diagnostics": (["frontend/source/", "frontend/sema/SemaDiagnostics.def"], LLVM),
    "frontend/parse": (
        ["frontend/source/", "frontend/ast/", "frontend/diagnostics/"],
        LLVM + ["antlr4-runtime.h", "SynfireLexer.h", "SynfireParser"],
    ),
    "frontend/format": (
        ["frontend/source/", "frontend/ast/", "frontend/diagnostics/", "frontend/parse/"],
        LLVM,
    ),
    "frontend/sema": (
        ["frontend/source/", "frontend/ast/", "frontend/diagnostics/", "frontend/parse/"],
        LLVM + ["hdf5.h"],
    ),
    "frontend/tools": (["frontend/"], MLIR),
    "frontend": (["dialects/neuro/"], MLIR),
    "dialects/neuro": ([], MLIR),
    "dialects/sim": ([], MLIR),
    "dialects/rtl": ([], MLIR),
    "passes/neuro/analysis": (["dialects/neuro/", RANDOM], MLIR + ["fmt/"]),
    "passes/neuro": (["dialects/neuro/", RANDOM, *FRAMES], MLIR + ["fmt/"]),
    "passes/neuro-to-sim": (["dialects/", NEURO_QUERIES, RANDOM, ABI], MLIR + ["fmt/"]),
    "passes/sim": (["dialects/sim/", RANDOM, ABI], MLIR + ["fmt/"]),
    # Draws and propagators are expanded while loops are made, by the same formulas.
    "passes/sim-to-loops": (
        ["dialects/sim/", "passes/sim/MathExpansion.h", "passes/sim/Rates.h", RANDOM, ABI],
        MLIR + ["fmt/"],
    ),
    # Hardware is as wide as the analysis of ranges found.
    "passes/sim-to-rtl": (["dialects/", "passes/sim/fixed/", RANDOM, ABI], MLIR + ["fmt/"]),
    "passes/rtl": (["dialects/rtl/"], MLIR + ["fmt/"]),
    "passes": (["dialects/"], MLIR + ["fmt/"]),  # Pipelines, which sees all passes
    # The definition of the language: no pass, no storage, no code of a target.
    "targets/reference": (["dialects/neuro/", RANDOM, "runtime/connect/", *FRAMES], MLIR + ["fmt/"]),
    "targets": (["dialects/", *PIPELINES, "runtime/"], MLIR + ["fmt/"]),
    "runtime/random": ([ABI], []),
    "runtime/record": (["runtime/"], ["hdf5.h", "H5"]),
    "runtime/frames": (["runtime/report/"], ["zlib.h"]),
    "runtime/report": (["runtime/"], ["nlohmann/"]),
    "runtime/engine": (["runtime/"], ["CLI/"]),  # the command line of executables
    "runtime": ([], []),
    # A design is planned to say what its run must give, and described beside its text.
    "tools": (["frontend/", "dialects/", "passes/sim-to-rtl/Design.h", "passes/sim-to-rtl/Description.h", *PIPELINES, "targets/", "runtime/"],
              MLIR + ["fmt/", "CLI/", "nlohmann/", "histedit.h", "editline/"]),
}

SYSTEM = re.compile(r"^([a-z_0-9]+|(sys|linux|netinet|arpa)/[a-z_0-9.]+|[a-z_0-9]+\.h)$")
LIBRARY_HEADERS = re.compile(r"^(hdf5\.h|zlib\.h|antlr4-runtime\.h|H5.*)$")
INCLUDE = re.compile(r'^\s*#\s*(?:include|import)\s*([<"])([^>"]+)[>"]|^\s*include\s+(")([^"]+)"')
DIALECT = re.compile(r"\b(neuro|rtl|sim)::")
PROJECT = ("frontend/", "dialects/", "passes/", "targets/", "runtime/", "tools/", "test/", "bench/")


def layer_of(path):
    found = [layer for layer in LAYERS if path.startswith(layer + "/")]
    return max(found, key=len, default=None)


def check(path, line, name, angled, report):
    layer = layer_of(path)
    within, libraries = LAYERS[layer]
    if name.startswith(PROJECT):
        if name.startswith((layer + "/", *within)):
            return
        # Files of one folder, and folders of a part that has no rule of its own.
        report.breach(path, line, f"`{layer}` may not include `{name}`")
    elif "/" not in name and not angled and layer != "frontend/parse":
        report.breach(path, line, f"`{name}`: includes are written from the root of the tree")
    elif name.startswith(tuple(libraries)):
        return
    elif angled and SYSTEM.match(name) and not LIBRARY_HEADERS.match(name):
        return
    else:
        report.breach(path, line, f"`{layer}` may not use the library of `{name}`")


def main(root):
    report = Report()
    looked_at = 0
    tops = ["frontend", "dialects", "passes", "targets", "runtime", "tools"]
    for path in files(root, CPP + (".td",), tops):
        if layer_of(path) is None:
            report.breach(path, 1, "no rule in test/lint/layers.py says what this folder may include")
            continue
        looked_at += 1
        # What stands in a raw string is text that is written elsewhere.
        source = re.sub(r'R"\((.*?)\)"', lambda raw: "\n" * raw.group(0).count("\n"), text(root, path), flags=re.S)
        for number, line in enumerate(source.splitlines(), 1):
            match = INCLUDE.match(line)
            if match:
                name = match.group(2) or match.group(4)
                check(path, number, name, match.group(1) == "<", report)
            for dialect in DIALECT.findall(line.partition("//")[0]):
                check(path, number, f"dialects/{dialect}/", False, report)
    report.done(looked_at)


if __name__ == "__main__":
    main(sys.argv[1])
