// DP16KD: the block RAM of the ECP5, 1024 rows of 18 bits, as far as our designs use it: no output
// registers, no reset, chip selects idle. yosys has this cell as a black box only.
//
// A port of 1, 2 or 4 bits does not see every ninth bit; one of 36 bits takes two rows, and then
// A is the write port with the data of both, B the read port with the outputs of both.
module DP16KD(
    input DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5,
        DIA4, DIA3, DIA2, DIA1, DIA0,
    input ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0,
    input DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5,
        DIB4, DIB3, DIB2, DIB1, DIB0,
    input ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0,
    input CEA, OCEA, CLKA, WEA, RSTA, CSA2, CSA1, CSA0,
    input CEB, OCEB, CLKB, WEB, RSTB, CSB2, CSB1, CSB0,
    output DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5,
        DOA4, DOA3, DOA2, DOA1, DOA0,
    output DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5,
        DOB4, DOB3, DOB2, DOB1, DOB0
);
    parameter DATA_WIDTH_A = 18;
    parameter DATA_WIDTH_B = 18;
    parameter REGMODE_A = "NOREG";
    parameter REGMODE_B = "NOREG";
    parameter RESETMODE = "SYNC";
    parameter ASYNC_RESET_RELEASE = "SYNC";
    parameter CSDECODE_A = "0b000";
    parameter CSDECODE_B = "0b000";
    parameter WRITEMODE_A = "NORMAL";
    parameter WRITEMODE_B = "NORMAL";
    parameter CLKAMUX = "CLKA";
    parameter CLKBMUX = "CLKB";
    parameter GSR = "ENABLED";
    parameter [319:0] INITVAL_00 = 0;
    parameter [319:0] INITVAL_01 = 0;
    parameter [319:0] INITVAL_02 = 0;
    parameter [319:0] INITVAL_03 = 0;
    parameter [319:0] INITVAL_04 = 0;
    parameter [319:0] INITVAL_05 = 0;
    parameter [319:0] INITVAL_06 = 0;
    parameter [319:0] INITVAL_07 = 0;
    parameter [319:0] INITVAL_08 = 0;
    parameter [319:0] INITVAL_09 = 0;
    parameter [319:0] INITVAL_0A = 0;
    parameter [319:0] INITVAL_0B = 0;
    parameter [319:0] INITVAL_0C = 0;
    parameter [319:0] INITVAL_0D = 0;
    parameter [319:0] INITVAL_0E = 0;
    parameter [319:0] INITVAL_0F = 0;
    parameter [319:0] INITVAL_10 = 0;
    parameter [319:0] INITVAL_11 = 0;
    parameter [319:0] INITVAL_12 = 0;
    parameter [319:0] INITVAL_13 = 0;
    parameter [319:0] INITVAL_14 = 0;
    parameter [319:0] INITVAL_15 = 0;
    parameter [319:0] INITVAL_16 = 0;
    parameter [319:0] INITVAL_17 = 0;
    parameter [319:0] INITVAL_18 = 0;
    parameter [319:0] INITVAL_19 = 0;
    parameter [319:0] INITVAL_1A = 0;
    parameter [319:0] INITVAL_1B = 0;
    parameter [319:0] INITVAL_1C = 0;
    parameter [319:0] INITVAL_1D = 0;
    parameter [319:0] INITVAL_1E = 0;
    parameter [319:0] INITVAL_1F = 0;
    parameter [319:0] INITVAL_20 = 0;
    parameter [319:0] INITVAL_21 = 0;
    parameter [319:0] INITVAL_22 = 0;
    parameter [319:0] INITVAL_23 = 0;
    parameter [319:0] INITVAL_24 = 0;
    parameter [319:0] INITVAL_25 = 0;
    parameter [319:0] INITVAL_26 = 0;
    parameter [319:0] INITVAL_27 = 0;
    parameter [319:0] INITVAL_28 = 0;
    parameter [319:0] INITVAL_29 = 0;
    parameter [319:0] INITVAL_2A = 0;
    parameter [319:0] INITVAL_2B = 0;
    parameter [319:0] INITVAL_2C = 0;
    parameter [319:0] INITVAL_2D = 0;
    parameter [319:0] INITVAL_2E = 0;
    parameter [319:0] INITVAL_2F = 0;
    parameter [319:0] INITVAL_30 = 0;
    parameter [319:0] INITVAL_31 = 0;
    parameter [319:0] INITVAL_32 = 0;
    parameter [319:0] INITVAL_33 = 0;
    parameter [319:0] INITVAL_34 = 0;
    parameter [319:0] INITVAL_35 = 0;
    parameter [319:0] INITVAL_36 = 0;
    parameter [319:0] INITVAL_37 = 0;
    parameter [319:0] INITVAL_38 = 0;
    parameter [319:0] INITVAL_39 = 0;
    parameter [319:0] INITVAL_3A = 0;
    parameter [319:0] INITVAL_3B = 0;
    parameter [319:0] INITVAL_3C = 0;
    parameter [319:0] INITVAL_3D = 0;
    parameter [319:0] INITVAL_3E = 0;
    parameter [319:0] INITVAL_3F = 0;

    // An instance of a module that is not there stops every simulator.
    generate
        if (REGMODE_A != "NOREG" || REGMODE_B != "NOREG" || CSDECODE_A != "0b000" ||
            CSDECODE_B != "0b000" || CLKAMUX != "CLKA" || CLKBMUX != "CLKB")
            dp16kd_model_does_not_know_these_parameters stop();
    endgenerate
    always @(posedge CLKA) if (RSTA) $fatal(1, "this model of DP16KD knows no reset");
    always @(posedge CLKB) if (RSTB || CEB && WEB)
        $fatal(1, "this model of DP16KD knows no reset, and no writing through port B");

    wire [13:0] address_a = {ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3,
        ADA2, ADA1, ADA0};
    wire [13:0] address_b = {ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3,
        ADB2, ADB1, ADB0};
    wire [35:0] data_a = {DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7,
        DIB6, DIB5, DIB4, DIB3, DIB2, DIB1, DIB0, DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11,
        DIA10, DIA9, DIA8, DIA7, DIA6, DIA5, DIA4, DIA3, DIA2, DIA1, DIA0};

    // Row n stands from bit 20 * n on.
    localparam [20479:0] CONTENTS = {INITVAL_3F, INITVAL_3E, INITVAL_3D, INITVAL_3C, INITVAL_3B,
        INITVAL_3A, INITVAL_39, INITVAL_38, INITVAL_37, INITVAL_36, INITVAL_35, INITVAL_34,
        INITVAL_33, INITVAL_32, INITVAL_31, INITVAL_30, INITVAL_2F, INITVAL_2E, INITVAL_2D,
        INITVAL_2C, INITVAL_2B, INITVAL_2A, INITVAL_29, INITVAL_28, INITVAL_27, INITVAL_26,
        INITVAL_25, INITVAL_24, INITVAL_23, INITVAL_22, INITVAL_21, INITVAL_20, INITVAL_1F,
        INITVAL_1E, INITVAL_1D, INITVAL_1C, INITVAL_1B, INITVAL_1A, INITVAL_19, INITVAL_18,
        INITVAL_17, INITVAL_16, INITVAL_15, INITVAL_14, INITVAL_13, INITVAL_12, INITVAL_11,
        INITVAL_10, INITVAL_0F, INITVAL_0E, INITVAL_0D, INITVAL_0C, INITVAL_0B, INITVAL_0A,
        INITVAL_09, INITVAL_08, INITVAL_07, INITVAL_06, INITVAL_05, INITVAL_04, INITVAL_03,
        INITVAL_02, INITVAL_01, INITVAL_00};
    reg [17:0] rows [0:1023];
    integer row;
    initial for (row = 0; row < 1024; row = row + 1) rows[row] = CONTENTS[20 * row +: 18];

    // Where in its row a narrow port's data are: in which byte of nine bits, and where in it.
    localparam [2:0] WITHIN_A =
        DATA_WIDTH_A == 1 ? 7 : DATA_WIDTH_A == 2 ? 6 : DATA_WIDTH_A == 4 ? 4 : 0;
    localparam [2:0] WITHIN_B =
        DATA_WIDTH_B == 1 ? 7 : DATA_WIDTH_B == 2 ? 6 : DATA_WIDTH_B == 4 ? 4 : 0;
    wire [4:0] place_a = (address_a[3] ? 5'd9 : 5'd0) + {2'b0, address_a[2:0] & WITHIN_A};
    wire [4:0] place_b = (address_b[3] ? 5'd9 : 5'd0) + {2'b0, address_b[2:0] & WITHIN_B};
    localparam [17:0] NARROW_A = (19'd1 << (DATA_WIDTH_A > 18 ? 18 : DATA_WIDTH_A)) - 1;
    localparam [17:0] NARROW_B = (19'd1 << (DATA_WIDTH_B > 18 ? 18 : DATA_WIDTH_B)) - 1;

    reg [17:0] out_a = 0;
    reg [35:0] out_b = 0;
    generate
        if (DATA_WIDTH_A == 36) begin
            // Four bytes, each with an enable of its own in the address.
            wire [8:0] pair = address_a[13:5];
            always @(posedge CLKA) if (CEA && WEA) begin
                if (address_a[0]) rows[{pair, 1'b0}][8:0] <= data_a[8:0];
                if (address_a[1]) rows[{pair, 1'b0}][17:9] <= data_a[17:9];
                if (address_a[2]) rows[{pair, 1'b1}][8:0] <= data_a[26:18];
                if (address_a[3]) rows[{pair, 1'b1}][17:9] <= data_a[35:27];
            end
        end else begin
            wire [17:0] mask = DATA_WIDTH_A == 18
                ? {{9{address_a[1]}}, {9{address_a[0]}}} : NARROW_A << place_a;
            wire [17:0] written = DATA_WIDTH_A == 18 ? data_a[17:0] : data_a[17:0] << place_a;
            wire [17:0] kept = rows[address_a[13:4]];
            wire [17:0] merged = (kept & ~mask) | (written & mask);
            wire [17:0] read = WRITEMODE_A == "WRITETHROUGH" && WEA ? merged : kept;
            always @(posedge CLKA) if (CEA) begin
                if (WEA) rows[address_a[13:4]] <= merged;
                if (!WEA || WRITEMODE_A != "NORMAL")
                    out_a <= DATA_WIDTH_A == 18 ? read : (read >> place_a) & NARROW_A;
            end
        end
        if (DATA_WIDTH_B == 36) begin
            always @(posedge CLKB)
                if (CEB) out_b <= {rows[{address_b[13:5], 1'b1}], rows[{address_b[13:5], 1'b0}]};
        end else begin
            wire [17:0] read = rows[address_b[13:4]];
            always @(posedge CLKB)
                if (CEB)
                    out_b[35:18] <= DATA_WIDTH_B == 18 ? read : (read >> place_b) & NARROW_B;
        end
    endgenerate
    assign {DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5,
        DOA4, DOA3, DOA2, DOA1, DOA0} = DATA_WIDTH_B == 36 ? out_b[17:0] : out_a;
    assign {DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5,
        DOB4, DOB3, DOB2, DOB1, DOB0} = out_b[35:18];
endmodule
