//! The review on a terminal that is not there: keys in, the screen out, kept in a store in memory.

use std::path::Path;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tokio::runtime::Runtime;

use crate::actions::{Arrival, Clock, Terms, Workspace};
use crate::catalog::library::Library;
use crate::cli::assess::theme::Theme;
use crate::cli::evidence::review::keeping::Keeping;
use crate::cli::evidence::review::screen;
use crate::cli::evidence::review::sitting::Sitting;
use crate::domain::customer::CustomerChange;
use crate::domain::person::Person;
use crate::importers;
use crate::store::{Location, Store};

/// What the portal shows: a title that we know in German, one that we do not know.
const TABLE: &str = "\
Rang;Empfohlene Maßnahme;Erzielte Punkte;Status;Letzte Synchronisierung
1;Legacyauthentifizierung blockieren;8/8;Abgeschlossen;2026-08-20
2;Etwas ganz Neues;0/10;Zu beheben;2026-08-20
";

/// A review on a screen.
struct Review<'a> {
    runtime: &'a Runtime,
    keeping: Keeping<'a>,
    sitting: Sitting,
    terminal: Terminal<TestBackend>,
}

fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_time().build().unwrap()
}

fn workspace(runtime: &Runtime) -> Workspace {
    let now = "2026-09-02T12:02:00Z".parse().unwrap();
    runtime.block_on(async {
        let workspace = Workspace {
            store: Store::open(&Location::Memory).await.unwrap(),
            library: Library::open(Some(Path::new("tests/fixtures/questionnaires"))).unwrap(),
            clock: Clock::Frozen(now),
        };
        let anna = Person {
            id: "anna".parse().unwrap(),
            name: "Anna Berg".into(),
            mail: None,
            organisation: None,
        };
        workspace.store.add_person(&anna).await.unwrap();
        let changes = vec![CustomerChange::Name("Contoso Ltd".into())];
        let customer = "contoso".parse().unwrap();
        let store = &workspace.store;
        store
            .create(&customer, &anna.id, now, changes)
            .await
            .unwrap();
        workspace
    })
}

impl<'a> Review<'a> {
    fn begin(runtime: &'a Runtime, workspace: &'a Workspace, columns: u16) -> Self {
        let (keeping, sitting) = runtime.block_on(async {
            let (by, id) = ("anna".parse().unwrap(), "evidence".parse().unwrap());
            let customer = "contoso".parse().unwrap();
            let mut case = workspace.case(&customer, None).await.unwrap();
            case.begin(workspace, &by, Some(&id)).await.unwrap();
            let arrival = Arrival {
                evidence: importers::import(TABLE.as_bytes()).unwrap(),
                files: Vec::new(),
            };
            let plan = case.plan_evidence(vec![arrival], &Terms::default());
            case.take_in(workspace, &by, &plan.unwrap()).await.unwrap();
            let keeping = Keeping {
                workspace,
                case,
                id,
                by,
            };
            let sitting = Sitting::new(keeping.waiting().await.unwrap());
            (keeping, sitting)
        });
        Self {
            runtime,
            keeping,
            sitting,
            terminal: Terminal::new(TestBackend::new(columns, 20)).unwrap(),
        }
    }

    /// Presses keys: letters as they are, `\n` for Enter.
    fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.chars() {
            let code = match key {
                '\n' => KeyCode::Enter,
                letter => KeyCode::Char(letter),
            };
            self.press(code);
        }
        self
    }

    fn press(&mut self, code: KeyCode) -> &mut Self {
        let task = self.sitting.key(KeyEvent::new(code, KeyModifiers::NONE));
        let carried = self.keeping.carry_out(&mut self.sitting, task);
        self.runtime.block_on(carried).unwrap();
        self
    }

    fn screen(&mut self) -> String {
        let (keeping, sitting) = (&self.keeping, &self.sitting);
        let assessment = keeping.assessment().unwrap();
        let theme = Theme { colour: false };
        self.terminal
            .draw(|frame| screen::draw(frame, sitting, assessment, "Contoso Ltd", theme))
            .unwrap();
        let buffer = self.terminal.backend().buffer().clone();
        let width = usize::from(buffer.area.width);
        let lines = buffer.content.chunks(width).map(|line| {
            let line: String = line.iter().map(|cell| cell.symbol()).collect();
            line.trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn a_title_is_settled_a_proposal_accepted_and_another_answered_otherwise() {
    let runtime = runtime();
    let workspace = workspace(&runtime);
    let mut review = Review::begin(&runtime, &workspace, 120);
    insta::assert_snapshot!("the_first_title", review.screen());
    review.keys("aNoSuchControl\n");
    assert!(review.screen().contains("`NoSuchControl` is no control"));
    review.press(KeyCode::Esc).keys("aAdminMFAV2\n");
    insta::assert_snapshot!("a_title_was_settled", review.screen());
    review.keys("a");
    assert!(review.screen().contains("Accepted."));
    review.keys("ostrong\n");
    insta::assert_snapshot!("all_is_done", review.screen());
}

#[test]
fn what_is_refused_is_refused_with_a_reason_and_may_be_left() {
    let runtime = runtime();
    let workspace = workspace(&runtime);
    let mut review = Review::begin(&runtime, &workspace, 60);
    review.keys("\nr");
    insta::assert_snapshot!("typing_a_reason", review.screen());
    review.keys("\n");
    assert!(review.screen().contains("Why is it refused?"));
    review.keys("another team does it\n");
    assert!(review.screen().contains("Refused."));
    review.keys("A");
    assert!(review.screen().contains("Take over everything"));
    review.keys("\n");
    assert!(review.screen().contains("0 answers taken over."));
}
