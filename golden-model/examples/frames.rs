//! Frames over a link that loses some: `cargo run -p tierwire-codec --example frames`.

use tierwire_codec::frames::{Deframer, Event, Framer, Layout};
use tierwire_codec::synthetic::Synthetic;
use tierwire_codec::{DEFAULT, shipped};

/// Sends frames, loses one, and says which samples are missing.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let set = shipped(DEFAULT).ok_or("no such table set")?;
    // 32 channels, 19 rounds (1 ms) a frame, every tenth a keyframe.
    let layout = Layout::new(32, 19, 10)?;
    let samples = Synthetic::default().rounds(1, 32, 19 * 30);

    let mut sent = Vec::new();
    Framer::new(&set, layout).extend(&samples, |frame| sent.push(frame.to_vec()));
    sent.remove(13);

    let mut deframer = Deframer::new(&set, layout);
    let (mut right, mut missing) = (0, Vec::new());
    let mut take = |event: Event<'_>| match event {
        Event::Samples { frame, samples: got } => {
            let start = frame as usize * layout.frame_samples();
            assert_eq!(got, &samples[start..start + got.len()]);
            right += 1;
        }
        Event::Missing { frames, why } => {
            println!("frames {frames:?} are missing: {why:?}");
            missing.extend(frames);
        }
        Event::Refused(why) => println!("refused: {why:?}"),
    };
    sent.iter().for_each(|frame| deframer.push(frame, &mut take));
    deframer.finish(30, &mut take);
    // Only the frames from the lost one to the next keyframe are missing.
    assert_eq!((right, missing), (23, (13..20).collect()));
    Ok(())
}
