//===- Gnuplot.h - Runs the plotting program --------------------*- C++ -*-===//

#ifndef SYNFIRE_RUNTIME_PLOT_GNUPLOT_H
#define SYNFIRE_RUNTIME_PLOT_GNUPLOT_H

#include "runtime/report/Status.h"

#include <functional>
#include <string>

namespace synfire::runtime {

/// Runs gnuplot on the script that \p scriptFor makes for the file that is to be drawn, and makes a
/// whole picture of it at \p output, or none. A machine error says that the program is missing, or
/// what it complained about.
Status runGnuplot(const std::function<std::string(const std::string &)> &scriptFor,
                  const std::string &output);

/// \p text as a string of gnuplot, with its quotes.
std::string gnuplotString(const std::string &text);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_PLOT_GNUPLOT_H
