//! Headers of every format, built from the formats' published descriptions.
#![allow(dead_code, reason = "every test program uses a part of it")]

pub mod edf {
    //! EDF and BDF.

    /// A signal: label, unit, samples in a record, physical and digital range.
    pub type Signal<'s> = (&'s str, &'s str, u32, (f64, f64), (i32, i32));

    /// A header for these signals.
    pub fn header(bdf: bool, duration: &str, signals: &[Signal]) -> Vec<u8> {
        let field = |text: &str, len: usize| format!("{text:<len$}").into_bytes();
        let mut bytes = if bdf { b"\xffBIOSEMI".to_vec() } else { field("0", 8) };
        // A patient and a date that no standard allows.
        bytes.extend(field("J\u{fc}rgen", 79));
        bytes.extend([field("", 80), field("99.99.99", 8), field("", 8)].concat());
        bytes.extend(field(&(256 * (signals.len() + 1)).to_string(), 8));
        bytes.extend([field(if bdf { "24BIT" } else { "EDF+C" }, 44), field("-1", 8)].concat());
        bytes.extend([field(duration, 8), field(&signals.len().to_string(), 4)].concat());
        let mut all = |len: usize, of: &dyn Fn(&Signal) -> String| {
            signals.iter().for_each(|signal| bytes.extend(field(&of(signal), len)));
        };
        all(16, &|signal| signal.0.into());
        all(80, &|_| "AgAgCl electrode".into());
        all(8, &|signal| signal.1.into());
        all(8, &|signal| signal.3.0.to_string());
        all(8, &|signal| signal.3.1.to_string());
        all(8, &|signal| signal.4.0.to_string());
        all(8, &|signal| signal.4.1.to_string());
        all(80, &|_| "HP:0.1Hz".into());
        all(8, &|signal| signal.2.to_string());
        all(32, &|_| String::new());
        bytes
    }
}

pub mod intan {
    //! RHD and RHS files.

    /// A string as Qt writes it.
    fn string(text: &str) -> Vec<u8> {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [&(units.len() as u32).to_le_bytes()[..], &units].concat()
    }

    fn i16s(values: &[i16]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    fn f32s(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    /// A channel: its name, its signal type, whether it is enabled.
    pub type Channel<'c> = (&'c str, i16, bool);

    fn group(enabled: bool, channels: &[Channel], stimulator: bool) -> Vec<u8> {
        let mut bytes = [string("Port A"), string("A"), i16s(&[enabled.into()])].concat();
        bytes.extend(i16s(&[channels.len() as i16, 1]));
        for &(name, kind, on) in channels.iter().filter(|_| enabled) {
            bytes.extend([string(name), string("own name")].concat());
            bytes.extend(i16s(&[0, 0, kind, on.into(), 0, 0]));
            bytes.extend(i16s(&[0][..stimulator.into()]));
            bytes.extend([i16s(&[1, 0, 0, 0]), f32s(&[1e6, -80.0])].concat());
        }
        bytes
    }

    /// The header of an RHD file with two ports, one of them disabled.
    pub fn rhd(version: (i16, i16), rate: f32, temperatures: i16, channels: &[Channel]) -> Vec<u8> {
        let mut bytes = 0xc691_2702u32.to_le_bytes().to_vec();
        bytes.extend([i16s(&[version.0, version.1]), f32s(&[rate])].concat());
        // DSP, bandwidths, as used and as wanted; notch; impedance test.
        bytes.extend([i16s(&[1]), f32s(&[1.0; 6]), i16s(&[2]), f32s(&[1000.0; 2])].concat());
        bytes.extend([string("first note"), string(""), u32::MAX.to_le_bytes().to_vec()].concat());
        if version >= (1, 1) {
            bytes.extend(i16s(&[temperatures]));
        }
        if version >= (1, 3) {
            bytes.extend(i16s(&[1]));
        }
        if version >= (2, 0) {
            bytes.extend(string("A-000"));
        }
        let off = group(false, &[("off", 0, true)], false);
        bytes.extend([i16s(&[2]), off, group(true, channels, false)].concat());
        bytes
    }

    /// The header of an RHS file.
    pub fn rhs(rate: f32, dc: bool, channels: &[Channel]) -> Vec<u8> {
        let mut bytes = 0xd691_27acu32.to_le_bytes().to_vec();
        bytes.extend([i16s(&[3, 0]), f32s(&[rate])].concat());
        bytes.extend([i16s(&[1]), f32s(&[1.0; 8]), i16s(&[2]), f32s(&[1000.0; 2])].concat());
        // Settling, charge recovery, stimulation.
        bytes.extend([i16s(&[0, 0]), f32s(&[1e-6, 1e-9, 0.0])].concat());
        bytes.extend([string(""), string("note"), string("")].concat());
        bytes.extend([i16s(&[dc.into(), 14]), string("n/a"), i16s(&[1])].concat());
        bytes.extend(group(true, channels, true));
        bytes
    }

    /// Every kind of signal of an RHD file, twice where it can be; a channel that is off.
    pub const RHD_CHANNELS: [Channel; 10] = [
        ("A-000", 0, true),
        ("off", 0, false),
        ("A-001", 0, true),
        ("AUX1", 1, true),
        ("VDD1", 2, true),
        ("ADC-00", 3, true),
        ("ADC-01", 3, true),
        ("DIN-00", 4, true),
        ("DIN-01", 4, true),
        ("DOUT-00", 5, true),
    ];

    pub const RHS_CHANNELS: [Channel; 5] = [
        ("A-000", 0, true),
        ("ANALOG-IN-1", 3, true),
        ("ANALOG-OUT-1", 4, true),
        ("DIGITAL-IN-1", 5, true),
        ("DIGITAL-OUT-1", 6, true),
    ];
}

pub mod neuralynx {
    //! `.ncs` files.

