use super::*;
use crate::converter::Converter;
use crate::decoder::CorruptCode;
use crate::tier_coder::Code;
use proptest::prelude::*;

/// Two classes: of four ranks, the third without a width, and of one that is as likely as may be.
fn shape() -> RangeShape {
    RangeShape {
        classes: vec![vec![0, 1], vec![1, 0]],
        widths: vec![vec![767, 16_000, 12_000, 0, 4000], vec![2047, 30_720]],
    }
}

fn table() -> RankTable {
    RankTable::new(&Converter::challenge(), 2, 4, &[vec![], vec![]]).unwrap()
}

fn code() -> RangeCode {
    RangeCode::new(&shape(), 2, &table()).unwrap()
}

/// What a part of a class says.
fn interval(code: &RangeCode, class: usize, found: Found) -> Interval {
    match found {
        Found::Rank(rank) => code.rank(class, rank).unwrap(),
        Found::Token(number) => code.token_escape(class, number, 10),
        Found::Sample(bits) => code.sample_escape(class, bits),
    }
}

#[test]
fn parts_follow_each_other_and_a_rank_without_width_has_none() {
    let code = code();
    assert_eq!(code.shape(), shape());
    assert_eq!((code.classes(), code.class(1, 0), code.class(1, 1)), (2, 1, 0));
    let interval = |begin, end, raw, raw_bits| Interval { begin, end, raw, raw_bits };
    assert_eq!(code.sample_escape(0, 7), interval(0, 1, 7, 16));
    assert_eq!(code.token_escape(0, 9, 10), interval(1, 768, 9, 10));
    assert_eq!(code.rank(0, 0), Some(interval(768, 16_768, 0, 0)));
    assert_eq!(code.rank(0, 2), None);
    assert_eq!(code.rank(0, 3), Some(interval(28_768, TOTAL, 0, 0)));
    assert_eq!([code.rank(0, 4), code.rank(1, 1)], [None, None]);
    assert_eq!(code.rom_bits(), 2 * 4 * 15 + 4 * 8);
}

#[test]
fn numbers_that_are_no_range_code_are_refused() {
    use RangeCodeError::{Classes, Contexts, NoClass, Rows, Sum, Width, Widths};
    let refused = |change: &dyn Fn(&mut RangeShape), why| {
        let mut shape = shape();
        change(&mut shape);
        assert_eq!(RangeCode::new(&shape, 2, &table()), Err(why));
    };
    refused(&|s| s.classes.truncate(1), Contexts { lists: 1, contexts: 2 });
    refused(&|s| s.classes[1].push(0), Rows { context: 1, given: 3, rows: 2 });
    refused(&|s| s.classes[1][0] = 2, NoClass { context: 1, class: 2 });
    refused(&|s| s.widths.clear(), Classes(0));
    refused(&|s| s.widths.resize(257, Vec::new()), Classes(257));
    refused(&|s| s.widths[1].clear(), Widths { class: 1, widths: 0, ranks: 8 });
    refused(&|s| s.widths[1].resize(10, 0), Widths { class: 1, widths: 10, ranks: 8 });
    refused(&|s| s.widths[0][0] = 0, Width { class: 0, width: 0 });
    refused(&|s| s.widths[1] = vec![2046, 30_721], Width { class: 1, width: 30_721 });
    refused(&|s| s.widths[0][1] += 1, Sum { class: 0, sum: 32_768 });
}

#[test]
fn the_widest_part_takes_a_bit_of_its_share_and_costs_are_near_the_logarithm() {
    let bits = -(f64::from(MAX_WIDTH) / f64::from(TOTAL)).log2();
    assert!(bits * SAMPLES_PER_BIT as f64 > 1.0);
    let bits = |width: u16, raw_bits: u8| {
        let raw = f64::from(raw_bits);
        (f64::from(TOTAL) / f64::from(width)).log2() + raw
    };
    for width in 1..=MAX_WIDTH {
        let cost = Interval { begin: 5, end: 5 + width, raw: 0, raw_bits: 10 }.sixteenths();
        assert!((f64::from(cost) / 16.0 - bits(width, 10)).abs() < 0.16, "{width}");
    }
}

