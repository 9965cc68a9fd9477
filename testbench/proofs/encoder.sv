// RangeEncoder: the part that is sent stays inside the interval, whose range keeps its top bit; so a carry
// never goes further than a zero among the bits sent, and the codes are those of the interval.
//
// The two products are cut out. Of their results is assumed what follows from a product without one: a part that is
// wider by one, at a range from 2^15 to 2^16, takes one or two places more, since (p + range) / 2^15 is at least
// p / 2^15 + 1 and less than p / 2^15 + 2. So the difference lies between a part's width and twice that; and as
// no part ends behind 2^15, its end is not behind the range.

module encoder_proof(
    input clock, aresetn, valid, last, token_escape, sample_escape,
    input [14:0] part_begin, part_end,
    input [15:0] raw
);
    wire code_valid, code_last;
    wire [31:0] code;
    wire [4:0] length;
    encoder dut(.*);

    (* hierconn *) wire [15:0] \dut.range , \dut.low , \dut.begin_share_place , \dut.end_share_place ;
    (* hierconn *) wire \dut.s7_valid , \dut.s7_last , \dut.s8_ends , \dut.s7_token_escape ;
    (* hierconn *) wire \dut.s7_sample_escape , \dut.s8_valid , \dut.s8_last ;
    (* hierconn *) wire [15:0] \dut.s7_begin , \dut.s7_raw ;
    (* hierconn *) wire [3:0] \dut.s7_shift ;

    // What the look-ups promise: a part of some width; raw bits behind escapes alone; a gap behind the last.
    wire [15:0] width = (part_end == 0 ? 16'h8000 : part_end) - part_begin;
    wire [15:0] share_begin = \dut.begin_share_place , share_end = \dut.end_share_place ;
    wire [16:0] difference = share_end - share_begin;
    reg ended = 0;
    always @(posedge clock) ended <= aresetn && valid && last;
    always @(*) begin
        if (valid) begin
            assume (!ended);
            assume (part_end == 0 || part_begin < part_end);
            assume (width <= 30720);
            assume (!(token_escape && sample_escape));
            if (token_escape) assume (raw < 1 << `TOKEN_BITS);
            if (!token_escape && !sample_escape) assume (raw == 0);
        end
        assume (share_begin <= share_end && share_end <= \dut.range );
        assume (difference >= width && difference <= 2 * width);
    end

    // The range before the part in stage 7, and where the part ends in it.
    reg [15:0] range_before = 0, end_before = 0;
    always @(posedge clock) if (valid) {range_before, end_before} <= {\dut.range , share_end};

    // The code that belongs to it.
    wire [4:0] raw_bits = \dut.s7_sample_escape ? 5'd16 : \dut.s7_token_escape ? 5'd`TOKEN_BITS : 5'd0;
    wire [5:0] bits = \dut.s7_shift + raw_bits;
    wire [47:0] reached = {31'd0, {1'b0, \dut.low } + {1'b0, \dut.s7_begin }};
    wire [47:0] whole = (reached << bits) + ({32'd0, \dut.s7_raw } << 15);
    wire [31:0] settled = whole[47:16];
    wire [31:0] mask = (32'd1 << bits) - 1;
    wire carry = settled[bits[4:0]];
    // Whether a bit sent since the last carry is zero.
    reg room = 0;
    always @(posedge clock) begin
        if (\dut.s7_valid ) room <= (room && !carry) || (settled & mask) != mask;
        if (\dut.s8_ends || !aresetn) room <= 0;
    end

    reg [31:0] code_8 = 0, code_9 = 0;
    reg [4:0] length_8 = 0, length_9 = 0;
    always @(posedge clock) begin
        if (\dut.s7_valid ) {code_8, length_8} <= {settled, bits[4:0]};
        if (\dut.s8_ends ) {code_8, length_8} <= {16'd0, \dut.low , 5'd16};
        if (\dut.s8_valid ) {code_9, length_9} <= {code_8, length_8};
        if (code_valid) as_settled: assert (code == code_9 && length == length_9);
    end

    // A code of a part went before.
    reg code_before = 0;
    always @(posedge clock) code_before <= aresetn && code_valid && !code_last;

    // Low has been sent and is zero again.
    reg ended_before = 0;
    always @(posedge clock) ended_before <= aresetn && \dut.s8_ends ;

    wire [16:0] range_now = \dut.s7_valid ? range_before : \dut.range ;
    reg ends = 0;
    always @(posedge clock) begin
        ends <= aresetn && \dut.s7_valid && \dut.s7_last ;
        normal: assert (\dut.range [15]);
        if (\dut.s7_valid ) begin
            longest: assert (bits <= 31);
            zeros_above: assert (settled >> bits <= 1);
            if (carry) carry_has_room: assert (room);
            inside_it: assert (\dut.s7_begin <= end_before && end_before <= range_before);
        end
        // Behind a packet's last part the interval is whole, and low is sent.
        if (ended) restored: assert (\dut.range == 16'hffff);
        if (ended_before) low_restored: assert (\dut.s7_valid || \dut.low == 0);
        if (code_valid && code_last) last_is_low: assert (length == 16 && code >> 16 == 0);
        one_before_it: assert (!code_valid || !code_last || code_before);
        low_is_sent: assert (\dut.s8_ends == ends);

        // What the registers hold between clocks; the proof by induction leans on it.
        if (!\dut.s8_ends && !room) no_carry_left: assert (\dut.low + range_now <= 17'h1_0000);
        last_in_order: assert (!\dut.s8_valid || !\dut.s8_last || (length_8 == 16 && code_8 >> 16 == 0));
        if (code_valid) code_is_kept: assert (!code_last || (length_9 == 16 && code_9 >> 16 == 0));
        if (\dut.s8_ends ) gap_behind: assert (!\dut.s7_valid );
        if (\dut.s7_valid ) begin
            before_is_normal: assert (range_before[15]);
            scaled: assert (\dut.s7_last || (raw_bits == 0
                ? {1'b0, \dut.range } == ({1'b0, end_before} - \dut.s7_begin ) << \dut.s7_shift
                : \dut.range == 16'h8000));
            as_shifted: assert (({32'd0, end_before} - \dut.s7_begin ) << \dut.s7_shift < 48'h1_0000
                && ({32'd0, end_before} - \dut.s7_begin ) << \dut.s7_shift >= 48'h8000);
            raw_fits: assert (\dut.s7_raw < (33'd1 << raw_bits));
            one_escape: assert (!(\dut.s7_token_escape && \dut.s7_sample_escape ));
        end
    end
    always @(posedge clock) begin
        cover (\dut.s7_valid && carry);
        cover (code_valid && code_last);
        cover (code_valid && length == 31);
        cover (code_valid && length == 0);
    end
endmodule
