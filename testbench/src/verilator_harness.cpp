// Drives one pipeline through Verilator: a stream of samples in, a stream of words out.
//
//   simulator SEED IDLE STALL <samples >words
//
// A sample is 32 bits, little endian: the sample in bits 15:0, s_axis_tlast in bit 16. A word is
// 64 bits, little endian: m_axis_tdata in bits 31:0, m_axis_tkeep in bits 35:32, m_axis_tlast in
// bit 36. IDLE and STALL are the chances, in 256, that the source offers nothing and the sink takes
// nothing in a clock. The rules of AXI4-Stream are checked in every clock: what is offered stays,
// unchanged, until it is taken.
//
// The run ends when all samples are taken and no word has come for a while. The standard error's
// last line is `done CYCLES MICROSECONDS` (clocks from reset to the last movement, and the time on
// the processor that they took) or `fault REASON`.

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "Vmodel.h"
#include "verilated.h"

// What Vmodel::eval() calls, between locks that cost a fifth of the time and are for models of many
// threads.
void Vmodel___024root___eval(Vmodel___024root*);

namespace {

struct Random {  // xorshift64*: fast, and the same everywhere
    uint64_t state;
    explicit Random(uint64_t seed) : state(seed * 2 + 1) {}
    bool chance(unsigned in256) {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return ((state * 0x2545F4914F6CDD1DULL) >> 56) < in256;
    }
};

[[noreturn]] void fault(const char* reason) {
    fprintf(stderr, "fault %s\n", reason);
    exit(3);
}

class Samples {
    uint32_t buffer[1 << 14];
    const uint32_t *at = buffer, *end = buffer;

public:
    // The next one; false after the last.
    bool next(uint32_t& sample) {
        if (at == end) {
            at = buffer;
            end = buffer + fread(buffer, sizeof *buffer, sizeof buffer / sizeof *buffer, stdin);
            if (at == end) return false;
        }
        sample = *at++;
        return true;
    }
};

class Words {
    uint64_t buffer[1 << 12];
    size_t count = 0;

public:
    void put(uint32_t data, unsigned keep, bool last) {
        if (keep != 0xf && !(last && (keep == 1 || keep == 3 || keep == 7)))
            fault("m_axis_tkeep leaves out bytes that it must not");
        buffer[count++] = data | uint64_t(keep) << 32 | uint64_t(last) << 36;
        if (count == sizeof buffer / sizeof *buffer) flush();
    }
    void flush() {
        if (fwrite(buffer, sizeof *buffer, count, stdout) != count || fflush(stdout) != 0)
            fault("the words cannot be written");
        count = 0;
    }
};

// How long nothing may move, with stalls of at most 255 in 256; and after which time without a word
// none will come.
constexpr uint64_t PATIENCE = 100000, QUIET = 256;

// Clocks from reset to the last movement. Without stalls the sink takes every word at once, and
// there is nothing to check of words that wait.
template <bool STALLS>
uint64_t run(Vmodel& model, Random random, unsigned idle, unsigned stall) {
    static Samples samples;
    static Words words;
    uint64_t cycle = 0, movement = 0;
    uint32_t sample = 0;
    bool offering = false, ended = false, waits = false;
    uint32_t waiting_data = 0, waiting_keep = 0, waiting_last = 0;
    model.m_axis_tready = 1;
    for (;; ++cycle) {
        if (!offering && !(STALLS && random.chance(idle))) {
            offering = !ended && samples.next(sample);
            ended = !offering;
            model.s_axis_tdata = uint16_t(sample);
            model.s_axis_tlast = sample >> 16 & 1;
        }
        model.s_axis_tvalid = offering;
        if (STALLS) model.m_axis_tready = !random.chance(stall);
        model.aclk = 0;
        Vmodel___024root___eval(model.rootp);

        if (offering && model.s_axis_tready) {
            offering = false;
            movement = cycle;
        }
        const bool valid = model.m_axis_tvalid;
        if (STALLS) {
            if (waits && (!valid || model.m_axis_tdata != waiting_data ||
                          model.m_axis_tkeep != waiting_keep || model.m_axis_tlast != waiting_last))
                fault("m_axis changed before it was taken");
            waits = valid && !model.m_axis_tready;
            waiting_data = model.m_axis_tdata;
            waiting_keep = model.m_axis_tkeep;
            waiting_last = model.m_axis_tlast;
        }
        if (valid && model.m_axis_tready) {
            words.put(model.m_axis_tdata, model.m_axis_tkeep, model.m_axis_tlast);
            movement = cycle;
        }
        if (cycle - movement > QUIET) {
            if (ended && !valid) break;
            if (cycle - movement > PATIENCE) fault("nothing has moved for 100000 clocks");
        }
        model.aclk = 1;
        Vmodel___024root___eval(model.rootp);
    }
    words.flush();
    return movement + 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) fault("usage: simulator SEED IDLE STALL");
    Random random(strtoull(argv[1], nullptr, 10));
    const unsigned idle = unsigned(atoi(argv[2])), stall = unsigned(atoi(argv[3]));

    VerilatedContext context;
    context.randReset(2);  // registers that nobody resets start anywhere
    context.randSeed(int(random.state >> 1 & 0x7fffffff));
    Vmodel model(&context);
    model.aresetn = 0;
    model.s_axis_tvalid = 0;
    model.m_axis_tready = 0;
    for (int i = 0; i < 16; ++i) {
        model.aclk = i & 1;
        model.eval();
    }
    model.aresetn = 1;
    const uint64_t cycles = idle || stall ? run<true>(model, random, idle, stall)
                                          : run<false>(model, random, idle, stall);
    model.final();
    rusage used;
    getrusage(RUSAGE_SELF, &used);
    const auto microseconds = [](timeval t) { return uint64_t(t.tv_sec) * 1000000 + uint64_t(t.tv_usec); };
    fprintf(stderr, "done %llu %llu\n", static_cast<unsigned long long>(cycles),
            static_cast<unsigned long long>(microseconds(used.ru_utime) + microseconds(used.ru_stime)));
    return 0;
}
