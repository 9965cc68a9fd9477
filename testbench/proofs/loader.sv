// Loader: no table but a whole one that was committed, and none in mid-frame.
//
// What follows counts an image's words by itself. The CRC may say anything at any clock: that it is asked with every word is
// asserted, and that it is right is proved by its own test.

module loader_proof(
    input clock, aresetn, start, word_valid, commit, hold, frame_over, keyframe,
    input [31:0] word
);
    wire [21:0] load_at;
    wire [31:0] load_word, digest, crc_start;
    wire [19:0] loaded;
    wire runs, active, bank, loading, complete, pending;
    wire wrong_layout, wrong_crc, too_long, not_complete;
    loader dut(.*);

    // Two tables, of two words and of three.
    localparam WORDS = 3 + 2 + 3 + 1;
    (* hierconn *) wire [31:0] \dut.crc_crc , \dut.crc_word , \dut.expected_crc ;
    (* hierconn *) wire [31:0] \dut.next_digest , \dut.next_crc_start ;
    (* hierconn *) wire \dut.crc_enable , \dut.crc_restart , \dut.check , \dut.over ;
    (* hierconn *) wire [3:0] \dut.number ;
    (* hierconn *) wire [15:0] \dut.address ;

    reg [3:0] came = 0;
    reg listens = 0, due = 0, whole = 0, committed = 0, used = 0, in_bank = 0, over = 0;
    reg [31:0] last_word = 0, new_digest = 0, new_start = 0, old_digest = 0, old_start = 0;
    wire is_word = listens && word_valid;
    wire is_last = is_word && came == WORDS - 1;
    wire core_runs = used && !hold;
    // Where no frame is under way, and the next one says which tables it is made with.
    wire may_change = !core_runs || (over && keyframe);
    wire changes = committed && may_change;
    always @(posedge clock) begin
        due <= is_last;
        over <= frame_over;
        if (is_word) begin
            came <= came + 1;
            if ((came == 0 && word != `LAYOUT) || is_last) listens <= 0;
            if (came == 1) new_digest <= word;
            if (came == 2) new_start <= word;
            if (is_last) last_word <= word;
        end
        if (due && \dut.crc_crc == last_word) whole <= 1;
        if (commit && whole) committed <= 1;
        if (changes) begin
            {used, in_bank, whole, committed} <= {1'b1, !in_bank, 2'b00};
            old_digest <= new_digest;
            old_start <= new_start;
        end
        if (start) {listens, came, due, whole, committed} <= {1'b1, 4'd0, 3'b000};
        if (!aresetn) begin
            {listens, came, due, whole, committed, used, in_bank, over} <= 0;
            old_digest <= 0;
        end
    end

    // The address of a word: which table, and where in it.
    wire in_first = came < 5;
    wire [3:0] table_now = in_first ? 0 : 1;
    wire [15:0] place_now = in_first ? came - 3 : came - 5;
    wire is_of_table = is_word && came >= 3 && came < WORDS - 1;

    always @(posedge clock) begin
        in_use: assert (active == used && bank == in_bank && load_at[21] == bank);
        only_a_table_runs: assert (runs == core_runs);
        of_the_image: assert (digest == old_digest && (!used || crc_start == old_start));
        writes: assert (load_at[20] == is_of_table && load_word == word);
        if (load_at[20]) in_place: assert (load_at[19:0] == {table_now, place_now});
        if (load_at[20]) not_what_waits: assert (!complete && !pending);
        says: assert (complete == whole && pending == committed && loading == listens && loaded == came);
        every_word_counts: assert (\dut.crc_enable == is_word && \dut.crc_restart == (start || !aresetn));
        if (is_word) as_it_came: assert (\dut.crc_word == (is_last ? 0 : word));
        if (!start && aresetn) begin
            if (commit && !whole) begin : said
                cover (1);
            end
        end
    end

    // What the proof by induction leans on.
    always @(posedge clock) begin
        counted: assert (came <= WORDS && (!listens || came < WORDS));
        compared: assert (\dut.check == due && (!due || \dut.expected_crc == last_word));
        waits_for: assert (\dut.over == over);
        if (committed) assert (whole);
        if (whole || due) not_listening: assert (!listens && came == WORDS);
        if (!listens && came != 0) ended: assert (came == 1 || came == WORDS);
        if (came >= 2) kept_digest: assert (\dut.next_digest == new_digest);
        if (came >= 3) kept_start: assert (\dut.next_crc_start == new_start);
        if (whole) kept: assert (came == WORDS);
        if (listens && came < 3) from_the_start: assert (\dut.number == 0 && \dut.address == 0);
        if (listens && came >= 3 && came < WORDS - 1)
            at: assert (\dut.number == table_now && \dut.address == place_now);
    end

    always @(posedge clock) begin
        second_table: cover (changes && core_runs);
        while_held: cover (changes && used && hold);
        refused: cover (wrong_crc);
        foreign: cover (wrong_layout);
        more: cover (too_long && complete);
        none: cover (not_complete);
    end
endmodule
