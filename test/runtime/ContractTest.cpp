// The numbers of random.md as fixed values: whoever changes one of them changes
// the answer of every seed, and must mean to.

#include "ConnectTesting.h"

#include "runtime/random/Hash.h"
#include "runtime/random/Philox.h"

#include <map>

using namespace synfire::runtime;

namespace {

uint64_t hashOf(const std::vector<Connection> &all) {
  uint64_t sum = 0;
  for (auto [pre, post, position] : all)
    sum += splitmix64(splitmix64((uint64_t(pre) << 32) + post) + position);
  return sum;
}

TEST(Contract, ElementWords) {
  uint32_t stream = streamHash("Brunel.E", "v");
  EXPECT_EQ(elementWord(0, 0, stream, 42), 0x5ae124cbu);
  EXPECT_EQ(elementWord(77, 5, stream, 42), 0xebf99730u);
  EXPECT_EQ(elementWord(uint64_t(1) << 40, uint64_t(1) << 33, stream, 42), 0xdbbc4ffau);
}

TEST(Contract, ConnectionsOfEveryRule) {
  std::string hashes;
  for (const ConnectSpec &spec : everyRule(64)) {
    auto option = [](const std::optional<bool> &set) { return set ? *set ? "+" : "-" : "?"; };
    hashes += std::string(ruleName(spec.rule.kind)) + option(spec.rule.autapses) +
              option(spec.rule.multapses) + " " + hashText(hashOf(connectionsOf(spec))) + "\n";
  }
  // Computed by a second program that was written from random.md alone. Signs
  // are the options autapses and multapses: on, off, default.
  EXPECT_EQ(hashes, "one_to_one?? 8c35f6ca44d9b7ee\n"
                    "one_to_one-- 0000000000000000\n"
                    "one_to_one+- 8c35f6ca44d9b7ee\n"
                    "all_to_all?? af3629134575d54f\n"
                    "all_to_all-- 23003249009c1d61\n"
                    "all_to_all+- af3629134575d54f\n"
                    "all_but_one?? 23003249009c1d61\n"
                    "all_but_one-- 23003249009c1d61\n"
                    "probability?? b08a7bc26327a8b0\n"
                    "probability-- b08a7bc26327a8b0\n"
                    "probability+- 7b1dd6abe013fa49\n"
                    "probability?? 882e8aba4c234d85\n"
                    "probability-- 882e8aba4c234d85\n"
                    "probability+- 9803aa039c6680ce\n"
                    "fixed_indegree?? d6db8874be82ff73\n"
                    "fixed_indegree-- 5d911506c45578a3\n"
                    "fixed_indegree-+ 2fb55732df532d5d\n"
                    "fixed_indegree+- a132d5a667a80137\n"
                    "fixed_indegree++ d6db8874be82ff73\n"
                    "fixed_outdegree?? 096ba7d3c731e69e\n"
                    "fixed_outdegree-- ade1ff99e93fee5d\n"
                    "fixed_outdegree-+ cbc1c1ee79722702\n"
                    "fixed_outdegree+- c429ac386c3e0071\n"
                    "fixed_outdegree++ 096ba7d3c731e69e\n"
                    "fixed_number?? 6b076abadaaba8f2\n"
                    "fixed_number-- 6d9b629c014263de\n"
                    "fixed_number-+ a7cb6d930b11bd17\n"
                    "fixed_number+- 67209300171f00c8\n"
                    "fixed_number++ 6b076abadaaba8f2\n"
                    "small_world?? 766ed195f8e01087\n"
                    "small_world-- 766ed195f8e01087\n"
                    "modular?? 0109af8f5dde64fe\n"
                    "modular-- 0109af8f5dde64fe\n"
                    "modular+- 3c9cf43751381543\n"
                    "from?? 31c2a84a14e1adb9\n"
                    "from-- 0a6a0c00a975bd3b\n"
                    "from-+ 0a6a0c00a975bd3b\n"
                    "from+- 31c2a84a14e1adb9\n"
                    "from++ 31c2a84a14e1adb9\n");
}

} // namespace
