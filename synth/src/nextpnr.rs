//! nextpnr: puts a netlist on a chip, and icepack or ecppack makes a bitstream of that.

use crate::error::{During, ToolError};
use crate::install::Installed;
use crate::progress::Progress;
use crate::python::Python;
use crate::resources::{Resources, utilization};
use crate::store::{Store, key, plain, read_log, reason, run_logged};
use crate::target::{Placer, Target};
use crate::timing::Report;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files with the routed netlist and its delays.
const ROUTED: &str = "routed.json";
const DELAYS: &str = "routed.sdf";

/// nextpnr for one family of chips, ready to run.
#[derive(Debug, Clone)]
pub struct Nextpnr {
    store: Store,
    python: Python,
    runtime: Installed,
    wheel: Installed,
    placer: &'static Placer,
}

/// What is to be placed, where and how.
#[derive(Debug, Clone, Copy)]
pub struct Placing<'a> {
    /// What messages and files call the design.
    pub name: &'a str,
    /// Its netlist in JSON, in a folder of the cache whose name tells what went into it.
    pub netlist: &'a Path,
    /// The chip that it was made for.
    pub target: &'static Target,
    /// Which port is which pin (PCF for iCE40, LPF for ECP5); without it nextpnr chooses.
    pub constraints: Option<&'a str>,
    /// The clock to aim for, in MHz.
    pub mhz: f64,
    /// Placement starts at random; the same seed gives the same placement.
    pub seed: u32,
    /// Also write the netlist as it was routed, and its delays, for simulation.
    pub delays: bool,
}

/// A placed design, in a folder of the cache.
#[derive(Debug, Clone)]
pub struct Placement {
    folder: PathBuf,
    name: String,
    /// What nextpnr reports of it.
    pub report: Report,
    /// The seed it came of.
    pub seed: u32,
}

impl Nextpnr {
    pub(crate) fn new(
        store: Store,
        python: Python,
        runtime: Installed,
        wheel: Installed,
        placer: &'static Placer,
    ) -> Self {
        Nextpnr { store, python, runtime, wheel, placer }
    }

    /// Places and routes: from the cache if the same was done before. A design that is too slow is
    /// placed all the same; its report says how fast it is.
    pub fn place(&self, placing: &Placing<'_>) -> Result<Placement, ToolError> {
        let arguments = self.arguments(placing);
        let made_of = placing.netlist.parent().and_then(Path::file_name).unwrap_or_default();
        let made_of = made_of.to_string_lossy().into_owned();
        let mut parts = vec![self.placer.group.digest(), made_of];
        parts.push(placing.constraints.unwrap_or_default().to_owned());
        parts.extend(arguments.iter().cloned());
        let (design, target) = (placing.name, placing.target.name);
        let name = format!("{}-{target}-{}", plain(design), key(parts.iter().map(String::as_str)));
        let folder = self.store.once("placements", &name, |work| {
            let made = work.path().join("placement");
            fs::create_dir(&made).during("create", &made)?;
            let copy = made.join("netlist.json");
            fs::copy(placing.netlist, &copy).during("write", &copy)?;
            if let Some(text) = placing.constraints {
                let file = made.join("constraints");
                fs::write(&file, text).during("write", &file)?;
            }
            let what = format!("placing {design} on {target}, seed {}", placing.seed);
            let progress = Progress::start(what);
            let mut command = self.placer.nextpnr.command(&self.python, &self.runtime, &self.wheel);
            let console = made.join("nextpnr.err");
            let run = run_logged(command.args(&arguments).current_dir(&made), &console)
                .during("run nextpnr in", &made)?;
            if run.success() {
                progress.done();
                fs::remove_file(&copy).during("remove", &copy)?;
                return Ok((made, work));
            }
            // Some errors are only on the console.
            let log = read_log(&made.join("nextpnr.log")).unwrap_or_default();
            let told = log.clone() + "\n" + &read_log(&console)?;
            let excess = Resources::of(&utilization(&log)).excess();
            if !excess.is_empty() {
                let (design, chip) = (design.to_owned(), placing.target.chip);
                return Err(ToolError::DoesNotFit { design, target, chip, excess });
            }
            let reason = reason(&told, &["ERROR:", "Error:"]);
            let kept = self.store.keep_failed(work, &name, "placement");
            Err(ToolError::Nextpnr { reason, log: kept.join("nextpnr.log") })
        })?;
        let report = folder.join("report.json");
        let text = fs::read_to_string(&report).during("read", &report)?;
        let report = Report::parse(&text).ok_or(ToolError::Unread { path: report })?;
        Ok(Placement { folder, name, report, seed: placing.seed })
    }

