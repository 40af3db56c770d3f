//! The full-screen face on a terminal that is not there: keys in, the screen out, kept in a store in memory.

use std::path::Path;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tokio::runtime::Runtime;

use crate::actions::{Clock, Workspace};
use crate::catalog::library::Library;
use crate::cli::assess::face::{Face, Task};
use crate::cli::assess::session::Session;
use crate::cli::assess::theme::Theme;
use crate::cli::assess::{carry_out, minutes, screen};
use crate::domain::customer::CustomerChange;
use crate::domain::id::{CustomerId, QuestionnaireId};
use crate::domain::person::Person;
use crate::domain::walk::Walk;
use crate::store::{Location, Store};

/// Makes a workspace in memory with a customer called `name`.
fn workspace(runtime: &Runtime, name: &str) -> Workspace {
    let now = "2026-09-02T12:02:00Z".parse().unwrap();
    runtime.block_on(async {
        let workspace = Workspace {
            store: Store::open(&Location::Memory).await.unwrap(),
            library: Library::open(Some(Path::new("tests/fixtures/questionnaires"))).unwrap(),
            clock: Clock::Frozen(now),
        };
        for (id, name) in [("anna", "Anna Berg"), ("j.roth", "J. Roth")] {
            let person = Person {
                id: id.parse().unwrap(),
                name: name.into(),
                mail: None,
                organisation: None,
            };
            workspace.store.add_person(&person).await.unwrap();
        }
        let changes = vec![
            CustomerChange::Name(name.into()),
            CustomerChange::Seats(Some(900)),
            CustomerChange::TimeZone(chrono_tz::Europe::Berlin),
        ];
        let (customer, by) = (customer(), "anna".parse().unwrap());
        workspace
            .store
            .create(&customer, &by, now, changes)
            .await
            .unwrap();
        workspace
    })
}

fn customer() -> CustomerId {
    "contoso".parse().unwrap()
}

/// A walk on a screen.
struct Call<'a> {
    runtime: &'a Runtime,
    session: Session<'a>,
    face: Face,
    size: (u16, u16),
    ended: bool,
}

impl<'a> Call<'a> {
    fn begin(runtime: &'a Runtime, workspace: &'a Workspace, size: (u16, u16)) -> Self {
        let questionnaire: QuestionnaireId = "walk".parse().unwrap();
        let by = "anna".parse().unwrap();
        let customer = customer();
        let opened = Session::open(workspace, &customer, Some(&questionnaire), by);
        let session = runtime.block_on(opened).unwrap();
        let walk = Walk::begin(session.assessment(), session.now(), None);
        let face = Face::new(walk, &session.scene(), size.0 >= screen::WIDE);
        Self {
            runtime,
            session,
            face,
            size,
            ended: false,
        }
    }

    fn press(&mut self, code: KeyCode) -> &mut Self {
        self.key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    fn key(&mut self, key: KeyEvent) -> &mut Self {
        let task = self.face.key(&self.session.scene(), key);
        self.carry_out(task)
    }

    fn carry_out(&mut self, task: Task) -> &mut Self {
        let done = carry_out(&mut self.face, &mut self.session, task);
        self.ended |= self.runtime.block_on(done);
        // Whatever happens can be drawn.
        self.screen();
        self
    }

    /// Types text: each character is a key.
    fn keys(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            match character {
                '\n' => self.press(KeyCode::Enter),
                '\t' => self.press(KeyCode::Tab),
                _ => self.press(KeyCode::Char(character)),
            };
        }
        self
    }

    fn go(&mut self, question: &str) -> &mut Self {
        let name = question.split('.').next_back().unwrap();
        self.press(KeyCode::Char('/'))
            .keys(name)
            .press(KeyCode::Enter);
        assert_eq!(self.at(), question);
        self
    }

    fn at(&self) -> String {
        let place = self.face.walk.current;
        place.map_or("the end".into(), |place| {
            self.session.scene().question(place).id.to_string()
        })
    }

    /// Returns what was said to a question, as it is shown.
    fn said(&self, question: &str) -> Option<String> {
        let scene = self.session.scene();
        let place = scene
            .questionnaire()
            .question(&question.parse().unwrap())
            .unwrap();
        Some(scene.said(place, &scene.response(place)?.said))
    }

