// A whole pipeline with frames: what becomes of a frame for which the FIFO has no room. Every frame
// that is begun ends, with its CRC if all its words went out, with the broken mark (the CRC
// inverted) if one was dropped; and the FIFO never overflows.
//
// Tables, channel state and the CRC are cut out of the design: they may say anything at any clock,
// so what is proved here holds for every table set, and for any sequence of code lengths.
//
// With the range coder (`RANGE_CODER`) one more code follows a frame's last, and two clocks later, when the word
// that waits has left, the tail.

module frames_proof(
    input clock, aresetn, s_axis_tlast, s_axis_tvalid, m_axis_tready,
    input [15:0] s_axis_tdata
);
    wire s_axis_tready, m_axis_tlast, m_axis_tvalid;
    wire [31:0] m_axis_tdata;
    wire [3:0] m_axis_tkeep;
    wire [15:0] frames, broken_frames, overruns, misaligned;
    pipeline dut(.aclk(clock), .*);

    // Samples on their way, the latest in bit 0: through the codec, then through the packer.
`ifdef RANGE_CODER
    localparam CODE = `CODE_AT - 1, MERGED = CODE + 3;
`else
    localparam CODE = `CODE_AT - 1, ROTATED = CODE + 1, MERGED = CODE + 2;
`endif
    (* hierconn *) wire \dut.rounds_last , \dut.rounds_misaligned_round , \dut.rounds.gap ;
    reg [MERGED:0] samples = 0, ends = 0;
    wire moves = s_axis_tvalid && s_axis_tready;
    always @(posedge clock) begin
        samples <= aresetn ? {samples, moves} : 0;
        ends <= aresetn ? {ends, moves && \dut.rounds_last } : 0;
    end

    // What the framer is given, and what it writes into the FIFO.
    (* hierconn *) wire \dut.framer_code_valid , \dut.framer_word_valid , \dut.framer_word_last ;
    (* hierconn *) wire \dut.framer_write , \dut.framer_frame_word_last ;
    (* hierconn *) wire [31:0] \dut.framer_word , \dut.framer_frame_word , \dut.framer.crc_crc ;
    wire code = \dut.framer_code_valid , word = \dut.framer_word_valid ;
    wire word_last = \dut.framer_word_last ;
    wire write = \dut.framer_write , write_last = \dut.framer_frame_word_last ;
    wire [31:0] written = \dut.framer_frame_word , crc = \dut.framer.crc_crc ;

    // What the framer decides; it writes a clock later, trailer and mark two.
    (* hierconn *) wire \dut.framer.header_goes , \dut.framer.mark_goes , \dut.framer.is_keyframe ;
    (* hierconn *) wire [31:0] \dut.framer.crc_word ;
    wire mark = \dut.framer.mark_goes ;

    // The frame under way: `busy` from its first code to its last word; `whole` while its header and
    // all its words go into the FIFO; `closing` when the trailer is due.
    reg busy = 0, whole = 0, closing = 0, misaligned_frame = 0, lost = 0, digest = 0;
    reg [15:0] number = 0, marks = 0, never_begun = 0, misaligned_rounds = 0;
    wire begins = code && !busy;
    wire header = begins && \dut.framer.header_goes ;
    wire passes = whole && word && !mark;
    wire over = word && word_last;
    always @(posedge clock) begin
        if (begins) {busy, whole} <= {1'b1, header};
        if (mark) whole <= 0;
        if (over) {busy, whole} <= 0;
        closing <= whole && over && !mark;
        misaligned_frame <= \dut.rounds_misaligned_round || (misaligned_frame && !over);
        if (over) lost <= !whole || mark;
        number <= number + over;
        marks <= marks + mark;
        never_begun <= never_begun + (begins && !header);
        misaligned_rounds <= misaligned_rounds + \dut.rounds_misaligned_round ;
        if (!aresetn) begin
            {busy, whole, closing, misaligned_frame, lost} <= 0;
            {number, marks, never_begun, misaligned_rounds} <= 0;
        end
    end

    // What is written at this clock.
    reg header_1 = 0, digest_1 = 0, passes_1 = 0, lost_1 = 0;
    reg mark_1 = 0, mark_2 = 0, closing_1 = 0, closing_2 = 0;
    reg [15:0] number_1 = 0;
    reg [31:0] word_1 = 0;
    always @(posedge clock) begin
        digest <= aresetn && header && \dut.framer.is_keyframe ;
        {header_1, digest_1, passes_1} <= aresetn ? {header, digest, passes} : 0;
        {mark_1, closing_1} <= aresetn ? {mark, closing} : 0;
        {mark_2, closing_2} <= aresetn ? {mark_1, closing_1} : 0;
        {lost_1, number_1, word_1} <= {lost, number, \dut.framer_word };
    end

    always @(posedge clock) if (aresetn) begin
        // A frame begins with a header that numbers it, or not at all; after a loss it is a keyframe.
        if (header_1) header_begins: assert (write && !write_last
            && written[31:20] == 12'ha5c && written[15:0] == number_1 && written[19] == digest);
        if (header_1 && lost_1) keyframe_after_loss: assert (written[19]);
        if (digest_1) digest_next: assert (write && !write_last && written == `DIGEST);
        // Each word of it goes into the FIFO, or the mark does in its place.
        if (passes_1) no_silent_loss: assert (write && !write_last && written == word_1);
        // It ends once: with the CRC if it is complete, inverted if not. A misaligned frame is
        // never complete.
        if (closing) aligned: assert (!misaligned_frame);
        if (closing_2) trailer: assert (write && write_last && written == crc);
        if (mark) only_of_a_whole_one: assert (whole);
        if (mark_2) broken_mark: assert (write && write_last && written == ~crc);
        if (over && misaligned_frame) misaligned_is_broken: assert (!whole || mark);
        // The CRC is that of the words: one more follows them, which is zero.
        if (closing_1 || mark_1) zero_behind: assert (\dut.framer.crc_word == 0);
        // Nothing else is written, in between or behind the mark.
        if (write) nothing_else: assert (header_1 + digest_1 + passes_1 + closing_2 + mark_2 == 1);
        counted: assert (frames == number && broken_frames == marks && overruns == never_begun
            && misaligned == misaligned_rounds);
    end

    // The FIFO never overflows: a frame goes on only while there is room for what ends it.
    localparam FULL = (1 << `FIFO_BITS) - 1;
    (* hierconn *) wire [`OCCUPANCY_BITS-1:0] \dut.word_fifo.occupancy ;
    (* hierconn *) wire \dut.word_fifo_write ;
    wire [9:0] waiting = \dut.word_fifo.occupancy ;
    always @(posedge clock) begin
        if (\dut.word_fifo_write ) no_overflow: assert (waiting < FULL);
        reserve: assert (waiting + write + digest + whole + closing + closing_1 + mark_1 < FULL);
    end

    // Both ports: each sample that moves becomes one code; a word that is offered stays offered; the
    // input never waits for the sink, only for the end of a frame to come through.
    reg offered = 0;
    reg [36:0] offer = 0;
    reg [4:0] since_end = 0;
    always @(posedge clock) begin
        offered <= aresetn && m_axis_tvalid && !m_axis_tready;
        offer <= {m_axis_tdata, m_axis_tkeep, m_axis_tlast};
        if (offered) stays: assert (
            m_axis_tvalid && offer == {m_axis_tdata, m_axis_tkeep, m_axis_tlast});
