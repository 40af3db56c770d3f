//! Other tools' files as evidence: bytes in, [`Evidence`] out; one tool a file.
//!
//! A file is known by what is in it, never by its name. An importer refuses a file as a whole or takes it as a whole: nothing is
//! half imported. What a tool did not measure never becomes *met* on the way. Files are read elsewhere; nothing here touches one.
//!
//! To add a tool: a file here, a line in [`IMPORTERS`], a folder of fixtures, a target in `fuzz/`.

mod text;
mod json;
mod table;
mod outline;
mod scubagear;
mod zero_trust;
mod maester;
mod secure_score;
mod defender_endpoint;
mod defender_identity;
mod licences;
pub mod calendar;
pub mod incidents;
pub mod spreadsheet;

use crate::domain::evidence::{Evidence, Tool, Warning};
use crate::importers::outline::Outline;
use crate::problem::{Problem, Problems};

const MIB: usize = 1024 * 1024;

/// The largest file that any importer reads, in bytes. What is larger need not be read to be refused.
pub const MAX_BYTES: usize = 192 * MIB;

/// How files of one tool become evidence.
pub struct Importer {
    /// The tool.
    pub tool: Tool,
    /// The files that are understood, in words.
    pub files: &'static str,
    /// The largest file that is read, in bytes.
    pub limit: usize,
    /// Returns whether the file is one of the tool's.
    recognises: fn(&Outline) -> bool,
    /// Reads a file that was recognised.
    read: fn(&str, &Outline) -> Result<Evidence, Problems>,
    /// Returns whether the tool can say something of a control.
    knows: fn(&str) -> bool,
}

/// Every importer, in the order in which files are tried.
pub const IMPORTERS: [Importer; 7] = [
    Importer {
        tool: Tool::ScubaGear,
        files: "ScubaResults JSON or CSV, ActionPlan.csv, TestResults JSON or CSV",
        limit: 64 * MIB,
        recognises: scubagear::recognises,
        read: scubagear::import,
        knows: scubagear::knows,
    },
    Importer {
        tool: Tool::ZeroTrustAssessment,
        files: "ZeroTrustAssessmentReport.json, or the HTML report that holds it",
        limit: 64 * MIB,
        recognises: zero_trust::recognises,
        read: zero_trust::import,
        knows: zero_trust::knows,
    },
    Importer {
        tool: Tool::SecureScore,
        files: "Graph `secureScores` and `secureScoreControlProfiles`, the portal's CSV in English, German or French",
        limit: 64 * MIB,
        recognises: secure_score::recognises,
        read: secure_score::import,
        knows: secure_score::knows,
    },
    Importer {
        tool: Tool::Maester,
        files: "TestResults JSON of one tenant or several, CSV",
        limit: 64 * MIB,
        recognises: maester::recognises,
        read: maester::import,
        knows: maester::knows,
    },
    Importer {
        tool: Tool::DefenderEndpoint,
        files: "the device inventory's CSV, hunting exports of `DeviceInfo` and `DeviceTvmSecureConfigurationAssessment`, the API's machines and secure configurations",
        limit: MAX_BYTES,
        recognises: defender_endpoint::recognises,
        read: defender_endpoint::import,
        knows: defender_endpoint::knows,
    },
    Importer {
        tool: Tool::DefenderIdentity,
        files: "Graph `healthIssues` and `sensors`",
        limit: 64 * MIB,
        recognises: defender_identity::recognises,
        read: defender_identity::import,
        knows: defender_identity::knows,
    },
    Importer {
        tool: Tool::Licences,
        files: "Graph `subscribedSkus`",
        limit: 64 * MIB,
        recognises: licences::recognises,
        read: licences::import,
        knows: licences::knows,
    },
];

