//! What the models with the sign-sign LMS have in common: the stages up to a channel's own prediction.

/// A `model!` whose first stages are these; its own fields, and the rest of its kernel, are given. `#[hdl_gen]`
/// is taken as tokens: `self` in the given part then means the same as in this one. `with` names a further block that has
/// tables.
///
/// ```text
/// input    the channel's state is read
/// stage 1  sample -> token; features of the state, or of the initial one for a fresh channel; the last
///          token's weight updates; last token -> memory
/// stage 2  products; difference, leaky means and weights -> memory      (stages 1 to 4 of the
///          LmsPredictor)
/// stage 3  sums
/// stage 4  the channel's own prediction, which is there in stage 5
/// ```
/// Each field of the state has a memory of its own, no wider than a block RAM. A channel that starts
/// anew, or has had no token since, has the initial state, whatever its memory holds. A sample off the
/// lattice changes nothing and is therefore not written, with one exception. For a new channel, these are
/// written: that it has had no token, its weights, and that they need no update.
macro_rules! lms_model {
    (
        $(#[$doc:meta])*
        pub struct $name:ident $(with $more:ident)? { $($fields:tt)* }

        $(#[$new_doc:meta])*
        pub fn new($set:ident: &TableSet, $input:ident: Input, $shape:ident: Shape) -> Self {}

        $hash:tt $kernel:tt
        fn update(&mut $self:ident) { $($rest:tt)* }
    ) => {
        $crate::codec::model::model! {
            $(#[$doc])*
            pub struct $name<
                const TOKEN: usize,
                const FEATURE: usize,
                const LEAKY: usize,
                const SUM: usize,
            > {
                converter: Converter<TOKEN> = Converter::new($set.converter(), $input),
                candidate: Candidate<TOKEN> = Candidate::new(&$input.converter($set.converter())),
                last_tokens: Ram<CHANNEL, LAST_WORD> = Ram::narrow(channel, last_word_bits(TOKEN)),
                means: Ram<CHANNEL, MEAN> = Ram::narrow(channel, $shape.mean),
                differences: Ram<CHANNEL, FEATURE> = Ram::narrow(channel, FEATURE),
                fast_means: Ram<CHANNEL, LEAKY> = Ram::narrow(channel, TOKEN + MEAN_SHIFTS[0] as usize),
                slow_means: Ram<CHANNEL, LEAKY> = Ram::narrow(channel, LEAKY),
                weights_0: Ram<CHANNEL, WEIGHT_WORD> = Ram::narrow(channel, WEIGHT_WORD),
                weights_1: Ram<CHANNEL, WEIGHT_WORD> = Ram::narrow(channel, WEIGHT_WORD),
                weights_2: Ram<CHANNEL, WEIGHT_WORD> = Ram::narrow(channel, WEIGHT_WORD),
                errors: Ram<CHANNEL, ERROR> = Ram::narrow(channel, ERROR),
                samples: DelayLine,
                predictor: LmsPredictor<TOKEN, FEATURE, LEAKY, SUM> = LmsPredictor::new(&initial.past),
                rank_table: RankTable<TOKEN> = RankTable::new($set.rank_table()),
                activity: Activity<TOKEN> = Activity::new($set.activity(), $set.window()),

                s1_valid: DFF<Bit>,
                s1_last: DFF<Bit>,
                s1_sample: DFF<Bits<SAMPLE>>,
                s1_channel: DFF<Bits<CHANNEL>>,
                s1_fresh: DFF<Bit>,
                s2_valid: DFF<Bit>,
                s2_last: DFF<Bit>,
                s2_on_lattice: DFF<Bit>,
                s2_channel: DFF<Bits<CHANNEL>>,
                s2_initial: DFF<Bit>,
                s2_difference: DFF<Bits<FEATURE>>,
                s2_fast_mean: DFF<Bits<LEAKY>>,
                s2_slow_mean: DFF<Bits<LEAKY>>,
                s3_valid: DFF<Bit>,
                s3_last: DFF<Bit>,
                s3_on_lattice: DFF<Bit>,
                s3_channel: DFF<Bits<CHANNEL>>,
                s3_initial: DFF<Bit>,
                s4_valid: DFF<Bit>,
                s4_last: DFF<Bit>,
                s4_on_lattice: DFF<Bit>,
                s4_channel: DFF<Bits<CHANNEL>>,
                s4_initial: DFF<Bit>,
                s5_valid: DFF<Bit>,
                s5_last: DFF<Bit>,
                s5_on_lattice: DFF<Bit>,
                s5_channel: DFF<Bits<CHANNEL>>,
                s5_initial: DFF<Bit>,

                s6_valid: DFF<Bit>,
                s6_last: DFF<Bit>,
                s6_on_lattice: DFF<Bit>,
                $($fields)*

                initial_mean: StartValue<MEAN> = StartValue::new(initial.mean.into()),
                state_last: Signal<Local, Bits<LAST_WORD>>,
                last_token: Signal<Local, Bits<LAST_WORD>>,
                unseen: Signal<Local, Bit>,
                counts: Signal<Local, Bit>,
                starts: Signal<Local, Bit>,
                token_wide: Signal<Local, Bits<LAST_WORD>>,
                token_placed: Signal<Local, Bits<LAST_WORD>>,
                new_last: Signal<Local, Bits<LAST_WORD>>,
                mean: Signal<Local, Bits<MEAN>>,
            }

            $(#[$new_doc])*
            pub fn new($set: &TableSet, $input: Input, $shape: Shape) -> Self {
                let channel = $shape.channel.expect("many channels");
                let initial = golden_model::ChannelState::initial($set);
            }
        }

        impl<const TOKEN: usize, const FEATURE: usize, const LEAKY: usize, const SUM: usize> HasTables
            for $name<TOKEN, FEATURE, LEAKY, SUM>
        {
            fn tables(&mut self, visit: &mut dyn FnMut(&mut dyn Table)) {
                self.rank_table.tables(visit);
                self.activity.tables(visit);
                visit(&mut self.initial_mean);
                self.predictor.tables(visit);
                $(self.$more.tables(visit);)?
            }
        }

        impl<const TOKEN: usize, const FEATURE: usize, const LEAKY: usize, const SUM: usize> Logic
            for $name<TOKEN, FEATURE, LEAKY, SUM>
        {
            $hash $kernel
            fn update(&mut $self) {
                dff_setup!($self, clock, s1_valid, s1_last, s1_sample, s1_channel, s1_fresh);
                dff_setup!($self, clock, s2_valid, s2_last, s2_on_lattice, s2_channel, s2_initial);
                dff_setup!($self, clock, s2_difference, s2_fast_mean, s2_slow_mean);
                dff_setup!($self, clock, s3_valid, s3_last, s3_on_lattice, s3_channel, s3_initial);
                dff_setup!($self, clock, s4_valid, s4_last, s4_on_lattice, s4_channel, s4_initial);
                dff_setup!($self, clock, s5_valid, s5_last, s5_on_lattice, s5_channel, s5_initial);
                dff_setup!($self, clock, s6_valid, s6_last, s6_on_lattice);
                clock!($self, clock, last_tokens, means, differences, fast_means, slow_means);
                clock!($self, clock, weights_0, weights_1, weights_2, errors, samples);
                clock!($self, clock, predictor, activity, rank_table, initial_mean);
                $self.predictor.load_at.next = $self.load_at.val();
                $self.predictor.load_word.next = $self.load_word.val();
                $self.activity.load_at.next = $self.load_at.val();
                $self.activity.load_word.next = $self.load_word.val();
                $self.rank_table.load_at.next = $self.load_at.val();
                $self.rank_table.load_word.next = $self.load_word.val();
                $self.initial_mean.load_at.next = $self.load_at.val();
                $self.initial_mean.load_word.next = $self.load_word.val();

                comment!("Input: read the channel's state, unless it starts anew.");
                $self.last_tokens.read.next = $self.accept.val() & !$self.fresh.val();
                $self.last_tokens.read_address.next = $self.channel.val();
                $self.differences.read.next = $self.accept.val() & !$self.fresh.val();
                $self.differences.read_address.next = $self.channel.val();
                $self.fast_means.read.next = $self.accept.val() & !$self.fresh.val();
                $self.fast_means.read_address.next = $self.channel.val();
                $self.slow_means.read.next = $self.accept.val() & !$self.fresh.val();
                $self.slow_means.read_address.next = $self.channel.val();
                $self.weights_0.read.next = $self.accept.val() & !$self.fresh.val();
                $self.weights_0.read_address.next = $self.channel.val();
                $self.weights_1.read.next = $self.accept.val() & !$self.fresh.val();
                $self.weights_1.read_address.next = $self.channel.val();
                $self.weights_2.read.next = $self.accept.val() & !$self.fresh.val();
                $self.weights_2.read_address.next = $self.channel.val();
                $self.errors.read.next = $self.accept.val() & !$self.fresh.val();
                $self.errors.read_address.next = $self.channel.val();
                $self.s1_valid.d.next = $self.accept.val() & $self.aresetn.val();
                if $self.accept.val() {
                    $self.s1_last.d.next = $self.last.val();
                    $self.s1_sample.d.next = $self.sample.val();
                    $self.s1_channel.d.next = $self.channel.val();
                    $self.s1_fresh.d.next = $self.fresh.val();
                }

                comment!(
                    "Stage 1: sample to token. Of a channel without a token, the memory's contents do not count."
                );
                $self.converter.sample.next = $self.s1_sample.q.val();
                $self.state_last.next = $self.last_tokens.data.val();
                $self.unseen.next = $self.s1_fresh.q.val() | !$self.state_last.val().get_bit(0);
                $self.predictor.token.next = $self.converter.token.val();
                $self.predictor.fresh.next = $self.s1_fresh.q.val();
                $self.predictor.seen.next = !$self.unseen.val();
                $self.last_token.next = ($self.state_last.val().index() >> 2).to_bits();
                $self.predictor.last.next = bit_cast::<TOKEN, LAST_WORD>($self.last_token.val());
                $self.predictor.seen_two.next = !$self.unseen.val() & $self.state_last.val().get_bit(1);
                $self.predictor.difference.next = $self.differences.data.val();
                $self.predictor.fast_mean.next = $self.fast_means.data.val();
                $self.predictor.slow_mean.next = $self.slow_means.data.val();
                $self.predictor.weight_0.next = $self.weights_0.data.val();
                $self.predictor.weight_1.next = $self.weights_1.data.val();
                $self.predictor.weight_2.next = $self.weights_2.data.val();
                $self.predictor.error.next = $self.errors.data.val();
                $self.s2_valid.d.next = $self.s1_valid.q.val() & $self.aresetn.val();
                $self.s2_last.d.next = $self.s1_last.q.val();
                $self.s2_on_lattice.d.next = $self.converter.on_lattice.val();
                $self.s2_channel.d.next = $self.s1_channel.q.val();
                $self.s2_initial.d.next = $self.unseen.val();

                comment!("The part of the new state that needs no prediction is written back.");
                $self.token_wide.next = bit_cast::<LAST_WORD, TOKEN>($self.converter.token.val());
                $self.token_placed.next = ($self.token_wide.val().index() << 2).to_bits();
                $self.new_last.next = $self.token_placed.val();
                if $self.converter.on_lattice.val() {
                    $self.new_last.next = $self.token_placed.val() | 3;
                    if $self.unseen.val() {
                        $self.new_last.next = $self.token_placed.val() | 1;
                    }
                }
                $self.starts.next = $self.s1_valid.q.val() & $self.s1_fresh.q.val();
                $self.last_tokens.write.next =
                    $self.starts.val() | ($self.s1_valid.q.val() & $self.converter.on_lattice.val());
                $self.last_tokens.write_address.next = $self.s1_channel.q.val();
                $self.last_tokens.write_data.next = $self.new_last.val();
                $self.s2_difference.d.next = $self.predictor.new_difference.val();
                $self.s2_fast_mean.d.next = $self.predictor.new_fast_mean.val();
                $self.s2_slow_mean.d.next = $self.predictor.new_slow_mean.val();
                $self.samples.aresetn.next = $self.aresetn.val();
                $self.samples.write.next = $self.s1_valid.q.val();
                $self.samples.write_data.next = $self.s1_sample.q.val();

                comment!(
                    "Stage 2: the sums are written back from registers, which keep glitches from the memories."
                );
                $self.counts.next = $self.s2_valid.q.val() & $self.s2_on_lattice.q.val();
                $self.differences.write.next = $self.counts.val();
                $self.differences.write_address.next = $self.s2_channel.q.val();
                $self.differences.write_data.next = $self.s2_difference.q.val();
                $self.fast_means.write.next = $self.counts.val();
                $self.fast_means.write_address.next = $self.s2_channel.q.val();
                $self.fast_means.write_data.next = $self.s2_fast_mean.q.val();
                $self.slow_means.write.next = $self.counts.val();
                $self.slow_means.write_address.next = $self.s2_channel.q.val();
                $self.slow_means.write_data.next = $self.s2_slow_mean.q.val();
                $self.weights_0.write.next = $self.s2_valid.q.val();
                $self.weights_0.write_address.next = $self.s2_channel.q.val();
                $self.weights_0.write_data.next = $self.predictor.new_weight_0.val();
                $self.weights_1.write.next = $self.s2_valid.q.val();
                $self.weights_1.write_address.next = $self.s2_channel.q.val();
                $self.weights_1.write_data.next = $self.predictor.new_weight_1.val();
                $self.weights_2.write.next = $self.s2_valid.q.val();
                $self.weights_2.write_address.next = $self.s2_channel.q.val();
                $self.weights_2.write_data.next = $self.predictor.new_weight_2.val();

                comment!("Stages 2 to 4 belong to the predictor; all else is delayed to match.");
                $self.s3_valid.d.next = $self.s2_valid.q.val() & $self.aresetn.val();
                $self.s3_last.d.next = $self.s2_last.q.val();
                $self.s3_on_lattice.d.next = $self.s2_on_lattice.q.val();
                $self.s3_channel.d.next = $self.s2_channel.q.val();
                $self.s3_initial.d.next = $self.s2_initial.q.val();
                $self.s4_valid.d.next = $self.s3_valid.q.val() & $self.aresetn.val();
                $self.s4_last.d.next = $self.s3_last.q.val();
                $self.s4_on_lattice.d.next = $self.s3_on_lattice.q.val();
                $self.s4_channel.d.next = $self.s3_channel.q.val();
                $self.s4_initial.d.next = $self.s3_initial.q.val();
                $self.s5_valid.d.next = $self.s4_valid.q.val() & $self.aresetn.val();
                $self.s5_last.d.next = $self.s4_last.q.val();
                $self.s5_on_lattice.d.next = $self.s4_on_lattice.q.val();
                $self.s5_channel.d.next = $self.s4_channel.q.val();
                $self.s5_initial.d.next = $self.s4_initial.q.val();

                $($rest)*
            }
        }
    };
}

pub(super) use lms_model;
