// TierCoder with the tables of one table set: no code is longer than `LONGEST` bits, none is empty,
// and none has a bit set above its length, whatever comes in. This is what the packer's proof leans
// on, and the bound that the words of a frame are counted with.

module tier_coder_proof(
    input clock, aresetn, valid, last, in_window, on_lattice,
    input [3:0] activity_context,
    input [`TOKEN_BITS-1:0] rank,
    input [15:0] sample
);
    wire code_valid, code_last;
    wire [26:0] code;
    wire [4:0] length;
    tier_coder dut(.*);

    // The rank table has no others.
    always @(*) assume (rank < 1 << `RANK_BITS);

    always @(posedge clock) if (code_valid) begin
        longest_code: assert (length <= `LONGEST);
        no_empty_code: assert (length != 0);
        zeros_above: assert (code >> length == 0);
    end

    always @(posedge clock) cover (code_valid && length == `LONGEST);
endmodule