impl Importer {
    /// Returns the importer of `tool`.
    #[must_use]
    pub fn of(tool: Tool) -> &'static Self {
        const TABLE: &[Importer] = &IMPORTERS;
        let found = TABLE.iter().find(|importer| importer.tool == tool);
        found.expect("every tool has its line in the table, which a test holds")
    }

    /// Returns whether the tool has a control or a measure of this name, as questionnaires write it under `id`.
    #[must_use]
    pub fn knows(&self, control: &str) -> bool {
        (self.knows)(control)
    }

    /// Reads `bytes` as a file of this tool.
    ///
    /// # Errors
    /// Where the file is too large, is none of this tool's, or is damaged; with position and reason.
    pub fn import(&self, bytes: &[u8]) -> Result<Evidence, Problems> {
        self.within_limit(bytes)?;
        let text = text::decode(bytes)?;
        let outline = outline::look(&text);
        if !(self.recognises)(&outline) {
            return Err(unknown(bytes).into());
        }
        self.read(&text, &outline)
    }

    fn within_limit(&self, bytes: &[u8]) -> Result<(), Problem> {
        if bytes.len() <= self.limit {
            return Ok(());
        }
        let (size, limit) = (bytes.len() / MIB, self.limit / MIB);
        let title = self.tool.title();
        Err(Problem::error(format!(
            "the file has {size} MiB, and of {title} at most {limit} MiB are read"
        ))
        .help("export less at a time"))
    }

    fn read(&self, text: &str, outline: &Outline) -> Result<Evidence, Problems> {
        let mut evidence = (self.read)(text, outline)?;
        if evidence.rows == 0 {
            let message = "the file holds no results; that says nothing about the tenant";
            evidence.warnings.push(Warning::new(message));
        }
        Ok(evidence)
    }
}

/// Recognises `bytes` and reads them.
///
/// # Errors
/// Where the file is too large, is none that we know (saying what it looks like and what is supported), or is damaged (saying
/// where and how).
pub fn import(bytes: &[u8]) -> Result<Evidence, Problems> {
    if bytes.len() > MAX_BYTES {
        return Err(too_large(bytes.len() as u64).into());
    }
    let text = match text::decode(bytes) {
        Ok(text) => text,
        Err(problem) if is_binary(bytes) => {
            return Err(Problem {
                message: format!(
                    "{}; it looks like {}",
                    problem.message,
                    outline::words(bytes)
                ),
                help: Some(supported()),
                ..problem
            }
            .into());
        }
        Err(problem) => return Err(problem.into()),
    };
    let outline = outline::look(&text);
    let Some(importer) = recognise(&outline) else {
        return Err(unknown(bytes).into());
    };
    importer.within_limit(bytes)?;
    importer.read(&text, &outline)
}

fn recognise(outline: &Outline) -> Option<&'static Importer> {
    const TABLE: &[Importer] = &IMPORTERS;
    TABLE.iter().find(|importer| (importer.recognises)(outline))
}

fn is_binary(bytes: &[u8]) -> bool {
    let magic: [&[u8]; 5] = [b"PK", b"\x1f\x8b", b"%PDF", b"\x89PNG", b"\xff\xd8\xff"];
    magic.iter().any(|magic| bytes.starts_with(magic))
}

/// Says that a file of `size` bytes is too large for any importer; for whoever looks at the size before reading.
#[must_use]
pub fn too_large(size: u64) -> Problem {
    let (size, limit) = (size / MIB as u64, MAX_BYTES / MIB);
    Problem::error(format!(
        "the file has {size} MiB, and at most {limit} MiB are read"
    ))
    .help("export less at a time")
}

/// Says what an unknown file looks like, and what is supported.
fn unknown(bytes: &[u8]) -> Problem {
    let message = format!(
        "no tool that we know writes this: {}",
        outline::words(bytes)
    );
    Problem::error(message).help(supported())
}

fn supported() -> String {
    let files: Vec<String> = IMPORTERS
        .iter()
        .map(|importer| format!("{}: {}", importer.tool.title(), importer.files))
        .collect();
    format!("supported are {}", files.join("; "))
}