    fn screen(&self) -> String {
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).unwrap();
        let theme = Theme { colour: false };
        let scene = self.session.scene();
        terminal
            .draw(|frame| screen::draw(frame, &self.face, &scene, theme))
            .unwrap();
        let shown = terminal.backend().to_string();
        let lines = shown.lines().map(|line| {
            // What a wide letter covers is told behind the line.
            let line = line.split("\" Hidden by").next().unwrap_or(line);
            line.trim_matches('"').trim_end()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn minutes(&self) -> String {
        let scene = self.session.scene();
        let minutes = self.face.walk.minutes(scene.assessment, scene.now);
        minutes::told(&minutes, &scene).join("\n")
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
}

const SMALL: (u16, u16) = (60, 18);
const USUAL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 35);

#[test]
fn a_choice_on_the_smallest_screen() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, SMALL);
    call.keys("2\n")
        .go("access.role")
        .keys("sj. roth\n")
        .keys("3");
    insta::assert_snapshot!(call.screen(), @r"
    Contoso Ltd                             0:00     saved 14:02
    Access 1 of 4 · open 8
    ────────────────────────────────────────────────────────────
     Which access have you granted the experts?
     Microsoft prerequisite · required · ask identity

        1   None yet
        2   Look only
      > 3 ✓ Look and respond

     2 Sep 2026: Look and respond, told by J. Roth
    ────────────────────────────────────────────────────────────
     Said by J. Roth, told                      [s] who  [b] how
     No note
     1 question added: “Who approves containment?”
    ────────────────────────────────────────────────────────────
    1-9 pick  Enter next  Bksp back  n note  ? not known, ask…
    - n/a  / find  p park  g sections  w why  v view  F10 finish
    ");
}

#[test]
fn the_manager_sees_three_panes_and_hides_one() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, LARGE);
    call.keys("2\n12\n")
        .keys("w1")
        .keys("?1anna berg\n2026-09-09\n");
    call.go("access.mfa").keys("2").keys("Nthey argue\n");
    insta::assert_snapshot!(call.screen(), @r"
    Contoso Ltd                                                                                         0:00     saved 14:02
    Access 3 of 3 · open 8
    ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
      Scope                2/2 │ Is every administrator behind a second factor?         │ Not for the shared screen  [v]
    > Access               1/3 │ required                                               │ Not ready to start: 1 item stops
        1 may follow           │ Nothing more is said about this question.              │ it
      People               0/3 │                                                        │ 3 open answers could add to it
      Estate               0/3 │    1   Yes                                             │
                               │  > 2 ✓ No                                              │ Stops the start
                               │                                                        │ · Administrators without a second
                               │ 2 Sep 2026: No, told · tools: no data                  │   factor
                               │                                                        │
                               │ Private note: they argue                               │ Promised today
                               │                                                        │ Anna Berg by 9 Sep 2026: Which
                               │ Next: How many administrators are there?               │ access have you granted the
                               │                                                        │ experts?
                               │                                                        │
                               │                                                        │
                               │                                                        │
                               │                                                        │
                               │                                                        │
                               │                                                        │
                               │                                                        │
                               │                                                        │
                               │                                                        │
                               │                                                        │
                               │                                                        │
                               │                                                        │
    ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
     Said by nobody named, told                                                                             [s] who  [b] how
     No note

    ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    1-9 pick  Enter next  Bksp back  n note  ? not known, ask…  - n/a  / find  p park  g sections  w why  v view  F10 finish
    e write  Tab sheet  u undo  o next open  = still true  a team  h all keys
    ");
    call.keys("v");
    let hidden = call.screen();
    for secret in ["Not ready", "they argue", "second factor (", "Promised"] {
        assert!(!hidden.contains(secret), "{secret} in\n{hidden}");
    }
}

