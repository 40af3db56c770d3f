//! People by the words that somebody typed for them.

use std::collections::BTreeMap;

use crate::actions::{Failure, Workspace};
use crate::domain::id::{PersonId, slug};
use crate::domain::person::Person;
use crate::problem::Problem;

/// The people whom a command names. Those who are new are recorded once it is sure that what names them is recorded too.
#[derive(Clone, Debug, Default)]
pub struct People {
    known: Vec<Person>,
    /// How many of them the store has.
    kept: usize,
}

impl People {
    /// Returns the person that `text` names: by id, by name whatever its case, or as somebody new.
    ///
    /// # Errors
    /// When an id is given that nobody has, or a name that no id can be made of, or several people share the name.
    pub fn person(&mut self, text: &str) -> Result<PersonId, Failure> {
        let text = text.trim();
        if let Some(person) = named(text, &self.known)? {
            return Ok(person.id);
        }
        let person = new_person(text, &self.known)?;
        let id = person.id.clone();
        self.known.push(person);
        Ok(id)
    }

    /// Returns those who are new.
    #[must_use]
    pub fn new_ones(&self) -> &[Person] {
        &self.known[self.kept..]
    }
}

impl Workspace {
    /// Returns the people known, to look up whom a command names.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn people(&self) -> Result<People, Failure> {
        let known = self.store.persons().await?;
        let kept = known.len();
        Ok(People { known, kept })
    }

    /// Records the new ones among `people`.
    ///
    /// # Errors
    /// When the store cannot be written, or somebody of that id was added meanwhile.
    pub async fn record_people(&self, people: &People) -> Result<(), Failure> {
        for person in people.new_ones() {
            self.store.add_person(person).await?;
        }
        Ok(())
    }

    /// Returns the name of everybody by their id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn names(&self) -> Result<BTreeMap<PersonId, String>, Failure> {
        let persons = self.store.persons().await?;
        Ok(persons
            .into_iter()
            .map(|person| (person.id, person.name))
            .collect())
    }

    /// Returns the person that `text` names: by id, or by name whatever its case.
    ///
    /// A name that nobody has is a new person, who is recorded; the second value is then true.
    ///
    /// # Errors
    /// When an id is given that nobody has, or a name that no id can be made of, or several people share the name.
    pub async fn person(&self, text: &str) -> Result<(Person, bool), Failure> {
        let (person, new) = self.person_by(text).await?;
        if new {
            self.store.add_person(&person).await?;
        }
        Ok((person, new))
    }

    /// Returns the person that `text` names, and whether they would be new; records nobody.
    ///
    /// # Errors
    /// As [`person`](Self::person).
    pub async fn person_by(&self, text: &str) -> Result<(Person, bool), Failure> {
        let text = text.trim();
        let known = self.store.persons().await?;
        match named(text, &known)? {
            Some(person) => Ok((person, false)),
            None => Ok((new_person(text, &known)?, true)),
        }
    }

    /// Returns the person that `text` names, by id or by name whatever its case, and records nobody.
    ///
    /// # Errors
    /// When nobody is called so, or several people share the name.
    pub async fn known_person(&self, text: &str) -> Result<Person, Failure> {
        let known = self.store.persons().await?;
        named(text.trim(), &known)?.ok_or_else(|| {
            Failure::usage(
                Problem::error(format!("nobody is called `{text}`"))
                    .help("see `readiness person list`"),
            )
        })
    }
}

/// Finds a person by id, or by name whatever its case.
fn named(text: &str, known: &[Person]) -> Result<Option<Person>, Failure> {
    if let Some(person) = known.iter().find(|person| person.id.as_str() == text) {
        return Ok(Some(person.clone()));
    }
    let named: Vec<&Person> = known
        .iter()
        .filter(|person| person.name.to_lowercase() == text.to_lowercase())
        .collect();
    match named.as_slice() {
        [] => Ok(None),
        [person] => Ok(Some((*person).clone())),
        several => {
            let ids: Vec<&str> = several.iter().map(|person| person.id.as_str()).collect();
            Err(Failure::usage(
                Problem::error(format!("several people are called `{text}`"))
                    .help(format!("give the id: one of {}", ids.join(", "))),
            ))
        }
    }
}

/// Makes a person of a name, with an id that nobody has.
fn new_person(name: &str, known: &[Person]) -> Result<Person, Failure> {
    if name.chars().any(char::is_control) || name.chars().count() > 200 {
        return Err(Failure::usage(
            Problem::error("a person's name is one line of at most 200 letters")
                .help("give a shorter name"),
        ));
    }
    let Some(base) = slug(name) else {
        return Err(Failure::usage(
            Problem::error(format!("no id can be made of the name `{name}`"))
                .help("add the person with an id first: `readiness person add ID --name \"…\"`"),
        ));
    };
    let taken = |id: &str| known.iter().any(|person| person.id.as_str() == id);
    let id = std::iter::once(base.clone())
        .chain((2..).map(|number| format!("{}-{number}", &base[..base.len().min(56)])))
        .find(|id| !taken(id))
        .unwrap_or(base);
    let id: PersonId = id.parse().map_err(|fault: crate::domain::id::IdFault| {
        Failure::usage(Problem::error(fault.to_string()))
    })?;
    Ok(Person {
        id,
        name: name.to_owned(),
        mail: None,
        organisation: None,
    })
}
