"""Whether a design counts the events of a Poisson stimulus as runtime/random.md, section 5, says, for each random number at
which the count changes: most of them are too rare for any run to draw."""

import math
import os
import re

import hardware


def thresholds(mean):
    """The words from which on there is one event more."""
    probability = total = math.exp(-mean)
    found, k = [], 0
    while math.ceil(2**32 * total) < 2**32:
        found.append(math.ceil(2**32 * total))
        k += 1
        probability = probability * mean / k
        if total + probability == total and k > mean:
            break
        total += probability
    return found


def are_right(design, module, mean):
    """Gives `module`, which draws once a cell, the words beside each threshold, each in all four places of a block."""
    table = thresholds(mean)
    words = sorted({0, 2**32 - 1, *(word + step for word in table for step in (-1, 0, 1) if word + step < 2**32)})
    lines = ["module counts_tb;", "reg clk = 0, rst = 1, start = 0; wire busy;",
             f"{module} dut(.clk(clk), .rst(rst), .start(start), .step(32'd0), .busy(busy));",
             "task edge_; begin #1 clk = 1; #1 clk = 0; end endtask", "integer place, wrong; initial begin wrong = 0;",
             "edge_; edge_; rst = 0; start = 1; edge_; start = 0;"]
    for word in words:
        # Other words of the block would give another count.
        count = sum(word >= other for other in table)
        rest = 0 if count else 2**32 - 1
        lines += ["for (place = 0; place < 4; place = place + 1) begin",
                  f"force dut.random0_words = {{4{{32'd{rest}}}}} ^ (({{4{{32'd{rest}}}}} ^ {{4{{32'd{word}}}}}) & (128'hffffffff << (32 * place)));",
                  f"force dut.at = place; edge_; if (dut.count0 !== {count}) wrong = wrong + 1; end"]
    lines += ['if (wrong == 0) $display("PASS"); else $display("FAIL"); $finish; end endmodule', ""]
    with open(os.path.join(design.folder, "test", "counts_tb.v"), "w") as file:
        file.write("\n".join(lines))
    with open(os.path.join(design.folder, module + ".v")) as file:
        part = re.search(r"^  (\w+) random0 \(", file.read(), re.M)[1]
    hardware.call(design.folder, "iverilog", "-g2005", "-o", "test/counts.vvp", f"{module}.v", f"{part}.v", "test/counts_tb.v")
    return hardware.call(design.folder, "vvp", "-n", "test/counts.vvp").strip().endswith("PASS")
