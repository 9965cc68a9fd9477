// Drives hardware in Verilator: a core between a source of samples and a sink of words, or, with
// -DBOARD, a board's top between a recorder and a host.
//
//   simulator SEED PACKETS REPEATS CLOCKS ACCESSES AGAIN [SAIF] <INPUT >EVENTS    a core
//   simulator SEED CLOCK HOST SETTLE SHORTEST LONGEST PAUSES BREAKS <INPUT >EVENTS   a board
//
// INPUT for a core: CLOCKS bytes say what the sink does in each clock (bit 0: it takes a word; bit
// 1: reset); after them it does the same again with REPEATS, and otherwise takes every word. Then
// ACCESSES to registers, which begin once more with AGAIN after each reset, of 128 bits: the first clock of
// each (31:0), the byte address (39:32), 1 for a write (40), the word to be written, or that is read again
// until it comes (95:64), and which of its bits count then (127:96). Then 64
// bits for each sample: the sample (15:0), s_axis_tlast (16), how many clocks the source waits after
// the sample before (31:17), and the first clock in which it offers this one (63:32). The run ends
// when PACKETS have come, or (0) when all samples are taken and nothing has moved for QUIET clocks.
// With SAIF, and Verilator's --trace-saif, toggles are counted in that file.
//
// INPUT for a board: 64 bits for each step of the recorder: the levels of its pins (31:0), and how
// long they stay (63:32). CLOCK and HOST are half periods, and all times are picoseconds; spi_host.rs
// says what the other numbers are. The run ends when nothing has happened for QUIET clocks.
//
// EVENTS has three numbers of 32 bits for each sample taken (0, clock, 0) and for each word
// (m_axis_tkeep + 16 * m_axis_tlast, clock, m_axis_tdata), and for each answer of a register (0x20, or 0x21
// if it is refused, clock, word). All numbers are little endian. The last
// line on standard error is `done CLOCKS MICROSECONDS COUNTERS...` (time on the processor), or
// `fault CLOCK RULE` if a rule of AXI4-Stream is broken or nothing has moved for PATIENCE clocks.

#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <vector>

#include "Vmodel.h"
#include "verilated.h"
#if VM_TRACE
#include "verilated_saif_c.h"
#endif

// What Vmodel::eval() calls, between locks that cost a fifth of the time and are for models of many
// threads.
void Vmodel___024root___eval(Vmodel___024root*);

namespace {

void settle(Vmodel& model) {
#if VM_TRACE
    model.eval();
#else
    Vmodel___024root___eval(model.rootp);
#endif
}

[[noreturn]] void fault(uint64_t clock, const char* rule) {
    fprintf(stderr, "fault %llu %s\n", static_cast<unsigned long long>(clock), rule);
    exit(3);
}

void done(uint64_t clocks, std::initializer_list<uint32_t> counters) {
    rusage used;
    getrusage(RUSAGE_SELF, &used);
    const auto microseconds = [](timeval t) { return uint64_t(t.tv_sec) * 1000000 + uint64_t(t.tv_usec); };
    fprintf(stderr, "done %llu %llu", static_cast<unsigned long long>(clocks),
            static_cast<unsigned long long>(microseconds(used.ru_utime) + microseconds(used.ru_stime)));
    for (uint32_t counter : counters) fprintf(stderr, " %u", counter);
    fprintf(stderr, "\n");
}

struct Input {
    uint64_t buffer[1 << 13], *at = buffer, *end = buffer;

    bool next(uint64_t& record) {
        if (at == end) {
            at = buffer;
            end = buffer + fread(buffer, sizeof *buffer, sizeof buffer / sizeof *buffer, stdin);
            if (at == end) return false;
        }
        record = *at++;
        return true;
    }
} input;

struct Events {
    uint32_t buffer[3 << 12];
    size_t count = 0;

    void put(uint32_t kind, uint64_t clock, uint32_t value) {
        buffer[count++] = kind;
        buffer[count++] = uint32_t(clock);
        buffer[count++] = value;
        if (count == sizeof buffer / sizeof *buffer) flush();
    }
    void flush() {
        if (fwrite(buffer, sizeof *buffer, count, stdout) != count || fflush(stdout) != 0) exit(4);
        count = 0;
    }
} events;

#if !BOARD

#if REGISTERS
// The master of an AXI4-Lite bus that asks one question after the other; driver.rs does the same.
struct Driver {
    struct Access {
        uint64_t where, what;
    };
    std::vector<Access> accesses;
    bool again;
    size_t at = 0;
    bool asking = false, taken = false;