/// Everything a class can say, often what is likely.
fn symbols(most: usize) -> impl Strategy<Value = Vec<(usize, Found)>> {
    let of_first = prop_oneof![
        8 => Just(Found::Rank(0)),
        4 => Just(Found::Rank(1)),
        1 => Just(Found::Rank(3)),
        1 => (0u16..1024).prop_map(Found::Token),
        1 => any::<u16>().prop_map(Found::Sample),
    ];
    let of_second = prop_oneof![
        20 => Just(Found::Rank(0)),
        1 => (0u16..1024).prop_map(Found::Token),
        1 => any::<u16>().prop_map(Found::Sample),
    ];
    let symbol = prop_oneof![(Just(0), of_first), (Just(1), of_second)];
    prop::collection::vec(symbol, 0..most)
}

fn encode(code: &RangeCode, symbols: &[(usize, Found)]) -> Vec<u32> {
    let mut encoder = RangeEncoder::default();
    let of = |&(class, found): &(usize, Found)| interval(code, class, found);
    let mut words: Vec<u32> = symbols.iter().filter_map(|s| encoder.push(of(s))).collect();
    words.extend(encoder.flush().into_iter().flatten());
    words
}

/// Reads symbols of these classes, word for word.
fn decode(
    code: &RangeCode,
    classes: impl IntoIterator<Item = usize>,
    words: &[u32],
) -> Result<(Vec<Found>, bool), CorruptCode> {
    let places = Places::new(code);
    let (mut decoder, mut words) = (RangeDecoder::default(), words.iter());
    let mut found = Vec::new();
    for class in classes {
        loop {
            if let Some(symbol) = decoder.pull(&places, class, 10)? {
                found.push(symbol);
                break;
            }
            // Where nothing came, there is room for a word.
            assert!(decoder.wants_a_word());
            let Some(&word) = words.next() else { return Ok((found, false)) };
            decoder.push(word);
        }
    }
    while decoder.wants_a_word() {
        let Some(&word) = words.next() else { break };
        decoder.push(word);
    }
    Ok((found, words.len() == 0 && decoder.is_over()))
}

/// The same out of all words at once, as far as they go.
fn decode_at_once(
    code: &RangeCode,
    classes: impl IntoIterator<Item = usize>,
    words: &[u32],
) -> Vec<Found> {
    let places = Places::new(code);
    let (mut decoder, mut used) = (RangeDecoder::default(), 0);
    let mut found = Vec::new();
    'symbols: for class in classes {
        loop {
            let left = words.len() - used;
            decoder.refill(words, &mut used);
            match decoder.pull_held(&places, class, 10) {
                Ok(Some(symbol)) => break found.push(symbol),
                Ok(None) if left > 0 => {}
                _ => break 'symbols,
            }
        }
    }
    found
}

