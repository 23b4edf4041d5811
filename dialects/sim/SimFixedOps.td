//===- SimFixedOps.td - values as integers ---===//
#ifndef SYNFIRE_SIM_FIXED_OPS
#define SYNFIRE_SIM_FIXED_OPS

include "dialects/sim/SimDialect.td"

def Sim_FixedOp : Sim_Op<"fixed", [Pure]> {
  let summary = "a multiple of 2^-fraction as an integer";
  let description = [{ The value is such a multiple, and small enough. Example: `%q = sim.fixed %x fraction 10 : f64 to i64` }];
  let arguments = (ins Sim_Real:$value, I64Attr:$fraction);
  let results = (outs Sim_Sum:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$value `fraction` $fraction attr-dict `:` type($value) `to` type($result)";
}
def Sim_RealOp : Sim_Op<"real", [Pure]> {
  let summary = "the number that an integer stands for, in units of 2^-fraction";
  let description = [{ Exact. Example: `%x = sim.real %q fraction 10 : i64 to f64` }];
  let arguments = (ins Sim_Sum:$value, I64Attr:$fraction);
  let results = (outs Sim_Real:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$value `fraction` $fraction attr-dict `:` type($value) `to` type($result)";
}
def Sim_SaturateOp : Sim_Op<"saturate", [Pure, AllTypesMatch<["value", "result"]>]> {
  let summary = "the nearest integer of so many bits, sign included";
  let description = [{ Example: `%s = sim.saturate %q to 16 : i64` }];
  let arguments = (ins Sim_Sum:$value, I64Attr:$bits);
  let results = (outs Sim_Sum:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$value `to` $bits attr-dict `:` type($result)";
}

#endif
