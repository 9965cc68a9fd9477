//! Pages of `docs/` that are the documentation in the source, one file after the other: the hardware,
//! every block under the same headings, and the file format. `TIERWIRE_REDRAW=1` writes them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Parts of the page, and the blocks of each in the order of a sample's way.
const PARTS: [(&str, &[&str]); 5] = [
    ("Pipelines", &["pipeline", "array_pipeline"]),
    (
        "Blocks",
        &[
            "rounds",
            "converter",
            "predictor",
            "channel_state",
            "bigram_model",
            "mean_model",
            "mean_predictor",
            "running_mean",
            "means_model",
            "lms_predictor",
            "neighbour_model",
            "neighbours",
            "activity",
            "rank_table",
            "tier_coder",
            "bit_packer",
            "range_coder",
            "encoder",
            "packer",
            "framer",
            "word_fifo",
        ],
    ),
    (
        "Parts of blocks",
        &[
            "lattice",
            "multiplier",
            "multiply_add",
            "product",
            "weight_step",
            "delay_line",
            "crc",
            "ram",
            "rom",
            "word_memory",
            "register",
        ],
    ),
    ("Loaded tables", &["table_port", "loader", "axi_lite", "spi_bridge", "start_value"]),
    (
        "Boards",
        &[
            "parallel_board",
            "serial_board",
            "parallel_port",
            "serial_port",
            "word_port",
            "dual_clock_memory",
            "power_on_reset",
        ],
    ),
];

const HEADINGS: [&str; 6] =
    ["Purpose", "Ports", "Latency and throughput", "How it works", "Waveform", "Proofs"];

const HARDWARE: &str = "\
# The hardware, block by block

<!-- Written by `TIERWIRE_REDRAW=1 cargo test -p testbench pages` from the blocks' own
documentation in hdl/src/; do not edit. -->

One file per block in the rooms of `hdl/src/`, with the same name as in the golden model and the test benches.
Waveforms are drawn by `testbench/tests/waveforms/` from the simulation.
";

const FILE_FORMAT: &str = "\
# The file format

<!-- Written by `TIERWIRE_REDRAW=1 cargo test -p testbench pages` from the documentation in
golden-model/src/twr.rs and twr/manifest.rs; do not edit. -->

[The codec](codec.md) defines the content of a block of samples.

";

/// The sources of a crate.
fn sources(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(of).join("src")
}

/// The Rust files in a folder and in the rooms of it.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// A file's documentation as Markdown, its headings deeper by these.
fn documentation(file: &Path, deeper: &str) -> String {
    let text = fs::read_to_string(file).unwrap();
    let folder = file.parent().unwrap();
    let mut page = String::new();
    for line in text.lines() {
        if let Some(file) =
            line.strip_prefix("#![doc = include_str!(\"").and_then(|l| l.strip_suffix("\")]"))
        {
            page += fs::read_to_string(folder.join(file)).unwrap().trim_end();
            page.push('\n');
        } else if let Some(line) = line.strip_prefix("//!") {
            let line = line.strip_prefix(' ').unwrap_or(line);
            let deeper = if line.starts_with('#') { deeper } else { "" };
            let _ = writeln!(page, "{deeper}{}", without_links(line));
        } else {
            break;
        }
    }
    page
}

/// The same line with rustdoc's links as plain text, because they do not work on this page.
fn without_links(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some((before, link)) = rest.split_once('[') {
        let Some((text, after)) = link.split_once(']') else { break };
        if !text.starts_with('`') && !after.starts_with("(crate") {
            plain += before;
            plain.push('[');
            rest = link;
            continue;
        }
        plain += before;
        plain += text;
        rest = match after.strip_prefix('(').and_then(|target| target.split_once(')')) {
            Some((_, behind)) => behind,
            None => after,
        };
    }
    plain + rest
}

/// Compares a page with the file, or writes it.
fn hold(name: &str, page: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    if env::var_os("TIERWIRE_REDRAW").is_some() {
        fs::write(&path, page).unwrap();
    } else {
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(written == page, "{}: TIERWIRE_REDRAW=1 writes it", path.display());
    }
}

