//===- Passes.td - from kernels over one element to functions over slices ---===//
include "mlir/Pass/PassBase.td"

def SimToLoopsPass : Pass<"sim-to-loops", "::mlir::ModuleOp"> {
  let summary = "make a function of each kernel: loops over steps, elements, spikes and connections (exact)";
  let description = [{
    The function has the signature of `syn_function` in synfire.h. Updates are explicit vector code of
    `lanes` elements over padded arrays, so there is no remainder; one lane gives scalar code with the
    same results to the last bit. Connections with values of their own are handled as many at a time: what
    lies behind the end of a row is computed with it, and stays as it was. Connections that follow the spikes
    of their targets wait for the one with most of them, or, with `compresses`, their spikes are first put
    into lists, a block of connections at a time, so that every lane has one.

    ```mlir
    sim.kernel @k { ... }
    ->
    func.func @k(%slots: !llvm.ptr, %range: !llvm.ptr) { scf.for ... }
    ```
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16",
           "elements per vector: 1, 2, 4, 8 or 16; 0: what suits each kernel">,
    Option<"vectorBits", "vector-bits", "int64_t", "256", "width of the machine's vectors, where lanes is 0">,
    Option<"convertsWide", "converts-wide", "bool", "false",
           "the machine converts between vectors of i64 and f64; otherwise halves or single numbers are">,
    Option<"compresses", "compresses", "bool", "false",
           "the machine moves chosen lanes of a vector together: spikes that connections follow are packed">
  ];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
                           "::mlir::LLVM::LLVMDialect", "::mlir::func::FuncDialect"];
}
