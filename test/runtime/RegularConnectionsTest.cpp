// Connections that are not stored do what the stored ones of the same rule would.

#include "ConnectTesting.h"

#include "runtime/connect/RegularConnections.h"
#include "runtime/engine/Agenda.h"

using namespace synfire::runtime;

namespace {

/// Every regular rule, with and without autapses, between whole populations and selections.
std::vector<ConnectSpec> regularSpecs() {
  std::vector<ConnectSpec> specs;
  for (RuleKind kind : {RuleKind::OneToOne, RuleKind::AllToAll, RuleKind::AllButOne})
    for (int autapses : {-1, 0, 1})
      for (bool selected : {false, true}) {
        ConnectSpec spec = recurrentSpecOf(kind, 40);
        if (autapses >= 0)
          spec.rule.autapses = autapses == 1;
        if (selected) {
          spec.sources = *Selection::of({{2, 9}, {20, 31}}, 40);
          spec.targets = *Selection::of({{5, 24}}, 40);
        }
        if (PairSource::create(spec).ok()) // all_but_one takes no `autapses`
          specs.push_back(spec);
      }
  return specs;
}

} // namespace

TEST(RegularConnections, CountsAreThoseOfTheRule) {
  for (const ConnectSpec &spec : regularSpecs()) {
    auto regular = RegularConnections::create(spec);
    ASSERT_TRUE(regular.ok());
    std::vector<uint32_t> inDegree(40);
    std::vector<uint64_t> outDegree(40);
    auto all = connectionsOf(spec);
    for (auto [pre, post, position] : all) {
      ++inDegree[post];
      outDegree[pre] += post >= 8 && post < 30;
    }
    EXPECT_EQ(regular->connections(), all.size());
    EXPECT_EQ(regular->maxInDegree(), *std::max_element(inDegree.begin(), inDegree.end()));
    for (uint32_t source = 0; source < 40; ++source)
      EXPECT_EQ(regular->connectionsOf(source, 8, 30), outDegree[source]);
  }
}

TEST(RegularConnections, SumsAreThoseOfTheConnections) {
  for (const ConnectSpec &spec : regularSpecs()) {
    auto regular = RegularConnections::create(spec);
    ASSERT_TRUE(regular.ok());
    std::vector<uint32_t> spikes = {0, 3, 5, 9, 21, 22, 39};
    std::vector<int64_t> expected(22), sums(22);
    for (auto [pre, post, position] : connectionsOf(spec))
      if (post >= 8 && post < 30 && std::count(spikes.begin(), spikes.end(), pre))
        expected[post - 8] += -7;
    regular->add(spikes.data(), spikes.size(), int64_t(-7), 8, 30, sums.data());
    EXPECT_EQ(sums, expected);
  }
}

TEST(RegularConnections, TheAgendaHandlesThemWhenTheyAreDue) {
  ConnectSpec spec = recurrentSpecOf(RuleKind::AllButOne, 40);
  std::vector<DuePool> pools;
  std::vector<DueTable> stored;
  std::vector<ImplicitTable> implicit(1);
  implicit[0].delay = 5;
  implicit[0].amount = 3;
  implicit[0].connections = *RegularConnections::create(spec);
  implicit[0].targets = {{0, 20, 100}, {20, 40, 0}}; // two partitions
  Agenda agenda;
  agenda.prepare(pools, stored, implicit, 1, 5, 2);
  std::vector<uint32_t> spikes = {25, 4};
  EXPECT_EQ(agenda.addImplicit(0, spikes.data(), 2, 1000), 19u + 20u);
  syn_model model = {};
  std::vector<int32_t> sums(20);
  agenda.handle(model, 1004, sums.data(), 4);
  EXPECT_EQ(sums, std::vector<int32_t>(20, 0));
  agenda.handle(model, 1005, sums.data(), 4);
  std::vector<int32_t> expected(20, 6);
  expected[5] = 3; // neuron 25 does not hear itself
  EXPECT_EQ(sums, expected);
}