#[test]
fn the_hardware() {
    let files = rust_files(&sources("hdl"));
    let mut page = HARDWARE.to_string();
    for (part, blocks) in PARTS {
        let _ = write!(page, "\n## {part}\n");
        for block in blocks {
            let named = |path: &&PathBuf| path.file_stem().is_some_and(|name| name == *block);
            let file = files.iter().find(named).unwrap_or_else(|| panic!("no block {block}"));
            page += &format!("\n{}", documentation(file, "##"));
        }
    }
    hold("hardware.md", &page);
}

#[test]
fn the_file_format() {
    let [file, folder, archive, header, group, lanes, set, decisions, weights, coder] = [
        "twr.rs",
        "twr/manifest.rs",
        "archive.rs",
        "archive/header.rs",
        "wide/group.rs",
        "wide/lanes.rs",
        "wide/set.rs",
        "wide/decisions.rs",
        "wide/decisions/weights.rs",
        "wide/decisions/coder.rs",
    ]
    .map(|name| documentation(&sources("golden-model").join(name), "##"));
    let sections = [
        ("Folders", folder),
        ("Version 3", archive),
        ("Version 3: the header of a file", header),
        ("Version 3: groups of channels", group),
        ("Version 3: lanes", lanes),
        ("Version 3: table sets", set),
        ("Versions 4 and 5: decisions", decisions),
        ("Versions 4 and 5: weights", weights),
        ("Versions 4 and 5: the coder of answers", coder),
    ];
    let sections = sections.map(|(title, text)| format!("\n## {title}\n\n{text}")).concat();
    hold("file-format.md", &format!("{FILE_FORMAT}{file}{sections}"));
}

#[test]
fn every_block_has_the_same_headings_and_is_on_the_page() {
    let blocks: Vec<&str> = PARTS.iter().flat_map(|(_, blocks)| *blocks).copied().collect();
    for path in rust_files(&sources("hdl")) {
        let block = path.file_stem().unwrap().to_str().unwrap().to_string();
        let text = fs::read_to_string(&path).unwrap();
        let headings: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("//! ## ")).collect();
        if headings.is_empty() {
            assert!(!blocks.contains(&&block[..]), "{block} is on the page without a heading");
            let declares = |line: &str| {
                line.starts_with("block! {") || line.starts_with("#[derive(LogicBlock")
            };
            assert!(!text.lines().any(declares), "{block} has no documentation");
        } else {
            assert_eq!(headings, HEADINGS, "{block}");
            assert!(blocks.contains(&&block[..]), "{block} is not on the page");
        }
    }
}

/// The pages for readers, as (path from the root, text without code blocks).
fn pages() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut pages = Vec::new();
    for folder in ["", "docs"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let text = fs::read_to_string(&path).unwrap();
                let prose = text.split("\n```").step_by(2).collect::<Vec<_>>().join("\n");
                pages.push((path, prose));
            }
        }
    }
    pages
}

/// The anchor that a heading gets on GitHub.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
}

#[test]
fn every_link_in_the_pages_leads_somewhere() {
    let mut links = 0;
    for (path, text) in pages() {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("http") {
                continue;
            }
            links += 1;
            let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { path.with_file_name(file) };
            assert!(target.exists(), "{}: no file for the link {link}", path.display());
            if !fragment.is_empty() {
                let text = fs::read_to_string(&target).unwrap();
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                let found = headings.any(|line| anchor(line.trim_start_matches('#')) == fragment);
                assert!(found, "{}: no heading for the link {link}", path.display());
            }
        }
    }
    assert!(links > 20, "only {links} links were found");
}

#[test]
fn every_file_named_in_the_pages_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let endings = ["rs", "py", "sh", "toml", "sv", "core", "yml", "txt"];
    let mut names = 0;
    for (path, text) in pages() {
        if path.ends_with("CHANGELOG.md") {
            continue; // it also names files of earlier versions
        }
        for name in text.split('`').skip(1).step_by(2) {
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
            if name.contains('/') && !name.contains(' ') && endings.contains(&ending) {
                names += 1;
                assert!(root.join(name).exists(), "{}: there is no {name}", path.display());
            }
        }
    }
    assert!(names > 20, "only {names} file names were found");
}