#[test]
fn several_options_are_ticked_and_kept_when_one_goes_on() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, USUAL);
    call.go("scope.products").keys("12");
    assert_eq!(call.said("scope.products"), None);
    call.keys("4");
    insta::assert_snapshot!(call.screen(), @r"
    Contoso Ltd                                                                 0:00
    Scope 2 of 2 · open 9
    ────────────────────────────────────────────────────────────────────────────────
     Which products will Contoso Ltd use?

        1 [ ] Endpoint
        2 [ ] Identity, on premises
        3 [ ] Office
      > 4 [x] None of these








    ────────────────────────────────────────────────────────────────────────────────
     Said by nobody named, told                                     [s] who  [b] how
     No note

    ────────────────────────────────────────────────────────────────────────────────
    1-9 pick  Enter next  Bksp back  n note  ? not known, ask…  - n/a  / find
    p park  g sections  w why  v view  F10 finish  e write  Tab sheet  u undo
    ");
    call.keys("13\n");
    assert_eq!(
        call.said("scope.products").as_deref(),
        Some("Endpoint, Office")
    );
    assert_eq!(call.at(), "access.role");
    call.keys("g");
    insta::assert_snapshot!(call.screen(), @r"
    Contoso Ltd                                                 0:00     saved 14:02
    Access 1 of 3 · open 9
    ────────────────────────────────────────────────────────────────────────────────
       1 Scope                                                                  1/2
     > 2 Access                                                                 0/3
         1 may follow
       3 People                                                                 0/3
       4 Estate                                                                 0/2










    ────────────────────────────────────────────────────────────────────────────────
     Said by nobody named, told                                     [s] who  [b] how
     No note
     1 question added: “How many devices are protected?”
    ────────────────────────────────────────────────────────────────────────────────
    1-9 choose  Up Down Enter choose  Esc leave
    ");
}

#[test]
fn ticks_survive_a_look_elsewhere_and_the_end_of_the_call() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, USUAL);
    call.go("scope.products")
        .keys("1")
        .keys("w")
        .keys("sJ. Roth\n")
        .keys("b");
    call.press(KeyCode::F(10));
    assert!(call.ended);
    assert_eq!(call.said("scope.products").as_deref(), Some("Endpoint"));
}

#[test]
fn numbers_begin_with_a_digit_and_what_is_wrong_stays_to_be_mended() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, SMALL);
    call.go("people.admins").keys("9999\n");
    insta::assert_snapshot!(call.screen(), @r"
    Contoso Ltd                                             0:00
    People 1 of 3 · open 9
    ────────────────────────────────────────────────────────────
     How many administrators are there?
     recommended

     a whole number from 0 to 5000: begin with a digit
     Answer
     │ 9999
     9999 is too much (the most is 5000)


    ────────────────────────────────────────────────────────────
     Said by nobody named, told                 [s] who  [b] how
     No note

    ────────────────────────────────────────────────────────────
    Enter keep  Esc leave it as it was
    ");
    call.press(KeyCode::Backspace)
        .press(KeyCode::Backspace)
        .keys("\n");
    assert_eq!(call.said("people.admins").as_deref(), Some("99"));
    assert_eq!(call.at(), "people.trained");
    call.keys("94.5\n");
    assert_eq!(call.said("people.trained").as_deref(), Some("94.5 %"));
}

#[test]
fn a_proposed_target_is_taken_and_a_doubt_is_told() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, USUAL);
    call.go("scope.products")
        .keys("1\n")
        .go("estate.devices")
        .keys("812\n");
    assert_eq!(call.said("estate.devices").as_deref(), Some("812 of 900"));
    call.go("estate.devices").keys("901/900\n");
    assert!(
        call.screen().contains("Look again: more are protected"),
        "{}",
        call.screen()
    );
}

