# What uses MLIR shares one precompiled header (a plain MLIR file costs six seconds without it). The
# parser, sema and the runtime have their own of what nearly all of their files include; the rest
# is small.

# synfire_mlir_library(Name sources... [DEPENDS target...] [LINK target...])
function(synfire_mlir_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_compile_options(${name} PRIVATE ${SYNFIRE_MLIR_FLAGS})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  target_link_libraries(${name} PUBLIC ${ARG_LINK} MLIR LLVM fmt::fmt)
  if(NOT name STREQUAL "SynfirePCH")
    target_precompile_headers(${name} REUSE_FROM SynfirePCH)
  endif()
endfunction()

# synfire_tablegen(target file.td out1 gen-args... [;]) is spelled out in each dialect's CMakeLists.

set(SYNFIRE_MLIR_FLAGS -fno-exceptions -Wall -Wextra -Wno-unused-parameter)

# The one precompiled header.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/pch/pch.cpp CONTENT "")
add_library(SynfirePCH STATIC ${CMAKE_BINARY_DIR}/pch/pch.cpp)
target_compile_options(SynfirePCH PRIVATE ${SYNFIRE_MLIR_FLAGS})
target_link_libraries(SynfirePCH PUBLIC fmt::fmt)
add_dependencies(SynfirePCH NeuroOpsIncGen RtlOpsIncGen SimOpsIncGen)
target_precompile_headers(SynfirePCH PRIVATE ${CMAKE_SOURCE_DIR}/cmake/Pch.h)
