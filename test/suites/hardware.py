"""Designs of hardware, from the model to simulators: `hardware.py MODEL FOLDER [--vectors N]` builds one and
checks it in every way that the programs of this machine allow."""

import glob
import os
import re
import shutil
import subprocess
import sys

from suitelib import Failed, execute

HAS = {name: bool(shutil.which(name)) for name in ("iverilog", "verilator", "yosys")}


def call(folder, *command):
    """What a program prints, in the folder of a design; it must succeed."""
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600, check=False)
    text = done.stdout.decode(errors="replace")
    if done.returncode != 0:
        raise Failed(f"`{' '.join(command)[:100]}` gave {done.returncode}: {text[-500:]}")
    return text


class Refused(Failed):
    """The compiler said that a model has no hardware form."""


class Design:
    """The files of one design."""

    def __init__(self, folder):
        self.folder = folder
        bench = glob.glob(os.path.join(folder, "test", "*_tb.v"))
        self.top = os.path.basename(bench[0])[: -len("_tb.v")]
        self.modules = sorted(os.path.basename(path) for path in glob.glob(os.path.join(folder, "*.v")))

    def lint(self):
        """No tool has anything to say."""
        if HAS["verilator"]:
            self.silent("verilator", "--lint-only", "-Wall", "--top-module", self.top, *self.modules)
        if HAS["iverilog"]:
            self.silent("iverilog", "-g2005", "-Wall", "-o", "test/tb.vvp", *self.modules, f"test/{self.top}_tb.v")
        if HAS["yosys"]:
            script = f"read_verilog {' '.join(self.modules)}; hierarchy -check -top {self.top}; proc; check -assert; " \
                     "select -assert-none t:$dlatch t:$adlatch t:$sr"
            call(self.folder, "yosys", "-q", "-p", script)

    def silent(self, *command):
        said = call(self.folder, *command).strip()
        if said:
            raise Failed(f"`{command[0]}` says: {said[:500]}")

    def simulate(self):
        """The last line of the testbench."""
        call(self.folder, "iverilog", "-g2005", "-o", "test/tb.vvp", *self.modules, f"test/{self.top}_tb.v")
        return call(self.folder, "vvp", "-n", "test/tb.vvp").strip().splitlines()[-1]

    def verilate(self, optimize="-O1"):
        """Makes test/lockstep/Design."""
        verilate(self.folder, self.top, "test/lockstep", "../lockstep.cpp", ["test/lockstep.vlt", *self.modules], optimize)

    def lockstep(self, *options):
        """(whether all is equal, what the driver says)"""
        code, out, err = execute_in(self.folder, ["test/lockstep/Design", *options])
        return code == 0 and out.rstrip().endswith("PASS"), (out + err).strip()


def verilate(folder, top, made, driver, files, optimize="-O1"):
    """Makes the program `made`/Design of a module and a driver, which includes Design.h; without the makefile: most of its time
    goes into what is the same for all."""
    shutil.rmtree(os.path.join(folder, made), ignore_errors=True)
    call(folder, "verilator", "--cc", "-O3", "--flatten", "-Wno-fatal", "--top-module", top, "--prefix", "Design", "--Mdir", made,
         *files)
    parts = sorted(path for path in os.listdir(os.path.join(folder, made)) if re.match(r"Design.*\.cpp$", path) and "__ALL" not in path)
    with open(os.path.join(folder, made, "all.cc"), "w") as file:
        file.write("".join(f'#include "{name}"\n' for name in [*parts, driver]))
    include = os.path.join(verilator_root(), "include")
    call(folder, compiler(), "-std=c++17", optimize, "-w", f"-I{include}", f"-I{include}/vltstd", f"-I{made}", f"{made}/all.cc",
         *runtime_objects(), "-pthread", "-o", f"{made}/Design")


def execute_in(folder, command, limit=600):
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return None, "", "ran past its time limit"
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def verilator_root():
    return subprocess.run(["verilator", "--getenv", "VERILATOR_ROOT"], capture_output=True, check=True).stdout.decode().strip()


def compiler():
    return next(name for name in ("clang++-22", "clang++", "g++", "c++") if shutil.which(name))


def runtime_objects():
    """The simulator's own part, compiled once for all designs below the folder of the tests."""
    include = os.path.join(verilator_root(), "include")
    folder = os.path.join(os.environ.get("SYNFIRE_VERILATED", os.path.join(os.getcwd(), "verilated")))
    os.makedirs(folder, exist_ok=True)
    objects = []
    for name in ("verilated", "verilated_threads"):
        path = os.path.join(folder, name + ".o")
        if not os.path.exists(path):
            part = f"{path}.{os.getpid()}"
            call(folder, compiler(), "-std=c++17", "-O1", "-w", f"-I{include}", f"-I{include}/vltstd", "-c",
                 os.path.join(include, name + ".cpp"), "-o", part)
            os.replace(part, path)  # another test may have been as fast
        objects.append(path)
    return objects


def build(model, folder, *options):
    shutil.rmtree(folder, ignore_errors=True)
    command = ["synfire", "build", model, "--emit", "verilog", "-o", folder, *options]
    code, _, err = execute(command)
    if code == 1:
        raise Refused(next((line for line in err.splitlines() if "error: " in line), "no word of why"))
    if code != 0:
        raise Failed(f"`{' '.join(command)}` gave {code}: {err[:300]}")
    return Design(folder)


def main(model, folder, *options):
    design = build(model, folder, *options)
    design.lint()
    said = design.simulate() if HAS["iverilog"] else "PASS"
    print("iverilog:", said)
    good = said.startswith("PASS")
    if HAS["verilator"]:
        design.verilate()
        for stall in ([], ["--stall"]):
            equal, said = design.lockstep(*stall)
            print("verilator:", said)
            good = good and equal
    if good:
        print("PASS")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
