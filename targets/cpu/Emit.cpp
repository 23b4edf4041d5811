//===- Emit.cpp - a program in a file ---===//
#include "targets/cpu/Emit.h"
#include "targets/cpu/OutputFile.h"
#include "targets/cpu/Tables.h"

#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::cpu;

namespace {

int fail(const llvm::Twine &message) {
  llvm::errs() << "synfire: error: " << message << '\n';
  return 2;
}

int writeCode(llvm::Module &module, llvm::TargetMachine &machine, llvm::CodeGenFileType type,
              StringRef path) {
  return writeOutputFile(path, [&](llvm::raw_pwrite_stream &os) {
    llvm::SmallVector<char, 0> buffer;
    llvm::raw_svector_ostream memory(buffer);
    llvm::legacy::PassManager pm;
    if (machine.addPassesToEmitFile(pm, memory, nullptr, type))
      return false;
    pm.run(module);
    os.write(buffer.data(), buffer.size());
    return true;
  });
}

/// A file of this build or installation: a library or header that models link with.
std::string supportFile(StringRef inBuild, StringRef installed) {
  std::string program = llvm::sys::fs::getMainExecutable(nullptr, nullptr);
  StringRef folder = llvm::sys::path::parent_path(program);
  for (StringRef relative : {inBuild, installed}) {
    llvm::SmallString<256> path(folder);
    llvm::sys::path::append(path, relative);
    llvm::sys::path::remove_dots(path, true);
    if (llvm::sys::fs::exists(path))
      return path.str().str();
  }
  return "";
}

/// Links an object with the runtime.
int link(StringRef object, StringRef path, bool executable) {
  std::string compiler;
  for (const char *name : {"c++", "g++", "clang++-22", "clang++"})
    if (auto found = llvm::sys::findProgramByName(name)) {
      compiler = *found;
      break;
    }
  if (compiler.empty())
    return fail("linking needs a C++ compiler (c++, g++ or clang++), and none was found");
  std::string runtime = supportFile("../lib/libSynfireRuntime.a", "../lib/libSynfireRuntime.a");
  std::string main = supportFile("../lib/libSynfireMain.a", "../lib/libSynfireMain.a");
  if (runtime.empty() || main.empty())
    return fail("the runtime library libSynfireRuntime.a is not beside the compiler");
  std::vector<std::string> arguments = {compiler, object.str(), "-o", path.str(),
                                        "-Wl,-z,noexecstack"};
  if (executable)
    arguments.insert(arguments.end(), {"-Wl,--whole-archive", main, "-Wl,--no-whole-archive"});
  else
    arguments.insert(arguments.end(), {"-shared"});
  arguments.push_back(runtime);
  for (StringRef flag : llvm::split(SYNFIRE_LINK_FLAGS, ' '))
    if (!flag.empty())
      arguments.push_back(flag.str());
  std::vector<StringRef> views(arguments.begin(), arguments.end());
  std::string error;
  int code = llvm::sys::ExecuteAndWait(compiler, views, std::nullopt, {}, 0, 0, &error);
  return code == 0 ? 0
                   : fail("linking `" + path + "` failed" + (error.empty() ? "" : ": " + error));
}

} // namespace

int synfire::cpu::emit(ModuleOp module, const CodegenOptions &given, OutputKind kind,
                       StringRef path) {
  if (kind == OutputKind::Header) {
    std::string header = supportFile("../../runtime/synfire.h", "../include/synfire.h");
    if (header.empty())
      return fail("synfire.h is not beside the compiler");
    auto text = llvm::MemoryBuffer::getFile(header);
    if (!text)
      return fail("cannot read `" + header + "`: " + text.getError().message());
    return writeOutputFile(path, [&](llvm::raw_pwrite_stream &os) {
      os << (*text)->getBuffer();
      return true;
    });
  }
  CodegenOptions options = given;
  options.position = true;
  std::string error;
  auto machine = makeTargetMachine(options, error);
  if (!machine) {
    llvm::errs() << "synfire: error: " << error << '\n';
    return 1;
  }
  llvm::LLVMContext context;
  Code made = generateCode(module, context, *machine, options);
  std::unique_ptr<llvm::Module> code = std::move(made.functions);
  if (!code)
    return 1;
  FailureOr<Tables> tables = made.tables.get();
  if (failed(tables))
    return 1;
  addTables(*tables, *code);
  setFunctionAttributes(*code, *machine); // of the function that hands them out
  switch (kind) {
  case OutputKind::LlvmIR:
    return writeOutputFile(path, [&](llvm::raw_pwrite_stream &os) {
      code->print(os, nullptr);
      return true;
    });
  case OutputKind::Assembly:
    return writeCode(*code, *machine, llvm::CodeGenFileType::AssemblyFile, path);
  case OutputKind::Object:
    return writeCode(*code, *machine, llvm::CodeGenFileType::ObjectFile, path);
  default:
    break;
  }
  llvm::SmallString<128> object;
  if (auto failed = llvm::sys::fs::createTemporaryFile("synfire", "o", object))
    return fail("no temporary file: " + failed.message());
  int status = writeCode(*code, *machine, llvm::CodeGenFileType::ObjectFile, object);
  if (!status)
    status = link(object, path, kind == OutputKind::Executable);
  llvm::sys::fs::remove(object);
  return status;
}
