//===- Gnuplot.h - Runs the plotting program --------------------*- C++ -*-===//

#ifndef SYNFIRE_RUNTIME_PLOT_GNUPLOT_H
#define SYNFIRE_RUNTIME_PLOT_GNUPLOT_H

#include "runtime/report/Status.h"

#include <string>

namespace synfire::runtime {

/// Runs gnuplot on \p script, which draws to \p output. A machine error says
/// that the program is missing, or what it complained about.
Status runGnuplot(const std::string &script, const std::string &output);

/// \p text as a string of gnuplot, with its quotes.
std::string gnuplotString(const std::string &text);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_PLOT_GNUPLOT_H
