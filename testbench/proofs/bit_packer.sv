// BitPacker: every bit that goes in comes out once, in its place.
//
// The solver picks any bit of any code (`pick`, `picked`). Its place is its number in the packet,
// counted from 0; it must come out as bit `place mod 32` of the packet's word number `place / 32`.
// Since the bit is arbitrary, this holds for all of them.
//
// Bits are counted modulo 2048 and packets modulo 4. No more than two words and two packets are
// ever inside (asserted below), so numbers that agree modulo those are equal.

module bit_packer_proof(
    input clock, aresetn, valid, last,
    input [26:0] code,
    input [4:0] length,
    input pick,
    input [4:0] picked
);
    wire word_valid, word_last;
    wire [31:0] word;
    wire [1:0] word_bytes;
    bit_packer dut(.*);

    // What TierCoder and Rounds promise: codes of 1 to 27 bits with zeros above, and no code right
    // after a packet's last.
    reg ended = 0;
    always @(posedge clock) ended <= aresetn && valid && last;
    always @(*) if (valid) begin
        assume (!ended);
        assume (length >= 1 && length <= 27 && code >> length == 0);
    end

    // What went in: `bits` of packet `packet_in`; the sizes of the last two packets that ended.
    reg [1:0] packet_in = 0;
    reg [10:0] bits = 0, even_size = 0, odd_size = 0;
    wire [10:0] bits_with_code = bits + length;
    always @(posedge clock) begin
        if (valid) begin
            bits <= last ? 0 : bits_with_code;
            packet_in <= packet_in + last;
            if (last && packet_in[0]) odd_size <= bits_with_code;
            if (last && !packet_in[0]) even_size <= bits_with_code;
        end
        if (!aresetn) {bits, packet_in} <= 0;
    end

    // What came out: `words` of packet `packet_out`.
    reg [1:0] packet_out = 0;
    reg [5:0] words = 0;
    always @(posedge clock) begin
        if (word_valid) begin
            words <= word_last ? 0 : words + 1;
            packet_out <= packet_out + word_last;
        end
        if (!aresetn) {words, packet_out} <= 0;
    end

    // The picked bit: inside from the clock it goes in to the clock its word comes out.
    reg inside = 0, value = 0;
    reg [1:0] packet = 0, age = 0, late = 0;
    reg [10:0] place = 0;
    wire its_word = inside && word_valid && packet_out == packet && words == place[10:5];
    wire complete = packet_in != packet || bits[10:5] != place[10:5];
    always @(posedge clock) begin
        if (age != 3) age <= age + 1;
        if (its_word) inside <= 0;
        if (valid && pick && picked < length && !inside) begin
            {inside, packet, age} <= {1'b1, packet_in, 2'd0};
            place <= bits_with_code - 1 - picked;
            value <= code[picked];
        end
        late <= inside && complete && !its_word ? late + 1 : 0;
        if (!aresetn) {inside, late} <= 0;
    end

    wire [10:0] last_place = (packet_out[0] ? odd_size : even_size) - 1;
    always @(posedge clock) if (aresetn) begin
        // In its place, with its value, and not later than three clocks after its word was filled.
        if (its_word) in_place: assert (word[31 - place[4:0]] == value);
        in_time: assert (late <= 2);
        // A packet ends with the word of its last bit, filled up with zeros.
        if (word_valid && word_last) begin
            last_word: assert (packet_in != packet_out && words == last_place[10:5]);
            last_bytes: assert (word_bytes == last_place[4:3]);
            zero_filled: assert ((word & 32'h7fff_ffff >> last_place[4:0]) == 0);
        end
        if (word_valid && !word_last) all_bytes: assert (word_bytes == 3);
        if (word_valid) no_word_too_many: assert (packet_in != packet_out || words != bits[10:5]);
    end

    // What the registers hold between clocks; the proof by induction leans on it.
    (* hierconn *) wire [4:0] \dut.held ;
    (* hierconn *) wire [31:0] \dut.residue , \dut.s7_rotated ;
    (* hierconn *) wire \dut.s6_valid , \dut.s6_last , \dut.s6_completes ;
    (* hierconn *) wire \dut.s7_valid , \dut.s7_last , \dut.s7_completes , \dut.flushing ;
    wire s6_ends = \dut.s6_valid && \dut.s6_last ;
    wire s7_ends = \dut.s7_valid && \dut.s7_last ;
    wire [1:0] ends_inside = s6_ends + s7_ends + \dut.flushing ;
    wire [1:0] words_inside = (\dut.s6_valid && \dut.s6_completes && !s6_ends)
        + (\dut.s7_valid && \dut.s7_completes && !s7_ends && !s6_ends);
    reg [10:0] bits_before = 0, bits_in_residue = 0;
    always @(posedge clock) begin
        {bits_before, bits_in_residue} <= aresetn ? {bits, bits_before} : 0;
    end
    // In the gap behind a packet its count is still there.
    wire [10:0] ended_size = packet_in[0] ? even_size : odd_size;
    always @(posedge clock) begin
        residue_bound: assert (\dut.held == (ended ? ended_size[4:0] : bits[4:0]));
        empty_after_gap: assert (!\dut.s6_last || ended || \dut.held == 0);
        gap_after_end: assert (s6_ends == (\dut.s6_valid && ended)
            && !(s7_ends && \dut.s6_valid ) && !(\dut.flushing && \dut.s7_valid ));
        packets_inside: assert (packet_in == packet_out + ends_inside && ends_inside <= 2);
        words_are_bits: assert (bits[10:5] == (ends_inside == 0 ? words : 6'd0) + words_inside);
        if (!\dut.flushing )
            nothing_else_kept: assert ((\dut.residue & 32'hffff_ffff >> bits_in_residue[4:0]) == 0);
        if (!\dut.s7_valid ) no_code_no_bits: assert (\dut.s7_rotated == 0);
        if (inside && age >= 2) kept: assert (
            packet == packet_out && words == place[10:5] && \dut.residue [31 - place[4:0]] == value
            && (\dut.flushing || place[4:0] < bits_in_residue[4:0]));
    end

    always @(posedge clock) begin
        cover (its_word && words == 2);
        cover (its_word && \dut.flushing );
        cover (word_valid && word_last && !\dut.flushing && words == 1);
    end
endmodule
