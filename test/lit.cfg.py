"""What a test in this tree may use: programs, substitutions, features."""

import glob
import importlib.util
import os
import shutil
import sys

import lit.formats

config.name = "synfire"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".syn", ".test"]
config.excludes = ["Inputs", "CMakeLists.txt", "README.md"]
config.test_source_root = os.path.join(config.synfire_root, "test")
config.test_exec_root = os.path.join(config.synfire_build, "test")

# synfire, synfire-opt and the small tools of the tests; FileCheck, not, count, split-file.
config.environment["PATH"] = os.pathsep.join(
    [
        os.path.join(config.synfire_build, "bin"),
        config.llvm_tools_dir,
        config.environment["PATH"],
    ]
)
# A picture or a bar must not depend on who watches, a message not on the country.
config.environment["LC_ALL"] = "C.UTF-8"
config.environment["TERM"] = "dumb"
# Verilator's own part of a simulation is compiled once for all tests.
config.environment["SYNFIRE_VERILATED"] = os.path.join(config.test_exec_root, "verilated")

config.substitutions += [
    ("%python", sys.executable),
    ("%root", config.synfire_root),
    ("%examples", os.path.join(config.synfire_root, "examples")),
    ("%library", os.path.join(config.synfire_root, "library")),
    ("%synfire_lib", os.path.join(config.synfire_build, "lib")),
    ("%mlir_include", config.llvm_include_dir),
]

# `REQUIRES: gpu` and the like: what is not part of every machine.
for program in ["iverilog", "verilator", "yosys", "yosys-abc", "yosys-smtbmc", "z3", "nextpnr-ice40", "gnuplot"]:
    if shutil.which(program):
        config.available_features.add(program)
for module in ["brian2", "h5py", "pexpect"]:
    if importlib.util.find_spec(module):
        config.available_features.add(module)
if shutil.which("clang-format-22"):
    config.available_features.add("clang-format")
if glob.glob("/dev/nvidia[0-9]*"):
    config.available_features.add("gpu")
