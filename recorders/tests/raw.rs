//! Raw samples, and files that nobody knows.

use crate::folder::{Folder, layout, restore, samples, shape};
use golden_model::layout::{SampleFormat, Samples};
use recorders::{Kind, RawForm, open_raw};

#[test]
fn raw_samples_are_what_their_user_says() {
    let folder = Folder::new();
    let path = folder.write("a.raw", [&b"head"[..], &[1, 0, 2, 0, 3, 0, 4, 0, 5]].concat());
    let rate = "29999.4325".parse().unwrap();
    let recording =
        open_raw(&path, 4, RawForm { format: SampleFormat::I16, channels: 2, rate }).unwrap();
    restore(&recording);
    assert_eq!(recording.kind, Kind::Raw);
    assert_eq!(shape(layout(&recording), 13), [(2, "29999.4325".into(), 2)]);
    assert_eq!(samples(&recording), [Samples::I16(vec![1, 2, 3, 4])]);

    let refusal = |path, channels| {
        let form = RawForm { format: SampleFormat::I16, channels, rate };
        open_raw(path, 0, form).unwrap_err().fault.to_string()
    };
    assert_eq!(refusal(&path, 0), "group 0 has 0 channels, 1 to 65535 are possible");
    let folder_path = folder.path().to_path_buf();
    assert_eq!(refusal(&folder_path, 1), "is a folder; --channels and --rate are for raw files");
    assert!(refusal(&folder.path().join("none"), 1).contains("No such file"));
}

#[test]
fn an_unknown_file_gets_one_line_that_says_what_to_give() {
    let folder = Folder::new();
    for (name, bytes) in
        [("a.raw", &b"\0\0\0"[..]), ("empty", b""), ("b.bin", b"x"), ("c.dat", b"y")]
    {
        folder.write(name, bytes);
        let why = "unknown format; for raw 16-bit samples give --channels and --rate";
        assert_eq!(folder.refusal(name), why, "{name}");
    }
    let error = recorders::open(folder.path().join("none")).unwrap_err().to_string();
    assert!(error.contains("none: No such file"), "{error}");
}
