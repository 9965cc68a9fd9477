// Runs a design with only a clock, and counts the toggles of its settled values.
//
//   simulator CLOCKS SAIF

#include <cstdlib>

#include "Vmodel.h"
#include "verilated.h"
#include "verilated_saif_c.h"

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const uint64_t clocks = strtoull(argv[1], nullptr, 10);
    VerilatedContext context;
    context.traceEverOn(true);
    Vmodel model(&context);
    VerilatedSaifC saif;
    model.trace(&saif, 99);
    saif.open(argv[2]);
    for (uint64_t clock = 0; clock <= clocks; ++clock) {
        model.aclk = 0;
        model.eval();
        saif.dump(clock);
        model.aclk = 1;
        model.eval();
    }
    saif.close();
    model.final();
    return 0;
}
