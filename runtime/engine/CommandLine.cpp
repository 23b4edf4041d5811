//===- CommandLine.cpp ----------------------------------------------------===//

#include "runtime/engine/CommandLine.h"
#include "runtime/engine/RunModel.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace synfire::runtime {

/// The least number of letters to insert, remove or change.
static size_t editDistance(const std::string &x, const std::string &y) {
  std::vector<size_t> row(y.size() + 1);
  for (size_t j = 0; j < row.size(); ++j)
    row[j] = j;
  for (size_t i = 0; i < x.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < y.size(); ++j) {
      size_t changed = diagonal + (x[i] != y[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::string closestName(const std::string &name, const std::vector<std::string> &candidates) {
  std::string best;
  size_t least = std::min<size_t>(4, name.size() / 3 + 1);
  for (const std::string &candidate : candidates)
    if (size_t distance = editDistance(name, candidate); distance < least) {
      best = candidate;
      least = distance;
    }
  return best;
}

void addOutputOptions(CLI::App &app, RunOptions &options) {
  const char *outputs = "What is written", *how = "How it is run";
  app.add_option("-o,--output", options.output,
                 "write spikes and traces to FILE (.h5: SONATA, or .csv); of several runs FILE has "
                 "the last one, and out.NAME.h5 beside out.h5 each run NAME before it")
      ->type_name("FILE")
      ->group(outputs);
  app.add_option("--plot", options.picture,
                 "draw spikes, rates and traces of the last run (.png or .svg)")
      ->type_name("FILE")
      ->group(outputs);
  app.add_flag("--json", options.json, "print one JSON object instead of the table")
      ->group(outputs);
  app.add_flag("--quiet", options.quiet, "print nothing")->group(outputs);
  app.add_flag("--profile", options.profile,
               "tell where the time went: on stderr, or in `phases_s` of the JSON object")
      ->group(outputs);
  app.add_option(
         "--threads", options.threads,
         "threads (default: all cores, or one where a circuit is too small to gain from more)")
      ->type_name("N")
      ->check(CLI::Range(1, 4096))
      ->group(how);
  app.add_option("--checkpoint", options.checkpoint, "keep the state at the end in FILE (.h5)")
      ->type_name("FILE")
      ->group(how);
  app.add_option("--resume", options.resume, "go on from the state in FILE")
      ->type_name("FILE")
      ->group(how);
}

/// The names of all options of an app, as they are typed.
static std::vector<std::string> optionNames(const CLI::App &app) {
  std::vector<std::string> names;
  for (const CLI::Option *option : app.get_options()) {
    for (const std::string &name : option->get_lnames())
      names.push_back("--" + name);
    for (const std::string &name : option->get_snames())
      names.push_back("-" + name);
  }
  return names;
}

/// What is wrong, in one sentence.
static std::string problem(const CLI::App &app, const CLI::App &used,
                           const CLI::ParseError &error) {
  std::vector<std::string> commands, rest = app.remaining(true);
  for (const CLI::App *command : app.get_subcommands([](const CLI::App *) { return true; }))
    commands.push_back(command->get_name());
  auto meant = [](const std::string &closest) {
    return closest.empty() ? std::string() : "; did you mean `" + closest + "`?";
  };
  for (const std::string &argument : rest)
    if (argument.size() > 1 && argument[0] == '-') {
      std::string name = argument.substr(0, argument.find('='));
      return "there is no option `" + name + "`" + meant(closestName(name, optionNames(used)));
    }
  if (!commands.empty() && &used == &app) {
    std::string all;
    for (const std::string &command : commands)
      all += (all.empty() ? "" : ", ") + command;
    if (rest.empty())
      return "a command is missing: one of " + all;
    std::string closest = closestName(rest.front(), commands);
    return "there is no command `" + rest.front() + "`" +
           (closest.empty() ? "; there are " + all : meant(closest));
  }
  if (!rest.empty())
    return "`" + rest.front() + "` was not expected";
  if (error.get_name() == "RequiredError")
    return "an argument is missing: " + std::string(error.what());
  return error.what();
}

int explainParseError(const CLI::App &app, const CLI::ParseError &error) {
  if (error.get_exit_code() == 0)
    return app.exit(error) == 0 ? 0 : 1; // help or version
  const CLI::App *used = &app;
  auto chosen = app.get_subcommands();
  if (!chosen.empty())
    used = chosen.front();
  std::string name = app.get_name(), path = used == &app ? name : name + " " + used->get_name();
  std::fprintf(stderr, "%s: error: %s\nsee `%s --help`\n", name.c_str(),
               problem(app, *used, error).c_str(), path.c_str());
  return 1;
}

} // namespace synfire::runtime
