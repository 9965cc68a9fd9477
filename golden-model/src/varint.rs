//! Numbers of 7 bits a byte, the lowest first; bit 7 is set in all bytes but the last.

/// Appends a number.
pub fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Appends a signed number: its magnitude twice, less one where it is negative.
pub fn put_signed(bytes: &mut Vec<u8>, number: i64) {
    put(bytes, (number << 1 ^ number >> 63) as u64);
}

/// Takes a number from the beginning of `bytes`; `None`: there is none.
pub fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Takes a signed number.
pub fn take_signed(bytes: &mut &[u8]) -> Option<i64> {
    take(bytes).map(|number| (number >> 1) as i64 ^ -((number & 1) as i64))
}

/// Takes so many bytes.
pub fn take_bytes<'b>(bytes: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    let (first, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let mut bytes = Vec::new();
        let numbers = [0, 1, -1, 63, -64, 64, 1 << 40, i64::MAX, i64::MIN];
        numbers.iter().for_each(|&number| put_signed(&mut bytes, number));
        put(&mut bytes, u64::MAX);
        let mut rest = &bytes[..];
        assert_eq!(numbers.map(|_| take_signed(&mut rest).unwrap()), numbers);
        assert_eq!((take(&mut rest), take(&mut rest)), (Some(u64::MAX), None));
        assert_eq!(take(&mut &[0xff; 20][..]), None);
        assert_eq!(take_bytes(&mut &[1, 2][..], 3), None);
    }
}
