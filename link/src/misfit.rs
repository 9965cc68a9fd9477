//! Whether a stream is of another profile: what its keyframes say before the first frame fits.

use std::fmt;
use std::sync::LazyLock;

use golden_model::frames::Header;
use golden_model::{SHIPPED, shipped};

use crate::StreamFormat;

/// So many keyframes that say the same are no accident.
const PROOF: u32 = 8;
/// Digests that are remembered.
const MOST: usize = 32;

/// Why no frame fits the profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// Keyframes of another table set.
    #[error("frames of {sent}, and profile {profile} has table set {expected}")]
    Tables {
        /// What the frames say.
        sent: Tables,
        /// The profile.
        profile: String,
        /// Its own.
        expected: Tables,
    },
    /// The table set is right, and no frame is.
    #[error(
        "frames of the right table set, and none fits profile {profile}: {channels} channels, \
         {rounds} rounds in a frame"
    )]
    Layout {
        /// The profile.
        profile: String,
        /// Its channels.
        channels: usize,
        /// Rounds of its frames.
        rounds: usize,
    },
    /// Nothing looks like a frame.
    #[error("no frame of profile {0} in it")]
    Nothing(String),
}

/// A table set by its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tables(pub u32);

impl fmt::Display for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digest = self.0;
        match named(digest) {
            Some(name) => write!(f, "{name} (digest {digest:#010x})"),
            None => write!(f, "a table set that is not shipped (digest {digest:#010x})"),
        }
    }
}

/// The name of a shipped table set.
fn named(digest: u32) -> Option<&'static str> {
    static DIGESTS: LazyLock<Vec<(u32, &str)>> = LazyLock::new(|| {
        SHIPPED.iter().filter_map(|s| Some((shipped(s.name)?.digest(), s.name))).collect()
    });
    DIGESTS.iter().find(|(shipped, _)| *shipped == digest).map(|(_, name)| *name)
}

/// Looks at what arrives until a frame fits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scout {
    /// The last eight bytes.
    window: u64,
    /// `(digest, keyframes with it)`
    seen: Vec<(u32, u32)>,
}

impl Scout {
    /// Looks at what arrived.
    pub fn look(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.window = self.window << 8 | u64::from(byte);
            let header = Header::read((self.window >> 32) as u32);
            if header.is_some_and(|header| header.keyframe) {
                self.note(self.window as u32);
            }
        }
    }

    fn note(&mut self, digest: u32) {
        match self.seen.iter_mut().find(|(seen, _)| *seen == digest) {
            Some((_, count)) => *count += 1,
            None => {
                // Of those seen once, by chance within a payload, the oldest goes.
                if self.seen.len() == MOST {
                    let once = self.seen.iter().position(|&(_, count)| count == 1);
                    self.seen.remove(once.unwrap_or(0));
                }
                self.seen.push((digest, 1));
            }
        }
    }

    /// Why nothing fits, once it is certain; at the end of the input, as far as it is known.
    pub fn verdict(&self, format: &StreamFormat, at_end: bool) -> Option<Misfit> {
        let own = format.set.digest();
        let is_own =
            |digest: u32| digest == own || format.others.iter().any(|set| set.digest() == digest);
        let proof = if at_end { 1 } else { PROOF };
        let most = self.seen.iter().filter(|&&(digest, count)| {
            // At the end a digest that came once proves something only when it is one of a table set.
            count >= proof && (count > 1 || is_own(digest) || named(digest).is_some())
        });
        let profile = format.profile.clone();
        match most.max_by_key(|(_, count)| *count) {
            Some(&(digest, _)) if is_own(digest) => Some(Misfit::Layout {
                profile,
                channels: format.channels(),
                rounds: format.layout.frame_rounds(),
            }),
            Some(&(digest, _)) => {
                Some(Misfit::Tables { sent: Tables(digest), profile, expected: Tables(own) })
            }
            None => at_end.then_some(Misfit::Nothing(profile)),
        }
    }
}
