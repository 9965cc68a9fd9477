//! What all boards' tops have in common: the host's side, and the wires between the blocks.

/// A board's top: a port for samples, a pipeline, the port to the host. rust-hdl has no blocks that
/// are generic over blocks.
///
/// Named are the pins that samples come in by, each with the input of the port that it drives.
macro_rules! board_top {
    (
        $(#[$doc:meta])*
        pub struct $name:ident<$($width:ident),+> {
            $pipeline:ident: $pipeline_type:ty,
            $port:ident: $port_type:ty = $port_of:expr => $input:expr,
            $($(#[$pin_doc:meta])* $pin:ident: $pin_type:ty => $port_input:ident,)+
        }
    ) => {
        $crate::block::block! {
            $(#[$doc])*
            pub struct $name<$(const $width: usize,)+ const LANES: usize> {
                /// The board's oscillator.
                pub clock: Signal<In, Clock>,
                $($(#[$pin_doc])* pub $pin: $pin_type,)+
                /// The host's chip select.
                pub host_cs_n: Signal<In, Bit>,
                /// The host's clock.
                pub host_sclk: Signal<In, Clock>,
                /// The bits for the host.
                pub host_miso: Signal<Out, Bits<LANES>>,
                /// Words wait for the host.
                pub host_ready: Signal<Out, Bit>,

                power_on_reset: PowerOnReset,
                $port: $port_type = ($port_of)(set),
                $pipeline: $pipeline_type = <$pipeline_type>::new(set, $input, shape, channels, Some(frames)),
                word_port: WordPort<LANES>,

                broken_frames: Signal<Local, Bits<16>>,
                overruns: Signal<Local, Bits<16>>,
                misaligned: Signal<Local, Bits<16>>,
            }

            /// The top around the pipeline of this shape.
            ///
            /// # Panics
            /// When the shape is not the table set's; [`Board`](crate::boards::board::Board) checks it.
            pub fn new(set: &TableSet, shape: Shape, channels: usize, frames: Frames) -> Self {
                // Words wait for the host in the word port.
                let shape = Shape { fifo: SMALL_FIFO, ..shape };
            }
        }

        impl<$(const $width: usize,)+ const LANES: usize> Logic for $name<$($width,)+ LANES> {
            #[hdl_gen]
            fn update(&mut self) {
                clock!(self, clock, power_on_reset, $port, word_port);
                self.$pipeline.aclk.next = self.clock.val();
                self.$port.aresetn.next = self.power_on_reset.aresetn.val();
                self.$pipeline.aresetn.next = self.power_on_reset.aresetn.val();
                self.word_port.aresetn.next = self.power_on_reset.aresetn.val();

                comment!("Its tables are fixed: nobody asks its registers.");
                self.$pipeline.s_axil_awaddr.next = 0.into();
                self.$pipeline.s_axil_awvalid.next = false;
                self.$pipeline.s_axil_wdata.next = 0.into();
                self.$pipeline.s_axil_wstrb.next = 0.into();
                self.$pipeline.s_axil_wvalid.next = false;
                self.$pipeline.s_axil_bready.next = false;
                self.$pipeline.s_axil_araddr.next = 0.into();
                self.$pipeline.s_axil_arvalid.next = false;
                self.$pipeline.s_axil_rready.next = false;

                comment!("What comes in becomes samples.");
                $(self.$port.$port_input.next = self.$pin.val();)+
                self.$port.m_axis_tready.next = self.$pipeline.s_axis_tready.val();

                comment!("Samples become words.");
                self.$pipeline.s_axis_tdata.next = self.$port.m_axis_tdata.val();
                self.$pipeline.s_axis_tlast.next = self.$port.m_axis_tlast.val();
                self.$pipeline.s_axis_tvalid.next = self.$port.m_axis_tvalid.val();
                self.$pipeline.m_axis_tready.next = self.word_port.s_axis_tready.val();

                comment!("Words go to the host.");
                self.word_port.s_axis_tdata.next = self.$pipeline.m_axis_tdata.val();
                self.word_port.s_axis_tlast.next = self.$pipeline.m_axis_tlast.val();
                self.word_port.s_axis_tvalid.next = self.$pipeline.m_axis_tvalid.val();
                self.word_port.lost.next = self.$port.lost.val();
                self.broken_frames.next = self.$pipeline.broken_frames.val();
                self.overruns.next = self.$pipeline.overruns.val();
                self.misaligned.next = self.$pipeline.misaligned.val();
                self.word_port.broken_frames.next = bit_cast::<6, 16>(self.broken_frames.val());
                self.word_port.overruns.next = bit_cast::<6, 16>(self.overruns.val());
                self.word_port.misaligned.next = bit_cast::<6, 16>(self.misaligned.val());
                self.word_port.cs_n.next = self.host_cs_n.val();
                self.word_port.sclk.next = self.host_sclk.val();
                self.host_miso.next = self.word_port.miso.val();
                self.host_ready.next = self.word_port.ready.val();
            }
        }
    };
}

pub(super) use board_top;
