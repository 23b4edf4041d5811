// Sends words through a queue, each side hesitating at random, and compares what comes with what went.
`default_nettype none
module fifo_bench;
  reg clk = 0, rst = 1, in_valid = 0, out_ready = 0;
  reg [7:0] in_data = 0, sent [0:8191];
  wire in_ready, out_valid;
  wire [7:0] out_data;
  integer went = 0, came = 0, wrong = 0, fullest = 0;
  fifo dut (.clk(clk), .rst(rst), .in_valid(in_valid), .in_data(in_data), .out_ready(out_ready),
            .in_ready(in_ready), .out_valid(out_valid), .out_data(out_data));
  always #5 clk = ~clk;
  always @(posedge clk) begin
    rst <= 0;
    if (!rst) begin
      if (in_valid && in_ready) begin
        sent[went] = in_data;
        went = went + 1;
      end
      if (out_valid && out_ready) begin
        if (out_data !== sent[came] || came >= went) wrong = wrong + 1;
        came = came + 1;
      end
      if (went - came > fullest) fullest = went - came;
      if (!in_valid || in_ready) begin
        in_valid <= $random;
        in_data <= $random;
      end
      // Long times in which one side is slower fill and drain the queue.
      out_ready <= went % 200 < 100 ? $random : ($random & 7) == 0;
    end
    if (came == 5000) begin
      if (fullest != 17) $display("wrong: at most %0d words were in the queue", fullest);
      if (wrong != 0) $display("wrong: %0d words", wrong);
      else $display("%0d words, none wrong", came);
      $finish;
    end
  end
endmodule
`default_nettype wire