#[test]
fn rows_are_edited_as_a_table() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, USUAL);
    call.go("scope.products")
        .keys("2\n")
        .go("estate.domains")
        .keys("e");
    call.keys("corp.contoso.com\n4\n5\n")
        .keys("日本.example\n0\n");
    insta::assert_snapshot!(call.screen(), @r"
    Contoso Ltd                                                 0:00     saved 14:02
    Estate 1 of 2 · open 9
    ────────────────────────────────────────────────────────────────────────────────
     Which domains are there?
     … with the sensor: a whole number

     DNS name          Domain controllers  … with the sensor
     corp.contoso.com  4                   5
     日本.example      0                   ·








    ────────────────────────────────────────────────────────────────────────────────
     Said by nobody named, told                                     [s] who  [b] how
     No note
     1 question added: “Which domains are there?”
    ────────────────────────────────────────────────────────────────────────────────
    arrows move  Enter write  1-9 Space pick  Ins new row  ^D remove row  Del clear
    Esc done, keep
    ");
    call.press(KeyCode::Esc);
    assert!(
        call.screen().contains("0 is too little"),
        "{}",
        call.screen()
    );
    call.keys("2\n1\n")
        .press(KeyCode::Up)
        .press(KeyCode::Up)
        .press(KeyCode::Esc);
    assert!(call.screen().contains("More sensors"), "{}", call.screen());
    call.keys("4\n").press(KeyCode::Esc);
    assert_eq!(call.said("estate.domains").as_deref(), Some("2 rows"));
    insta::assert_snapshot!(call.screen(), @r"
    Contoso Ltd                                                 0:00     saved 14:02
    Estate 1 of 2 · open 8
    ────────────────────────────────────────────────────────────────────────────────
     Which domains are there?
     required

      ✓ 2 rows
     DNS name          Domain controllers  … with the sensor
     corp.contoso.com  4                   4
     日本.example      2                   1
     [e] opens the table
      > 0   None

     2 Sep 2026: 2 rows, told · tools: no data



    ────────────────────────────────────────────────────────────────────────────────
     Said by nobody named, told                                     [s] who  [b] how
     No note

    ────────────────────────────────────────────────────────────────────────────────
    1-9 pick  Enter next  Bksp back  n note  ? not known, ask…  - n/a  / find
    p park  g sections  w why  v view  F10 finish  e write  Tab sheet  u undo
    ");
}

#[test]
fn a_matrix_has_its_rows_and_is_picked_by_digits() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, USUAL);
    call.go("estate.shifts").keys("e").keys("12").keys("2");
    assert!(call.screen().contains("By night"), "{}", call.screen());
    call.press(KeyCode::Esc);
    assert_eq!(call.said("estate.shifts").as_deref(), Some("2 rows"));
}

#[test]
fn a_table_that_is_refused_can_be_left_as_it_was() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, USUAL);
    call.go("scope.products")
        .keys("2\n")
        .go("estate.domains")
        .keys("e");
    call.press(KeyCode::Right).keys("4\n").press(KeyCode::Esc);
    assert!(
        call.screen().contains("the row has no name"),
        "{}",
        call.screen()
    );
    call.press(KeyCode::Esc);
    assert_eq!(call.said("estate.domains"), None);
    assert!(
        call.screen().contains("[e] opens the table"),
        "{}",
        call.screen()
    );
}

#[test]
fn the_sheet_takes_one_key_for_each_question() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, SMALL);
    call.go("access.role").keys("\t").keys("3");
    insta::assert_snapshot!(call.screen(), @r"
    Contoso Ltd                             0:00     saved 14:02
    Access 1 of 4 · open 9
    ────────────────────────────────────────────────────────────
     Sheet: Access
       Which access have you granted the expe… Look and respond
     > Is every administrator behind a second factor?         —
         1 Yes   2 No




    ────────────────────────────────────────────────────────────
     Said by nobody named, told                 [s] who  [b] how
     No note
     1 question added: “Who approves containment?”
    ────────────────────────────────────────────────────────────
    1-9 answer  Up Down move  = still true  u undo
    Left Right other section  Enter open  Esc leave
    ");
    call.keys("1");
    assert_eq!(
        call.said("access.role").as_deref(),
        Some("Look and respond")
    );
    assert_eq!(call.said("access.mfa").as_deref(), Some("Yes"));
    call.keys("u");
    assert_eq!(call.said("access.mfa"), None);
    call.press(KeyCode::Esc);
    assert!(call.screen().contains("[s] who"));
}

