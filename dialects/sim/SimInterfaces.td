//===- SimInterfaces.td - what every structured op has in common ---===//
#ifndef SYNFIRE_SIM_INTERFACES
#define SYNFIRE_SIM_INTERFACES

include "mlir/IR/OpBase.td"

def Sim_LaunchInterface : OpInterface<"LaunchInterface"> {
  let cppNamespace = "::synfire::sim";
  let description = [{ An op that runs a kernel with its fields bound to data. }];
  let methods = [
    InterfaceMethod<"the kernel's name", "::llvm::StringRef", "kernelName", (ins)>,
    InterfaceMethod<"the domain or connections it runs over", "::llvm::StringRef", "overName", (ins)>,
    InterfaceMethod<"one symbol or constant per field, in order", "::mlir::ArrayAttr", "bindings", (ins)>
  ];
}

#endif
