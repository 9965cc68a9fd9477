// AxiLite: every question is answered once, an answer stays until it is taken, and what is refused writes nothing.

module axi_lite_proof(
    input clock, aresetn,
    input [5:0] s_axil_awaddr, s_axil_araddr,
    input [31:0] s_axil_wdata, read_word,
    input [3:0] s_axil_wstrb,
    input s_axil_awvalid, s_axil_wvalid, s_axil_bready, s_axil_arvalid, s_axil_rready,
    input write_refused, read_refused
);
    wire s_axil_awready, s_axil_wready, s_axil_bvalid, s_axil_arready, s_axil_rvalid, write;
    wire [1:0] s_axil_bresp, s_axil_rresp;
    wire [31:0] s_axil_rdata, write_word;
    wire [3:0] write_index, read_index;
    axi_lite dut(.*);

    wire asks_write = s_axil_awvalid && s_axil_awready;
    wire asks_read = s_axil_arvalid && s_axil_arready;
    wire fails_write = write_refused || s_axil_wstrb != 4'hf || s_axil_awaddr[1:0] != 0;
    wire fails_read = read_refused || s_axil_araddr[1:0] != 0;

    // Answers that are due, and what they say.
    reg write_due = 0, write_failed = 0, read_due = 0, read_failed = 0;
    reg [31:0] read_right = 0;
    always @(posedge clock) begin
        if (s_axil_bvalid && s_axil_bready) write_due <= 0;
        if (asks_write) {write_due, write_failed} <= {1'b1, fails_write};
        if (s_axil_rvalid && s_axil_rready) read_due <= 0;
        if (asks_read) begin
            {read_due, read_failed} <= {1'b1, fails_read};
            read_right <= fails_read ? 0 : read_word;
        end
        if (!aresetn) {write_due, read_due} <= 0;
    end

    always @(posedge clock) begin
        together: assert (asks_write == (s_axil_wvalid && s_axil_wready));
        one_at_a_time: assert (!(asks_write && write_due) && !(asks_read && read_due));
        answered: assert (s_axil_bvalid == write_due && s_axil_rvalid == read_due);
        if (write_due) how_it_ended: assert (s_axil_bresp == (write_failed ? 2 : 0));
        if (read_due) what_it_was: assert (s_axil_rresp == (read_failed ? 2 : 0) && s_axil_rdata == read_right);
        written_once: assert (write == (asks_write && s_axil_wstrb == 4'hf && s_axil_awaddr[1:0] == 0));
        if (write) in_place: assert (write_index == s_axil_awaddr[5:2] && write_word == s_axil_wdata);
        if (asks_read) asked: assert (read_index == s_axil_araddr[5:2]);
        if (!aresetn) in_reset: assert (!asks_write && !asks_read && !write);
        // A free port takes a question at once.
        if (aresetn && !write_due && s_axil_awvalid && s_axil_wvalid) takes_write: assert (asks_write);
        if (aresetn && !read_due && s_axil_arvalid) takes_read: assert (asks_read);
    end

    always @(posedge clock) begin
        waits: cover (write_due && !s_axil_bready && read_due && !s_axil_rready);
        refused: cover (write_due && write_failed && read_due && read_failed);
    end
endmodule
