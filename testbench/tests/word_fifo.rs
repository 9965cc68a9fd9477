//! The word FIFO compared with a queue: random bursts, back-pressure and resets.

use hdl::stream::word_fifo::WordFifo;
use rand::RngExt as _;
use rand::rngs::StdRng;
use rust_hdl::prelude::*;
use std::collections::VecDeque;
use testbench::axi_stream::{Beat, Watch};
use testbench::seed::{generator, seed};
use testbench::{settle, tick};

/// Words that may still come in packets after `room` fell: one for each stage of the longest
/// pipeline, one for a flush, one for the last accepted sample.
const UNDER_WAY: usize = 12;
/// Words that may still come in frames: digest and trailer after a header, for which there was room.
const FRAME_END: usize = 2;

#[test]
fn random_bursts_and_back_pressure() {
    let mut random = generator(seed("random_bursts_and_back_pressure"));
    check(WordFifo::<5>::of_packets(5), 16, UNDER_WAY, &mut random);
    check(WordFifo::<9>::of_frames(5), 28, FRAME_END, &mut random);
    check(WordFifo::<9>::of_frames(8), 252, FRAME_END, &mut random);
}

/// A FIFO whose `room` falls at `room_for` words, after which `still` more may come.
fn check<const N: usize>(
    mut block: WordFifo<N>,
    room_for: usize,
    still: usize,
    random: &mut StdRng,
) {
    block.connect_all();
    let mut queue: VecDeque<Beat> = VecDeque::new();
    let mut watch = Watch::default();
    let mut without_room = 0;
    let (mut writes, mut reads) = (50, 50);
    let mut filled_up = false;
    for clock in 0..60_000 {
        if clock % 100 == 0 {
            (writes, reads) = (random.random_range(0..=100), random.random_range(0..=100));
        }
        let reset = random.random_ratio(1, 2000);
        block.aresetn.next = !reset;
        settle!(block);
        // Writes go on for a while after `room` fell, then stop.
        without_room = if block.room.val() { 0 } else { without_room };
        let write = without_room < still && random.random_ratio(writes, 100);
        without_room += usize::from(write && !block.room.val());
        let (word, bytes, last) =
            (random.random::<u32>(), random.random_range(0..4), random.random());
        let bytes = if last { bytes } else { 3_u8 };
        block.write.next = write;
        block.word.next = u64::from(word).into();
        block.word_bytes.next = u64::from(bytes).into();
        block.word_last.next = last;
        let ready = random.random_ratio(reads, 100);
        block.m_axis_tready.next = ready;
        settle!(block);

        let offer = block.m_axis_tvalid.val().then(|| Beat {
            data: block.m_axis_tdata.val().to_u32(),
            keep: block.m_axis_tkeep.val().to_u8(),
            last: block.m_axis_tlast.val(),
        });
        watch.clock(offer, ready, reset).unwrap();
        if let Some(beat) = offer {
            assert_eq!(Some(&beat), queue.front());
            if ready {
                queue.pop_front();
            }
        } else {
            assert!(queue.len() <= 1, "words wait and none is offered");
        }
        if write {
            queue.push_back(Beat { data: word.swap_bytes(), keep: 0b1111 >> (3 - bytes), last });
        }
        filled_up |= queue.len() >= room_for + still;
        if reset {
            queue.clear();
        }
        tick!(block);
    }
    assert!(filled_up, "the test never filled the FIFO");
}
