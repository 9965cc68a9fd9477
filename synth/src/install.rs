//! Puts a group of wheels or packages into the cache, once.

use crate::error::{During, ToolError};
use crate::pins::{Group, Source};
use crate::progress::Progress;
use crate::python::Python;
use crate::store::{Store, read_log, reason, run_logged};
use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where a group's wheels are.
#[derive(Debug, Clone)]
pub(crate) struct Installed {
    folder: PathBuf,
}

impl Installed {
    /// The folder Python is to find the wheels in.
    pub(crate) fn site(&self) -> PathBuf {
        self.folder.join("site")
    }

    /// The folder for what YoWASP makes of its WebAssembly on this machine.
    pub(crate) fn compiled(&self) -> PathBuf {
        self.folder.join("compiled")
    }
}

/// A group's first run, before anybody else gets to see it.
pub(crate) struct FirstRun<'a> {
    /// Why it may take long, or `None` if it does not.
    pub(crate) what: Option<&'a str>,
    /// The command, given where the group is now.
    pub(crate) command: &'a dyn Fn(&Installed) -> Command,
}

/// The group, installed now if it was not, and tried once.
pub(crate) fn ensure(
    store: &Store,
    python: &Path,
    group: &'static Group,
    first_run: Option<FirstRun<'_>>,
) -> Result<Installed, ToolError> {
    if let Some(remedy) = group.only_x86_64
        && (OS, ARCH) != ("linux", "x86_64")
    {
        let machine = format!("{ARCH} {OS}");
        return Err(ToolError::NotForThisMachine { tool: group.title, machine, remedy });
    }
    let folder = store.once("tools", &group.folder(), |work| {
        let python = Python::find(python)?;
        let log = work.path().join("install.log");
        let pins = work.path().join("pins.txt");
        fs::write(&pins, group.pins).during("write", &pins)?;
        // A folder of its own to rename: the work folder itself can be read by its owner only.
        let made = Installed { folder: work.path().join("group") };
        fs::create_dir_all(made.compiled()).during("create", &made.folder)?;

        let mut install = match group.source {
            Source::Wheels => python.with_pip(work.path(), &log)?.pip_install(&pins, &made.site()),
            Source::Debian => python.unpack(&pins, &made.site()),
        };
        let progress = Progress::start(format!("installing {}", group.title));
        let mut good = succeeds(&mut install, &log)?;
        if good {
            progress.done();
            if let Some(first_run) = first_run {
                let progress = first_run.what.map(|what| Progress::start(what.to_owned()));
                good = succeeds((first_run.command)(&made).current_dir(work.path()), &log)?;
                if let (true, Some(progress)) = (good, progress) {
                    progress.done();
                }
            }
        }
        if good {
            return Ok((made.folder, work));
        }
        let told = read_log(&log)?;
        let mut reason = reason(&told, &["ERROR:", "Error:"]);
        // pip's last word is then that there is no such version.
        if told.contains("connection broken by") {
            reason += "; pip does not reach its package index: is there a network?";
        }
        let log = store.keep_failed(work, &group.folder(), "install.log");
        Err(ToolError::Install { tool: group.title, reason, log })
    })?;
    Ok(Installed { folder })
}

fn succeeds(command: &mut Command, log: &Path) -> Result<bool, ToolError> {
    let program = PathBuf::from(command.get_program());
    Ok(run_logged(command, log).during("run", &program)?.success())
}
