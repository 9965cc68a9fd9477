/* The driver behind tierwire_tables.h. */

#include "tierwire_tables.h"

#include "tierwire_registers.h"

#define ADDRESS(name) ((uint8_t)offsetof(tierwire_t, name))
/* Reads or writes, and ends with an error if that fails. */
#define READ(name, word)                                                                                               \
    if (bus->read(bus->user, ADDRESS(name), word) != 0) return TIERWIRE_TABLES_BUS
#define WRITE(name, word)                                                                                              \
    if (bus->write(bus->user, ADDRESS(name), word) != 0) return TIERWIRE_TABLES_BUS

/* Reads the status until of the bits in `mask` those in `wanted` are set. */
static TierwireTables wait_for(const TierwireBus *bus, uint32_t mask, uint32_t wanted, unsigned long most_reads) {
    for (; most_reads > 0; most_reads--) {
        uint32_t status;
        READ(STATUS, &status);
        if (status & TIERWIRE__STATUS__WRONG_LAYOUT_bm) return TIERWIRE_TABLES_WRONG_LAYOUT;
        if (status & TIERWIRE__STATUS__WRONG_CRC_bm) return TIERWIRE_TABLES_WRONG_CRC;
        if (status & TIERWIRE__STATUS__TOO_LONG_bm) return TIERWIRE_TABLES_TOO_LONG;
        if (status & TIERWIRE__STATUS__NOT_COMPLETE_bm) return TIERWIRE_TABLES_NOT_COMPLETE;
        if ((status & mask) == wanted) return TIERWIRE_TABLES_OK;
    }
    return TIERWIRE_TABLES_NOT_DONE;
}

TierwireTables tierwire_tables_load(const TierwireBus *bus, const uint32_t *words, size_t count,
                                    unsigned long most_reads) {
    uint32_t word;
    READ(ID, &word);
    if (word != TIERWIRE__ID__VALUE_reset) return TIERWIRE_TABLES_NOT_A_CORE;
    READ(VERSION, &word);
    if (word >> TIERWIRE__VERSION__MAJOR_bp != TIERWIRE__VERSION__MAJOR_reset) return TIERWIRE_TABLES_VERSION;
    READ(LAYOUT, &word);
    if (count == 0 || words[0] != word) return TIERWIRE_TABLES_LAYOUT;
    READ(WORDS, &word);
    if (count != word) return TIERWIRE_TABLES_LENGTH;
    WRITE(CONTROL, TIERWIRE__CONTROL__START_bm);
    for (size_t at = 0; at < count; at++) WRITE(DATA, words[at]);
    return wait_for(bus, TIERWIRE__STATUS__COMPLETE_bm, TIERWIRE__STATUS__COMPLETE_bm, most_reads);
}

TierwireTables tierwire_tables_commit(const TierwireBus *bus, uint32_t digest, unsigned long most_reads) {
    WRITE(CONTROL, TIERWIRE__CONTROL__COMMIT_bm);
    TierwireTables result = wait_for(bus, TIERWIRE__STATUS__ACTIVE_bm | TIERWIRE__STATUS__PENDING_bm,
                                     TIERWIRE__STATUS__ACTIVE_bm, most_reads);
    if (result != TIERWIRE_TABLES_OK) return result;
    uint32_t word;
    READ(DIGEST, &word);
    return word == digest ? TIERWIRE_TABLES_OK : TIERWIRE_TABLES_OTHER;
}

const char *tierwire_tables_reason(TierwireTables result) {
    switch (result) {
    case TIERWIRE_TABLES_OK: return "loaded";
    case TIERWIRE_TABLES_BUS: return "an access to a register failed";
    case TIERWIRE_TABLES_NOT_A_CORE: return "no core with loaded tables answers";
    case TIERWIRE_TABLES_VERSION: return "the core's register map is of another version";
    case TIERWIRE_TABLES_LAYOUT: return "the tables are of another core";
    case TIERWIRE_TABLES_LENGTH: return "the tables are not whole";
    case TIERWIRE_TABLES_WRONG_LAYOUT: return "the core says: the tables are of another core";
    case TIERWIRE_TABLES_WRONG_CRC: return "the core says: a word changed on the way";
    case TIERWIRE_TABLES_TOO_LONG: return "the core says: too many words";
    case TIERWIRE_TABLES_NOT_COMPLETE: return "the core says: there are no complete tables";
    case TIERWIRE_TABLES_NOT_DONE: return "the core is not done in time";
    case TIERWIRE_TABLES_OTHER: return "the core uses other tables";
    }
    return "unknown";
}
