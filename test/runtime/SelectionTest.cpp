// Selections: ordinals and elements.

#include "runtime/connect/Selection.h"

#include <gtest/gtest.h>

using namespace synfire::runtime;

namespace {

TEST(Selection, AllElements) {
  Selection all = Selection::all(5);
  EXPECT_EQ(all.count(), 5u);
  EXPECT_EQ(all.element(4), 4u);
  EXPECT_TRUE(all.contains(0));
  EXPECT_FALSE(all.contains(5));
}

TEST(Selection, NothingOfNothing) {
  Selection none = Selection::all(0);
  EXPECT_EQ(none.count(), 0u);
  EXPECT_EQ(none.ordinalAtOrAfter(0), 0u);
  EXPECT_FALSE(none.contains(0));
}

TEST(Selection, RangesAreSortedAndMerged) {
  auto selection = Selection::of({{7, 9}, {1, 2}, {2, 3}, {4, 4}}, 20);
  ASSERT_TRUE(selection.ok());
  ASSERT_EQ(selection->ranges().size(), 2u);
  EXPECT_EQ(selection->count(), 7u);
  uint32_t expected[] = {1, 2, 3, 4, 7, 8, 9};
  for (uint32_t i = 0; i < 7; ++i) {
    EXPECT_EQ(selection->element(i), expected[i]);
    EXPECT_EQ(selection->ordinalAtOrAfter(expected[i]), i);
  }
  EXPECT_EQ(selection->ordinalAtOrAfter(5), 4u);
  EXPECT_EQ(selection->ordinalAtOrAfter(10), 7u);
  EXPECT_FALSE(selection->contains(6));
}

TEST(Selection, RangesOutsideThePopulationAreRefused) {
  auto selection = Selection::of({{3, 10}}, 10);
  ASSERT_FALSE(selection.ok());
  EXPECT_EQ(selection.status().fault(), Fault::User);
  EXPECT_EQ(selection.status().message(), "elements 3..10 are not a range of a population of 10");
  EXPECT_FALSE(Selection::of({{4, 3}}, 10).ok());
}

} // namespace
