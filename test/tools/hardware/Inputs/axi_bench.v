// Drives a design through AXI: checks who it is, loads its weights, gives beats and prints what comes.
module bench;
  reg clk = 0, aresetn = 0;
  always #5 clk = !clk;
  reg [5:0] awaddr = 0, araddr = 0;
  reg awvalid = 0, wvalid = 0, bready = 0, arvalid = 0, rready = 0;
  reg [31:0] wdata = 0;
  wire awready, wready, bvalid, arready, rvalid;
  wire [1:0] bresp, rresp;
  wire [31:0] rdata, m_tdata;
  reg [31:0] s_tdata = 0;
  reg s_tvalid = 0, m_tready = 0;
  wire s_tready, m_tvalid, m_tlast;
  duo_axi dut (
    .clk(clk), .aresetn(aresetn),
    .s_axil_awaddr(awaddr), .s_axil_awvalid(awvalid), .s_axil_awready(awready),
    .s_axil_wdata(wdata), .s_axil_wstrb(4'hf), .s_axil_wvalid(wvalid), .s_axil_wready(wready),
    .s_axil_bresp(bresp), .s_axil_bvalid(bvalid), .s_axil_bready(bready),
    .s_axil_araddr(araddr), .s_axil_arvalid(arvalid), .s_axil_arready(arready),
    .s_axil_rdata(rdata), .s_axil_rresp(rresp), .s_axil_rvalid(rvalid), .s_axil_rready(rready),
    .s_axis_tdata(s_tdata), .s_axis_tvalid(s_tvalid), .s_axis_tready(s_tready),
    .m_axis_tdata(m_tdata), .m_axis_tvalid(m_tvalid), .m_axis_tlast(m_tlast),
    .m_axis_tready(m_tready));

  task write(input [5:0] place, input [31:0] value);
    begin
      awaddr <= place; awvalid <= 1; wdata <= value; wvalid <= 1;
      @(posedge clk);
      while (!(awready && wready)) @(posedge clk);
      awvalid <= 0; wvalid <= 0; bready <= 1;
      @(posedge clk);
      while (!bvalid) @(posedge clk);
      bready <= 0;
    end
  endtask
  task read(input [5:0] place);
    begin
      araddr <= place; arvalid <= 1;
      @(posedge clk);
      while (!arready) @(posedge clk);
      arvalid <= 0; rready <= 1;
      @(posedge clk);
      while (!rvalid) @(posedge clk);
      rready <= 0;
      $display("register %h %0d", place, rdata);
    end
  endtask

  // A receiver that is not always ready; a beat must stay until it is.
  reg held = 0;
  reg [32:0] last_beat = 0;
  integer steps = 0;
  always @(posedge clk) begin
    m_tready <= $random;
    if (held && (!m_tvalid || {m_tlast, m_tdata} != last_beat)) $display("a beat changed");
    held <= m_tvalid && !m_tready;
    last_beat <= {m_tlast, m_tdata};
    if (m_tvalid && m_tready) begin
      $display("beat %h %b", m_tdata, m_tlast);
      if (m_tlast) steps = steps + 1;
    end
  end

  reg [15:0] words [0:`WORDS - 1];
  reg [31:0] beats [0:`BEATS - 1];
  integer i, count;
  initial begin
    $readmemh("duo_load.hex", words);
    $readmemh("beats.hex", beats);
    count = `BEATS;
    repeat (4) @(posedge clk);
    aresetn <= 1;
    @(posedge clk);
    read(6'h00);
    read(6'h08);
    read(6'h0c);
    write(6'h24, 0);
    for (i = 0; i < `WORDS; i = i + 1) write(6'h28, {16'd0, words[i]});
    for (i = 0; i < count; i = i + 1) begin
      s_tdata <= beats[i]; s_tvalid <= 1;
      @(posedge clk);
      while (!s_tready) @(posedge clk);
      s_tvalid <= 0;
      if (i % 3 == 0) @(posedge clk);
    end
    // The last ten steps have no events: the register asks for them.
    write(6'h10, 10);
    while (steps < `STEPS + 10) @(posedge clk);
    read(6'h10);
    read(6'h14);
    read(6'h18);
    read(6'h1c);
    read(6'h20);
    $finish;
  end
  initial begin
    #50000000 $display("too long");
    $finish;
  end
endmodule
