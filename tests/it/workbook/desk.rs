//! A customer who was just asked, without a store; the fuzzing of workbooks sits at it too.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use readiness::catalog::library::check_path;
use readiness::catalog::workbook::mark::Head;
use readiness::catalog::workbook::{self, Filled};
use readiness::domain::assessment::{Book, Texts};
use readiness::domain::evaluation::Evaluation;
use readiness::domain::id::{PersonId, QuestionnaireId};
use readiness::domain::ledger::{self, Entry, Fact};
use readiness::domain::questionnaire::Questionnaire;
use readiness::domain::time::{Day, Instant};
use readiness::importers::spreadsheet::Spreadsheet;
use readiness::report::Branding;
use readiness::report::prepare::{Asking, Preparation, make, workbook as written};

/// The day on which the customer is asked.
pub(crate) const TODAY: &str = "2026-09-02";

/// A customer who was just asked, without a store.
pub(crate) struct Desk {
    pub(crate) book: Book,
    pub(crate) id: QuestionnaireId,
}

impl Desk {
    pub(crate) fn of(path: &str) -> Self {
        let checked = check_path(Path::new(path)).remove(0);
        let (questionnaire, _) = checked
            .questionnaire
            .unwrap_or_else(|| panic!("{path} has faults"));
        Self::under(Arc::new(questionnaire))
    }

    pub(crate) fn under(questionnaire: Arc<Questionnaire>) -> Self {
        let by: PersonId = "anna".parse().unwrap();
        let at: Instant = "2026-09-01T09:00:00Z".parse().unwrap();
        let fact = Fact::Opened {
            questionnaire: questionnaire.id.clone(),
            text: questionnaire.hash,
        };
        let (_, entry) = ledger::next("l", None, at, &by, [0; 16], fact);
        let entries: Vec<Entry> = vec![entry];
        let texts = Texts::from([(questionnaire.hash, Arc::clone(&questionnaire))]);
        let today: Day = TODAY.parse().unwrap();
        let book = Book::replay(&"contoso".parse().unwrap(), &entries, &texts, today).unwrap();
        Self {
            book,
            id: questionnaire.id.clone(),
        }
    }

    pub(crate) fn evaluation(&self) -> &Evaluation {
        &self.book.assessments[&self.id].evaluation
    }

    pub(crate) fn preparation(&self) -> Preparation {
        let asking = Asking {
            book: &self.book,
            questionnaire: &self.id,
            names: &BTreeMap::new(),
            branding: &Branding::default(),
            team: None,
            person: None,
        };
        make(&asking).unwrap()
    }

    pub(crate) fn workbook(&self) -> Vec<u8> {
        written(&self.preparation(), self.evaluation(), "l")
    }

    /// Returns what its workbook is made for.
    pub(crate) fn head(&self) -> Head {
        Head::read(&Spreadsheet::read(&self.workbook()).unwrap()).unwrap()
    }

    /// Reads any file as the program does: whether it is a workbook, what it was made for, what it answers. One without a head is
    /// taken to be made for `own`.
    pub(crate) fn receive(&self, file: &[u8], own: &Head) -> Option<Filled> {
        let book = Spreadsheet::read(file).ok()?;
        let head = Head::read(&book).unwrap_or_else(|_| own.clone());
        Some(workbook::read(&book, &head, self.evaluation()))
    }

    pub(crate) fn read(&self, bytes: &[u8]) -> Filled {
        let book = Spreadsheet::read(bytes).unwrap_or_else(|problem| panic!("{}", problem.message));
        let head = Head::read(&book).unwrap();
        workbook::read(&book, &head, self.evaluation())
    }

    /// Returns everything that is wrong or odd, a line each.
    pub(crate) fn problems(&self, bytes: &[u8]) -> String {
        let filled = self.read(bytes);
        let lines = filled.problems.0.iter();
        let line = |help: &Option<String>| {
            help.as_ref()
                .map_or_else(String::new, |help| format!(" → {help}"))
        };
        lines
            .map(|problem| format!("{}{}\n", problem.message, line(&problem.help)))
            .collect()
    }
}
