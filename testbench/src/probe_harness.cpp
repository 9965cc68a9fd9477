// Drives one pipeline through Verilator at the pace of its channels, and notes when what happened.
//
//   probe SAMPLES EVENTS ROUND FRAME CLOCKS [SAIF]
//
// SAMPLES holds 16-bit samples, little endian: whole frames of FRAME samples, in rounds of ROUND
// samples, each of which ends with tlast. A frame's samples arrive evenly over CLOCKS clocks, and each is offered from then on until it is taken; with 0 for
// CLOCKS the source offers always. The sink takes always. EVENTS gets a line of three numbers (32
// bits each) for each sample, {0, arrived, taken}, and for each word, {1 + tlast, left, tdata}: clocks
// since reset. With SAIF, and Verilator's --trace-saif, the toggles of all settled values from the
// first sample's arrival to the last word's leaving are counted there.
//
// Standard output: one line, `done CLOCKS` or `fault REASON`.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "Vmodel.h"
#include "verilated.h"
#if VM_TRACE
#include "verilated_saif_c.h"
#endif

namespace {

[[noreturn]] void fault(const char* reason) {
    printf("fault %s\n", reason);
    fflush(stdout);
    exit(3);
}

std::vector<uint8_t> read_file(const char* path) {
    FILE* file = fopen(path, "rb");
    if (!file) fault("cannot open the samples");
    fseek(file, 0, SEEK_END);
    std::vector<uint8_t> bytes(static_cast<size_t>(ftell(file)));
    rewind(file);
    if (fread(bytes.data(), 1, bytes.size(), file) != bytes.size()) fault("cannot read the samples");
    fclose(file);
    return bytes;
}

void note(FILE* file, uint32_t kind, uint64_t clock, uint32_t value) {
    const uint32_t numbers[3] = {kind, static_cast<uint32_t>(clock), value};
    uint8_t bytes[12];
    for (int i = 0; i < 12; ++i) bytes[i] = uint8_t(numbers[i / 4] >> (i % 4 * 8));
    if (fwrite(bytes, 1, 12, file) != 12) fault("cannot write the events");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 6) fault("usage: probe SAMPLES EVENTS ROUND FRAME CLOCKS [SAIF]");
    const std::vector<uint8_t> bytes = read_file(argv[1]);
    const uint64_t samples = bytes.size() / 2;
    FILE* out = fopen(argv[2], "wb");
    if (!out) fault("cannot create the events");
    const uint64_t round = strtoull(argv[3], nullptr, 10), frame = strtoull(argv[4], nullptr, 10);
    const uint64_t clocks = strtoull(argv[5], nullptr, 10);
    if (samples == 0 || round == 0 || frame == 0 || samples % frame) fault("the samples are not whole frames");

    VerilatedContext context;
    context.randReset(2);  // registers that nobody resets start anywhere
    context.randSeed(1);
#if VM_TRACE
    context.traceEverOn(true);
#endif
    Vmodel model(&context);
    model.aclk = 0;
    model.aresetn = 0;
    model.s_axis_tvalid = 0;
    model.s_axis_tdata = 0;
    model.s_axis_tlast = 0;
    model.m_axis_tready = 0;
    for (int i = 0; i < 8; ++i) {
        model.aclk = 0;
        model.eval();
        model.aclk = 1;
        model.eval();
    }
    model.aresetn = 1;
    model.m_axis_tready = 1;

#if VM_TRACE
    VerilatedSaifC saif;
    if (argc > 6) {
        model.trace(&saif, 99);
        saif.open(argv[6]);
    }
#else
    if (argc > 6) fault("this simulator counts no toggles");
#endif
    uint64_t clock = 0, taken = 0, frames = 0, arrived = 0, last_move = 0;
    const uint64_t wanted = samples / frame;
    for (; frames < wanted; ++clock) {
        // The first clock in which the next sample is there.
        const bool offered = taken < samples && (clocks == 0 || taken * clocks / frame <= clock);
        if (offered && !model.s_axis_tvalid) arrived = clocks ? taken * clocks / frame : clock;
        model.aclk = 0;
        model.s_axis_tvalid = offered;
        if (offered) {
            model.s_axis_tdata = uint16_t(bytes[2 * taken] | bytes[2 * taken + 1] << 8);
            model.s_axis_tlast = (taken + 1) % round == 0;
        }
        model.eval();
#if VM_TRACE
        if (argc > 6) saif.dump(clock);
#endif
        if (offered && model.s_axis_tready) {
            note(out, 0, clocks ? taken * clocks / frame : arrived, uint32_t(clock));
            ++taken;
            last_move = clock;
            arrived = clock + 1;
        }
        if (model.m_axis_tvalid) {
            note(out, 1 + model.m_axis_tlast, clock, model.m_axis_tdata);
            frames += model.m_axis_tlast;
            last_move = clock;
        }
        if (clock - last_move > 100000) fault("nothing has moved for 100000 clocks");
        model.aclk = 1;
        model.eval();
    }
#if VM_TRACE
    if (argc > 6) {
        model.aclk = 0;
        model.eval();
        saif.dump(clock);
        saif.close();
    }
#endif
    if (fclose(out) != 0) fault("cannot write the events");
    printf("done %llu\n", static_cast<unsigned long long>(clock));
    model.final();
    return 0;
}
