// CarryPacker: nothing that goes in is lost, and no carry goes further than the word that waits.
//
// Inside are the word that waits and the bits held behind it. With a code and its carry added in its place they are
// one number; what leaves, waits and is held afterwards is the same number, but for a zero behind a word of
// all ones, which is no bit of the stream. This is asserted of every step, so it holds for the whole stream.

module packer_proof(
    input clock, aresetn, valid, last,
    input [31:0] code,
    input [4:0] length
);
    wire word_valid, word_last;
    wire [31:0] word;
    wire [1:0] word_bytes;
    packer dut(.*);

    // What the encoder promises: a code and its carry, zeros above; a carry only where a bit of the stream since the
    // last one is zero; a packet's last code has 16 bits and no carry, and is not its first.
    wire carry = code[length];
    wire [31:0] mask = (32'd1 << length) - 1;
    wire [31:0] bits = code & mask;
    reg room = 0, fresh = 1;
    always @(*) if (valid) begin
        assume (code >> length <= 1);
        if (carry) assume (room);
        if (last) assume (length == 16 && !carry && !fresh);
    end
    always @(posedge clock) begin
        if (valid) room <= !last && ((room && !carry) || bits != mask);
        if (valid) fresh <= last;
        if (!aresetn) {room, fresh} <= 2'b01;
    end

    (* hierconn *) wire [4:0] \dut.held , \dut.next_count ;
    (* hierconn *) wire [31:0] \dut.residue , \dut.waiting , \dut.tail , \dut.carried ;
    (* hierconn *) wire [31:0] \dut.this_sum , \dut.next_residue ;
    (* hierconn *) wire \dut.has_waiting , \dut.has_tail , \dut.ending , \dut.tail_waits ;
    (* hierconn *) wire \dut.carries , \dut.becomes_ones , \dut.completes ;
    wire waits = \dut.has_waiting && !\dut.ending ;

    // The number before the step: 32 bits that wait, those held, and the code behind them.
    wire [95:0] held_before = {waits ? \dut.waiting : 32'd0, \dut.residue , 32'd0};
    wire [95:0] placed = {64'd0, code} << (7'd64 - {2'd0, \dut.held } - {2'd0, length});
    wire [95:0] before = held_before + placed;
    // After it: the word that waited, and what follows, complete or not.
    wire [31:0] first = waits ? \dut.carried : 32'd0;
    wire [95:0] after = \dut.completes ? {first, \dut.this_sum , \dut.next_residue }
        : {first, \dut.next_residue , 32'd0};
    // The zero is behind the word that waited, or behind the one that waits now.
    wire now_ones = \dut.completes && \dut.this_sum == 32'hffff_ffff;
    wire becomes_ones = waits && \dut.carries && \dut.carried == 32'hffff_ffff;
    wire [95:0] moved = becomes_ones ? {before[95:64], 1'b0, before[63:1]}
        : now_ones ? {before[95:32], 1'b0, before[31:1]} : before;

    always @(posedge clock) if (valid) begin
        same_number: assert (after == moved);
        if (\dut.carries ) carry_has_room: assert (waits && \dut.waiting != 32'hffff_ffff);
        if (!waits) first_word: assert (before[95:64] == 0);
        filled_by: assert ({27'd0, \dut.next_count } == \dut.held + length
            + (becomes_ones || now_ones) - (\dut.completes ? 32 : 0));
    end

    // What leaves, and when: the word that waited with the one behind it, then the last two.
    reg sends_1 = 0, last_1 = 0;
    reg [31:0] word_1 = 0;
    wire sends = (\dut.completes && \dut.has_waiting ) || (\dut.ending && \dut.has_waiting )
        || \dut.tail_waits ;
    always @(posedge clock) begin
        sends_1 <= aresetn && sends;
        last_1 <= \dut.ending ? !\dut.has_tail : \dut.tail_waits ;
        word_1 <= \dut.carried ;
        sent: assert (word_valid == sends_1 && word == (sends_1 ? word_1 : 32'd0));
        if (sends_1) at_the_end: assert (word_last == last_1);
        one_at_a_time: assert (!(\dut.ending && \dut.tail_waits )
            && !(\dut.tail_waits && \dut.has_waiting ) && !(\dut.ending && valid && \dut.completes ));
    end

    // Behind a packet's last code nothing is left but the word that waits and the tail, in which a bit is.
    reg ended = 0, was_complete = 0;
    reg [31:0] rest = 0;
    reg [5:0] rest_bits = 0;
    always @(posedge clock) begin
        ended <= aresetn && valid && last;
        rest <= \dut.next_residue ;
        rest_bits <= {1'b0, \dut.held } + {1'b0, length} + {5'd0, becomes_ones};
        if (ended) begin
            restored: assert (\dut.ending && \dut.held == 0 && \dut.residue == 0);
            tail_kept: assert (!\dut.has_tail || \dut.tail == rest);
            // Nothing but the zero behind a word of all ones is dropped.
            tail_needed: assert (\dut.has_tail == (rest_bits[4:0] != 0));
            if (!\dut.has_tail ) nothing_dropped: assert (rest == 0);
            word_or_tail: assert (\dut.has_waiting || \dut.has_tail );
        end
    end

    // What the registers hold between clocks; the proof by induction leans on it.
    wire [32:0] held_mask = 33'h1_ffff_ffff << (6'd32 - {1'd0, \dut.held });
    wire [31:0] held_ones = held_mask[31:0];
    wire all_ones_held = (\dut.residue & held_ones) == held_ones;
    reg gap = 0;
    always @(posedge clock) begin
        gap <= aresetn && \dut.ending ;
        zeros_behind: assert ((\dut.residue & ~held_ones) == 0);
        if (room) zero_to_carry_into: assert (
            (\dut.held != 0 && !all_ones_held) || (waits && \dut.waiting != 32'hffff_ffff));
        only_then: assert (\dut.ending == ended);
        tail_behind_end: assert (!\dut.tail_waits || gap);
        if (gap) none_waits: assert (!\dut.has_waiting );
    end

    always @(posedge clock) begin
        cover (\dut.becomes_ones );
        cover (now_ones && word_valid);
        cover (\dut.tail_waits && valid);
        cover (\dut.held == 31 && now_ones);
    end
endmodule
