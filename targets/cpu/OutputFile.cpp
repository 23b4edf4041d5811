//===- OutputFile.cpp - files that appear complete or not at all ---===//
#include "targets/cpu/OutputFile.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace synfire::cpu {

namespace {

int fail(const Twine &message) {
  errs() << "synfire: error: " << message << '\n';
  return 2;
}

/// Writes and flushes; what went wrong, if anything did.
std::error_code writeAll(raw_fd_ostream &os, function_ref<bool(raw_pwrite_stream &)> write) {
  bool good = write(os);
  os.flush();
  std::error_code error = os.error();
  os.clear_error(); // else the stream ends the program
  if (!error && !good)
    error = std::make_error_code(std::errc::not_supported);
  return error;
}

/// Whether `path` is there and no file that another may replace: a device, a pipe.
bool isSpecial(StringRef path) {
  sys::fs::file_status status;
  return !sys::fs::status(path, status) && sys::fs::exists(status) &&
         status.type() != sys::fs::file_type::regular_file &&
         status.type() != sys::fs::file_type::directory_file;
}

} // namespace

int finishStandardOutput() {
  outs().flush();
  std::error_code error = outs().error();
  outs().clear_error();
  return error ? fail("cannot write to standard output: " + error.message()) : 0;
}

int writeOutputFile(StringRef path, function_ref<bool(raw_pwrite_stream &)> write) {
  auto cannot = [&](const Twine &reason) { return fail("cannot write `" + path + "`: " + reason); };
  if (path == "-") {
    if (std::error_code error = writeAll(outs(), write))
      return fail("cannot write to standard output: " + error.message());
    return 0;
  }
  if (isSpecial(path)) {
    std::error_code error;
    raw_fd_ostream os(path, error);
    if (!error)
      error = writeAll(os, write);
    return error ? cannot(error.message()) : 0;
  }
  auto temporary = sys::fs::TempFile::create(path + ".%%%%%%");
  if (!temporary) {
    // The error names the temporary file as well, which nobody asked for.
    return cannot(errorToErrorCode(temporary.takeError()).message());
  }
  std::error_code error;
  {
    raw_fd_ostream os(temporary->FD, /*shouldClose=*/false);
    error = writeAll(os, write);
  }
  if (error) {
    consumeError(temporary->discard());
    return cannot(error.message());
  }
  if (Error failed = temporary->keep(path))
    return cannot(errorToErrorCode(std::move(failed)).message());
  return 0;
}

} // namespace synfire::cpu
