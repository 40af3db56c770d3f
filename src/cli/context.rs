//! What commands share: the workspace by the global options, and who is at the keyboard.

use std::path::PathBuf;

use directories::ProjectDirs;

use crate::actions::{Clock, Failure, Workspace};
use crate::cli::{Global, ui};
use crate::domain::id::PersonId;
use crate::markdown::inert;
use crate::problem::Problem;
use crate::store::Location;

/// What commands share.
pub(crate) struct Context {
    /// The options that every command takes.
    pub(crate) global: Global,
}

impl Context {
    pub(crate) fn new(global: Global) -> Self {
        Self { global }
    }

    /// Returns where the time comes from.
    pub(crate) fn clock(&self) -> Clock {
        self.global.now.map_or(Clock::System, Clock::Frozen)
    }

    /// Returns the file in which everything is kept.
    ///
    /// # Errors
    /// When none is named and the account has no data folder.
    pub(crate) fn store_path(&self) -> Result<PathBuf, Failure> {
        if let Some(path) = &self.global.store {
            return Ok(path.clone());
        }
        ProjectDirs::from("", "", "readiness")
            .map(|folders| folders.data_dir().join("readiness.db"))
            .ok_or_else(|| {
                Failure::usage(
                    Problem::error("your account has no data folder to keep the store in")
                        .help("name a file with `--store`"),
                )
            })
    }

    /// Opens the store and the questionnaires.
    ///
    /// # Errors
    /// When either cannot be used.
    pub(crate) async fn workspace(&self) -> Result<Workspace, Failure> {
        let location = Location::File(self.store_path()?);
        Workspace::open(&location, self.global.questionnaires.clone(), self.clock()).await
    }

    /// Returns who is at the keyboard; a new name is recorded, and said.
    ///
    /// # Errors
    /// When nobody is named and the account has no name, or the name cannot be used.
    pub(crate) async fn author(&self, workspace: &Workspace) -> Result<PersonId, Failure> {
        let account = || {
            ["USER", "LOGNAME", "USERNAME"]
                .iter()
                .find_map(|name| std::env::var(name).ok())
                .filter(|name| !name.trim().is_empty())
        };
        let Some(name) = self.global.by.clone().or_else(account) else {
            return Err(Failure::usage(
                Problem::error("nobody is named as the author")
                    .help("say who you are with `--by \"NAME\"` or READINESS_BY"),
            ));
        };
        self.person(workspace, &name).await
    }

    /// Returns the person that somebody typed; a new name is recorded, and said.
    ///
    /// # Errors
    /// When the name cannot be used.
    pub(crate) async fn person(
        &self,
        workspace: &Workspace,
        name: &str,
    ) -> Result<PersonId, Failure> {
        let (person, is_new) = workspace.person(name).await?;
        if is_new {
            ui::note(&format!(
                "new person: {} (id {})",
                inert(&person.name),
                person.id
            ));
        }
        Ok(person.id)
    }
}
