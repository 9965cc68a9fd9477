//! The executables without a standard library: what they need of Linux on x86-64, and no more.
//!
//! The executables' own bytes count in the challenge's score. With a static standard library an
//! executable takes at least 1.08 MB (a program that copies a file, built with the same flags): two
//! of them would lower the score from 3.517 to 3.29. So this file replaces it: five system calls, an
//! allocator that never frees, and the functions of C that the compiler calls. Only
//! `scripts/build-challenge.sh` builds the executables this way (`--cfg bare`); everywhere else they
//! are ordinary ones.
//!
//! All `unsafe` code of tierwire is in this file; its contracts are those of the system calls.

use alloc::vec::Vec;
use core::alloc::{GlobalAlloc, Layout};
use core::arch::{asm, global_asm};
use core::cell::Cell;
use core::ffi::{CStr, c_char};

const READ: usize = 0;
const WRITE: usize = 1;
const OPEN: usize = 2;
const MMAP: usize = 9;
const EXIT: usize = 60;

/// A system call; an error is a result of -4095..=-1.
///
/// # Safety
/// The arguments have to be what the call asks for.
unsafe fn call(number: usize, arguments: [usize; 6]) -> Option<usize> {
    let result: isize;
    let [a, b, c, d, e, f] = arguments;
    // SAFETY: the registers are those of the system's convention; the caller vouches for the rest.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number as isize => result,
            in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d, in("r8") e, in("r9") f,
            lateout("rcx") _, lateout("r11") _,
            options(nostack),
        );
    }
    usize::try_from(result).ok()
}

/// Ends the program.
pub fn exit(code: i32) -> ! {
    loop {
        // SAFETY: it takes a number and does not return.
        unsafe { call(EXIT, [code as usize, 0, 0, 0, 0, 0]) };
    }
}

/// A file to read, or one to write.
pub struct File(usize);

impl File {
    /// Opens a file to be read.
    pub fn open(path: &CStr) -> Option<File> {
        File::with(path, 0)
    }

    /// Creates a file, or empties it.
    pub fn create(path: &CStr) -> Option<File> {
        const WRITE_CREATE_TRUNCATE: usize = 0o1 | 0o100 | 0o1000;
        File::with(path, WRITE_CREATE_TRUNCATE)
    }

    fn with(path: &CStr, flags: usize) -> Option<File> {
        // SAFETY: a path that ends with zero, flags, a mode.
        unsafe { call(OPEN, [path.as_ptr() as usize, flags, 0o666, 0, 0, 0]) }.map(File)
    }

    /// Everything that the file holds.
    pub fn read(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut filled = 0;
        loop {
            bytes.resize(filled + (1 << 18), 0);
            let room = &mut bytes[filled..];
            // SAFETY: `room` is as long as said, and ours.
            let got =
                unsafe { call(READ, [self.0, room.as_mut_ptr() as usize, room.len(), 0, 0, 0]) }?;
            filled += got;
            if got == 0 {
                bytes.truncate(filled);
                return Some(bytes);
            }
        }
    }

    /// Writes all of `bytes`.
    pub fn write(&self, mut bytes: &[u8]) -> Option<()> {
        while !bytes.is_empty() {
            // SAFETY: `bytes` is as long as said.
            let put =
                unsafe { call(WRITE, [self.0, bytes.as_ptr() as usize, bytes.len(), 0, 0, 0]) }?;
            bytes = &bytes[put..];
        }
        Some(())
    }
}

/// An allocator that never frees: a program that converts one file needs no more.
struct Stack {
    next: Cell<usize>,
    end: Cell<usize>,
}

// SAFETY: there is one thread.
unsafe impl Sync for Stack {}

#[global_allocator]
static MEMORY: Stack = Stack { next: Cell::new(0), end: Cell::new(0) };

