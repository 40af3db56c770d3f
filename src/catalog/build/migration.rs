//! Migrations: their names are those of older versions, and lead to questions and options of this one.
//!
//! What an older version called things is known only where a lock file tells; see the check E060.

use std::collections::BTreeMap;

use crate::catalog::build::Builder;
use crate::catalog::index;
use crate::catalog::tree::At;
use crate::catalog::written;
use crate::domain::id::{ColumnId, OptionId, QuestionId};
use crate::domain::migration::Passage;
use crate::domain::questionnaire::{Migration, OptionsOf, Version};

/// A version above all others.
const LAST: Version = Version {
    major: u32::MAX,
    minor: u32::MAX,
    patch: u32::MAX,
};

impl<'a> Builder<'a, '_> {
    pub(super) fn migrations(&mut self) -> Vec<Migration> {
        let index = self.index;
        let written = index.written.migrate.iter().enumerate();
        let migrations: Vec<Migration> = written
            .map(|(place, migrate)| self.migration(self.migrate_at(place), migrate))
            .collect();
        for (place, migration) in migrations.iter().enumerate() {
            self.lead_on(self.migrate_at(place), migration, &migrations);
        }
        migrations
    }

    fn migrate_at(&self, place: usize) -> At<'a> {
        self.index.sources.main().key("migrate").item(place)
    }

    /// Reads a migration; its names are judged by their form alone.
    fn migration(&mut self, at: At<'_>, migrate: &written::Migrate) -> Migration {
        let mut rename = BTreeMap::new();
        for (from, to) in &migrate.rename {
            let at = at.key("rename").key(from);
            let pair = (self.other_question(at, from), self.other_question(at, to));
            if let (Some(from), Some(to)) = pair {
                rename.insert(from, to);
            }
        }
        Migration {
            to: self.version(at.key("to"), &migrate.to),
            rename,
            options: self.renamed_options(at.key("options"), &migrate.options),
            review: self.listed(at.key("review"), &migrate.review),
            drop: self.listed(at.key("drop"), &migrate.drop),
        }
    }

    fn listed(&mut self, at: At<'_>, names: &[String]) -> Vec<QuestionId> {
        let names = names.iter().enumerate();
        names
            .filter_map(|(item, name)| self.other_question(at.item(item), name))
            .collect()
    }

    fn renamed_options(
        &mut self,
        at: At<'_>,
        renamed: &BTreeMap<String, BTreeMap<String, String>>,
    ) -> BTreeMap<OptionsOf, BTreeMap<OptionId, OptionId>> {
        let mut all = BTreeMap::new();
        for (name, renamed) in renamed {
            let at = at.key(name);
            let Some(of) = self.options_of(at, name) else {
                continue;
            };
            let mut names = BTreeMap::new();
            for (from, to) in renamed {
                let at = at.key(from);
                index::check::<OptionId>(at, from, self.notes);
                index::check::<OptionId>(at, to, self.notes);
                names.insert(index::id(from), index::id(to));
            }
            all.insert(of, names);
        }
        all
    }

    /// Reads `section.question` or `section.question.column`.
    fn options_of(&mut self, at: At<'_>, name: &str) -> Option<OptionsOf> {
        let dots = name.match_indices('.').nth(1);
        let Some((question, column)) = dots.map(|(at, _)| (&name[..at], &name[at + 1..])) else {
            let question = self.other_question(at, name)?;
            let column = None;
            return Some(OptionsOf { question, column });
        };
        index::check::<ColumnId>(at, column, self.notes);
        Some(OptionsOf {
            question: self.other_question(at, question)?,
            column: Some(column.parse().ok()?),
        })
    }

    /// Checks that what a migration leads to is there, or is taken further by a later one.
    fn lead_on(&mut self, at: At<'_>, migration: &Migration, all: &[Migration]) {
        let later = Passage::through(all, migration.to, LAST);
        for (from, to) in &migration.rename {
            let at = at.key("rename").key(from.as_str());
            self.leads_to_question(at, to, &later);
        }
        for (item, question) in migration.review.iter().enumerate() {
            self.leads_to_question(at.key("review").item(item), question, &later);
        }
        for (of, names) in &migration.options {
            let at = at.key("options").key(&of.to_string());
            if let Some(place) = self.leads_to_question(at, &of.question, &later) {
                self.lead_to_options(at, of, names, (place, &later));
            }
        }
    }

    /// Returns the place of what a question is called now; nothing where it was dropped later, or is not there.
    fn leads_to_question(
        &mut self,
        at: At<'_>,
        question: &QuestionId,
        later: &Passage<'_>,
    ) -> Option<usize> {
        let now = later.question(question)?;
        self.own_question(at, now.as_str())?;
        self.index.by_name.get(now.as_str()).copied()
    }

    /// Checks the new names of options, unless a later migration has the answers confirmed anyway.
    fn lead_to_options(
        &mut self,
        at: At<'_>,
        of: &OptionsOf,
        names: &BTreeMap<OptionId, OptionId>,
        (place, later): (usize, &Passage<'_>),
    ) {
        if later.reviews(&of.question) {
            return;
        }
        let known = named(self.index.questions[place].written, of.column.as_ref());
        for (from, to) in names {
            let now = later.option(&of.question, of.column.as_ref(), to);
            if !known.contains(&now.as_str()) {
                let at = at.key(from.as_str());
                self.unknown(at, "E006", "option", now.as_str(), known.iter().copied());
            }
        }
    }
}

/// Returns the options of a question or of one of its columns; those of a matrix itself are its rows.
fn named<'q>(question: &'q written::Question, column: Option<&ColumnId>) -> Vec<&'q str> {
    let ids = |options: &'q [written::Choice]| options.iter().map(|option| option.id.as_str());
    match column {
        Some(column) => (question.column.iter())
            .filter(|known| known.id == column.as_str())
            .flat_map(|known| ids(&known.options))
            .collect(),
        None if question.fixed.is_empty() => ids(&question.options).collect(),
        None => question.fixed.iter().map(|row| row.id.as_str()).collect(),
    }
}
