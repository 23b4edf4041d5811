//===- SessionText.cpp - A model beside its state -------------------------===//

#include "runtime/engine/SessionText.h"
#include "runtime/record/Hdf5.h"

namespace synfire::runtime {

static constexpr const char *dataset = "model_text";

Status attachText(const std::string &path, const std::string &text) {
  silenceHdf5();
  Hdf5Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose);
  bool done = file.valid() &&
              hdf5Fixed(file, dataset, H5T_STD_U8LE, H5T_NATIVE_UINT8, text.size(), text.data());
  if (!file.close() || !done)
    return Status::machineError("cannot write the model to `" + path + "`");
  return Status::success();
}

Result<std::string> readAttachedText(const std::string &path) {
  silenceHdf5();
  Hdf5Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  Hdf5Handle set(file.valid() ? H5Dopen2(file, dataset, H5P_DEFAULT) : -1, H5Dclose);
  if (!set.valid())
    return Status::userError("`" + path +
                             "` holds no model; `:save` writes files that do, and a checkpoint of "
                             "`synfire run` goes on with `synfire run --resume`");
  Hdf5Handle space(H5Dget_space(set), H5Sclose);
  hssize_t size = H5Sget_simple_extent_npoints(space);
  if (size < 0 || uint64_t(size) > H5Dget_storage_size(set))
    return Status::userError("the model in `" + path + "` is damaged");
  std::string text(size_t(size), '\0');
  if (size && H5Dread(set, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data()) < 0)
    return Status::userError("the model in `" + path + "` is damaged");
  return text;
}

} // namespace synfire::runtime
