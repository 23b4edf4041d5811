//===- Names.cpp - names that all tools take ---===//
#include "targets/verilog/Names.h"

#include "llvm/ADT/StringRef.h"

using namespace synfire;
using llvm::StringRef;

// Lower case: VHDL does not tell cases apart, and our names have no other.
static const char *const keywords =
    // Verilog-2005
    " always and assign automatic begin buf bufif0 bufif1 case casex casez cell cmos config "
    "deassign"
    " default defparam design disable edge else end endcase endconfig endfunction endgenerate "
    "endmodule"
    " endprimitive endspecify endtable endtask event for force forever fork function generate "
    "genvar"
    " highz0 highz1 if ifnone incdir include initial inout input instance integer join large "
    "liblist"
    " library localparam macromodule medium module nand negedge nmos nor noshowcancelled not notif0"
    " notif1 or output parameter pmos posedge primitive pull0 pull1 pulldown pullup "
    "pulsestyle_onevent"
    " pulsestyle_ondetect rcmos real realtime reg release repeat rnmos rpmos rtran rtranif0 "
    "rtranif1"
    " scalared showcancelled signed small specify specparam strong0 strong1 supply0 supply1 table "
    "task"
    " time tran tranif0 tranif1 tri tri0 tri1 triand trior trireg unsigned use uwire vectored wait "
    "wand"
    " weak0 weak1 while wire wor xnor xor"
    // SystemVerilog
    " accept_on alias always_comb always_ff always_latch assert assume before bind bins binsof bit "
    "break"
    " byte chandle checker class clocking const constraint context continue cover covergroup "
    "coverpoint"
    " cross dist do endchecker endclass endclocking endgroup endinterface endpackage endprogram"
    " endproperty endsequence enum eventually expect export extends extern final first_match "
    "foreach"
    " forkjoin global iff ignore_bins illegal_bins implements implies import inside int "
    "interconnect"
    " interface intersect join_any join_none let local logic longint matches modport nettype new "
    "nexttime"
    " null package packed priority program property protected pure rand randc randcase "
    "randsequence ref"
    " reject_on restrict return s_always s_eventually s_nexttime s_until s_until_with sequence "
    "shortint"
    " shortreal soft solve static string strong struct super sync_accept_on sync_reject_on tagged "
    "this"
    " throughout timeprecision timeunit type typedef union unique unique0 until until_with untyped "
    "var"
    " virtual void wait_order weak wildcard with within"
    // VHDL
    " abs access after all architecture array attribute block body buffer bus component "
    "configuration"
    " constant disconnect downto elsif entity exit file generic group guarded impure in inertial "
    "is label"
    " linkage literal loop map mod next nor of on open others out port postponed procedure process "
    "range"
    " record register reject rem report rol ror select severity shared signal sla sll sra srl "
    "subtype"
    " then to transport unaffected units variable when ";

static bool isKeyword(StringRef name) {
  static const llvm::StringSet<> words = [] {
    llvm::StringSet<> set;
    llvm::SmallVector<StringRef> list;
    StringRef(keywords).split(list, ' ', -1, /*KeepEmpty=*/false);
    for (StringRef word : list)
      set.insert(word);
    return set;
  }();
  return words.contains(name);
}

std::string verilog::mangle(StringRef name) {
  // `in_0` is mangled as well, so that `in` cannot become it.
  StringRef stem = name;
  while (stem.consume_back("_0"))
    ;
  return isKeyword(stem) ? (name + "_0").str() : name.str();
}

std::string verilog::NameTable::unique(StringRef wanted) {
  std::string stem = mangle(wanted), name = stem;
  for (unsigned i = 1; !taken.insert(name).second; ++i)
    name = mangle(stem + "_" + std::to_string(i));
  return name;
}
