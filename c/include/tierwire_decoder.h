/* The host decoder of tierwire: frames from an implant in, samples out.

   Made from c/src/ by cbindgen; `TIERWIRE_REDRAW=1 cargo test -p tierwire-c` writes it anew. Link with
   libtierwire_decoder.a (`cargo build --release -p tierwire-c`) and -lpthread -ldl -lm, or with the shared library. */

#ifndef TIERWIRE_DECODER_H
#define TIERWIRE_DECODER_H

#include <stddef.h>
#include <stdint.h>

// What an event is about.
typedef enum TierwireKind {
  // Samples, every one right: those of frame `frame`.
  TIERWIRE_KIND_SAMPLES,
  // The samples of `frames` frames from `frame` on are lost.
  TIERWIRE_KIND_MISSING,
  // Input that gave no samples. What is missing for that is reported by itself.
  TIERWIRE_KIND_REFUSED,
} TierwireKind;

// Why frames are missing or input was refused.
typedef enum TierwireReason {
  // Samples need none.
  TIERWIRE_REASON_NONE,
  // Missing: nothing arrived instead.
  TIERWIRE_REASON_LOST,
  // Missing: damaged frames arrived. Refused: the checksum is not right.
  TIERWIRE_REASON_DAMAGED,
  // Missing: frames of another table set or another sender arrived. Refused: a keyframe of another
  // table set, whose digest is `detail`.
  TIERWIRE_REASON_FOREIGN,
  // The sender dropped the frame, since its link was too slow.
  TIERWIRE_REASON_BROKEN,
  // A frame before is lost; the next keyframe ends this.
  TIERWIRE_REASON_AWAITING_KEYFRAME,
  // Refused: shorter or longer than any frame; `detail` words.
  TIERWIRE_REASON_LENGTH,
  // Refused: no header of this format version.
  TIERWIRE_REASON_NO_HEADER,
  // Refused: repeated, or later than its successor; `detail` is its sequence number.
  TIERWIRE_REASON_LATE,
  // Refused: not a frame of this layout, though its checksum is right.
  TIERWIRE_REASON_UNDECODABLE,
  // Refused: `detail` bytes that belong to no frame.
  TIERWIRE_REASON_SKIPPED,
} TierwireReason;

// A decoder of one stream. Not to be used by two threads at once.
typedef struct TierwireDecoder TierwireDecoder;

// What became of some input.
typedef struct TierwireEvent {
  // What it is about.
  enum TierwireKind kind;
  // Why.
  enum TierwireReason reason;
  // The number of the frame, counted from the stream's beginning; of the first one where several are missing.
  uint64_t frame;
  // How many frames: 1 with samples, 0 where input was refused.
  uint64_t frames;
  // The samples, round after round, in each the channels in order; null without samples.
  const int16_t *samples;
  // How many samples.
  size_t samples_length;
  // A number that the reason explains, or 0.
  uint64_t detail;
} TierwireEvent;

// Called for each event, in the order of time. The event and its samples are valid until it returns.
typedef void (*TierwireReport)(void *user, const struct TierwireEvent *event);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// This library's version, such as "0.2.0".
const char *tierwire_version(void);

// A decoder for a core with a shipped table set, such as "means-64". `channels`, `rounds` (of a frame) and
// `keyframe_interval` (in frames) are those of the core's profile.
//
// Returns null if there is no such table set or no such layout; `*reason` then says why, unless `reason` is
// null. It need not be freed.
//
// # Safety
// `table_set` must be a string that ends with a zero; `reason` null or a place for a pointer.
struct TierwireDecoder *tierwire_decoder_new(const char *table_set,
                                             size_t channels,
                                             size_t rounds,
                                             uint64_t keyframe_interval,
                                             const char **reason);

// The same for a table set of one's own: the text of its file, `length` bytes.
//
// # Safety
// `text` must be `length` bytes; `reason` null or a place for a pointer.
struct TierwireDecoder *tierwire_decoder_of_tables(const char *text,
                                                   size_t length,
                                                   size_t channels,
                                                   size_t rounds,
                                                   uint64_t keyframe_interval,
                                                   const char **reason);

// Takes the next bytes of the stream, cut anywhere. Returns 0, or -1 if `decoder` is null.
//
// # Safety
// `decoder` must be from this library and not freed; `bytes` must be `length` bytes. `report` must not
// use `decoder`.
int tierwire_decoder_push(struct TierwireDecoder *decoder,
                          const uint8_t *bytes,
                          size_t length,
                          TierwireReport report,
                          void *user);

// The stream has ended. With the number of frames that were sent, those missing at its end are reported
// too; `UINT64_MAX` if it is not known. Returns 0, or -1 if `decoder` is null.
//
// # Safety
// As for `tierwire_decoder_push`.
int tierwire_decoder_finish(struct TierwireDecoder *decoder,
                            uint64_t frames_sent,
                            TierwireReport report,
                            void *user);

// Frees a decoder; null is allowed.
//
// # Safety
// `decoder` must be null, or from this library and not freed yet.
void tierwire_decoder_free(struct TierwireDecoder *decoder);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* TIERWIRE_DECODER_H */
