// The text of memories.
// RUN: rm -rf %t && split-file %s %t
// RUN: synfire-opt %t/memories.mlir --emit-verilog | FileCheck %t/memories.mlir
// RUN: synfire-opt %t/memories.mlir --emit-verilog=folder=%t/out && FileCheck %t/memories.mlir --check-prefix=HEX < %t/out/lookup_words.hex
// RUN: not synfire-opt %t/memories.mlir --emit-verilog=folder=%t/memories.mlir/out 2>&1 | FileCheck %s --check-prefix=FOLDER
// FOLDER: error: cannot make the folder

//--- memories.mlir
// CHECK-LABEL: module lookup (
// CHECK:      (* ram_style = "distributed" *) reg [9:0] words [0:3];
// CHECK-NEXT: initial $readmemh("lookup_words.hex", words);
// CHECK-NEXT: reg [9:0] words_q;
// CHECK-NEXT: always @(posedge clk)
// CHECK-NEXT:   words_q <= words[a];
// CHECK-NEXT: assign p = words_q;
// HEX:      001
// HEX-NEXT: 002
// HEX-NEXT: 3ff
// HEX-NEXT: 200
rtl.module @lookup(in %a: i2, out p: i10) {
  %words = rtl.memory "words" init dense<[1, 2, -1, 512]> : tensor<4xi10> style distributed : !rtl.memory<4xi10>
  %p = rtl.read %words[%a] : !rtl.memory<4xi10>
  rtl.output %p : i10
}

// The start values of a resource, in bytes.
// CHECK: //===- resource_words.hex
// CHECK-NEXT: 0201
// CHECK-NEXT: ff80
rtl.module @resource(in %a: i1, out p: i16) {
  %words = rtl.memory "words" init dense_resource<numbers> : tensor<2xi16> : !rtl.memory<2xi16>
  %p = rtl.read %words[%a] : !rtl.memory<2xi16>
  rtl.output %p : i16
}

// CHECK-LABEL: module dual (
// CHECK:      (* ram_style = "block" *) (* no_rw_check *) reg [7:0] words [0:255];
// CHECK-NEXT: reg [7:0] words_q;
// CHECK-NEXT: always @(posedge clk)
// CHECK-NEXT:   if (we)
// CHECK-NEXT:     words[wa] <= d;
// CHECK-NEXT: always @(posedge clk)
// CHECK-NEXT:   if (re)
// CHECK-NEXT:     words_q <= words[ra];
// CHECK-NEXT: assign q = words_q;
// CHECK-NEXT: `ifdef FORMAL
// CHECK-NEXT: always @(posedge clk) assert(!(we && re && wa == ra)); // no word of words is read and written at once
rtl.module @dual(in %we: i1, in %wa: i8, in %d: i8, in %re: i1, in %ra: i8, out q: i8) {
  %words = rtl.memory "words" style block : !rtl.memory<256xi8>
  rtl.write %words[%wa], %d enable %we : !rtl.memory<256xi8>
  %q = rtl.read %words[%ra] enable %re : !rtl.memory<256xi8>
  rtl.output %q : i8
}

// CHECK: wire [7:0] _t0 = words[a];
// CHECK: assert(_t0 == words_q); // what is there is there
rtl.module @peek(in %we: i1, in %a: i2, in %d: i8, out q: i8) {
  %words = rtl.memory "words" : !rtl.memory<4xi8>
  rtl.write %words[%a], %d enable %we : !rtl.memory<4xi8>
  %q = rtl.read %words[%a] : !rtl.memory<4xi8>
  %0 = rtl.peek %words[%a] : !rtl.memory<4xi8>
  %1 = arith.cmpi eq, %0, %q : i8
  rtl.assert %1 "what is there is there"
  rtl.output %q : i8
}

// CHECK-LABEL: module lanes (
// CHECK:      (* no_rw_check *) reg [7:0] words [0:255];
// CHECK:      always @(posedge clk) begin
// CHECK-NEXT:   if (we) begin
// CHECK-NEXT:     if (lanes[0]) words[wa][3:0] <= d[3:0];
// CHECK-NEXT:     if (lanes[1]) words[wa][7:4] <= d[7:4];
// CHECK-NEXT:   end
// CHECK-NEXT: end
// CHECK-NOT:  assert
// CHECK:      endmodule
rtl.module @lanes(in %we: i1, in %wa: i8, in %d: i8, in %lanes: i2, in %ra: i8, out q: i8) {
  %words = rtl.memory "words" collisions : !rtl.memory<256xi8>
  rtl.write %words[%wa], %d enable %we mask %lanes : i2 : !rtl.memory<256xi8>
  %q = rtl.read %words[%ra] : !rtl.memory<256xi8>
  rtl.output %q : i8
}

// CHECK-LABEL: module single (
// CHECK:      (* ram_style = "huge" *) reg [15:0] words [0:16383];
// CHECK:      always @(posedge clk)
// CHECK-NEXT:   if (en) begin
// CHECK-NEXT:     if (we) begin
// CHECK-NEXT:       if (lanes[0]) words[a][7:0] <= d[7:0];
// CHECK-NEXT:       if (lanes[1]) words[a][15:8] <= d[15:8];
// CHECK-NEXT:     end else
// CHECK-NEXT:       words_q <= words[a];
// CHECK-NEXT:   end
rtl.module @single(in %en: i1, in %we: i1, in %a: i14, in %d: i16, in %lanes: i2, out q: i16) {
  %words = rtl.memory "words" style huge : !rtl.memory<16384xi16>
  %q = rtl.access %words[%a], %d write %we enable %en mask %lanes : i2 : !rtl.memory<16384xi16>
  rtl.output %q : i16
}

{-#
  dialect_resources: {
    builtin: {
      numbers: "0x02000000010280FF"
    }
  }
#-}
