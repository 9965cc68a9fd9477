//! Exceptions of a stretch as decisions, stored and read.

use super::error::GroupError;
use crate::wide::stretch::Exception;
use crate::{deflate, varint};

/// Most exceptions in a stretch.
const MAX_EXCEPTIONS: u64 = 1 << 20;
/// Most bytes of one in the list: two varints.
const BYTES: usize = 15;

/// Appends their number and, deflated, the list of them.
pub fn put(bytes: &mut Vec<u8>, exceptions: &[Exception]) {
    varint::put(bytes, exceptions.len() as u64);
    if exceptions.is_empty() {
        return;
    }
    let mut list = Vec::new();
    let (mut index, mut sample) = (0, 0);
    for exception in exceptions {
        varint::put(&mut list, (exception.index - index) as u64);
        varint::put_signed(&mut list, i64::from(exception.sample) - sample);
        (index, sample) = (exception.index, exception.sample.into());
    }
    let list = deflate::pack(&list);
    varint::put(bytes, list.len() as u64);
    bytes.extend(list);
}

/// From the beginning of `bytes`, which then begin behind them.
pub fn take(bytes: &mut &[u8]) -> Result<Vec<Exception>, GroupError> {
    let count = varint::take(bytes).ok_or(GroupError::Short)?;
    if count == 0 {
        return Ok(Vec::new());
    }
    let wrong = GroupError::Field("exceptions");
    if count > MAX_EXCEPTIONS {
        return Err(wrong);
    }
    let length = varint::take(bytes).ok_or(GroupError::Short)?;
    let length = usize::try_from(length).map_err(|_| GroupError::Short)?;
    let packed = varint::take_bytes(bytes, length).ok_or(GroupError::Short)?;
    let list = deflate::unpack(packed, BYTES * count as usize).ok_or(wrong)?;
    let mut list = &list[..];
    let (mut index, mut sample) = (0usize, 0i64);
    let mut next = || {
        let further = usize::try_from(varint::take(&mut list)?).ok()?;
        index = index.checked_add(further)?;
        sample = sample.checked_add(varint::take_signed(&mut list)?)?;
        Some(Exception { index, sample: i32::try_from(sample).ok()?, must: true })
    };
    let exceptions: Option<Vec<Exception>> = (0..count).map(|_| next()).collect();
    exceptions.filter(|_| list.is_empty()).ok_or(wrong)
}
