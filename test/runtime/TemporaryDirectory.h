//===- TemporaryDirectory.h - Files of one test -----------------*- C++ -*-===//

#ifndef SYNFIRE_TEST_RUNTIME_TEMPORARYDIRECTORY_H
#define SYNFIRE_TEST_RUNTIME_TEMPORARYDIRECTORY_H

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace synfire::runtime {

/// A directory that goes away with its owner.
class TemporaryDirectory {
public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "synfire-XXXXXX").string();
    root = mkdtemp(name.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(root); }

  std::string file(const std::string &name) const { return root + "/" + name; }
  std::string write(const std::string &name, const std::string &text) const {
    std::ofstream(file(name)) << text;
    return file(name);
  }
  std::string read(const std::string &name) const {
    std::stringstream text;
    text << std::ifstream(file(name)).rdbuf();
    return text.str();
  }

private:
  std::string root;
};

} // namespace synfire::runtime

#endif // SYNFIRE_TEST_RUNTIME_TEMPORARYDIRECTORY_H
