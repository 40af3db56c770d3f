//! The workbook that customers fill in: as it goes out, as it comes back, and whatever else comes in its place.

mod commands;
mod edit;
mod hostile;
mod office;
mod round;

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

/// A questionnaire with every type of question.
const FILL: &str = "tests/it/workbook/fill.toml";

const TODAY: &str = "2026-09-02";

/// A customer who was just asked, without a store.
struct Desk {
    book: Book,
    id: QuestionnaireId,
}

impl Desk {
    fn of(path: &str) -> Self {
        let checked = check_path(Path::new(path)).remove(0);
        let (questionnaire, _) = checked
            .questionnaire
            .unwrap_or_else(|| panic!("{path} has faults"));
        Self::under(Arc::new(questionnaire))
    }

    fn under(questionnaire: Arc<Questionnaire>) -> Self {
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

    fn evaluation(&self) -> &Evaluation {
        &self.book.assessments[&self.id].evaluation
    }

    fn preparation(&self) -> Preparation {
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

    fn workbook(&self) -> Vec<u8> {
        written(&self.preparation(), self.evaluation(), "l")
    }

    fn read(&self, bytes: &[u8]) -> Filled {
        let book = Spreadsheet::read(bytes).unwrap_or_else(|problem| panic!("{}", problem.message));
        let head = Head::read(&book).unwrap();
        workbook::read(&book, &head, self.evaluation())
    }

    /// Returns everything that is wrong or odd, a line each.
    fn problems(&self, bytes: &[u8]) -> String {
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
