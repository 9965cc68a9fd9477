// A core with loaded tables in Verilator, its registers behind lines of text: what a driver's bus leads to.
//
//   r AA            reads a register: DDDDDDDD, or `error` for an answer of SLVERR
//   w AA DDDDDDDD   writes one: `ok` or `error`
//   x N             N lines `SSSS L` follow, samples with s_axis_tlast: the words that came until nothing
//                   moved any more, a line `DDDDDDDD L` each, and `end`
//   m HEX           with -DSPI: a message as it is; what came back
//
// With -DSPI=1 the registers are those behind the bridge, and a word may be `error` by the bridge's status.

#include "Vmodel.h"
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace {

VerilatedContext context;
Vmodel model{&context};
std::vector<std::pair<uint32_t, bool>> samples, words;
size_t taken = 0;
bool moves = false;

// The levels before a clock's edge, and the edge.
void low() {
    const bool offers = taken < samples.size();
    model.s_axis_tvalid = offers;
    if (offers) {
        model.s_axis_tdata = samples[taken].first;
        model.s_axis_tlast = samples[taken].second;
    }
    model.m_axis_tready = 1;
    model.aclk = 0;
    model.eval();
}

void high() {
    moves = false;
    if (model.s_axis_tvalid && model.s_axis_tready && model.aresetn) ++taken, moves = true;
    if (model.m_axis_tvalid && model.aresetn) words.emplace_back(model.m_axis_tdata, model.m_axis_tlast), moves = true;
    model.aclk = 1;
    model.eval();
}

void clocks(int count) {
    while (count-- > 0) low(), high();
}

#if SPI
// As fast as it may be: four clocks a level.
std::vector<uint8_t> message(const std::vector<uint8_t>& bytes) {
    std::vector<uint8_t> back;
    model.spi_cs_n = 0;
    clocks(4);
    for (const uint8_t byte : bytes) {
        unsigned came = 0;
        for (int bit = 7; bit >= 0; --bit) {
            model.spi_sck = 0;
            model.spi_mosi = byte >> bit & 1;
            clocks(4);
            came = came << 1 | model.spi_miso;
            model.spi_sck = 1;
            clocks(4);
        }
        back.push_back(uint8_t(came));
    }
    model.spi_sck = 0;
    clocks(4);
    model.spi_cs_n = 1;
    clocks(16);
    return back;
}

// Whether the status says that all went well; this message reads ID, which does nothing.
bool well() { return message({0})[0] == 0x15; }

bool read(uint8_t address, uint32_t& word) {
    const auto back = message({address, 0, 0, 0, 0, 0});
    word = uint32_t(back[2]) << 24 | uint32_t(back[3]) << 16 | uint32_t(back[4]) << 8 | back[5];
    return well();
}

bool write(uint8_t address, uint32_t word) {
    message({uint8_t(address | 0x80), uint8_t(word >> 24), uint8_t(word >> 16), uint8_t(word >> 8), uint8_t(word)});
    return well();
}
#else
bool read(uint8_t address, uint32_t& word) {
    model.s_axil_araddr = address;
    model.s_axil_arvalid = 1;
    model.s_axil_rready = 1;
    for (int patience = 1000; patience > 0; --patience) {
        low();
        const bool takes = model.s_axil_arvalid && model.s_axil_arready, answers = model.s_axil_rvalid;
        const bool is_ok = model.s_axil_rresp == 0;
        word = model.s_axil_rdata;
        high();
        if (takes) model.s_axil_arvalid = 0;
        if (answers) return is_ok;
    }
    return false;
}

bool write(uint8_t address, uint32_t word) {
    model.s_axil_awaddr = address;
    model.s_axil_wdata = word;
    model.s_axil_wstrb = 0xf;
    model.s_axil_awvalid = model.s_axil_wvalid = model.s_axil_bready = 1;
    for (int patience = 1000; patience > 0; --patience) {
        low();
        const bool takes_a = model.s_axil_awvalid && model.s_axil_awready;
        const bool takes_w = model.s_axil_wvalid && model.s_axil_wready;
        const bool answers = model.s_axil_bvalid, is_ok = model.s_axil_bresp == 0;
        high();
        if (takes_a) model.s_axil_awvalid = 0;
        if (takes_w) model.s_axil_wvalid = 0;
        if (answers) return is_ok;
    }
    return false;
}
#endif

}  // namespace

int main() {
    model.aresetn = 0;
#if SPI
    model.spi_cs_n = 1;
#endif
    clocks(8);
    model.aresetn = 1;
    clocks(8);
    char line[32];
    unsigned address;
    uint32_t word;
    size_t count;
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "r %x", &address) == 1) {
            const bool is_ok = read(uint8_t(address), word);
            if (is_ok) printf("%08" PRIx32 "\n", word);
            else puts("error");
        } else if (sscanf(line, "w %x %" SCNx32, &address, &word) == 2) {
            puts(write(uint8_t(address), word) ? "ok" : "error");
        } else if (sscanf(line, "x %zu", &count) == 1) {
            unsigned sample, last;
            for (; count > 0 && fgets(line, sizeof line, stdin); --count)
                if (sscanf(line, "%x %u", &sample, &last) == 2) samples.emplace_back(sample, last);
            for (int still = 0; still < 4096; ++still) {
                clocks(1);
                if (moves) still = 0;
            }
            for (const auto& [data, is_last] : words) printf("%08" PRIx32 " %d\n", data, is_last);
            words.clear();
            puts("end");
#if SPI
        } else if (!strncmp(line, "m ", 2)) {
            // As long as it is: the rest of the line is read piece by piece.
            std::string text = line + 2;
            while (text.back() != '\n' && fgets(line, sizeof line, stdin)) text += line;
            std::vector<uint8_t> bytes;
            for (size_t at = 0; at + 2 <= text.size() && sscanf(text.c_str() + at, "%2x", &address) == 1; at += 2)
                bytes.push_back(uint8_t(address));
            for (const uint8_t byte : message(bytes)) printf("%02x", byte);
            puts("");
#endif
        } else {
            return 4;
        }
        fflush(stdout);
    }
    model.final();
    return 0;
}
