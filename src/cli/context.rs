//! What commands share: the workspace by the global options, and who is at the keyboard.

use std::cell::RefCell;
use std::path::PathBuf;

use directories::ProjectDirs;

use crate::actions::{Clock, Failure, People, Workspace};
use crate::cli::{Global, render, ui};
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::markdown::inert;
use crate::problem::Problem;
use crate::store::{Location, Store};
use crate::template::Templates;

/// What commands share.
pub(crate) struct Context {
    /// The options that every command takes.
    pub(crate) global: Global,
    /// The stores that were opened, to be closed at the end.
    opened: RefCell<Vec<Store>>,
}

impl Context {
    pub(crate) fn new(global: Global) -> Self {
        Self {
            global,
            opened: RefCell::default(),
        }
    }

    /// Closes what was opened, so that the store is one file again when nobody else uses it.
    pub(crate) async fn close(self) {
        for store in self.opened.into_inner() {
            store.close().await;
        }
    }

    async fn open(
        &self,
        store: PathBuf,
        questionnaires: Option<PathBuf>,
    ) -> Result<Workspace, Failure> {
        let location = Location::File(store);
        let workspace = Workspace::open(&location, questionnaires, self.clock()).await?;
        self.opened.borrow_mut().push(workspace.store.clone());
        Ok(workspace)
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
        self.open(self.store_path()?, self.global.questionnaires.clone())
            .await
    }

    /// Opens the store, which has to be there; questionnaires of a folder are left out, since none is begun.
    ///
    /// # Errors
    /// When there is no store, so that nobody takes a path that was mistyped for a store without faults.
    pub(crate) async fn existing_workspace(&self) -> Result<Workspace, Failure> {
        let path = self.store_path()?;
        if !path.exists() {
            return Err(Failure::failed(
                Problem::error(format!("there is no store `{}`", path.display()))
                    .help("name the file with `--store` or READINESS_STORE"),
            ));
        }
        self.open(path, None).await
    }

    /// Reads the templates: the shipped ones, and those of the folder that stand before them.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub(crate) fn templates(&self) -> Result<Templates, Failure> {
        let folder = self.global.templates.as_deref();
        Templates::open(folder, &render::worker()?)
            .map_err(|errors| render::problems(errors).into())
    }

    /// Returns who is at the keyboard; a new name is recorded, and said.
    ///
    /// # Errors
    /// When nobody is named and the account has no name, or the name cannot be used.
    pub(crate) async fn author(&self, workspace: &Workspace) -> Result<PersonId, Failure> {
        self.person(workspace, &self.author_name()?).await
    }

    /// Returns who is at the keyboard, to sign what is only written out: a new name is not recorded.
    ///
    /// # Errors
    /// As [`author`](Self::author).
    pub(crate) async fn signatory(&self, workspace: &Workspace) -> Result<Person, Failure> {
        Ok(workspace.person_by(&self.author_name()?).await?.0)
    }

    /// Returns who is at the keyboard, of `people`; somebody new is recorded with what they record.
    ///
    /// # Errors
    /// As [`author`](Self::author).
    pub(crate) fn author_among(&self, people: &mut People) -> Result<PersonId, Failure> {
        people.person(&self.author_name()?)
    }

    fn author_name(&self) -> Result<String, Failure> {
        self.global.by.clone().or_else(account_name).ok_or_else(|| {
            Failure::usage(
                Problem::error("nobody is named as the author")
                    .help("say who you are with `--by \"NAME\"` or READINESS_BY"),
            )
        })
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
            say_new(&person);
        }
        Ok(person.id)
    }
}

/// Says that somebody is new.
pub(crate) fn say_new(person: &Person) {
    ui::note(&format!(
        "new person: {} (id {})",
        inert(&person.name),
        person.id
    ));
}

/// Returns the name of the account: what the system says, else what the home folder is called.
fn account_name() -> Option<String> {
    let said = ["USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok());
    let home = || {
        let folders = directories::BaseDirs::new()?;
        let name = folders.home_dir().file_name()?;
        Some(name.to_string_lossy().into_owned())
    };
    said.filter(|name| !name.trim().is_empty()).or_else(home)
}
