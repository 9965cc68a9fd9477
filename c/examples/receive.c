/* Frames from standard input, samples to standard output; what is missing is said on standard error.

   receive TABLE_SET CHANNELS ROUNDS KEYFRAME_INTERVAL < frames > samples */

#include <stdio.h>
#include <stdlib.h>

#include "tierwire_decoder.h"

static void report(void *user, const TierwireEvent *event) {
    unsigned long long *right = user;
    switch (event->kind) {
    case TIERWIRE_KIND_SAMPLES:
        *right += 1;
        if (fwrite(event->samples, sizeof *event->samples, event->samples_length, stdout) != event->samples_length) {
            perror("receive: standard output");
            exit(1);
        }
        break;
    case TIERWIRE_KIND_MISSING:
        fprintf(stderr, "missing: %llu frames from %llu on, reason %d\n", (unsigned long long)event->frames,
                (unsigned long long)event->frame, (int)event->reason);
        break;
    case TIERWIRE_KIND_REFUSED:
        fprintf(stderr, "refused: reason %d\n", (int)event->reason);
        break;
    }
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: receive TABLE_SET CHANNELS ROUNDS KEYFRAME_INTERVAL\n");
        return 2;
    }
    const char *reason = "";
    TierwireDecoder *decoder =
        tierwire_decoder_new(argv[1], strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10),
                             strtoul(argv[4], NULL, 10), &reason);
    if (decoder == NULL) {
        fprintf(stderr, "receive: %s: %s\n", argv[1], reason);
        return 1;
    }
    unsigned long long right = 0;
    uint8_t bytes[4096];
    size_t length;
    while ((length = fread(bytes, 1, sizeof bytes, stdin)) > 0)
        tierwire_decoder_push(decoder, bytes, length, report, &right);
    tierwire_decoder_finish(decoder, UINT64_MAX, report, &right);
    tierwire_decoder_free(decoder);
    fprintf(stderr, "%llu frames right, tierwire %s\n", right, tierwire_version());
    return 0;
}
