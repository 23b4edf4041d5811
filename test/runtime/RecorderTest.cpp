// Recorded files: their layout read back through the HDF5 library, their text,
// what is there before a run has ended, and what failures say.

#include "TemporaryDirectory.h"

#include "runtime/record/Recorder.h"

#include <gtest/gtest.h>
#include <hdf5.h>

#include <csignal>
#include <cstdio>
#include <numeric>
#include <sstream>

#include <sys/resource.h>
#include <tuple>
#include <unistd.h>

using namespace synfire::runtime;

namespace {

template <typename T>
std::vector<T> readDataset(const std::string &path, const std::string &name, hid_t type,
                           std::vector<hsize_t> *shape = nullptr) {
  hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  EXPECT_GE(file, 0) << path;
  hid_t dataset = H5Dopen2(file, name.c_str(), H5P_DEFAULT);
  EXPECT_GE(dataset, 0) << name;
  hid_t space = H5Dget_space(dataset);
  std::vector<T> values(H5Sget_simple_extent_npoints(space));
  if (shape) {
    shape->resize(H5Sget_simple_extent_ndims(space));
    H5Sget_simple_extent_dims(space, shape->data(), nullptr);
  }
  EXPECT_GE(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
  H5Sclose(space);
  H5Dclose(dataset);
  H5Fclose(file);
  return values;
}

std::string readText(const std::string &path, const std::string &object, const char *name) {
  hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  hid_t attribute = H5Aopen_by_name(file, object.c_str(), name, H5P_DEFAULT, H5P_DEFAULT);
  EXPECT_GE(attribute, 0) << object << " " << name;
  hid_t type = H5Aget_type(attribute);
  std::string text(H5Tget_size(type), '\0');
  H5Aread(attribute, type, text.data());
  H5Tclose(type);
  H5Aclose(attribute);
  H5Fclose(file);
  return text.c_str();
}

std::unique_ptr<Recorder> openRecorder(const std::string &path) {
  auto recorder = Recorder::open(path, 0.1);
  EXPECT_TRUE(recorder.ok()) << recorder.status().message();
  return recorder.ok() ? std::move(*recorder) : nullptr;
}

void expectOk(const Status &status) { EXPECT_TRUE(status.ok()) << status.message(); }

/// Two populations with spikes, and two traces of one of them.
void recordExample(Recorder &recorder) {
  size_t e = *recorder.addSpikes("E"), i = *recorder.addSpikes("I");
  size_t v = *recorder.addTrace({"E", "v", "mV", {0, 7}, 0, 10});
  size_t w = *recorder.addTrace({"E", "w", "pA", {7}, 5, 1});
  const uint32_t first[] = {9, 4}, second[] = {4};
  expectOk(recorder.spikes(e, 3, first, 2));
  expectOk(recorder.spikes(e, 12, second, 1));
  expectOk(recorder.spikes(i, 7, second, 1));
  const double vs[] = {1, 2, 3, 4, 5, 6.125}, ws[] = {-1};
  for (int row = 0; row < 3; ++row)
    expectOk(recorder.trace(v, vs + 2 * row));
  expectOk(recorder.trace(w, ws));
}

TEST(Recorder, SonataSpikes) {
  TemporaryDirectory files;
  std::string path = files.file("out.h5");
  auto recorder = openRecorder(path);
  recordExample(*recorder);
  expectOk(recorder->close());
  EXPECT_EQ(readDataset<double>(path, "/spikes/E/timestamps", H5T_NATIVE_DOUBLE),
            (std::vector<double>{3 * 0.1, 3 * 0.1, 12 * 0.1}));
  EXPECT_EQ(readDataset<uint64_t>(path, "/spikes/E/node_ids", H5T_NATIVE_UINT64),
            (std::vector<uint64_t>{4, 9, 4}));
  EXPECT_EQ(readDataset<uint64_t>(path, "/spikes/I/node_ids", H5T_NATIVE_UINT64),
            (std::vector<uint64_t>{4}));
  EXPECT_EQ(readText(path, "/spikes/E/timestamps", "units"), "ms");
}

TEST(Recorder, SonataTypesAndAttributes) {
  TemporaryDirectory files;
  std::string path = files.file("out.h5");
  auto recorder = openRecorder(path);
  recordExample(*recorder);
  expectOk(recorder->close());
  hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  hid_t nodes = H5Dopen2(file, "/spikes/E/node_ids", H5P_DEFAULT);
  hid_t type = H5Dget_type(nodes);
  EXPECT_GT(H5Tequal(type, H5T_STD_U64LE), 0);
  H5Tclose(type);
  H5Dclose(nodes);
  hid_t magic = H5Aopen(file, "magic", H5P_DEFAULT);
  uint32_t value = 0;
  H5Aread(magic, H5T_NATIVE_UINT32, &value);
  EXPECT_EQ(value, 0x0A7Au);
  H5Aclose(magic);
  hid_t sorting = H5Aopen_by_name(file, "/spikes/E", "sorting", H5P_DEFAULT, H5P_DEFAULT);
  hid_t order = H5Aget_type(sorting);
  uint8_t kind = 0;
  H5Aread(sorting, order, &kind);
  char name[16];
  H5Tenum_nameof(order, &kind, name, sizeof(name));
  EXPECT_STREQ(name, "by_time");
  H5Tclose(order);
  H5Aclose(sorting);
  H5Fclose(file);
}

TEST(Recorder, SonataReports) {
  TemporaryDirectory files;
  std::string path = files.file("out.h5");
  auto recorder = openRecorder(path);
  recordExample(*recorder);
  expectOk(recorder->close());
  std::vector<hsize_t> shape;
  EXPECT_EQ(readDataset<double>(path, "/report/E/data", H5T_NATIVE_DOUBLE, &shape),
            (std::vector<double>{1, 2, 3, 4, 5, 6.125}));
  EXPECT_EQ(shape, (std::vector<hsize_t>{3, 2})) << "time by element";
  EXPECT_EQ(readText(path, "/report/E/data", "units"), "mV");
  EXPECT_EQ(readText(path, "/report/E", "variable"), "v");
  EXPECT_EQ(readDataset<uint64_t>(path, "/report/E/mapping/node_ids", H5T_NATIVE_UINT64),
            (std::vector<uint64_t>{0, 7}));
  EXPECT_EQ(readDataset<uint64_t>(path, "/report/E/mapping/index_pointers", H5T_NATIVE_UINT64),
            (std::vector<uint64_t>{0, 1, 2}));
  EXPECT_EQ(readDataset<double>(path, "/report/E/mapping/time", H5T_NATIVE_DOUBLE),
            (std::vector<double>{0, 3, 1}));
  EXPECT_EQ(readText(path, "/report/E/mapping/time", "units"), "ms");
  EXPECT_EQ(readDataset<double>(path, "/report/E.w/data", H5T_NATIVE_DOUBLE),
            std::vector<double>{-1});
  EXPECT_EQ(readDataset<double>(path, "/report/E.w/mapping/time", H5T_NATIVE_DOUBLE),
            (std::vector<double>{0.5, 6 * 0.1, 0.1}));
}

TEST(Recorder, CsvSpikesAndTraces) {
  TemporaryDirectory files;
  auto recorder = openRecorder(files.file("out.csv"));
  recordExample(*recorder);
  expectOk(recorder->close());
  EXPECT_EQ(files.read("out.csv"), "population,element,time [ms]\n"
                                   "E,4,0.3\n"
                                   "E,9,0.3\n"
                                   "I,4,0.7\n"
                                   "E,4,1.2\n");
  EXPECT_EQ(files.read("out.E.v.csv"), "time [ms],E[0].v [mV],E[7].v [mV]\n"
                                       "0,1,2\n"
                                       "1,3,4\n"
                                       "2,5,6.125\n");
  EXPECT_EQ(files.read("out.E.w.csv"), "time [ms],E[7].w [pA]\n0.5,-1\n");
}

TEST(Recorder, ManySpikesKeepTheirOrder) {
  TemporaryDirectory files;
  std::string path = files.file("out.h5");
  auto recorder = openRecorder(path);
  size_t e = *recorder->addSpikes("E");
  std::vector<uint32_t> ids(1000);
  for (uint32_t i = 0; i < 1000; ++i)
    ids[i] = 999 - i;
  for (uint64_t step = 0; step < 200; ++step)
    expectOk(recorder->spikes(e, step, ids.data(), ids.size()));
  expectOk(recorder->close());
  auto times = readDataset<double>(path, "/spikes/E/timestamps", H5T_NATIVE_DOUBLE);
  auto nodes = readDataset<uint64_t>(path, "/spikes/E/node_ids", H5T_NATIVE_UINT64);
  ASSERT_EQ(nodes.size(), 200000u);
  for (uint64_t i = 0; i < nodes.size(); ++i) {
    ASSERT_EQ(times[i], double(i / 1000) * 0.1);
    ASSERT_EQ(nodes[i], i % 1000);
  }
}

TEST(Recorder, CsvSpikesAreInOrderOfTimeAcrossFlushes) {
  TemporaryDirectory files;
  auto recorder = openRecorder(files.file("out.csv"));
  size_t e = *recorder->addSpikes("E"), i = *recorder->addSpikes("I");
  // Populations hand over a block of steps one after the other, and enough of it to be written at
  // many borders of blocks.
  std::vector<uint32_t> ids(1000);
  std::iota(ids.begin(), ids.end(), 0u);
  for (uint64_t block = 0; block < 100; ++block) {
    for (size_t stream : {i, e})
      for (uint64_t step = 10 * block + 1; step <= 10 * block + 10; ++step)
        expectOk(recorder->spikes(stream, step, ids.data(), step % 2 ? 1000 : 1));
    expectOk(recorder->endBlock());
  }
  expectOk(recorder->close());
  std::istringstream lines(files.read("out.csv"));
  std::string line;
  std::getline(lines, line);
  std::tuple<double, std::string, unsigned> last;
  size_t count = 0;
  for (; std::getline(lines, line); ++count) {
    char name[10];
    unsigned element;
    double time;
    ASSERT_EQ(std::sscanf(line.c_str(), "%1[EI],%u,%lf", name, &element, &time), 3);
    std::tuple<double, std::string, unsigned> now(time, name, element);
    ASSERT_TRUE(count == 0 || last < now) << line;
    last = now;
  }
  EXPECT_EQ(count, 2u * 500 * 1001);
}

TEST(Recorder, FlushedRecordsSurviveTheProcess) {
  TemporaryDirectory files;
  std::string path = files.file("out.h5");
  pid_t child = fork();
  if (child == 0) {
    auto recorder = Recorder::open(path, 0.1);
    size_t e = *(*recorder)->addSpikes("E");
    const uint32_t ids[] = {1, 2, 3};
    (void)(*recorder)->spikes(e, 5, ids, 3);
    (void)(*recorder)->flush();
    (void)(*recorder)->spikes(e, 6, ids, 3);
    kill(getpid(), SIGKILL);
  }
  int state;
  waitpid(child, &state, 0);
  ASSERT_TRUE(WIFSIGNALED(state));
  EXPECT_EQ(readDataset<uint64_t>(path, "/spikes/E/node_ids", H5T_NATIVE_UINT64),
            (std::vector<uint64_t>{1, 2, 3}));
}

TEST(Recorder, FlushesByItselfAfterAWhile) {
  TemporaryDirectory files;
  auto recorder = openRecorder(files.file("out.csv"));
  size_t e = *recorder->addSpikes("E");
  const uint32_t id = 3;
  expectOk(recorder->spikes(e, 0, &id, 1));
  usleep(1100 * 1000);
  for (int block = 0; block < 100; ++block)
    expectOk(recorder->endBlock());
  EXPECT_EQ(files.read("out.csv"), "population,element,time [ms]\nE,3,0\n");
}

TEST(Recorder, NothingRecordedIsAValidFile) {
  TemporaryDirectory files;
  std::string path = files.file("out.h5");
  auto recorder = openRecorder(path);
  ASSERT_TRUE(recorder->addSpikes("E").ok());
  expectOk(recorder->close());
  expectOk(recorder->close());
  EXPECT_TRUE(readDataset<double>(path, "/spikes/E/timestamps", H5T_NATIVE_DOUBLE).empty());
}

TEST(Recorder, PathsThatCannotBeWritten) {
  for (std::string name : {"/nowhere/out.h5", "/nowhere/out.csv"}) {
    auto recorder = Recorder::open(name, 0.1);
    ASSERT_FALSE(recorder.ok());
    EXPECT_EQ(recorder.status().fault(), Fault::Machine);
    EXPECT_EQ(recorder.status().message(),
              "cannot write `" + name + "`: No such file or directory");
  }
}

TEST(Recorder, UnknownFormats) {
  auto recorder = Recorder::open("spikes.dat", 0.1);
  ASSERT_FALSE(recorder.ok());
  EXPECT_EQ(recorder.status().fault(), Fault::User);
  EXPECT_EQ(recorder.status().message(),
            "the format of `spikes.dat` is not known; its name must end in "
            "`.h5` (SONATA) or `.csv`");
}

TEST(Recorder, NoElementsToRecord) {
  TemporaryDirectory files;
  auto recorder = openRecorder(files.file("out.h5"));
  auto trace = recorder->addTrace({"E", "v", "mV", {}, 0, 1});
  ASSERT_FALSE(trace.ok());
  EXPECT_EQ(trace.status().fault(), Fault::User);
}

/// Records without end in a process whose files cannot grow beyond 300 KB, and
/// exits with 0 where the failure is told as it should be.
int recordUntilFull(const std::string &path) {
  signal(SIGXFSZ, SIG_IGN);
  rlimit limit = {300000, 300000};
  setrlimit(RLIMIT_FSIZE, &limit);
  auto recorder = Recorder::open(path, 0.1);
  if (!recorder.ok())
    return 1;
  size_t e = *(*recorder)->addSpikes("E");
  std::vector<uint32_t> ids(1000, 1);
  Status status = Status::success();
  for (uint64_t step = 0; step < 1000 && status.ok(); ++step) {
    (void)(*recorder)->spikes(e, step, ids.data(), ids.size());
    status = (*recorder)->endBlock();
  }
  if (status.ok())
    status = (*recorder)->close();
  bool told = status.fault() == Fault::Machine &&
              status.message() == "cannot write `" + path + "`: File too large";
  if (!told)
    fprintf(stderr, "%s\n", status.message().c_str());
  return told ? 0 : 2;
}

TEST(Recorder, AFullDiskIsAMachineErrorWithItsReason) {
  TemporaryDirectory files;
  for (std::string name : {"out.h5", "out.csv"}) {
    std::string path = files.file(name);
    pid_t child = fork();
    if (child == 0)
      _exit(recordUntilFull(path));
    int state;
    waitpid(child, &state, 0);
    EXPECT_TRUE(WIFEXITED(state) && WEXITSTATUS(state) == 0) << name << " " << state;
  }
}

} // namespace