`ifdef RANGE_CODER
        one_code_a_sample: assert (code == (samples[CODE] || ends[CODE + 1]));
`else
        one_code_a_sample: assert (code == samples[CODE]);
`endif
        since_end <= moves && \dut.rounds_last ? 0 : since_end + 1;
        if (\dut.rounds.gap ) ready_again: assert (since_end <= MERGED + 1);
    end

    // What the registers hold between clocks; the proof by induction leans on it.
    (* hierconn *) wire \dut.framer.open , \dut.framer.dropping , \dut.framer.trailer_due ;
    (* hierconn *) wire \dut.framer.digest_due , \dut.framer.condemned , \dut.framer.was_lost ;
`ifdef RANGE_CODER
    (* hierconn *) wire \dut.carry_packer.has_waiting , \dut.carry_packer.ending ;
    (* hierconn *) wire \dut.carry_packer.tail_waits , \dut.carry_packer.sent_valid ;
    (* hierconn *) wire \dut.carry_packer_last ;
    (* hierconn *) wire [4:0] \dut.carry_packer.held ;
    (* hierconn *) wire [31:0] \dut.carry_packer.sent ;
    reg flushing = 0;
    always @(posedge clock) flushing <= aresetn && \dut.carry_packer.tail_waits ;
`else
    (* hierconn *) wire \dut.bit_packer.flushing ;
    (* hierconn *) wire [31:0] \dut.bit_packer.residue , \dut.bit_packer.s7_rotated ;
    (* hierconn *) wire \dut.bit_packer.s6_valid , \dut.bit_packer.s6_last ;
    (* hierconn *) wire \dut.bit_packer.s7_valid , \dut.bit_packer.s7_last ;
    wire flushing = \dut.bit_packer.flushing ;
`endif
    always @(posedge clock) begin
        one_state: assert (!(whole && !busy) && !(digest && !whole) && !(closing && busy)
            && !(header_1 && (passes_1 || mark_1)));
        framer_state: assert (\dut.framer.open == whole && \dut.framer.dropping == (busy && !whole)
            && \dut.framer.trailer_due == closing && \dut.framer.digest_due == digest
            && \dut.framer.condemned == misaligned_frame && \dut.framer.was_lost == lost);
