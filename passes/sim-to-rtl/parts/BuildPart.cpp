//===- BuildPart.cpp - one part of the library, for tests and for study ---===//
#include "passes/sim-to-rtl/parts/BuildPart.h"

#include "passes/sim-to-rtl/parts/Fifo.h"
#include "passes/sim-to-rtl/parts/Philox.h"
#include "passes/sim-to-rtl/parts/Uart.h"

#include "mlir/Pass/Pass.h"

using namespace mlir;
using namespace synfire;

namespace {

struct BuildPartPass : PassWrapper<BuildPartPass, OperationPass<mlir::ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(BuildPartPass)

  BuildPartPass() = default;
  BuildPartPass(const BuildPartPass &other) : PassWrapper(other) {}

  StringRef getArgument() const override { return "rtl-build-part"; }
  StringRef getDescription() const override { return "adds the module of a part to a design"; }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<rtl::RtlDialect, arith::ArithDialect>();
  }

  Option<std::string> part{*this, "part", llvm::cl::desc("fifo, philox, uart-tx or uart-rx")};
  Option<unsigned> width{*this, "width", llvm::cl::desc("bits of a word"), llvm::cl::init(8)};
  Option<unsigned> depth{*this, "depth", llvm::cl::desc("words of a queue"), llvm::cl::init(16)};
  Option<unsigned> clocksPerBit{*this, "clocks-per-bit",
                                llvm::cl::desc("clocks of a bit on a line"), llvm::cl::init(104)};
  Option<unsigned> stream{*this, "stream", llvm::cl::desc("which random numbers"),
                          llvm::cl::init(1)};
  Option<uint64_t> seed{*this, "seed", llvm::cl::desc("of random numbers"), llvm::cl::init(1)};

  void runOnOperation() override {
    auto builder = OpBuilder::atBlockEnd(getOperation().getBody());
    Location loc = getOperation().getLoc();
    if (part == "fifo")
      rtl::buildFifo(builder, loc, "fifo", {width, depth, rtl::Style::Block});
    else if (part == "philox")
      rtl::buildPhilox(builder, loc, "philox", stream, seed);
    else if (part == "uart-tx")
      rtl::buildUartTransmitter(builder, loc, "uart_tx", {clocksPerBit});
    else if (part == "uart-rx")
      rtl::buildUartReceiver(builder, loc, "uart_rx", {clocksPerBit});
    else {
      getOperation().emitError() << "there is no part `" << part << "`";
      signalPassFailure();
    }
  }
};

} // namespace

void rtl::registerBuildPartPass() { PassRegistration<BuildPartPass>(); }
