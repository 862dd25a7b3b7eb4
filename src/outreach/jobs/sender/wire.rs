//! The wire log: one line before a body leaves, one line with the answer. It is not synced: it outlives a killed process,
//! not a power cut, which the start of the machine tells apart.
//!
//! Each process has a folder of its own with a locked file in it, so that whoever looks knows whether it is alive; each
//! claim has a file.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::outreach::rules::ledger::Trace;
use crate::platform::secret;

const LOCK: &str = "alive";
const NEW: &str = "alive.new";

/// The folder of this process, locked as long as it lives.
#[derive(Debug)]
pub(super) struct OwnFolder {
    folder: PathBuf,
    name: String,
    _alive: File,
}

impl OwnFolder {
    /// Makes one below the wire logs of a data directory.
    pub(super) fn make(wire: &Path) -> io::Result<Self> {
        let name: String = secret::random_token()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(16)
            .collect();
        let folder = wire.join(&name);
        fs::create_dir_all(&folder)?;
        // It gets its name when it is locked, so that nobody finds it free.
        let alive = File::create(folder.join(NEW))?;
        alive.lock()?;
        fs::rename(folder.join(NEW), folder.join(LOCK))?;
        Ok(Self {
            folder,
            name,
            _alive: alive,
        })
    }

    /// The name under which it claims.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Begins the log of a claim.
    pub(super) fn begin(&self, claim_id: i64) -> io::Result<WireLog> {
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join(file_of(claim_id)))?;
        Ok(WireLog { file })
    }

    /// A claim is settled; nobody needs its log any more.
    pub(super) fn end(&self, claim_id: i64) {
        // One that stays costs a few bytes until the process ends.
        let _ = fs::remove_file(self.folder.join(file_of(claim_id)));
    }
}

impl Drop for OwnFolder {
    /// A folder with open claims in it stays for whoever comes next.
    fn drop(&mut self) {
        let is_empty = logs(&self.folder).is_empty();
        if is_empty {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn file_of(claim_id: i64) -> String {
    format!("{claim_id}.log")
}

fn logs(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "log"))
        .collect()
}

/// The log of one claim. Each line is one `write`.
#[derive(Debug)]
pub(super) struct WireLog {
    file: File,
}

impl WireLog {
    /// The body is about to leave.
    pub(super) fn begins(&self, delivery_id: i64) -> io::Result<()> {
        self.line(&format!("W {delivery_id}\n"))
    }

    /// What the relay said: taken, put off, refused.
    pub(super) fn said(&self, sign: char, delivery_id: i64, text: &str) -> io::Result<()> {
        let text = text.replace(['\r', '\n'], " ");
        self.line(&format!("{sign} {delivery_id} {text}\n"))
    }

    fn line(&self, line: &str) -> io::Result<()> {
        (&self.file).write_all(line.as_bytes())
    }
}

/// What a log says of each delivery; a last line without its end was never finished.
pub(super) fn read(text: &str) -> HashMap<i64, Trace> {
    let mut traces = HashMap::new();
    for line in text
        .split_inclusive('\n')
        .filter_map(|l| l.strip_suffix('\n'))
    {
        let mut parts = line.splitn(3, ' ');
        let (sign, id) = (parts.next(), parts.next().and_then(|id| id.parse().ok()));
        let said = parts.next().unwrap_or_default().to_owned();
        let trace = match sign {
            Some("W") => Trace::Began,
            Some("S") => Trace::Taken(said),
            Some("T") => Trace::PutOff(said),
            Some("P") => Trace::Refused(said),
            _ => continue,
        };
        if let Some(id) = id {
            traces.insert(id, trace);
        }
    }
    traces
}

/// The folder of a process that is gone.
#[derive(Debug)]
pub(super) struct DeadFolder {
    folder: PathBuf,
    /// The name under which it claimed.
    pub(super) name: String,
    /// Held while its claims are put right, so that one process does it.
    _mine: File,
}

impl DeadFolder {
    /// What the log of a claim says; none where there is no log: then no letter of it had begun. A log that cannot be
    /// read says nothing of the kind.
    pub(super) fn traces(&self, claim_id: i64) -> io::Result<Option<HashMap<i64, Trace>>> {
        match fs::read(self.folder.join(file_of(claim_id))) {
            Ok(text) => Ok(Some(read(&String::from_utf8_lossy(&text)))),
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(why) => Err(why),
        }
    }

    /// All of its claims are put right.
    pub(super) fn remove(self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Folders whose processes are gone. Those that live hold their locks.
pub(super) fn dead(wire: &Path) -> Vec<DeadFolder> {
    let Ok(entries) = fs::read_dir(wire) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in entries.flatten() {
        let folder = entry.path();
        let Ok(lock) = OpenOptions::new().write(true).open(folder.join(LOCK)) else {
            continue;
        };
        if lock.try_lock().is_ok() {
            found.push(DeadFolder {
                name: entry.file_name().to_string_lossy().into_owned(),
                folder,
                _mine: lock,
            });
        }
    }
    found
}

/// Whether a worker's folder is here, alive or not.
pub(super) fn is_here(wire: &Path, worker: &str) -> bool {
    wire.join(worker).is_dir()
}

/// What names the start of this machine; empty where nothing does, and then no log counts as whole.
pub(super) fn boot_id() -> String {
    let read = fs::read_to_string("/proc/sys/kernel/random/boot_id");
    read.map(|id| id.trim().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_says_what_is_certain_and_nothing_that_was_cut_off() {
        let traces =
            read("W 1\nS 1 250 ok: queued\nW 2\nW 3\nT 3 451 later\nP 4 550 no\nS 5 250 o");
        let of = |id: i64| traces.get(&id).cloned().unwrap_or(Trace::None);
        assert_eq!(of(1), Trace::Taken("250 ok: queued".into()));
        assert_eq!(of(2), Trace::Began);
        assert_eq!(of(3), Trace::PutOff("451 later".into()));
        assert_eq!(of(4), Trace::Refused("550 no".into()));
        assert_eq!(of(5), Trace::None);
        assert!(read("nonsense\n\nW x\n").is_empty());
    }

    #[test]
    fn a_folder_is_dead_when_its_process_is() {
        let data = tempfile::tempdir().expect("a folder");
        let own = OwnFolder::make(data.path()).expect("a folder");
        let log = own.begin(7).expect("a log");
        log.begins(1).expect("written");
        log.said('S', 1, "250 ok\r\nmore").expect("written");
        assert!(dead(data.path()).is_empty(), "it lives");
        let name = own.name().to_owned();
        drop(own);
        let left = dead(data.path());
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].name, name);
        let traces = left[0].traces(7).expect("readable").expect("a log");
        assert_eq!(traces[&1], Trace::Taken("250 ok  more".into()));
        assert!(left[0].traces(8).expect("nothing there").is_none());
        fs::create_dir(data.path().join(&name).join(file_of(9))).expect("a folder");
        assert!(
            left[0].traces(9).is_err(),
            "what cannot be read is no log that is empty"
        );
        left.into_iter().for_each(DeadFolder::remove);
        assert!(!is_here(data.path(), &name));
    }

    #[test]
    fn a_process_that_left_nothing_leaves_no_folder() {
        let data = tempfile::tempdir().expect("a folder");
        let own = OwnFolder::make(data.path()).expect("a folder");
        own.begin(7).expect("a log");
        own.end(7);
        drop(own);
        assert_eq!(fs::read_dir(data.path()).expect("a folder").count(), 0);
    }
}