`ifdef RANGE_CODER
        packer_state: assert (\dut.carry_packer.ending == ends[CODE + 2]
            && !(\dut.carry_packer.tail_waits && !ends[CODE + 3])
            && (!code || \dut.carry_packer_last == ends[CODE + 1]));
        if (!ends[CODE + 3] && !flushing) last_in_time: assert (!word_last || !word);
        if (!busy) none_inside: assert (ends >> (CODE + 1) == 0 && !flushing);
        // So header and digest are not mixed with a word.
        if (ends != 0 || flushing) none_behind: assert ((samples & ((1 << since_end) - 1)) == 0);
        if (ends >> (CODE + 2) != 0 || flushing) packet_over: assert (\dut.carry_packer.held == 0);
        if (ends >> (CODE + 3) != 0 || flushing) word_over: assert (!\dut.carry_packer.has_waiting );
        if (!busy) no_bits_before: assert (\dut.carry_packer.held == 0);
        if (!busy || digest) no_word_before: assert (!\dut.carry_packer.has_waiting
            && !\dut.carry_packer.ending && !\dut.carry_packer.tail_waits );
        if (!word) no_word_no_bits: assert (\dut.carry_packer.sent == 0);
`else
        packer_state: assert (\dut.bit_packer.s6_valid == samples[ROTATED]
            && \dut.bit_packer.s7_valid == samples[MERGED]
            && ends[ROTATED] == (\dut.bit_packer.s6_valid && \dut.bit_packer.s6_last )
            && ends[MERGED] == (\dut.bit_packer.s7_valid && \dut.bit_packer.s7_last ));
        if (!busy) none_inside: assert (!samples[ROTATED] && !samples[MERGED]);
        if (\dut.bit_packer.flushing ) no_code_at_the_flush: assert (
            !samples[ROTATED] && !samples[MERGED]);
        if (ends[MERGED]) no_code_behind_the_end: assert (!samples[ROTATED]);
        // So header and digest are not mixed with a word.
        if (!\dut.bit_packer.s7_valid ) no_code_no_bits: assert (\dut.bit_packer.s7_rotated == 0);
        if (!busy || digest) no_bits_before: assert (
            \dut.bit_packer.residue == 0 && !samples[MERGED] && !\dut.bit_packer.flushing );
`endif
        if (ends != 0) one_end_inside: assert (ends == 1 << since_end);
        if (flushing) end_is_flushed: assert (since_end == MERGED + 1);
        frame_by_frame: assert (\dut.rounds.gap == (ends != 0 || flushing));
    end

    always @(posedge clock) begin
        cover (closing_2 && number == 2);
        cover (mark && !misaligned_frame);
        cover (mark && misaligned_frame);
        cover (begins && !header);
        cover (header && lost);
    end
endmodule
