//===- Passes.td - from what a model says to how it advances ---===//
include "mlir/Pass/PassBase.td"

def NeuroToSimPass : Pass<"neuro-to-sim", "::mlir::ModuleOp"> {
  let summary = "make a sim program of a circuit and its experiment (numeric)";
  let description = [{
    One domain per population, one array per variable, one update kernel per structure of a
    population: its solvers, jumps, spike rule and Poisson inputs. Synapse variables go to the target
    or the source as the lumping analysis found. Kernels that are equal are shared: those of populations and
    projections that are alike are built once and bound for each, so that compiling hardly depends on how many there are.

    ```mlir
    neuro.population @E of @Lif size 10000 ...
    ->
    sim.domain @E size 10000 emits 0
    sim.array @"E.v" : f64 state over @E
    sim.kernel @update_Lif { ... }
    sim.update @update_Lif over @E bind [@"E.v", ...]
    ```
  }];
  let options = [Option<"share", "share", "bool", "true",
                        "build the kernels of what is alike only once; the program is the same">];
  let dependentDialects = ["::synfire::sim::SimDialect", "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}
