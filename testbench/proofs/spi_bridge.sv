// SpiBridge: the rules of an AXI4-Lite master, and that only whole words are written.
//
// The host and the slave may do anything at any clock. What the host sends is what the pins were two
// clocks ago; here it is counted and kept anew, in another way than the block does.

module spi_bridge_proof(
    input aclk, aresetn, spi_sck, spi_cs_n, spi_mosi,
    input m_axil_awready, m_axil_wready, m_axil_bvalid, m_axil_arready, m_axil_rvalid,
    input [1:0] m_axil_bresp, m_axil_rresp,
    input [31:0] m_axil_rdata
);
    wire spi_miso, m_axil_awvalid, m_axil_wvalid, m_axil_bready, m_axil_arvalid, m_axil_rready;
    wire [5:0] m_axil_awaddr, m_axil_araddr;
    wire [31:0] m_axil_wdata;
    wire [3:0] m_axil_wstrb;
    spi_bridge dut(.*);

    // The pins as they were: in reset, as if selected for long, so that no message begins.
    reg [2:0] selected = 0, sck = 0;
    reg [1:0] mosi = 0;
    always @(posedge aclk) begin
        selected <= aresetn ? {selected, !spi_cs_n} : 7;
        sck <= {sck, spi_sck};
        mosi <= {mosi, spi_mosi};
    end
    wire begins = selected[2:1] == 2'b01;
    reg open = 0;
    wire rises = open && selected[1] && sck[2:1] == 2'b01;

    // The message: its first byte, the bits since then or since the last word, the last 32 of them.
    reg [5:0] bits = 0;
    reg addressed = 0;
    reg [7:0] head = 0;
    reg [31:0] last = 0;
    wire [31:0] with_this = {last, mosi[1]};
    wire ends_head = rises && !addressed && bits == 7;
    wire ends_word = rises && addressed && head[7] && bits == 31;
    // The byte after a read's address is no word.
    reg turns = 0;
    wire ends_turn = rises && addressed && !head[7] && turns && bits == 7;
    wire ends_answer = rises && addressed && !head[7] && !turns && bits == 31;
    // A read's answer is asked for eight bits before it is due.
    wire asks = (ends_head && with_this[7:6] == 0)
        || (rises && addressed && !head[7] && !turns && bits == 23);
    wire due = ends_turn || ends_answer;
    always @(posedge aclk) begin
        if (rises) begin
            last <= with_this;
            bits <= ends_head || ends_word || due ? 0 : bits + 1;
        end
        if (ends_head) {addressed, head, turns} <= {1'b1, with_this[7:0], 1'b1};
        if (ends_turn) turns <= 0;
        if (begins) {open, addressed, bits} <= {1'b1, 1'b0, 6'd0};
        if (!selected[1] || !aresetn || (ends_head && with_this[6])) open <= 0;
    end

    // An offer stays, unchanged, until it is taken (or a reset drops it).
    reg was_aw = 0, was_w = 0, was_ar = 0, out_of_reset = 0;
    reg [5:0] address = 0;
    reg [31:0] word = 0;
    always @(posedge aclk) begin
        was_aw <= aresetn && m_axil_awvalid && !m_axil_awready;
        was_w <= aresetn && m_axil_wvalid && !m_axil_wready;
        was_ar <= aresetn && m_axil_arvalid && !m_axil_arready;
        {address, word} <= {m_axil_awaddr, m_axil_wdata};
        if (was_aw) aw_stays: assert (m_axil_awvalid && m_axil_awaddr == address);
        if (was_w) w_stays: assert (m_axil_wvalid && m_axil_wdata == word);
        if (was_ar) ar_stays: assert (m_axil_arvalid && m_axil_araddr == address);
        all_bytes: assert (m_axil_wstrb == 15);
        out_of_reset <= !aresetn;
        if (out_of_reset)
            nothing: assert (!m_axil_awvalid && !m_axil_wvalid && !m_axil_arvalid);
    end

    // The block's registers.
    (* hierconn *) wire \dut.late , \dut.open , \dut.addressed , \dut.writing , \dut.unwanted ;
    (* hierconn *) wire \dut.write_open , \dut.read_open , \dut.mosi_1 , \dut.mosi_2 ;
    (* hierconn *) wire \dut.selected_1 , \dut.selected_2 , \dut.selected_3 ;
    (* hierconn *) wire \dut.sck_1 , \dut.sck_2 , \dut.sck_3 ;
    (* hierconn *) wire [4:0] \dut.place ;
    (* hierconn *) wire [31:0] \dut.shift ;
    (* hierconn *) wire [5:0] \dut.address ;

    // What is under way: one transaction at most.
    reg aw_due = 0, w_due = 0, b_due = 0, ar_due = 0, r_due = 0;
    wire takes_b = m_axil_bvalid && m_axil_bready, takes_r = m_axil_rvalid && m_axil_rready;
    wire free = !b_due && !r_due;
    always @(posedge aclk) begin
        if (m_axil_awvalid && m_axil_awready) aw_due <= 0;
        if (m_axil_wvalid && m_axil_wready) w_due <= 0;
        if (m_axil_arvalid && m_axil_arready) ar_due <= 0;
        if (takes_b) b_due <= 0;
        if (takes_r) r_due <= 0;
        if (ends_word && free) {aw_due, w_due, b_due} <= 7;
        if (asks && free) {ar_due, r_due} <= 3;
        if (!aresetn) {aw_due, w_due, b_due, ar_due, r_due} <= 0;
        under_way: assert ({aw_due, w_due, ar_due} == {m_axil_awvalid, m_axil_wvalid, m_axil_arvalid});
        one_at_a_time: assert (!(b_due && r_due) && (b_due || !(aw_due || w_due)) && (r_due || !ar_due));
        b_in_order: assert (m_axil_bready == (b_due && !aw_due && !w_due));
        if (m_axil_rready) r_in_order: assert (r_due && !ar_due);
    end

    // A whole word is written, or it is reported that it was not; nothing else begins a write.
    reg word_before = 0, was_free = 1, aw_before = 0, w_before = 0;
    reg [31:0] word_sent = 0;
    reg [5:0] address_sent = 0;
    always @(posedge aclk) begin
        {word_before, was_free} <= {aresetn && ends_word, free};
        {address_sent, word_sent} <= {head[5:0], with_this};
        {aw_before, w_before} <= {m_axil_awvalid, m_axil_wvalid};
        if (word_before && was_free) is_written: assert (m_axil_awvalid && m_axil_wvalid
            && m_axil_awaddr == address_sent && m_axil_wdata == word_sent);
        if (word_before && !was_free) is_reported: assert (\dut.late );
        if ((m_axil_awvalid && !aw_before) || (m_axil_wvalid && !w_before))
            only_words: assert (word_before && was_free);
    end

    // A read gets the answer that was asked for eight bits before, or 0, which is reported.
    reg own = 0, is_due = 0, is_own = 0;
    reg [31:0] answer = 0;
    always @(posedge aclk) begin
        if (takes_r || due || !selected[1]) own <= 0;
        if (asks && free) own <= 1;
        if (!aresetn) own <= 0;
        {is_due, is_own, answer} <= {aresetn && due, own && takes_r, m_axil_rdata};
        if (is_due) own_answer: assert (\dut.shift == (is_own ? answer : 0));
        if (is_due && !is_own) zero_reported: assert (\dut.late );
    end

    // What the proof by induction leans on: the block's registers are what is kept here.
    wire in_byte = !addressed || (turns && !head[7]);
    wire [31:0] of_these_bits = (32'd1 << bits) - 1;
    always @(posedge aclk) begin
        same_pins: assert ({\dut.selected_3 , \dut.selected_2 , \dut.selected_1 } == selected
            && {\dut.sck_3 , \dut.sck_2 , \dut.sck_1 } == sck
            && {\dut.mosi_2 , \dut.mosi_1 } == mosi);
        same_open: assert (\dut.open == open);
        if (open) begin
            is_selected: assert (selected[2]);
            same_phase: assert (\dut.addressed == addressed);
            same_place: assert (\dut.place == bits + (in_byte ? 24 : 0) && bits < (in_byte ? 8 : 32));
            if (!addressed || head[7])
                same_bits: assert (((\dut.shift ^ last) & of_these_bits) == 0);
        end
        if (open && addressed)
            same_head: assert (\dut.writing == head[7] && \dut.address == head[5:0]);
        same_transactions: assert ({\dut.write_open , \dut.read_open } == {b_due, r_due});
        same_wish: assert (own == (r_due && !\dut.unwanted ) && (r_due || !\dut.unwanted ));
    end

    always @(posedge aclk) begin
        cover (word_before && was_free);
        cover (is_due && is_own);
    end
endmodule
