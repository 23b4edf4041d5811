// Sends bytes bit by bit and reads back what comes, at 12 clocks a bit.
`default_nettype none
module echo_bench;
  reg clk = 0, rst = 1, rx = 1;
  reg [7:0] sent [0:63], byte_sent, byte_came;
  wire tx;
  integer i, j, came = 0;
  echo dut (.clk(clk), .rst(rst), .rx(rx), .tx(tx));
  always #5 clk = ~clk;
  initial begin
    #100 rst = 0;
    #100;
    for (i = 0; i < 40; i = i + 1) begin
      byte_sent = $random;
      sent[i] = byte_sent;
      rx = 0;
      for (j = 0; j < 8; j = j + 1) #120 rx = byte_sent[j];
      #120 rx = 1;
      #120;
    end
  end
  initial begin
    while (came < 40) begin
      @(negedge tx) #60;
      if (tx !== 0) $display("a bit is too short");
      #120 byte_came[0] = tx;
      #120 byte_came[1] = tx;
      #120 byte_came[2] = tx;
      #120 byte_came[3] = tx;
      #120 byte_came[4] = tx;
      #120 byte_came[5] = tx;
      #120 byte_came[6] = tx;
      #120 byte_came[7] = tx;
      #120 if (byte_came !== sent[came] || tx !== 1) begin
        $display("byte %0d is %h, not %h", came, byte_came, sent[came]);
        $finish;
      end
      came = came + 1;
    end
    $display("%0d bytes came back", came);
    $finish;
  end
  initial #10000000 $finish;
endmodule
`default_nettype wire