// ── folders ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// What a folder held. Its files are [taken](Self::take) one after the other, so that none is held longer than it is read.
#[derive(Debug, Default)]
pub struct Folder {
    /// What was understood.
    pub imported: Vec<Imported>,
    /// What was left, each with the reason.
    pub left: Vec<(String, String)>,
    /// What a tool that we know wrote, and what is wrong with it.
    pub refused: Vec<(String, Problems)>,
    /// Scores and control profiles as they are written, held until they are read together.
    halves: Vec<(String, Vec<u8>)>,
}

/// Evidence, with the files it was read from.
#[derive(Debug)]
pub struct Imported {
    /// The names of the files, mostly one.
    pub files: Vec<String>,
    /// What they say.
    pub evidence: Evidence,
}

impl Folder {
    /// Reads one file of the folder.
    pub fn take(&mut self, name: &str, bytes: &[u8]) {
        let evidence = match import(bytes) {
            Ok(evidence) => evidence,
            Err(problems) if is_known(bytes) => {
                self.refused.push((name.to_owned(), problems));
                return;
            }
            Err(_) => {
                self.left.push((name.to_owned(), outline::words(bytes)));
                return;
            }
        };
        // Of three there is no saying which belong together.
        if is_half(&evidence) && self.halves.len() < 3 {
            self.halves.push((name.to_owned(), bytes.to_vec()));
            if self.halves.len() == 3 {
                self.halves.iter_mut().for_each(|half| half.1 = Vec::new());
            }
        }
        self.imported.push(Imported {
            files: vec![name.to_owned()],
            evidence,
        });
    }

    /// Returns what is known of the files together.
    ///
    /// Of a run of ScubaGear the consolidated results stand for the tables beside them, and Secure Score's points are held against
    /// the control profiles beside them.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.leave_parts_of_a_run();
        self.join_secure_score();
        self
    }

    /// Leaves what repeats consolidated results of the same folder without tenant and time.
    fn leave_parts_of_a_run(&mut self) {
        let mut imported = self.imported.iter();
        if !imported.any(|file| scubagear::is_whole_run(&file.evidence)) {
            return;
        }
        let (kept, parts) =
            std::mem::take(&mut self.imported)
                .into_iter()
                .partition(|file: &Imported| {
                    file.evidence.tool != Tool::ScubaGear || scubagear::is_whole_run(&file.evidence)
                });
        self.imported = kept;
        for part in parts {
            let why = "part of the run whose consolidated results were read".to_owned();
            let files = part.files.into_iter();
            self.left.extend(files.map(|name| (name, why.clone())));
        }
    }

    /// Reads scores and control profiles together where a folder has one file of each.
    fn join_secure_score(&mut self) {
        let halves: Vec<usize> = (0..self.imported.len())
            .filter(|at| is_half(&self.imported[*at].evidence))
            .collect();
        let &[first, second] = halves.as_slice() else {
            return;
        };
        if self.imported[first].evidence.form == self.imported[second].evidence.form {
            return;
        }
        let halves = std::mem::take(&mut self.halves);
        let texts = halves
            .iter()
            .filter_map(|(_, bytes)| text::decode(bytes).ok());
        let texts: Vec<_> = texts.collect();
        let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
        if let Ok(evidence) = secure_score::import_together(&texts) {
            let second = self.imported.remove(second);
            let first = &mut self.imported[first];
            first.files.extend(second.files);
            first.evidence = evidence;
        }
    }
}

/// Returns whether one of our tools wrote the file, though it may be damaged.
fn is_known(bytes: &[u8]) -> bool {
    bytes.len() <= MAX_BYTES
        && text::decode(bytes).is_ok_and(|text| recognise(&outline::look(&text)).is_some())
}

/// Returns whether evidence is one of two files of Secure Score that belong together.
fn is_half(evidence: &Evidence) -> bool {
    evidence.tool == Tool::SecureScore && secure_score::is_half(evidence)
}