#[test]
fn not_known_and_not_applicable_ask_for_what_they_need() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, SMALL);
    call.go("access.drill").keys("?1anna berg\nnext week\n");
    insta::assert_snapshot!(call.screen(), @r"
    Contoso Ltd                                             0:00
    Access 2 of 3 · open 9
    ────────────────────────────────────────────────────────────
     When was the emergency account last tried?
     recommended

     By when? A date such as 2026-09-09; empty: no date
     │ next week
     `next week` is not a date (write year, month and day:
     2026-09-02, or `today`)


    ────────────────────────────────────────────────────────────
     Said by nobody named, told                 [s] who  [b] how
     No note

    ────────────────────────────────────────────────────────────
    Enter keep  Esc leave it as it was
    ");
    call.key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL))
        .keys("2026-09-09\n");
    assert_eq!(
        call.said("access.drill").as_deref(),
        Some("Not known yet, Anna Berg asked, by 9 Sep 2026")
    );
    call.keys("-");
    insta::assert_snapshot!(call.screen(), @r"
    Contoso Ltd                             0:00     saved 14:02
    Access 2 of 3 · open 9
    ────────────────────────────────────────────────────────────
     When was the emergency account last tried?
     recommended

     Not applicable, because it is
      > 1  not licensed
        2  not used
        3  out of scope
        4  provided by a third party
        5  another reason
    ────────────────────────────────────────────────────────────
     Said by nobody named, told                 [s] who  [b] how
     No note

    ────────────────────────────────────────────────────────────
    1-9 choose  Up Down Enter choose  Esc leave
    ");
    call.keys("5\n");
    assert!(
        call.screen().contains("another reason needs to be told"),
        "{}",
        call.screen()
    );
    call.keys("no such account\n");
    assert_eq!(
        call.said("access.drill").as_deref(),
        Some("Not applicable: another reason")
    );
    call.keys("0");
    assert_eq!(call.said("access.drill").as_deref(), Some("Never"));
    call.go("access.mfa").keys("-1");
    assert!(
        call.screen().contains("this question applies to everybody"),
        "{}",
        call.screen()
    );
}

#[test]
fn undo_goes_back_to_what_it_takes_back() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, USUAL);
    call.go("access.role").keys("1\n\n").keys("u");
    assert_eq!(call.at(), "access.role");
    assert_eq!(call.said("access.role"), None);
    call.keys("u");
    assert!(call.screen().contains("Nothing of this call to undo"));
}

#[test]
fn a_stop_is_told_on_every_screen() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, SMALL);
    call.keys("1");
    insta::assert_snapshot!(call.screen(), @r"
    Contoso Ltd                             0:00     saved 14:02
    STOP  Call incident response first
    ────────────────────────────────────────────────────────────
     Nothing else matters now.

     Are you dealing with a breach?
     ask soc · internal only

      > 1 ✓ Yes
        2   No
                                                              ▼
    ────────────────────────────────────────────────────────────
     Said by nobody named, told                 [s] who  [b] how
     No note
     From here on: Call incident response first
    ────────────────────────────────────────────────────────────
    1-9 pick  Enter next  Bksp back  n note  ? not known, ask…
    - n/a  / find  p park  g sections  w why  v view  F10 finish
    ");
    call.keys("\n");
    assert_eq!(call.at(), "people.admins");
    assert!(call.screen().contains("STOP  Call incident response first"));
}

#[test]
fn text_of_any_script_is_kept_as_typed_and_shown_harmless() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "コントソ \u{1b}[2J\u{202e}株式会社");
    let mut call = Call::begin(&runtime, &workspace, SMALL);
    call.go("access.role").keys("3\n");
    assert_eq!(call.at(), "access.approval");
    let text =
        "שלום עולם 👩‍👩‍👧 日本語日本語日本語日本語日本語日本語日本語 e\u{301} \u{1b}[31mred\u{7}";
    call.keys("e");
    call.face.paste(&call.session.scene(), text);
    insta::assert_snapshot!(call.screen(), @r"
    コントソ ␛[2J⟨U+202E⟩株式会社           0:00     saved 14:02
    Access 2 of 4 · open 9
    ────────────────────────────────────────────────────────────
     Who approves containment?
     ask soc

     [e] writes the answer
     Answer
     │ שלום עולם 👩‍👩‍👧 日本語日本語日本語日本語日本語日本語日本語
     │  é ␛[31mred␇


    ────────────────────────────────────────────────────────────
     Said by nobody named, told                 [s] who  [b] how
     No note
     1 question added: “Who approves containment?”
    ────────────────────────────────────────────────────────────
    Enter keep  Alt+Enter new line  Esc leave it as it was
    ");
    call.press(KeyCode::Enter).press(KeyCode::Backspace);
    let scene = call.session.scene();
    let place = call.face.walk.current.unwrap();
    let kept = scene.response(place).unwrap().said.clone();
    assert!(
        format!("{kept:?}").contains("\\u{1b}[31mred\\u{7}"),
        "{kept:?}"
    );
    let shown = call.screen();
    assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown}");
}

#[test]
fn a_small_window_says_what_it_needs() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, (40, 10));
    call.keys("2");
    assert_eq!(call.said("scope.breach").as_deref(), Some("No"));
    assert!(
        call.screen().contains("60 columns and 18 lines"),
        "{}",
        call.screen()
    );
    call.size = (1, 1);
    call.screen();
}