    fn arguments(&self, placing: &Placing<'_>) -> Vec<String> {
        let mut arguments: Vec<&str> = placing.target.device().to_vec();
        arguments.extend(["--json", "netlist.json", self.placer.output, self.placer.placed]);
        arguments.extend(["--report", "report.json", "-q", "-l", "nextpnr.log"]);
        arguments.push("--timing-allow-fail");
        if placing.delays {
            arguments.extend(["--write", ROUTED, "--sdf", DELAYS]);
        }
        match placing.constraints {
            Some(_) => arguments.extend([self.placer.constraints, "constraints"]),
            None => arguments.push(self.placer.unconstrained),
        }
        let mut arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
        arguments.extend(["--freq".into(), format!("{:.6}", placing.mhz)]);
        arguments.extend(["--seed".into(), placing.seed.to_string()]);
        arguments
    }

    /// The bitstream of a placed design.
    pub fn pack(&self, placement: &Placement) -> Result<PathBuf, ToolError> {
        let name = format!("{}-{}", placement.name, self.placer.bitstream);
        self.store.once("bitstreams", &name, |work| {
            // Its folder's key does not matter.
            let design = placement.name.rsplit_once('-').map_or(&*placement.name, |(name, _)| name);
            let progress = Progress::start(format!("packing the bitstream of {design}"));
            let placed = work.path().join(self.placer.placed);
            fs::copy(placement.folder.join(self.placer.placed), &placed)
                .during("write", &placed)?;
            let log = work.path().join("pack.log");
            let mut command = self.placer.pack.command(&self.python, &self.runtime, &self.wheel);
            command.args([self.placer.placed, self.placer.bitstream]).current_dir(work.path());
            let run = run_logged(&mut command, &log).during("pack in", work.path())?;
            if run.success() {
                progress.done();
                return Ok((work.path().join(self.placer.bitstream), work));
            }
            let reason = reason(&read_log(&log)?, &["ERROR:", "Error:"]);
            let log = self.store.keep_failed(work, &placement.name, "pack.log");
            Err(ToolError::Nextpnr { reason, log })
        })
    }
}

impl Placement {
    /// The folder with the placed design, nextpnr's report and its log.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The netlist as it was routed, in JSON, its module called `top`, and its delays in SDF: if they
    /// were asked for.
    pub fn routed(&self) -> Result<(String, String), ToolError> {
        let read = |name| {
            let file = self.folder.join(name);
            fs::read_to_string(&file).during("read", &file)
        };
        Ok((read(ROUTED)?, read(DELAYS)?))
    }
}

/// Compiles both programs of a family for this machine.
pub(crate) fn first_run(
    python: &Python,
    runtime: &Installed,
    wheel: &Installed,
    placer: &Placer,
) -> Command {
    let (nextpnr, pack) = (placer.nextpnr.function, placer.pack.function);
    // icepack calls it an error to be asked for help.
    let code = format!(
        "import {package} as p; p.{pack}(['--help']); sys.exit(p.{nextpnr}(['--version']))",
        package = placer.nextpnr.package
    );
    let mut command = python.code(&[runtime.site(), wheel.site()], &code);
    command.env("YOWASP_CACHE_DIR", wheel.compiled()).env_remove("YOWASP_MOUNT");
    command
}