    bool done() const { return at == accesses.size(); }
    bool writes() const { return accesses[at].where >> 40 & 1; }
    void ask(Vmodel& model, uint64_t clock, bool reset) {
        model.s_axil_awvalid = model.s_axil_wvalid = model.s_axil_arvalid = 0;
        model.s_axil_bready = model.s_axil_rready = 1;
        model.s_axil_wstrb = 0xf;
        if (reset) {
            asking = taken = false;
            if (again) at = 0;
        }
        if (reset || done()) return;
        const Access& access = accesses[at];
        asking = asking || clock >= uint32_t(access.where);
        if (!asking || taken) return;
        if (writes()) {
            model.s_axil_awaddr = access.where >> 32 & 0x3f;
            model.s_axil_wdata = uint32_t(access.what);
            model.s_axil_awvalid = model.s_axil_wvalid = 1;
        } else {
            model.s_axil_araddr = access.where >> 32 & 0x3f;
            model.s_axil_arvalid = 1;
        }
    }
    // Whether an answer came.
    bool hear(Vmodel& model, uint64_t clock) {
        if (done() || !asking) return false;
        if (!taken) {
            taken = writes() ? model.s_axil_awready && model.s_axil_wready : model.s_axil_arready;
            return false;
        }
        if (writes() ? !model.s_axil_bvalid : !model.s_axil_rvalid) return false;
        const bool refused = writes() ? model.s_axil_bresp != 0 : model.s_axil_rresp != 0;
        const uint32_t word = writes() || refused ? 0 : model.s_axil_rdata;
        events.put(0x20 + refused, clock, word);
        taken = false;
        const uint64_t what = accesses[at].what;
        if (writes() || refused || (word & what >> 32) == uint32_t(what)) {
            ++at;
            asking = false;
        }
        return true;
    }
};
#endif

void run(Vmodel& model, const uint64_t* arguments, const char* saif_path) {
    const uint64_t wanted = arguments[1], repeats = arguments[2];
    std::vector<uint8_t> sink(arguments[3]);
    if (fread(sink.data(), 1, sink.size(), stdin) != sink.size()) exit(4);
#if REGISTERS
    Driver driver{std::vector<Driver::Access>(arguments[4]), arguments[5] != 0};
    if (fread(driver.accesses.data(), 16, driver.accesses.size(), stdin) != driver.accesses.size()) exit(4);
    const auto asked = [&] { return driver.done(); };
#else
    if (arguments[4]) exit(4);
    const auto asked = [] { return true; };
#endif
#if VM_TRACE
    VerilatedSaifC saif;
    // Toggles count once the tables are loaded.
    bool counts = false;
    uint64_t counted = 0;
    if (saif_path) model.trace(&saif, 99);
#else
    if (saif_path) exit(4);
#endif
    model.aresetn = 0;
    model.s_axis_tvalid = 0;
    model.s_axis_tdata = 0;
    model.s_axis_tlast = 0;
    model.m_axis_tready = 0;
#if REGISTERS
    driver.ask(model, 0, true);
#endif
    for (int i = 0; i < 16; ++i) {
        model.aclk = i & 1;
        model.eval();
    }

    uint64_t sample = 0, from = 0, movement = 0, packets = 0, clock = 0;
    bool fetch = true, ended = false, offered = false;
    bool waits = false, was_reset = true, valid = false;
    uint32_t data = 0, keep = 0, last = 0;
    size_t in_sink = 0;
    for (;; ++clock) {
        if (wanted ? packets == wanted : ended && asked() && !valid && clock - movement > QUIET) break;
        if (clock - movement > PATIENCE) fault(clock, "stuck");
        if (fetch) {
            fetch = false;
            ended = !input.next(sample);
            from = clock + (sample >> 17 & 0x7fff);
            if (from < sample >> 32) from = sample >> 32;
        }
        if (!ended && !offered && clock >= from) {
            offered = true;
            model.s_axis_tdata = uint16_t(sample);
            model.s_axis_tlast = sample >> 16 & 1;
        }
        if (in_sink == sink.size() && repeats) in_sink = 0;
        const unsigned now = in_sink < sink.size() ? sink[in_sink++] : 1;
        model.s_axis_tvalid = offered;
        model.m_axis_tready = now & 1;
        model.aresetn = !(now >> 1 & 1);
#if REGISTERS
        driver.ask(model, clock, !model.aresetn);
#endif
        model.aclk = 0;
        settle(model);
#if VM_TRACE
        if (saif_path && !counts && asked()) {
            saif.open(saif_path);
            counts = true;
        }
        if (counts) saif.dump(counted++);
#endif
#if REGISTERS
        if (driver.hear(model, clock)) movement = clock;
#endif
        if (offered && model.s_axis_tready) {
            events.put(0, clock, 0);
            fetch = true;
            offered = false;
            movement = clock;
        }
        valid = model.m_axis_tvalid;
        if (valid && was_reset) fault(clock, "offered-in-reset");
        if (waits && !valid) fault(clock, "withdrawn");
        if (waits && (model.m_axis_tdata != data || model.m_axis_tkeep != keep || model.m_axis_tlast != last))
            fault(clock, "changed");
        if (valid) {
            data = model.m_axis_tdata;
            keep = model.m_axis_tkeep;
            last = model.m_axis_tlast;
            if (keep != 0xf && !(last && (keep == 1 || keep == 3 || keep == 7))) fault(clock, ("keep " + std::to_string(keep)).c_str());
            if (model.m_axis_tready) {
                events.put(keep | last << 4, clock, data);
                packets += last;
                movement = clock;
            }
        }
        was_reset = !model.aresetn;
        waits = valid && !model.m_axis_tready && !was_reset;
        model.aclk = 1;
        settle(model);
    }
    model.aclk = 0;
    model.eval();
#if VM_TRACE
    if (counts) {
        saif.dump(counted);
        saif.close();
    }
#endif
    events.flush();
#if COUNTERS
    done(movement + 1, {model.frames, model.broken_frames, model.overruns, model.misaligned});
#else
    done(movement + 1, {});
#endif
}

#else

struct Random {  // xorshift64*: fast, and the same everywhere
    uint64_t state;
    uint64_t upto(uint64_t most) {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return ((state * 0x2545F4914F6CDD1DULL) >> 20) % (most + 1);
    }
};

// The same as spi_host.rs.
struct Host {
    Vmodel& pins;
    Random random;
    uint64_t half, settle, shortest, longest, pauses, breaks_off;
    enum { LOOK, RISE, FALL, DESELECT } step = LOOK;
    uint32_t word = 0, status = 0, to_come = 0;
    unsigned bits = 0;
    bool has_status = false;
    uint64_t fetched = 0;  // in which clock, or while there is something to record

