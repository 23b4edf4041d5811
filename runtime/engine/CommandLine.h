//===- CommandLine.h - What `synfire` and executables share -----*- C++ -*-===//

#ifndef SYNFIRE_RUNTIME_ENGINE_COMMANDLINE_H
#define SYNFIRE_RUNTIME_ENGINE_COMMANDLINE_H

#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
} // namespace CLI

namespace synfire::runtime {

struct RunOptions;

/// The name closest to \p name, if it is close enough to be a slip; else nothing.
std::string closestName(const std::string &name, const std::vector<std::string> &candidates);

/// The options of a run that say what is written, and how it is done; all but `seed` and
/// `duration`.
void addOutputOptions(CLI::App &app, RunOptions &options);

/// Prints help that was asked for, or what is wrong with the arguments and what was probably meant.
/// Returns the exit code.
int explainParseError(const CLI::App &app, const CLI::ParseError &error);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_COMMANDLINE_H