    /// The head of a file.
    pub fn head(text: &str) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(16384, 0);
        bytes
    }
}

pub mod spikeglx {
    //! `.meta` files.

    /// Of a probe with four saved channels.
    pub const PROBE: &str = "acqApLfSy=384,384,1\nimAiRangeMax=0.6\nimDatPrb_type=0\nimMaxInt=512\n\
        imSampRate=30000.123\nnSavedChans=4\nsnsApLfSy=2,1,1\nsnsSaveChanSubset=0,2,385,768\n\
        typeThis=imec\n~imroTbl=(0,384)(0 0 1 500 250 1)(1 0 1 500 250 1)(2 0 1 1000 125 1)\n\
        ~snsChanMap=(2,1,1)(AP0;0:0)(AP2;2:1)(LF1;385:2)(SY0;768:3)\n";
}

pub mod brainvision {
    //! `.vhdr` files.

    /// Of two channels.
    pub const HEADER: &str = "Brain Vision Data Exchange Header File Version 1.0\n; a comment\n\n\
        [Common Infos]\nCodepage=UTF-8\nDataFile=$b.eeg\nMarkerFile=a.vmrk\nDataFormat=BINARY\n\
        ; Data orientation: MULTIPLEXED=ch1,pt1, ch2,pt1 ...\nDataOrientation=MULTIPLEXED\n\
        NumberOfChannels=2\nSamplingInterval=1953.125\n\n[Binary Infos]\nBinaryFormat=INT_16\n\n\
        [Channel Infos]\nCh1=F\\1p,,0.5,µV\nCh2=ECG,,,mV\n\n[Comment]\nNumberOfChannels=9\n";
}

pub mod open_ephys {
    //! `structure.oebin` and arrays.

    /// Of one stream of four channels.
    pub const STRUCTURE: &str = r#"{"GUI version": "0.6.0", "continuous": [{"folder_name": "Probe-100.AP/",
        "sample_rate": 30000.0, "num_channels": 4, "channels": [
            {"channel_name": "CH1", "bit_volts": 0.195}, {"channel_name": "CH2", "bit_volts": 0.195},
            {"channel_name": "ADC1", "bit_volts": 0.00015}, {"channel_name": "AP_SYNC", "bit_volts": 1.0}]}],
        "events": [{"folder_name": "Probe-100.AP/TTL/", "sample_rate": 30000.0, "type": "int16"}],
        "spikes": []}"#;

    /// An array of version 1.
    pub fn array(descr: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
        let length = (text.len() as u16).to_le_bytes();
        [b"\x93NUMPY\x01\0", &length[..], text.as_bytes(), data].concat()
    }
}
