//===- Script.h - The gnuplot program of a picture --------------*- C++ -*-===//

#ifndef SYNFIRE_RUNTIME_PLOT_SCRIPT_H
#define SYNFIRE_RUNTIME_PLOT_SCRIPT_H

#include <string>

namespace synfire::runtime {

class Picture;

enum class PictureFormat { Png, Svg };

/// The whole program, data included, that draws \p picture to \p path.
std::string pictureScript(const Picture &picture, PictureFormat format, const std::string &path);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_PLOT_SCRIPT_H