proptest! {
    #[test]
    fn every_symbol_comes_back_and_the_stream_ends_behind_the_last(symbols in symbols(600)) {
        let code = code();
        let words = encode(&code, &symbols);
        let expected: Vec<Found> = symbols.iter().map(|&(_, found)| found).collect();
        let classes = || symbols.iter().map(|&(class, _)| class);
        prop_assert_eq!(&decode_at_once(&code, classes(), &words), &expected);
        prop_assert_eq!(decode(&code, classes(), &words), Ok((expected, true)));
        // A flush takes two words more than the bits at most.
        let sixteenths: u32 = symbols.iter().map(|&(c, f)| interval(&code, c, f).sixteenths()).sum();
        prop_assert!(words.len() as u32 <= sixteenths / (16 * 32) + sixteenths / 6400 + 3);
        if let Some((_, shorter)) = words.split_last() {
            let whole = decode(&code, classes(), shorter);
            prop_assert!(whole.is_err() || !whole.unwrap().1);
            let longer = [&words[..], &[0]].concat();
            prop_assert!(!decode(&code, classes(), &longer).unwrap().1);
        }
    }

    #[test]
    fn any_words_are_decoded_or_refused(
        words in prop::collection::vec(prop_oneof![any::<u32>(), Just(u32::MAX), Just(1 << 31)], 0..40),
        classes in prop::collection::vec(0usize..2, 500),
    ) {
        if let Ok((found, _)) = decode(&code(), classes, &words) {
            prop_assert!(found.len() <= SAMPLES_PER_BIT * 32 * words.len());
        }
    }

    /// The packer alone against a sum of all codes in one long number.
    #[test]
    fn words_are_the_sum_of_all_codes(
        lens in prop::collection::vec(0u8..=31, 1..200),
        bits in prop::collection::vec(prop_oneof![any::<u32>(), Just(u32::MAX)], 200),
        carries in prop::collection::vec(any::<bool>(), 200),
    ) {
        // A carry is possible where the bits before leave room for it: once behind a place.
        let mut sum: Vec<bool> = Vec::new();
        let mut packer = CarryPacker::default();
        let mut words = Vec::new();
        let mut settled = 0;
        for ((len, bits), carry) in lens.into_iter().zip(bits).zip(carries) {
            let carry = carry && sum[settled..].contains(&false);
            if carry {
                let last = sum.iter().rposition(|bit| !bit).unwrap();
                sum[last] = true;
                sum[last + 1..].fill(false);
                // Bits up to here have had their carry.
                settled = sum.len();
            }
            let bits = bits & ((1 << len) - 1);
            sum.extend((0..len).rev().map(|place| bits >> place & 1 == 1));
            let code = Code { bits: bits | u32::from(carry) << len, len };
            words.extend(packer.push(code));
        }
        words.extend(packer.flush().into_iter().flatten());
        let mut read: Vec<bool> = Vec::new();
        let mut after_ones = false;
        for word in words {
            if after_ones && word >> 31 == 1 {
                let last = read.iter().rposition(|bit| !bit).unwrap();
                read[last] = true;
                read[last + 1..].fill(false);
            }
            read.extend((0..if after_ones { 31 } else { 32 }).rev().map(|p| word >> p & 1 == 1));
            after_ones = word == u32::MAX;
        }
        prop_assert!(read.len() < sum.len() + 32);
        prop_assert!(!read[sum.len()..].contains(&true));
        prop_assert_eq!(&read[..sum.len()], &sum[..]);
    }
}

#[test]
fn a_carry_that_stays_open_for_many_words_is_resolved() {
    let widths = vec![vec![1, 16_000, 12_000, 0, 4766]];
    let shape = RangeShape { classes: vec![vec![0, 0]], widths };
    let code = RangeCode::new(&shape, 1, &table()).unwrap();
    let mut carried = [0, 0];
    for first in 0..64u32 {
        // The symbols of a number that goes on with ones: whether it ends above or below is open all the way.
        let mut words = vec![first << 26 | 0x155_5555];
        words.extend([u32::MAX, u32::MAX >> 1].repeat(8));
        let (mut found, _) = decode(&code, vec![0; 2000], &words).unwrap();
        for (last, carried) in [Found::Token(0), Found::Rank(3)].into_iter().zip(&mut carried) {
            found.extend([last; 5]);
            let symbols: Vec<_> = found.iter().map(|&found| (0, found)).collect();
            let sent = encode(&code, &symbols);
            assert_eq!(decode(&code, vec![0; symbols.len()], &sent), Ok((found.clone(), true)));
            assert_eq!(decode_at_once(&code, vec![0; symbols.len()], &sent), found);
            let after_ones = |pair: &[u32]| pair[0] == u32::MAX && pair[1] >> 31 == 1;
            if let Some(place) = sent.windows(2).position(after_ones) {
                *carried += 1;
                // A packer that forgets the carry sends other symbols.
                let mut wrong = sent.clone();
                wrong[place + 1] &= u32::MAX >> 1;
                let read = decode(&code, vec![0; symbols.len()], &wrong);
                assert_ne!(read, Ok((found.clone(), true)));
            }
            found.truncate(found.len() - 5);
        }
    }
    // Below there is no carry, above there often is one.
    assert!(carried[0] == 0 && carried[1] > 10, "{carried:?}");
}
