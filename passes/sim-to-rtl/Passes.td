//===- Passes.td - from a program to hardware ---===//
#ifndef SYNFIRE_SIM_TO_RTL_PASSES
#define SYNFIRE_SIM_TO_RTL_PASSES

include "mlir/Pass/PassBase.td"

def SimToRtlPass : Pass<"sim-to-rtl", "::mlir::ModuleOp"> {
  let summary = "neuron engines, synapse engines and their control, as registers and wires";
  let description = [{
    Of a frozen, quantised program whose connections are written down (`pairs`, `steps`, and `values` of arrays over them). An update
    becomes a pipeline that takes one cell a clock; its stages follow from the SSA form of the kernel and the clock's `period`.
    Sums of a kernel become a synapse engine: a memory of sums, a slot for each step of delay, and one of weights, several
    targets in a word. Products with constants are sums, or as many of them as `multipliers` allows are multipliers. Queues of events and a control that steps biological time connect them. Programs with what has no hardware
    form, such as couplings of potentials or rules of plasticity, are refused.

    ```mlir
    sim.program @Small { ... sim.update @lif over @E bind [...] }
    ->
    rtl.module @e_neurons(in %rst: i1, in %start: i1, ...) { ... }   rtl.module @small(in %rst: i1, in %step: i1, ...) { ... }
    ```
  }];
  let options = [
    Option<"period", "period", "double", "27", "ns of logic between two registers">,
    Option<"loadedAbove", "loaded-above", "uint64_t", "0", "weights of more bits are loaded by the host; 0: none are">,
    Option<"huge", "huge", "bool", "true", "they go to memories without start values (SPRAM)">,
    Option<"readable", "readable", "bool", "false", "the host can read weights that learn, by uart">,
    Option<"multipliers", "multipliers", "unsigned", "0", "multipliers of the target that products with constants may use">,
    Option<"wrap", "wrap", "std::string", "\"aer\"", "what is around the design: aer (nothing), axi or uart">,
    Option<"clocksPerBit", "clocks-per-bit", "unsigned", "24", "clocks of a bit on the line of uart">
  ];
  let dependentDialects = ["::synfire::rtl::RtlDialect", "::mlir::arith::ArithDialect"];
}

#endif