#[test]
fn one_teams_questions_are_chosen_by_key() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, USUAL);
    call.keys("a");
    assert!(call.screen().contains("2  identity"), "{}", call.screen());
    call.keys("2");
    assert_eq!(call.at(), "access.role");
    assert!(call.screen().contains("only identity"), "{}", call.screen());
}

#[test]
fn what_is_begun_is_kept_when_the_program_is_told_to_end() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, USUAL);
    call.go("access.role").keys("3\n").keys("eAnna dec");
    let task = call.face.salvage(&call.session.scene());
    call.carry_out(task);
    assert!(call.ended);
    assert_eq!(call.said("access.approval").as_deref(), Some("Anna dec"));
}

#[test]
fn the_minutes_are_told_at_the_end() {
    let runtime = runtime();
    let workspace = workspace(&runtime, "Contoso Ltd");
    let mut call = Call::begin(&runtime, &workspace, USUAL);
    call.keys("sJ. Roth\n")
        .keys("2\n12\n")
        .keys("2")
        .keys("nuntil the works council agrees\n\n");
    call.keys("?1anna berg\n2026-09-09\n\n").keys("p").keys("q");
    assert!(call.ended);
    insta::assert_snapshot!(call.minutes(), @r"
    Minutes: Contoso Ltd
    2 Sep 2026, 14:02 to 14:02 (0 minutes)
    Said by J. Roth

    Answered (4)
      Scope
        Are you dealing with a breach?
          No, told
        Which products will Contoso Ltd use?
          Endpoint, Identity, on premises, told
      Access
        Which access have you granted the experts?
          Look only, told
          Note: until the works council agrees
        When was the emergency account last tried?
          Not known yet, Anna Berg asked, by 9 Sep 2026

    Promised in this call (1)
      Anna Berg, by 9 Sep 2026
        When was the emergency account last tried?

    Open, by date and person (8)
      Anna Berg, by 9 Sep 2026
        When was the emergency account last tried?
      nobody asked
        Is every administrator behind a second factor?
        How many administrators are there?
        What share of people was trained?
        How many analysts per shift?
        How many devices are protected?
        Which domains are there?
        Who is on duty?

    Parked (1)
        Is every administrator behind a second factor?
    ");
}

#[test]
fn any_key_anywhere_is_survived() {
    use proptest::prelude::{Strategy, any, prop, prop_oneof};
    let key = prop_oneof![
        4 => prop::sample::select("123450=?-xunNsbpgoeaw/v\n\t \u{8}日".chars().collect::<Vec<_>>()).prop_map(|character| {
            KeyEvent::new(
                match character {
                    '\n' => KeyCode::Enter,
                    '\t' => KeyCode::Tab,
                    '\u{8}' => KeyCode::Backspace,
                    _ => KeyCode::Char(character),
                },
                KeyModifiers::NONE,
            )
        }),
        1 => prop::sample::select(vec![KeyCode::Esc, KeyCode::Up, KeyCode::Down, KeyCode::Left, KeyCode::Right, KeyCode::Delete, KeyCode::Insert, KeyCode::Home, KeyCode::End, KeyCode::PageDown])
            .prop_map(|code| KeyEvent::new(code, KeyModifiers::NONE)),
        1 => any::<char>().prop_map(|character| KeyEvent::new(KeyCode::Char(character), KeyModifiers::NONE)),
    ];
    let runtime = runtime();
    let mut runner =
        proptest::test_runner::TestRunner::new(proptest::prelude::ProptestConfig::with_cases(24));
    let keys = prop::collection::vec(key, 1..80);
    runner
        .run(&keys, |keys| {
            let workspace = workspace(&runtime, "Contoso Ltd");
            let mut call = Call::begin(&runtime, &workspace, LARGE);
            for (at, key) in keys.into_iter().enumerate() {
                call.size = if at % 3 == 0 { SMALL } else { LARGE };
                call.face.wide = call.size == LARGE;
                call.key(key);
            }
            Ok(())
        })
        .unwrap();
}
