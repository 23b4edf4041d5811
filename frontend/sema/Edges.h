//===- Edges.h - Connections stored by an earlier run -----------*- C++ -*-===//
//
// The edges of a SONATA file, as runs write them for recorded weights, in the
// form of a table: the columns `pre` and `post`, and one for each attribute.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_EDGES_H
#define SYNFIRE_FRONTEND_SEMA_EDGES_H

#include "frontend/sema/Csv.h"

namespace synfire::sema {

/// Whether a file is read as edges: by the end of its name.
bool isEdgeFile(llvm::StringRef path);

/// Reads the edges called `projection`; without a name, the only ones. Null after a report at
/// `range`.
const CsvFile *readEdges(Program &program, const std::string &path, llvm::StringRef projection,
                         SourceRange range);

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_EDGES_H
