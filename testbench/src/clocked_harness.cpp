// Drives one pipeline with frames through Verilator, clock by clock as it is laid down.
//
//   simulator SAMPLES CLOCKS TRACE DRAIN PATIENCE
//
// SAMPLES holds 32 bits a sample, little endian: the sample in bits 15:0, s_axis_tlast in bit 16.
// CLOCKS holds a byte a clock: bit 0, the source offers the next sample if none is on the wires;
// bit 1, the sink takes a word; bit 2, reset. Behind the last one, and from the last sample on for
// DRAIN clocks, the source offers and the sink takes; the hardware is stuck when PATIENCE clocks
// behind the last one samples are left. TRACE gets numbers of 32 bits: how many samples were
// taken, and the clock of each; how many words, and clock, m_axis_tdata, m_axis_tlast of each;
// frames, broken_frames, overruns, misaligned. What is offered has to stay until it is taken.
//
// Standard output: nothing, or one line that says what is wrong.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "Vmodel.h"
#include "verilated.h"

namespace {

[[noreturn]] void fault(const char* reason, size_t clock) {
    printf("clock %zu: %s\n", clock, reason);
    exit(3);
}

std::vector<uint8_t> read_file(const char* path) {
    FILE* file = fopen(path, "rb");
    if (!file) fault("cannot open the input", 0);
    fseek(file, 0, SEEK_END);
    std::vector<uint8_t> bytes(static_cast<size_t>(ftell(file)));
    rewind(file);
    if (fread(bytes.data(), 1, bytes.size(), file) != bytes.size()) fault("cannot read", 0);
    fclose(file);
    return bytes;
}

void write32(FILE* file, uint32_t value) {
    uint8_t bytes[4] = {uint8_t(value), uint8_t(value >> 8), uint8_t(value >> 16), uint8_t(value >> 24)};
    if (fwrite(bytes, 1, 4, file) != 4) fault("cannot write the trace", 0);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6) fault("usage: simulator SAMPLES CLOCKS TRACE DRAIN PATIENCE", 0);
    const std::vector<uint8_t> samples = read_file(argv[1]), clocks = read_file(argv[2]);
    size_t left = strtoull(argv[4], nullptr, 10);
    const size_t patience = strtoull(argv[5], nullptr, 10);

    VerilatedContext context;
    context.randReset(2);  // registers that nobody resets start anywhere
    context.randSeed(12345);
    Vmodel model(&context);
    auto edge = [&] {
        model.aclk = 1;
        model.eval();
        model.aclk = 0;
    };
    model.aclk = 0;
    model.aresetn = 0;
    model.s_axis_tvalid = 0;
    model.m_axis_tready = 0;
    for (int i = 0; i < 8; ++i) {
        model.eval();
        edge();
    }

    std::vector<uint32_t> taken, words;
    bool offering = false, waits = false;
    uint32_t data = 0, keep = 0, last = 0;
    for (size_t clock = 0;; ++clock) {
        const bool all_taken = 4 * taken.size() == samples.size();
        const unsigned now = clock < clocks.size() && !all_taken ? clocks[clock] : 3;
        if (all_taken && --left == 0) break;
        if (!all_taken && clock > clocks.size() + patience) fault("nothing moves", clock);
        const uint8_t* next = &samples[0] + 4 * taken.size();
        if (!offering && (now & 1) && !all_taken) {
            model.s_axis_tdata = uint16_t(next[0] | next[1] << 8);
            model.s_axis_tlast = next[2];
            offering = true;
        }
        model.s_axis_tvalid = offering;
        model.m_axis_tready = now >> 1 & 1;
        model.aresetn = !(now >> 2 & 1);
        model.eval();
        if (waits && (!model.m_axis_tvalid || model.m_axis_tdata != data ||
                      model.m_axis_tkeep != keep || model.m_axis_tlast != last))
            fault("m_axis changed before it was taken", clock);
        if (model.m_axis_tvalid && model.m_axis_tkeep != 0xf) fault("a word with fewer bytes", clock);
        data = model.m_axis_tdata;
        keep = model.m_axis_tkeep;
        last = model.m_axis_tlast;
        if (offering && model.s_axis_tready) {
            offering = false;
            taken.push_back(uint32_t(clock));
        }
        if (model.m_axis_tvalid && model.m_axis_tready) {
            words.insert(words.end(), {uint32_t(clock), data, last});
        }
        waits = model.m_axis_tvalid && !model.m_axis_tready && model.aresetn;
        edge();
    }
    FILE* out = fopen(argv[3], "wb");
    if (!out) fault("cannot create the trace", 0);
    write32(out, uint32_t(taken.size()));
    for (uint32_t clock : taken) write32(out, clock);
    write32(out, uint32_t(words.size() / 3));
    for (uint32_t number : words) write32(out, number);
    model.eval();
    for (uint32_t counter : {model.frames, model.broken_frames, model.overruns, model.misaligned})
        write32(out, counter);
    if (fclose(out) != 0) fault("cannot write the trace", 0);
    model.final();
    return 0;
}
