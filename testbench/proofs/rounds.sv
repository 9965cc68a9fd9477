// Rounds: the order of the channels, and the interlock of their state.
//
// The solver picks any channel (`watched`). Its state is in memory again `STATE_LOOP` clocks after
// a sample of it was taken; until then none of its samples is taken, unless it starts afresh, which
// reads no memory. (In frames this holds as long as the frame's rounds have the right length: a
// misaligned frame is dropped, and the frame after it starts every channel anew.)

module rounds_proof(
    input clock, aresetn, s_axis_tvalid, s_axis_tlast, room, keyframe, frame_over
);
    wire s_axis_tready, accept, fresh, last, misaligned_round;
    wire [`CHANNEL_BITS-1:0] channel;
    wire [15:0] misaligned;
    rounds dut(.*);

    (* anyconst *) wire [`CHANNEL_BITS-1:0] watched;
    localparam LAST = `CHANNELS - 1;
    always @(*) assume (watched <= LAST);
    // Where the next sample belongs. `straight`: all rounds so far had a sample of every channel.
    reg [`CHANNEL_BITS-1:0] next = 0;
    reg first_round = 1, straight = 1;
    wire round_ends = `FRAMED ? s_axis_tlast : next == LAST;
    always @(posedge clock) begin
        if (accept) begin
            next <= last || round_ends || next == LAST ? 0 : next + 1;
            first_round <= last || (first_round && !round_ends);
            straight <= last || (straight && !misaligned_round);
        end
        if (!aresetn) {next, first_round, straight} <= {`CHANNEL_BITS'd0, 2'b11};
    end

    // The samples of the frame under way.
    reg [19:0] samples = 0;
    always @(posedge clock) begin
        if (accept) samples <= last ? 0 : samples + 1;
        if (!aresetn) samples <= 0;
    end

    // Samples taken at the last clocks, and clocks since the watched channel's was.
    reg [`STATE_LOOP-2:0] taken = 0;
    reg [2:0] age = 7;
    reg over = 0;
    // Which channel was taken at the clocks before, with whether any was.
    reg [`CHANNEL_BITS:0] then [1:5];
    wire [`CHANNEL_BITS:0] channel_then_3 = then[3], channel_then_5 = then[5];
    initial for (i = 1; i < 6; i = i + 1) then[i] = 0;
    always @(posedge clock) begin
        then[1] <= {accept && aresetn, channel};
        for (i = 2; i < 6; i = i + 1) then[i] <= then[i - 1];
    end
    wire [4:0] lately = {then[5][`CHANNEL_BITS], then[4][`CHANNEL_BITS], then[3][`CHANNEL_BITS],
        then[2][`CHANNEL_BITS], then[1][`CHANNEL_BITS]};
    wire busy = (lately[2] && (lately[0] ^ lately[1])) || (lately[4] && ^lately[3:0]);
    integer i;
    reg [2:0] under_way;
    always @(posedge clock) begin
        taken <= {taken, accept};
        age <= accept && channel == watched ? 1 : age + (age != 7);
        over <= aresetn && ((accept && last) || (`FRAMED && over && !frame_over));
    end
    always @(*) begin
        under_way = 0;
        for (i = 0; i < `STATE_LOOP - 1; i = i + 1) under_way = under_way + taken[i];
    end

    always @(posedge clock) begin
        handshake: assert (accept == (s_axis_tvalid && s_axis_tready));
        in_order: assert (channel == next && fresh == (first_round && keyframe));
        if (accept && channel == watched && !first_round && straight)
            interlock: assert (age >= `STATE_LOOP);
        if (!`FRAMED) packet_ends: assert (last == s_axis_tlast && !misaligned_round);
        // A frame has the samples that the words of the longest frame are counted with.
        if (`FRAMED && accept && last && straight && !misaligned_round)
            frame_size: assert (samples + 1 == `CHANNELS * `ROUNDS);
        // A sample waits for a reason: no room for a packet's, a frame or a packet that just ended,
        // as many samples under way as there are channels.
        if (aresetn && (room || `FRAMED) && !over && under_way < `CHANNELS && !(`ONE_PORT && busy))
            no_idle_wait: assert (s_axis_tready);
        // Of one port: the samples whose state is written now are of the other bank.
        if (`ONE_PORT && accept && straight && !first_round) begin
            if (channel_then_3[`CHANNEL_BITS]) three_ago: assert (channel_then_3[0] != channel[0]);
            if (channel_then_5[`CHANNEL_BITS]) five_ago: assert (channel_then_5[0] != channel[0]);
        end
        if (!aresetn || over || !(room || `FRAMED)) waits: assert (!s_axis_tready);
    end

    // What the proof by induction leans on.
    (* hierconn *) wire [4:0] \dut.recent ;
    (* hierconn *) wire [7:0] \dut.round_number ;
    (* hierconn *) wire \dut.gap , \dut.round_over , \dut.too_long ;
    always @(posedge clock) begin
        // With as many channels as the loop has clocks, order alone keeps them apart.
        remembered: assert (\dut.recent == (`ONE_PORT ? lately : `CHANNELS < `STATE_LOOP ? taken : 0) && \dut.gap == over);
        if (straight && `ONE_PORT) alternate: assert (
            (!lately[2] || first_round || then[3][0] == (next[0] ^ !(lately[0] ^ lately[1])))
            && (!lately[4] || first_round || then[5][0] == (next[0] ^ !(^lately[3:0]))));
        if (straight || !`FRAMED) not_too_long: assert (!\dut.too_long );
        if (`FRAMED && straight) all_counted: assert (
            samples == \dut.round_number * `CHANNELS + next && \dut.round_number < `ROUNDS
            && first_round == (\dut.round_number == 0));
        rounds_counted: assert (\dut.round_over == !first_round && next <= LAST);
    end

    always @(posedge clock) begin
        cover (accept && channel == watched && !first_round && age == `STATE_LOOP);
        cover (accept && last && !first_round);
    end
endmodule
