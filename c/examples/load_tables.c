/* Loads tables.h, as `tierwire tables FILE --profile P --format c -o tables.h` writes it, into a core. The registers
   are reached over lines of text, which stand for your own bus: `r AA` is answered by the word, `w AA DDDDDDDD` by
   `ok`; both by `error` if the core refuses.

   load_tables [WORDS]: with a number, the cable is pulled after so many words, and COMMIT comes all the same. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"
#include "tierwire_registers.h"
#include "tierwire_tables.h"

static int ask(char *answer, size_t size) {
    fflush(stdout);
    return fgets(answer, (int)size, stdin) == NULL || strncmp(answer, "error", 5) == 0;
}

static int read_register(void *user, uint8_t address, uint32_t *word) {
    char answer[16];
    (void)user;
    printf("r %02x\n", address);
    if (ask(answer, sizeof answer)) return -1;
    *word = (uint32_t)strtoul(answer, NULL, 16);
    return 0;
}

static int write_register(void *user, uint8_t address, uint32_t word) {
    char answer[16];
    unsigned long *left = user;
    /* A cable that is pulled in the middle. */
    if (address == offsetof(tierwire_t, DATA) && (*left)-- == 0) return -1;
    printf("w %02x %08" PRIx32 "\n", address, word);
    return ask(answer, sizeof answer);
}

int main(int argc, char **argv) {
    unsigned long left = argc > 1 ? strtoul(argv[1], NULL, 10) : TIERWIRE_IMAGE_WORDS;
    const TierwireBus bus = {read_register, write_register, &left};
    TierwireTables loaded = tierwire_tables_load(&bus, tierwire_image, TIERWIRE_IMAGE_WORDS, 1000);
    fprintf(stderr, "load: %s\n", tierwire_tables_reason(loaded));
    TierwireTables used = tierwire_tables_commit(&bus, TIERWIRE_IMAGE_DIGEST, 1000);
    fprintf(stderr, "commit: %s\n", tierwire_tables_reason(used));
    return loaded != TIERWIRE_TABLES_OK || used != TIERWIRE_TABLES_OK;
}
