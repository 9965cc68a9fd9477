// A whole pipeline with packets: the rules of AXI4-Stream at both ports, no sample lost, and the
// promises that the packer's and the FIFO's proofs lean on. `CODE_AT` clocks lie between a sample
// and its code.
//
// Tables and channel state are cut out of the design: they may say anything at any clock, so what
// is proved here holds for every table set, and for any sequence of code lengths.
//
// With the range coder (`RANGE_CODER`) one more code follows a packet's last, then the word that waits, then the tail.

module packets_proof(
    input clock, aresetn, s_axis_tlast, s_axis_tvalid, m_axis_tready,
    input [15:0] s_axis_tdata
);
    wire s_axis_tready, m_axis_tlast, m_axis_tvalid;
    wire [31:0] m_axis_tdata;
    wire [3:0] m_axis_tkeep;
    pipeline dut(
        .aclk(clock), .aresetn, .s_axis_tdata, .s_axis_tlast, .s_axis_tvalid, .s_axis_tready,
        .m_axis_tdata, .m_axis_tkeep, .m_axis_tlast, .m_axis_tvalid, .m_axis_tready
    );

    // Samples on their way, the latest in bit 0: through the codec, then through the packer.
`ifdef RANGE_CODER
    localparam CODE = `CODE_AT - 1, MERGED = CODE + 3;
`else
    localparam CODE = `CODE_AT - 1, ROTATED = CODE + 1, MERGED = CODE + 2;
`endif
    reg [MERGED:0] samples = 0, ends = 0;
    wire moves = s_axis_tvalid && s_axis_tready;
    always @(posedge clock) begin
        samples <= aresetn ? {samples, moves} : 0;
        ends <= aresetn ? {ends, moves && s_axis_tlast} : 0;
    end

    // The input: each sample that moves becomes one code, and nothing else does; it carries the
    // packet's end. What a reset finds inside is dropped.
`ifdef RANGE_CODER
    (* hierconn *) wire \dut.carry_packer_valid , \dut.carry_packer_last ;
    always @(posedge clock) begin
        one_code_a_sample: assert (\dut.carry_packer_valid == (samples[CODE] || ends[CODE + 1]));
        if (\dut.carry_packer_valid ) end_is_kept: assert (\dut.carry_packer_last == ends[CODE + 1]);
        if (ends[CODE + 1]) gap_after_end: assert (!samples[CODE]);
        if (!aresetn) deaf_in_reset: assert (!s_axis_tready);
    end
`else
    (* hierconn *) wire \dut.bit_packer_valid , \dut.bit_packer_last ;
    always @(posedge clock) begin
        one_code_a_sample: assert (\dut.bit_packer_valid == samples[CODE]);
        if (samples[CODE]) end_is_kept: assert (\dut.bit_packer_last == ends[CODE]);
        if (ends[ROTATED]) gap_after_end: assert (!\dut.bit_packer_valid );
        if (!aresetn) deaf_in_reset: assert (!s_axis_tready);
    end
`endif

    // The output: a word that is offered stays offered, unchanged, until it is taken or a reset
    // drops it.
    reg offered = 0;
    reg [36:0] offer = 0;
    always @(posedge clock) begin
        offered <= aresetn && m_axis_tvalid && !m_axis_tready;
        offer <= {m_axis_tdata, m_axis_tkeep, m_axis_tlast};
        if (offered) stays: assert (
            m_axis_tvalid && offer == {m_axis_tdata, m_axis_tkeep, m_axis_tlast});
    end

    // A word waits a clock in the framer, which one channel has not.
`ifdef FRAMER
    (* hierconn *) wire \dut.framer.goes ;
    wire framed = \dut.framer.goes ;
`else
    wire framed = 0;
`endif

    // The FIFO never overflows, whatever sink and source do: a sample is let in only while less than
    // half of the words wait, and each on its way becomes one word at most, an end one more, or three.
    localparam FULL = (1 << `FIFO_BITS) - 1, HALF = 1 << (`FIFO_BITS - 1);
    (* hierconn *) wire [`OCCUPANCY_BITS-1:0] \dut.word_fifo.occupancy ;
    (* hierconn *) wire \dut.word_fifo_write ;
`ifdef RANGE_CODER
    (* hierconn *) wire \dut.carry_packer.ending , \dut.carry_packer.tail_waits ;
    (* hierconn *) wire \dut.carry_packer.has_waiting , \dut.carry_packer.sent_valid ;
    // A packet's first code has no carry (`encoder.sv`), so none goes into the last packet's words.
    (* hierconn *) wire \dut.carry_packer.carries ;
    always @(*) if (\dut.carry_packer.ending ) assume (!\dut.carry_packer.carries );
    reg [6:0] inside;
    integer i;
    always @(*) begin
        inside = \dut.carry_packer.sent_valid + framed;
        // Those at the packer at the latest; behind a packet's last code as many as are left.
        for (i = 0; i <= CODE; i = i + 1) inside = inside + samples[i] + 3 * ends[i];
        inside = inside + 3 * ends[CODE + 1] + 2 * ends[CODE + 2] + ends[CODE + 3];
    end
    wire packer_follows_it = \dut.carry_packer.ending == ends[CODE + 2]
        && !(\dut.carry_packer.tail_waits && !ends[CODE + 3])
        && !(ends[CODE + 3] && \dut.carry_packer.has_waiting );
`else
    (* hierconn *) wire \dut.bit_packer.flushing ;
    (* hierconn *) wire \dut.bit_packer.s6_valid , \dut.bit_packer.s7_valid ;
    (* hierconn *) wire \dut.bit_packer.s6_last , \dut.bit_packer.s7_last ;
    reg [4:0] inside;
    integer i;
    always @(*) begin
        inside = \dut.bit_packer.flushing + framed;
        for (i = 0; i <= MERGED; i = i + 1) inside = inside + samples[i] + ends[i];
    end
    wire packer_follows_it = \dut.bit_packer.s6_valid == samples[ROTATED]
        && \dut.bit_packer.s7_valid == samples[MERGED]
        && (ends[ROTATED] == (\dut.bit_packer.s6_valid && \dut.bit_packer.s6_last ))
        && (ends[MERGED] == (\dut.bit_packer.s7_valid && \dut.bit_packer.s7_last ));
`endif
    wire [9:0] waiting = \dut.word_fifo.occupancy ;
    always @(posedge clock) begin
        if (\dut.word_fifo_write ) no_overflow: assert (waiting < FULL);
        all_fit: assert (waiting + inside <= FULL);
        packer_follows: assert (packer_follows_it);
    end

    // The input is never stuck: while the sink takes words, it is ready again in time.
    reg [9:0] refused = 0;
    always @(posedge clock) refused <= aresetn && m_axis_tready && !s_axis_tready ? refused + 1 : 0;
    always @(posedge clock) begin
        ready_again: assert (refused <= HALF + 4);
        drains: assert (refused == 0 || refused + waiting + inside <= FULL + 1);
    end

    always @(posedge clock) begin
        cover (m_axis_tvalid && m_axis_tready && m_axis_tlast);
        cover (waiting > 1 && offered);
    end
endmodule