    void take_word(uint64_t clock) {
        if (has_status) {
            events.put(0xf, clock, __builtin_bswap32(word));
            --to_come;
            fetched = clock;
            return;
        }
        has_status = true;
        status = word;
        to_come = word >> 24;
        if (random.upto(99) < breaks_off) to_come = uint32_t(random.upto(to_come));
    }

    uint64_t act(uint64_t clock) {
        switch (step) {
            case LOOK:
                pins.host_cs_n = !pins.host_ready;
                if (pins.host_ready) step = RISE;
                has_status = false;
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
                    take_word(clock);
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

void set_recorder(Vmodel& pins, uint64_t levels) {
#if PARALLEL
    pins.sample_strobe = levels >> 4 & 1;
    pins.round_end = levels >> 5 & 1;
    pins.sample_code = levels >> 16 & 0xffff;
#else
    pins.sample_cs_n = levels & 1;
    pins.sample_sclk = levels >> 1 & 1;
    pins.sample_mosi = levels >> 2 & 1;
#endif
}

void run(Vmodel& model, const uint64_t* arguments, const char*) {
    const uint64_t half = arguments[1];
    Host host{model,        Random{arguments[0] * 2 + 1}, arguments[2], arguments[3],
              arguments[4], arguments[5],                 arguments[6], arguments[7]};
    model.clock = 0;
    model.host_cs_n = 1;
    model.host_sclk = 0;
    uint64_t clock_due = 0, recorder_due = 0, host_due = 1, clock = 0, movement = 0, step = 0;
    bool recording = true;
    for (;;) {
        if (recording && recorder_due <= clock_due && recorder_due <= host_due) {
            recording = input.next(step);
            if (recording) set_recorder(model, step);
            recorder_due += step >> 32;
        } else if (clock_due <= host_due) {
            model.clock = !model.clock;
            clock += model.clock;
            clock_due += half;
        } else {
            host_due += host.act(clock);
        }
        model.eval();
        if (recording || model.host_ready || host.step != Host::LOOK) movement = clock;
        if (clock - movement > QUIET) break;
        if (recording) host.fetched = clock;
        if (clock - host.fetched > PATIENCE) fault(clock, "stuck");
    }
    events.flush();
    done(clock, {host.status});
}

#endif

}  // namespace

int main(int argc, char** argv) {
    constexpr int NUMBERS = BOARD ? 8 : 6;
    if (argc < NUMBERS + 1) exit(4);
    uint64_t arguments[NUMBERS];
    for (int i = 0; i < NUMBERS; ++i) arguments[i] = strtoull(argv[i + 1], nullptr, 10);
    VerilatedContext context;
    context.randReset(2);  // what has no value at power-up starts anywhere
    context.randSeed(int(arguments[0] & 0x3fffffff) + 1);  // 0 is another seed each time
#if VM_TRACE
    context.traceEverOn(true);
#endif
    Vmodel model(&context);
    run(model, arguments, argv[NUMBERS + 1]);
    model.final();
    return 0;
}
