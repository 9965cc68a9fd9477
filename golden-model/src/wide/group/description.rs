//! The description of a group: its first bytes in a file.

use super::{Group, GroupError};
use crate::varint;
use crate::wide::converter::{Converter, PHASE_FRACTION};
use crate::wide::list::List;
use crate::wide::set::WideSet;

impl Group {
    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let linear = self.converters.iter().find_map(|converter| match *converter {
            Converter::Direct => None,
            Converter::Linear { step, truncated, .. } => Some((step, truncated)),
        });
        bytes.push(if self.list.is_some() { 2 } else { linear.is_some().into() });
        if let Some(list) = &self.list {
            bytes.extend(list.to_bytes());
        } else if let Some((step, truncated)) = linear {
            bytes.extend(step.to_le_bytes());
            let zeros = |converter: &Converter| match *converter {
                Converter::Linear { phase, .. } if phase != 0 => phase.trailing_zeros(),
                _ => PHASE_FRACTION,
            };
            let spare = self.converters.iter().map(zeros).min().unwrap_or(0).min(PHASE_FRACTION);
            bytes.push((PHASE_FRACTION - spare) as u8 | u8::from(truncated) << 7);
            for converter in &self.converters {
                let number = match *converter {
                    Converter::Direct => 0,
                    Converter::Linear { phase, .. } => {
                        let phase = i64::from(phase >> spare);
                        phase + if phase < 0 { -1 } else { 1 }
                    }
                };
                varint::put_signed(&mut bytes, number);
            }
        }
        if self.is_natural() {
            varint::put(&mut bytes, 0);
        } else {
            varint::put(&mut bytes, self.order.len() as u64);
            self.order.iter().for_each(|&c| varint::put(&mut bytes, c.into()));
        }
        bytes.extend(self.set.to_bytes());
        bytes
    }

    /// From the beginning of `bytes`, which then begin behind it; for so many channels of samples with
    /// so many bits.
    ///
    /// # Errors
    /// [`GroupError`].
    pub fn from_bytes(bytes: &mut &[u8], channels: usize, bits: u32) -> Result<Group, GroupError> {
        let mut converters = vec![Converter::Direct; channels];
        let mut list = None;
        match varint::take_bytes(bytes, 1).ok_or(GroupError::Short)? {
            [0] => {}
            [1] => read_converters(bytes, &mut converters)?,
            [2] => {
                let wrong = GroupError::Field("list of samples");
                list = Some(List::from_bytes(bytes, bits).ok_or(wrong)?);
            }
            _ => return Err(GroupError::Field("converters")),
        }
        let order = read_order(bytes, channels)?;
        let set = WideSet::from_bytes(bytes)?;
        if set.bits() != bits {
            return Err(GroupError::Field("bits of a token"));
        }
        Ok(Group {
            converters,
            list,
            order,
            set,
            hole_distance: u32::MAX,
            best: false,
            known: false,
        })
    }
}

fn read_converters(bytes: &mut &[u8], converters: &mut [Converter]) -> Result<(), GroupError> {
    let step = varint::take_bytes(bytes, 8).ok_or(GroupError::Short)?;
    let step = u64::from_le_bytes(step.try_into().unwrap_or_default());
    let flags = varint::take_bytes(bytes, 1).ok_or(GroupError::Short)?[0];
    let (truncated, fraction) = (flags >> 7 != 0, u32::from(flags & 0x7f));
    if fraction > PHASE_FRACTION || step == 0 {
        return Err(GroupError::Field("a converter's step"));
    }
    for converter in converters {
        let number = varint::take_signed(bytes).ok_or(GroupError::Short)?;
        if number != 0 {
            let phase = (number - number.signum()) << (PHASE_FRACTION - fraction);
            let phase =
                i32::try_from(phase).map_err(|_| GroupError::Field("a converter's phase"))?;
            *converter = Converter::Linear { step, phase, truncated };
        }
    }
    Ok(())
}

fn read_order(bytes: &mut &[u8], channels: usize) -> Result<Vec<u16>, GroupError> {
    let wrong = GroupError::Field("order of the channels");
    match varint::take(bytes).ok_or(GroupError::Short)? as usize {
        0 => Ok((0..channels as u16).collect()),
        count if count == channels => {
            let mut seen = vec![false; channels];
            let mut next = || {
                let channel = varint::take(bytes).ok_or(GroupError::Short)? as usize;
                match seen.get_mut(channel) {
                    Some(seen) if !*seen => *seen = true,
                    _ => return Err(wrong),
                }
                Ok(channel as u16)
            };
            (0..channels).map(|_| next()).collect()
        }
        _ => Err(wrong),
    }
}
