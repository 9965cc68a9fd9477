// WordFifo: every word that goes in comes out once, in order, and the output keeps the rules of
// AXI4-Stream.
//
// The solver picks any word (`pick`). It is the number `number` of all that went in, so it must be
// the number `number` of all that come out, with its flags. Words are counted modulo twice the size
// of the memory, and no more than that size are ever inside (asserted below).

module word_fifo_proof(
    input clock, aresetn, write, word_last, m_axis_tready, pick,
    input [31:0] word,
    input [1:0] word_bytes
);
    wire room, m_axis_tlast, m_axis_tvalid;
    wire [31:0] m_axis_tdata;
    wire [3:0] m_axis_tkeep;
    word_fifo dut(.*);

    // Nobody writes into a full FIFO; `packets.sv` and `frames.sv` prove that of those who write.
    localparam N = `FIFO_BITS, FULL = (1 << N) - 1;
    (* hierconn *) wire [N-1:0] \dut.occupancy , \dut.write_address , \dut.read_address ;
    wire [N-1:0] held = \dut.occupancy ;
    always @(*) if (held == FULL) assume (!write);

    // What went in and what came out.
    reg [N:0] words_in = 0, words_out = 0;
    wire moves = m_axis_tvalid && m_axis_tready;
    always @(posedge clock) begin
        words_in <= aresetn ? words_in + write : 0;
        words_out <= aresetn ? words_out + moves : 0;
    end

    // The picked word.
    reg inside = 0, last = 0;
    reg [N:0] number = 0;
    reg [31:0] data = 0;
    reg [1:0] bytes = 0;
    wire its_turn = inside && m_axis_tvalid && words_out == number;
    always @(posedge clock) begin
        if (its_turn && m_axis_tready) inside <= 0;
        if (write && pick && !inside) begin
            {inside, number} <= {1'b1, words_in};
            {data, bytes, last} <= {word, word_bytes, word_last};
        end
        if (!aresetn) inside <= 0;
    end
    wire [31:0] lanes = {data[7:0], data[15:8], data[23:16], data[31:24]};
    wire [3:0] keep = 4'hf >> (3 - bytes);
    always @(posedge clock) if (its_turn)
        same_word: assert ({m_axis_tdata, m_axis_tkeep, m_axis_tlast} == {lanes, keep, last});

    // A word that is offered stays offered, unchanged, until it is taken (or a reset drops it).
    reg offered = 0;
    reg [36:0] offer = 0;
    always @(posedge clock) begin
        offered <= aresetn && m_axis_tvalid && !m_axis_tready;
        offer <= {m_axis_tdata, m_axis_tkeep, m_axis_tlast};
        if (offered) begin
            stays_valid: assert (m_axis_tvalid);
            stays_the_same: assert (offer == {m_axis_tdata, m_axis_tkeep, m_axis_tlast});
        end
    end

    // None waits for nothing: two clocks after a word came into the empty FIFO it is offered.
    reg waited = 0;
    always @(posedge clock) begin
        waited <= aresetn && held != 0 && !m_axis_tvalid;
        if (waited) never_idle: assert (m_axis_tvalid);
    end

    // Bounds, and what the proof by induction leans on: the place of the picked word.
    (* hierconn *) wire [N-1:0] \dut.memory.window ;
    (* hierconn *) wire [34:0] \dut.memory.seen ;
    assign \dut.memory.window = number[N-1:0];
    wire [N:0] ahead = number - words_out, words_read = words_out + m_axis_tvalid;
    always @(posedge clock) begin
        occupancy_bound: assert (held <= FULL);
        all_counted: assert (words_in == words_out + held + m_axis_tvalid);
        addresses: assert (\dut.write_address == words_in[N-1:0]
            && \dut.read_address == words_read[N-1:0]);
        if (inside) between: assert (ahead < held + m_axis_tvalid);
        if (inside && !its_turn) stored: assert (\dut.memory.seen == {last, bytes, data});
    end

    always @(posedge clock) begin
        cover (its_turn && m_axis_tready && held == 3);
        cover (!room);
    end
endmodule
