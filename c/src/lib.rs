//! The host decoder for C: bytes of a stream of frames in, samples and what is missing out.
//!
//! `include/tierwire_decoder.h` is made from this crate, `examples/receive.c` shows its use.

mod event;

use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::ManuallyDrop;
use std::ptr;
use std::slice;

use golden_model::frames::{Deframer, Event, Layout, Reader};
use golden_model::{TableSet, shipped};

pub use event::{TierwireEvent, TierwireKind, TierwireReason};

/// Called for each event, in the order of time. The event and its samples are valid until it returns.
pub type TierwireReport =
    Option<unsafe extern "C" fn(user: *mut c_void, event: *const TierwireEvent)>;

/// A decoder of one stream. Not to be used by two threads at once.
pub struct TierwireDecoder {
    /// Borrows from `set`: dropped first.
    reader: ManuallyDrop<Reader<'static>>,
    /// From `Box::into_raw`.
    set: *mut TableSet,
}

impl Drop for TierwireDecoder {
    fn drop(&mut self) {
        // SAFETY: the reader is not used again, and nothing else borrows the set, which `decoder` made
        // with `Box::into_raw`.
        unsafe {
            ManuallyDrop::drop(&mut self.reader);
            drop(Box::from_raw(self.set));
        }
    }
}

/// This library's version, such as "0.2.0".
#[unsafe(no_mangle)]
pub extern "C" fn tierwire_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// A decoder for a core with a shipped table set, such as "means-64". `channels`, `rounds` (of a frame) and
/// `keyframe_interval` (in frames) are those of the core's profile.
///
/// Returns null if there is no such table set or no such layout; `*reason` then says why, unless `reason` is
/// null. It need not be freed.
///
/// # Safety
/// `table_set` must be a string that ends with a zero; `reason` null or a place for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tierwire_decoder_new(
    table_set: *const c_char,
    channels: usize,
    rounds: usize,
    keyframe_interval: u64,
    reason: *mut *const c_char,
) -> *mut TierwireDecoder {
    let set = if table_set.is_null() {
        Err(c"table_set is null")
    } else {
        // SAFETY: the caller's promise.
        let name = unsafe { CStr::from_ptr(table_set) };
        name.to_str().ok().and_then(shipped).ok_or(c"no table set of this name is shipped")
    };
    // SAFETY: the caller's promise.
    unsafe { decoder(set, channels, rounds, keyframe_interval, reason) }
}

/// The same for a table set of one's own: the text of its file, `length` bytes.
///
/// # Safety
/// `text` must be `length` bytes; `reason` null or a place for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tierwire_decoder_of_tables(
    text: *const c_char,
    length: usize,
    channels: usize,
    rounds: usize,
    keyframe_interval: u64,
    reason: *mut *const c_char,
) -> *mut TierwireDecoder {
    // SAFETY: the caller's promise.
    let text = unsafe { bytes(text.cast(), length) };
    let set = std::str::from_utf8(text).ok().and_then(|text| TableSet::from_toml(text).ok());
    // SAFETY: the caller's promise.
    unsafe { decoder(set.ok_or(c"not a table set"), channels, rounds, keyframe_interval, reason) }
}

/// Takes the next bytes of the stream, cut anywhere. Returns 0, or -1 if `decoder` is null.
///
/// # Safety
/// `decoder` must be from this library and not freed; `bytes` must be `length` bytes. `report` must not
/// use `decoder`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tierwire_decoder_push(
    decoder: *mut TierwireDecoder,
    bytes: *const u8,
    length: usize,
    report: TierwireReport,
    user: *mut c_void,
) -> c_int {
    // SAFETY: the caller's promise.
    let (decoder, input) = unsafe { (decoder.as_mut(), self::bytes(bytes, length)) };
    let Some(decoder) = decoder else { return -1 };
    decoder.reader.push(input, |event| tell(&event, report, user));
    0
}

/// The stream has ended. With the number of frames that were sent, those missing at its end are reported
/// too; `UINT64_MAX` if it is not known. Returns 0, or -1 if `decoder` is null.
///
/// # Safety
/// As for `tierwire_decoder_push`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tierwire_decoder_finish(
    decoder: *mut TierwireDecoder,
    frames_sent: u64,
    report: TierwireReport,
    user: *mut c_void,
) -> c_int {
    // SAFETY: the caller's promise.
    let Some(decoder) = (unsafe { decoder.as_mut() }) else { return -1 };
    let end = (frames_sent != u64::MAX).then_some(frames_sent);
    decoder.reader.finish(end, |event| tell(&event, report, user));
    0
}

/// Frees a decoder; null is allowed.
///
/// # Safety
/// `decoder` must be null, or from this library and not freed yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tierwire_decoder_free(decoder: *mut TierwireDecoder) {
    if !decoder.is_null() {
        // SAFETY: the caller's promise; `decoder` made it with `Box::into_raw`.
        drop(unsafe { Box::from_raw(decoder) });
    }
}

/// # Safety
/// `reason` must be null or a place for a pointer.
unsafe fn decoder(
    set: Result<TableSet, &'static CStr>,
    channels: usize,
    rounds: usize,
    keyframe_interval: u64,
    reason: *mut *const c_char,
) -> *mut TierwireDecoder {
    let layout = Layout::new(channels, rounds, keyframe_interval)
        .map_err(|_| c"no frame has this many channels and rounds, or this keyframe interval");
    match set.and_then(|set| Ok((set, layout?))) {
        Ok((set, layout)) => {
            let set = Box::into_raw(Box::new(set));
            // SAFETY: the set lives until `TierwireDecoder` is dropped, which drops the reader first.
            let borrowed: &'static TableSet = unsafe { &*set };
            let reader = ManuallyDrop::new(Reader::new(Deframer::new(borrowed, layout)));
            Box::into_raw(Box::new(TierwireDecoder { reader, set }))
        }
        Err(why) => {
            if !reason.is_null() {
                // SAFETY: the caller's promise.
                unsafe { reason.write(why.as_ptr()) };
            }
            ptr::null_mut()
        }
    }
}

/// # Safety
/// `from` must be `length` bytes, or `length` 0.
unsafe fn bytes<'a>(from: *const u8, length: usize) -> &'a [u8] {
    if from.is_null() || length == 0 {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { slice::from_raw_parts(from, length) }
}

fn tell(event: &Event<'_>, report: TierwireReport, user: *mut c_void) {
    if let Some(report) = report {
        // SAFETY: `report` is the caller's, who gave `user` for it; the event lives until it returns.
        unsafe { report(user, &TierwireEvent::of(event)) };
    }
}
