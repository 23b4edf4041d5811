// Tables that follow from equal numbers are one in memory, and part when a number changes.

#include "runtime/engine/Instance.h"

#include <gtest/gtest.h>

using namespace synfire::runtime;

namespace {

constexpr uint32_t entries = 100, factors = 3;

/// table[i] = i * factor: slots are the factor and the table.
void fillTable(void *const *slots, const syn_range *range) {
  double factor = *static_cast<const double *>(slots[0]);
  for (int64_t i = 0; i < range->count; ++i)
    static_cast<double *>(slots[1])[i] = double(range->first + i) * factor;
}

/// An entry of a whole table, as kernels read it.
double lastRead = 0;
void readTable(void *const *slots, const syn_range *) {
  lastRead = static_cast<const double *>(slots[0])[2];
}

syn_launch launch(uint32_t kind, syn_function function, const syn_slot *slots, uint32_t n) {
  syn_launch result = {};
  result.kind = kind;
  result.connections = SYN_NONE;
  result.n_slots = n;
  result.function = function;
  result.slots = slots;
  result.name = "launch";
  return result;
}

/// Arrays 0 to 2 are factors, 3 to 5 the tables that follow from them; launch 3 reads the last
/// table.
class SharedTablesTest : public testing::Test {
protected:
  SharedTablesTest() {
    ages = {"#ages", entries, nullptr, 0, 0, 0, 0, /*hidden=*/1, SYN_NONE};
    for (uint32_t a = 0; a < 2 * factors; ++a) {
      syn_array &array = arrays[a];
      array.name = "a";
      array.domain = a < factors ? SYN_NONE : 0;
      array.connections = array.past_of = SYN_NONE;
      array.type = SYN_F64;
      array.kind = a < factors ? SYN_PARAMETER : SYN_DERIVED;
      array.uniform = a < factors;
      array.value = 1;
    }
    for (uint32_t l = 0; l < factors; ++l) {
      slots[l][0] = {SYN_SLOT_ARRAY, l, 0};
      slots[l][1] = {SYN_SLOT_ARRAY, factors + l, 0};
      launches[l] = launch(SYN_LAUNCH_DERIVE, fillTable, slots[l], 2);
    }
    whole = {SYN_SLOT_WHOLE_ARRAY, 2 * factors - 1, 0};
    launches[factors] = launch(SYN_LAUNCH_UPDATE, readTable, &whole, 1);
    model.abi_version = SYN_ABI_VERSION;
    model.name = "m";
    model.domains = &ages;
    model.n_domains = 1;
    model.arrays = arrays;
    model.n_arrays = 2 * factors;
    model.launches = launches;
    model.n_launches = factors + 1;
    model.step_array = SYN_NONE;
    run.step_ms = 0.1;
  }

  std::unique_ptr<Instance> create() {
    auto made = Instance::create(model, run, 1, team);
    EXPECT_TRUE(made.ok());
    return std::move(*made);
  }

  static void set(Instance &instance, uint32_t factor, double value) {
    *static_cast<double *>(instance.arrayData(factor)) = value;
    EXPECT_TRUE(instance.refresh().ok());
  }

  /// Which tables live in one place, by the first of them, and that each has its own values.
  static std::vector<uint32_t> places(Instance &instance) {
    std::vector<uint32_t> result;
    for (uint32_t t = factors; t < 2 * factors; ++t) {
      uint32_t first = factors;
      while (instance.arrayData(first) != instance.arrayData(t))
        ++first;
      result.push_back(first - factors);
      double factor = instance.value(t - factors, 0);
      for (uint32_t i = 0; i < entries; ++i)
        EXPECT_EQ(instance.value(t, i), i * factor) << "table " << t << ", entry " << i;
    }
    syn_range range = instance.rangeOf(factors, 0);
    instance.call(factors, 0, range);
    EXPECT_EQ(lastRead, 2 * instance.value(factors - 1, 0));
    return result;
  }

  Team team{1};
  syn_domain ages = {};
  syn_array arrays[2 * factors] = {};
  syn_slot slots[factors][2] = {}, whole = {};
  syn_launch launches[factors + 1] = {};
  syn_model model = {};
  syn_run run = {};
};

} // namespace

using Places = std::vector<uint32_t>;

TEST_F(SharedTablesTest, EqualTablesAreOne) {
  auto instance = create();
  EXPECT_EQ(places(*instance), Places({0, 0, 0}));
}

TEST_F(SharedTablesTest, ATableOfAnotherNumberIsItsOwn) {
  auto instance = create();
  set(*instance, 1, 2);
  EXPECT_EQ(places(*instance), Places({0, 1, 0}));
  set(*instance, 2, 2);
  EXPECT_EQ(places(*instance), Places({0, 1, 1}));
  set(*instance, 1, 1);
  EXPECT_EQ(places(*instance), Places({0, 0, 2}));
}

// The table that the others live in changes.
TEST_F(SharedTablesTest, OthersKeepTheirValues) {
  auto instance = create();
  set(*instance, 0, 3);
  EXPECT_EQ(places(*instance), Places({0, 1, 1}));
  set(*instance, 2, 3);
  EXPECT_EQ(places(*instance), Places({0, 1, 0}));
}
