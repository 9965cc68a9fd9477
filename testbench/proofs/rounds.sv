// Rounds with packets: the interlock of the channels' state, and their order.
//
// The solver picks any channel (`watched`). Its state is in memory again `STATE_LOOP` clocks after
// one of its samples was taken; until then no other sample of it is taken, unless a new packet
// starts it afresh, which reads no memory.

module rounds_proof(input clock, aresetn, s_axis_tvalid, s_axis_tlast, room);
    wire s_axis_tready, accept, fresh, last;
    wire [4:0] channel;
    rounds dut(.*);

    (* anyconst *) wire [4:0] watched;
    always @(*) assume (watched < `CHANNELS);

    // Clocks since the watched channel's sample was taken.
    reg [2:0] age = 7;
    always @(posedge clock) begin
        if (age != 7) age <= age + 1;
        if (accept && channel == watched) age <= 1;
    end

    // Where the next sample belongs.
    reg [4:0] next = 0;
    reg first_round = 1;
    always @(posedge clock) begin
        if (accept) begin
            next <= last || next == `CHANNELS - 1 ? 0 : next + 1;
            first_round <= last || (first_round && next != `CHANNELS - 1);
        end
        if (!aresetn) {next, first_round} <= {5'd0, 1'b1};
    end

    // A sample waits for a reason: no room, a packet that just ended, as many samples under way as
    // there are channels.
    reg ended = 0;
    reg [`STATE_LOOP-2:0] taken = 0;
    integer i;
    reg [2:0] under_way;
    always @(posedge clock) begin
        ended <= aresetn && accept && last;
        taken <= {taken, accept};
    end
    always @(*) begin
        under_way = 0;
        for (i = 0; i < `STATE_LOOP - 1; i = i + 1) under_way = under_way + taken[i];
    end

    always @(posedge clock) begin
        handshake: assert (accept == (s_axis_tvalid && s_axis_tready));
        in_order: assert (channel == next && fresh == first_round);
        if (accept && channel == watched && !fresh) interlock: assert (age >= `STATE_LOOP);
        if (accept) its_end: assert (last == s_axis_tlast);
        if (aresetn && room && !ended && under_way < `CHANNELS) no_idle_wait: assert (s_axis_tready);
        if (!aresetn || !room || ended) waits: assert (!s_axis_tready);
    end

    (* hierconn *) wire [4:0] \dut.recent ;
    always @(posedge clock) remembered: assert (\dut.recent == taken);

    always @(posedge clock) begin
        cover (accept && channel == watched && !fresh && age == `STATE_LOOP);
        cover (accept && last && !first_round);
    end
endmodule