// SAFETY: every piece is aligned, as long as asked for, and given out once.
unsafe impl GlobalAlloc for Stack {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.next.get().next_multiple_of(layout.align());
        if let Some(end) = start.checked_add(layout.size())
            && end <= self.end.get()
        {
            self.next.set(end);
            return start as *mut u8;
        }
        const PRIVATE_ANONYMOUS: usize = 0x22;
        const READ_WRITE: usize = 3;
        let length = layout.size().max(1 << 22).next_multiple_of(1 << 12);
        // SAFETY: new memory anywhere; no file.
        let mapped =
            unsafe { call(MMAP, [0, length, READ_WRITE, PRIVATE_ANONYMOUS, usize::MAX, 0]) };
        let Some(start) = mapped else { return core::ptr::null_mut() };
        self.next.set(start + layout.size());
        self.end.set(start + length);
        start as *mut u8
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    exit(101)
}

// The system starts a program with the number of arguments and their addresses on the stack.
global_asm!(
    ".globl _start",
    "_start:",
    "mov rdi, rsp",
    "and rsp, -16",
    "call {start}",
    "ud2",
    start = sym start,
);

unsafe extern "Rust" {
    /// The executable's own `main`: see `main!`.
    safe fn challenge_main(from: Option<&CStr>, to: Option<&CStr>, more: bool) -> i32;
}

unsafe extern "C" fn start(stack: *const usize) -> ! {
    // SAFETY: the system put the count there, and as many strings that end with zero.
    let (count, arguments) = unsafe { (*stack, stack.add(1).cast::<*const c_char>()) };
    let argument = |index: usize| {
        // SAFETY: as above.
        (index < count).then(|| unsafe { CStr::from_ptr(*arguments.add(index)) })
    };
    exit(challenge_main(argument(1), argument(2), count > 3))
}

/// # Safety
/// As in C.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, length: usize) -> *mut u8 {
    // SAFETY: the caller vouches for both.
    unsafe {
        asm!("rep movsb", inout("rcx") length => _, inout("rdi") to => _, inout("rsi") from => _,
             options(nostack, preserves_flags));
    }
    to
}

/// # Safety
/// As in C.
#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, length: usize) -> *mut u8 {
    if (to as usize).wrapping_sub(from as usize) >= length {
        // SAFETY: forward is right, since nothing that is still to be read is written.
        return unsafe { memcpy(to, from, length) };
    }
    // SAFETY: the caller vouches for both; from the end to the start, and the flag restored.
    unsafe {
        asm!("std", "rep movsb", "cld", inout("rcx") length => _,
             inout("rdi") to.wrapping_add(length).wrapping_sub(1) => _,
             inout("rsi") from.wrapping_add(length).wrapping_sub(1) => _, options(nostack));
    }
    to
}

/// # Safety
/// As in C.
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, byte: i32, length: usize) -> *mut u8 {
    // SAFETY: the caller vouches for it.
    unsafe {
        asm!("rep stosb", inout("rcx") length => _, inout("rdi") to => _, in("al") byte as u8,
             options(nostack, preserves_flags));
    }
    to
}

/// # Safety
/// As in C.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(one: *const u8, other: *const u8, length: usize) -> i32 {
    for at in 0..length {
        // SAFETY: the caller vouches for both.
        let (a, b) = unsafe { (*one.add(at), *other.add(at)) };
        if a != b {
            return i32::from(a) - i32::from(b);
        }
    }
    0
}

/// # Safety
/// As in C.
#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(one: *const u8, other: *const u8, length: usize) -> i32 {
    // SAFETY: the caller vouches for both.
    unsafe { memcmp(one, other, length) }
}

/// # Safety
/// As in C.
#[unsafe(no_mangle)]
unsafe extern "C" fn strlen(text: *const c_char) -> usize {
    let mut length = 0;
    // SAFETY: the caller vouches for a zero at its end.
    while unsafe { core::ptr::read_volatile(text.add(length)) } != 0 {
        // Volatile, or the compiler finds that this loop is strlen, and calls it.
        length += 1;
    }
    length
}
