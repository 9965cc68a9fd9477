// Drives one pipeline through Verilator: packets of samples in, packets of words out.
//
//   simulator PACKETS WORDS SEED IDLE STALL
//
// PACKETS holds for each packet its number of samples (32 bits), then the samples (16 bits each),
// all little endian. WORDS gets for each packet its number of words (32 bits), the bytes of the last
// word (32 bits), then the words as they stand in m_axis_tdata. IDLE and STALL are the chances, in
// 256, that the source offers nothing and the sink takes nothing in a clock. The rules of
// AXI4-Stream are checked in every clock: what is offered stays, unchanged, until it is taken.
//
// Standard output: lines `progress SAMPLES`, then one `done CYCLES` or
// `fault REASON`.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "Vmodel.h"
#include "verilated.h"

namespace {

struct Random {  // xorshift64*: fast, and the same everywhere
    uint64_t state;
    explicit Random(uint64_t seed) : state(seed * 2 + 1) {}
    bool chance(unsigned in256) {
        if (in256 == 0) return false;
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return ((state * 0x2545F4914F6CDD1DULL) >> 56) < in256;
    }
};

[[noreturn]] void fault(const char* reason) {
    printf("fault %s\n", reason);
    fflush(stdout);
    exit(3);
}

std::vector<uint8_t> read_file(const char* path) {
    FILE* file = fopen(path, "rb");
    if (!file) fault("cannot open the packets");
    fseek(file, 0, SEEK_END);
    std::vector<uint8_t> bytes(static_cast<size_t>(ftell(file)));
    rewind(file);
    if (fread(bytes.data(), 1, bytes.size(), file) != bytes.size()) fault("cannot read the packets");
    fclose(file);
    return bytes;
}

struct Packet {
    const uint8_t* samples;
    uint32_t count;
};

std::vector<Packet> split(const std::vector<uint8_t>& bytes) {
    std::vector<Packet> packets;
    for (size_t at = 0; at + 4 <= bytes.size();) {
        const uint8_t* p = &bytes[at];
        uint32_t count = p[0] | p[1] << 8 | p[2] << 16 | uint32_t(p[3]) << 24;
        at += 4 + size_t(count) * 2;
        if (count == 0 || at > bytes.size()) fault("the packets are malformed");
        packets.push_back({p + 4, count});
    }
    return packets;
}

void write32(FILE* file, uint32_t value) {
    uint8_t bytes[4] = {uint8_t(value), uint8_t(value >> 8), uint8_t(value >> 16), uint8_t(value >> 24)};
    if (fwrite(bytes, 1, 4, file) != 4) fault("cannot write the words");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6) fault("usage: simulator PACKETS WORDS SEED IDLE STALL");
    const std::vector<uint8_t> bytes = read_file(argv[1]);
    const std::vector<Packet> packets = split(bytes);
    FILE* out = fopen(argv[2], "wb");
    if (!out) fault("cannot create the words");
    Random random(strtoull(argv[3], nullptr, 10));
    const unsigned idle = unsigned(atoi(argv[4])), stall = unsigned(atoi(argv[5]));

    VerilatedContext context;
    context.randReset(2);  // registers that nobody resets start anywhere
    context.randSeed(int(random.state >> 1 & 0x7fffffff));
    Vmodel model(&context);
    uint64_t cycles = 0;
    auto edge = [&] {
        model.clock = 1;
        model.eval();
        model.clock = 0;
        ++cycles;
    };

    model.clock = 0;
    model.aresetn = 0;
    model.s_axis_tvalid = 0;
    model.m_axis_tready = 0;
    model.eval();
    for (int i = 0; i < 8; ++i) {
        edge();
        model.eval();
    }
    model.aresetn = 1;

    uint64_t taken = 0, next_report = 1 << 20, waiting = 0;
    size_t packet = 0;
    uint32_t sample = 0;
    std::vector<uint32_t> words;
    size_t closed = 0;
    bool offering = false, was_stuck = false;
    uint32_t stuck_data = 0, stuck_keep = 0, stuck_last = 0;
    const uint64_t start = cycles;
    while (closed < packets.size()) {
        if (!offering && packet < packets.size() && !random.chance(idle)) {
            const Packet& p = packets[packet];
            model.s_axis_tdata = uint16_t(p.samples[2 * sample] | p.samples[2 * sample + 1] << 8);
            model.s_axis_tlast = sample + 1 == p.count;
            model.s_axis_tvalid = 1;
            offering = true;
        } else if (!offering) {
            model.s_axis_tvalid = 0;
        }
        model.m_axis_tready = !random.chance(stall);
        model.eval();

        ++waiting;
        if (offering && model.s_axis_tready) {
            offering = false;
            waiting = 0;
            ++taken;
            if (++sample == packets[packet].count) {
                sample = 0;
                ++packet;
            }
            if (taken >= next_report) {
                next_report += 1 << 20;
                printf("progress %llu\n", static_cast<unsigned long long>(taken));
                fflush(stdout);
            }
        }
        const bool valid = model.m_axis_tvalid;
        if (was_stuck && (!valid || model.m_axis_tdata != stuck_data ||
                          model.m_axis_tkeep != stuck_keep || model.m_axis_tlast != stuck_last))
            fault("m_axis changed before it was taken");
        was_stuck = valid && !model.m_axis_tready;
        if (was_stuck) {
            stuck_data = model.m_axis_tdata;
            stuck_keep = model.m_axis_tkeep;
            stuck_last = model.m_axis_tlast;
        } else if (valid) {
            waiting = 0;
            const unsigned keep = model.m_axis_tkeep;
            if (!model.m_axis_tlast && keep != 0xf) fault("tkeep leaves out bytes before the last word");
            if (keep != 1 && keep != 3 && keep != 7 && keep != 0xf) fault("tkeep has a gap");
            words.push_back(model.m_axis_tdata);
            if (model.m_axis_tlast) {
                write32(out, uint32_t(words.size()));
                write32(out, keep == 0xf ? 4 : keep == 7 ? 3 : keep == 3 ? 2 : 1);
                for (uint32_t word : words) write32(out, word);
                words.clear();
                ++closed;
            }
        }
        if (waiting > 100000) fault("nothing has moved for 100000 clocks");
        edge();
    }
    if (fclose(out) != 0) fault("cannot write the words");
    printf("done %llu\n", static_cast<unsigned long long>(cycles - start));
    model.final();
    return 0;
}
