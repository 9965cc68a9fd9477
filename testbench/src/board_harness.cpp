// Drives a board's top through Verilator: a recorder on one side, a host on the other, each with a
// clock of its own. The same recorder and host as recorder.rs and spi_host.rs, so that a whole
// recording is a matter of seconds.
//
//   simulator SAMPLES WORDS SEED CHANNELS CLOCK RECORDER BETWEEN JITTER HOST SETTLE \
//     SHORTEST LONGEST PAUSES BREAKS
//
// SAMPLES holds the samples (16 bits each, little endian), for a parallel port the codes. WORDS gets
// the bytes that the host fetched. CLOCK, RECORDER and HOST are half periods, all times are in
// picoseconds. PARALLEL and LANES are given to the compiler.
//
// Standard output: a line `done CLOCKS STATUS` or `fault REASON`.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "Vmodel.h"
#include "verilated.h"

namespace {

constexpr uint64_t QUIET_CLOCKS = 2000;
constexpr uint64_t RESET_CLOCKS = 200;

struct Random {  // xorshift64*: fast, and the same everywhere
    uint64_t state;
    explicit Random(uint64_t seed) : state(seed * 2 + 1) {}
    uint64_t upto(uint64_t most) {
        if (most == 0) return 0;
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return ((state * 0x2545F4914F6CDD1DULL) >> 20) % (most + 1);
    }
};

[[noreturn]] void fault(const char* reason) {
    printf("fault %s\n", reason);
    fflush(stdout);
    exit(3);
}

std::vector<uint16_t> read_samples(const char* path) {
    FILE* file = fopen(path, "rb");
    if (!file) fault("cannot open the samples");
    std::vector<uint16_t> samples;
    uint8_t bytes[2];
    while (fread(bytes, 1, 2, file) == 2) samples.push_back(uint16_t(bytes[0] | bytes[1] << 8));
    fclose(file);
    return samples;
}

struct Recorder {
    Vmodel& pins;
    const std::vector<uint16_t>& samples;
    Random random;
    uint64_t channels, half, between, jitter;
    size_t at = 0;
    enum { BEGIN, RISE, FALL, END_ROUND } step = BEGIN;
    unsigned bit = 0;

    bool done() const { return at == samples.size() && step == BEGIN; }

    uint64_t act() {
#if PARALLEL
        if (step == BEGIN) {
            pins.sample_strobe = 0;
            if (done()) return half;
            pins.sample_code = samples[at];
            pins.round_end = (at + 1) % channels == 0;
            step = RISE;
            return half + random.upto(jitter);
        }
        pins.sample_strobe = 1;
        ++at;
        step = BEGIN;
        return half;
#else
        switch (step) {
            case BEGIN:
                pins.sample_cs_n = done();
                if (!done()) step = FALL;
                bit = 0;
                return half;
            case FALL:
                pins.sample_sclk = 0;
                pins.sample_mosi = samples[at] >> (15 - bit) & 1;
                step = RISE;
                return half + (bit == 0 ? random.upto(jitter) : 0);
            case RISE:
                pins.sample_sclk = 1;
                step = FALL;
                if (++bit == 16) {
                    bit = 0;
                    if (++at % channels == 0) step = END_ROUND;
                }
                return half;
            default:
                if (pins.sample_sclk) {
                    pins.sample_sclk = 0;
                    return half;
                }
                pins.sample_cs_n = 1;
                step = BEGIN;
                return between;
        }
#endif
    }
};

struct Host {
    Vmodel& pins;
    FILE* out;
    Random random;
    uint64_t half, settle, shortest, longest, pauses, breaks_off;
    enum { LOOK, RISE, FALL, DESELECT } step = LOOK;
    uint32_t word = 0, status = 0, to_come = 0;
    unsigned bits = 0;
    bool has_status = false;

    void take_word() {
        if (!has_status) {
            has_status = true;
            status = word;
            to_come = word >> 24;
            if (random.upto(99) < breaks_off) to_come = uint32_t(random.upto(to_come));
            return;
        }
        const uint8_t bytes[4] = {uint8_t(word >> 24), uint8_t(word >> 16), uint8_t(word >> 8), uint8_t(word)};
        if (fwrite(bytes, 1, 4, out) != 4) fault("cannot write the words");
        --to_come;
    }

    uint64_t act() {
        switch (step) {
            case LOOK:
                pins.host_cs_n = !pins.host_ready;
                if (pins.host_ready) {
                    step = RISE;
                    has_status = false;
                }
                return settle;
            case RISE:
                pins.host_sclk = 1;
                step = FALL;
                return half;
            case FALL:
                word = word << LANES | pins.host_miso;
                bits += LANES;
                pins.host_sclk = 0;
                step = RISE;
                if (bits == 32) {
                    bits = 0;
                    take_word();
                    if (to_come == 0) step = DESELECT;
                }
                return half;
            default:
                pins.host_cs_n = 1;
                step = LOOK;
                if (pauses == 0) return settle;
                --pauses;
                return settle + shortest + random.upto(longest - shortest);
        }
    }
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 15) fault("usage: see the head of the harness");
    uint64_t numbers[12];
    for (int i = 0; i < 12; ++i) numbers[i] = strtoull(argv[i + 3], nullptr, 10);
    const std::vector<uint16_t> samples = read_samples(argv[1]);
    FILE* out = fopen(argv[2], "wb");
    if (!out) fault("cannot create the words");

    VerilatedContext context;
    context.randReset(2);  // what has no value at power-up starts anywhere
    context.randSeed(int(numbers[0] & 0x7fffffff) + 1);
    Vmodel model(&context);
    model.clock = 0;
    model.host_cs_n = 1;
    model.host_sclk = 0;
#if PARALLEL
    model.sample_strobe = 0;
#else
    model.sample_cs_n = 1;
    model.sample_sclk = 0;
#endif
    model.eval();

    const uint64_t half = numbers[2];
    Recorder recorder{model, samples, Random(numbers[0]), numbers[1], numbers[3], numbers[4], numbers[5]};
    Host host{model, out, Random(numbers[0] + 1), numbers[6], numbers[7], numbers[8],
              numbers[9], numbers[10], numbers[11]};
    uint64_t clock_due = 0, recorder_due = RESET_CLOCKS * 2 * half, host_due = 1;
    uint64_t clocks = 0, last_activity = 0;
    while (clocks < last_activity + QUIET_CLOCKS) {
        if (clock_due <= recorder_due && clock_due <= host_due) {
            model.clock = !model.clock;
            clocks += model.clock;
            clock_due += half;
        } else if (recorder_due <= host_due) {
            recorder_due += recorder.act();
        } else {
            host_due += host.act();
        }
        model.eval();
        if (!recorder.done() || model.host_ready || host.step != Host::LOOK) last_activity = clocks;
    }
    if (fclose(out) != 0) fault("cannot write the words");
    printf("done %llu %u\n", static_cast<unsigned long long>(clocks), host.status);
    model.final();
    return 0;
}
