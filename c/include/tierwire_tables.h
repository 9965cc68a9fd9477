/* Loads tables into a core of tierwire through its registers, over any bus. Compile c/driver/tierwire_tables.c
   with your program; it needs nothing but tierwire_registers.h. The words come from `tierwire tables --format c`. */

#ifndef TIERWIRE_TABLES_H
#define TIERWIRE_TABLES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Access to a core's registers, by byte address. Both return 0, or anything else if there was no answer or
   an answer of SLVERR. */
typedef struct TierwireBus {
    int (*read)(void *user, uint8_t address, uint32_t *word);
    int (*write)(void *user, uint8_t address, uint32_t word);
    void *user;
} TierwireBus;

/* Why tables were not loaded. The core then uses those that it used before. */
typedef enum TierwireTables {
    TIERWIRE_TABLES_OK,
    /* An access failed. */
    TIERWIRE_TABLES_BUS,
    /* ID is another: something else answers. */
    TIERWIRE_TABLES_NOT_A_CORE,
    /* The register map is of another major version. */
    TIERWIRE_TABLES_VERSION,
    /* The image was made for another core. */
    TIERWIRE_TABLES_LAYOUT,
    /* The image has too few or too many words for this core. */
    TIERWIRE_TABLES_LENGTH,
    /* The core says so: the image is of another layout. */
    TIERWIRE_TABLES_WRONG_LAYOUT,
    /* The image's CRC is wrong: a word changed on the way. */
    TIERWIRE_TABLES_WRONG_CRC,
    /* The core got more words than an image has. */
    TIERWIRE_TABLES_TOO_LONG,
    /* There is no complete image to be used. */
    TIERWIRE_TABLES_NOT_COMPLETE,
    /* The core was not done within `most_reads` reads of its status. */
    TIERWIRE_TABLES_NOT_DONE,
    /* The core uses other tables: somebody else loads some too. */
    TIERWIRE_TABLES_OTHER
} TierwireTables;

/* Loads an image of `count` words, and waits until the core has found it right. The tables in use stay in use. */
TierwireTables tierwire_tables_load(const TierwireBus *bus, const uint32_t *words, size_t count,
                                    unsigned long most_reads);

/* Has the core use what was loaded, from its next keyframe on, and waits for that. `digest` is the image's second
   word. A core that is given no samples has no keyframe. */
TierwireTables tierwire_tables_commit(const TierwireBus *bus, uint32_t digest, unsigned long most_reads);

/* The same in words. */
const char *tierwire_tables_reason(TierwireTables result);

#ifdef __cplusplus
}
#endif

#endif
