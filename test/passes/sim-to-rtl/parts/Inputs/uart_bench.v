// Sends bytes over a line and compares what comes; measures the length of a bit.
`default_nettype none
module uart_bench;
  reg clk = 0, rst = 1, valid = 0;
  reg [7:0] data = 8'h55, sent [0:1023];
  wire ready, line, came_now;
  wire [7:0] received;
  integer went = 0, came = 0, wrong = 0, since = 0;
  reg before = 1;
  uart_tx tx (.clk(clk), .rst(rst), .valid(valid), .data(data), .ready(ready), .line(line));
  uart_rx rx (.clk(clk), .rst(rst), .line(line), .valid(came_now), .data(received));
  always #5 clk = ~clk;
  initial #40 rst = 0;
  always @(posedge clk) begin
    if (!rst) begin
      if (line !== 0 && line !== 1) wrong = wrong + 1;
      // All bits of the first byte differ from their neighbours.
      since = since + 1;
      if (line != before) begin
        if (came == 0 && went == 1 && !(before && since > `CLOCKS) && since != `CLOCKS)
          $display("wrong: a bit of %0d clocks", since);
        since = 0;
      end
      before <= line;
      if (valid && ready) begin
        sent[went] = data;
        went = went + 1;
      end
      if (!valid || ready) begin
        // Now and then one byte follows another at once.
        valid <= went < 300 && (went % 50 < 10 || ($random & 63) == 0);
        if (went != 0) data <= $random;
      end
      if (came_now) begin
        if (came >= went || received !== sent[came]) wrong = wrong + 1;
        came = came + 1;
        if (came == 300) begin
          if (wrong == 0) $display("300 bytes, none wrong");
          else $display("wrong: %0d", wrong);
          $finish;
        end
      end
    end
  end
  initial #20000000 begin
    $display("wrong: only %0d bytes of %0d came", came, went);
    $finish;
  end
endmodule
`default_nettype wire
