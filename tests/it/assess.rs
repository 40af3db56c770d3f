//! `readiness assess` as it is run: line by line through a pipe, and on a terminal.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::project::{Project, Ran, left_out};

fn project() -> Project {
    Project::new().questionnaire("walk")
}

/// Walks line by line.
fn walk(project: &Project, lines: &str) -> Ran {
    walk_with(project, &["assess", "contoso", "--plain"], lines.as_bytes())
}

fn walk_with(project: &Project, arguments: &[&str], lines: &[u8]) -> Ran {
    let mut command = project.command(arguments);
    let command = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines).unwrap();
    Ran::of(&arguments.join(" "), child.wait_with_output().unwrap())
}

#[test]
fn a_call_line_by_line() {
    let walked = walk(
        &project(),
        "no\nendpoint,office\nwhy\n2\nunknown Bo Lind 2026-09-09\nmaybe\nyes\nquit\n",
    )
    .ok();
    insta::assert_snapshot!(walked.text(), @r"
    Type an answer, or `commands` for everything else. Each answer is kept at once.

    Scope, 0 of 2 answered. scope.breach
    Are you dealing with a breach?
    Wanted: yes or no.
    > no
    Kept.

    Scope, 1 of 2 answered. scope.products
    Which products will Contoso Ltd use?
      1 Endpoint
      2 Identity, on premises
      3 Office
      4 None of these
    Wanted: any of the options, by their numbers with commas; [] for none of them.
    > endpoint,office
    Kept.
    1 question added: “How many devices are protected?”

    Access, 0 of 3 answered. access.role
    Which access have you granted the experts?
      1 None yet
      2 Look only
      3 Look and respond
    Wanted: one of the options, by its number or the beginning of its text.
    > why
    Without a role they cannot look.
    Whose rule: Microsoft prerequisite
    > 2
    Kept.

    Access, 1 of 3 answered. access.drill
    When was the emergency account last tried?
      none: Never
    Wanted: a date, such as 2026-09-02, or today.
    > unknown Bo Lind 2026-09-09
    Kept.

    Access, 1 of 3 answered. access.mfa
    Is every administrator behind a second factor?
    Wanted: yes or no.
    > maybe
    Not kept: `maybe` is neither yes nor no (write `yes` or `no`)
    > yes
    Kept.

    People, 0 of 3 answered. people.admins
    How many administrators are there?
    Wanted: a whole number.
    > quit
    Minutes: Contoso Ltd
    2 Sep 2026, 09:00 to 09:00 (0 minutes)

    Answered (5)
      Scope
        Are you dealing with a breach?
          No, told
        Which products will Contoso Ltd use?
          Endpoint, Office, told
      Access
        Which access have you granted the experts?
          Look only, told
        When was the emergency account last tried?
          Not known yet, Bo Lind asked, by 9 Sep 2026
        Is every administrator behind a second factor?
          Yes, told

    Promised in this call (1)
      Bo Lind, by 9 Sep 2026
        When was the emergency account last tried?

    Open, by date and person (6)
      Bo Lind, by 9 Sep 2026
        When was the emergency account last tried?
      nobody asked
        How many administrators are there?
        What share of people was trained?
        How many analysts per shift?
        How many devices are protected?
        Who is on duty?
    ");
}

#[test]
fn everything_that_a_line_can_be() {
    let lines = "commands\nsections\nfind access granted\ngo access.role\nsaid-by J. Roth\nbasis shown\n3\n\
        say note well\nback\nnote Anna decides\nprivate they argue\nundo\ngo 2\ngo nowhere\nteam identity\nteam all\n\
        na not-used\nnone\nwithdraw\nstill\npark\nopen\nview\nmay-not-say\n<<\none\ntwo\n.\n";
    let walked = walk(&project(), lines).ok();
    insta::assert_snapshot!(walked.text(), @r"
    Type an answer, or `commands` for everything else. Each answer is kept at once.

    Scope, 0 of 2 answered. scope.breach
    Are you dealing with a breach?
    Wanted: yes or no.
    > commands
    (an empty line): next question
    say ANSWER: the answer, also one that begins with a command's word
    <<: an answer of several lines, up to a line with a single dot
    none: the explicit none that the question offers
    unknown [WHO] [DATE]: not known yet: who finds out, by when
    may-not-say, nobody-knows: not known, and why
    na REASON [NOTE]: not applicable: not-licensed, not-used, out-of-scope, provided-by-third-party, other
    still: the answer of last time is still true
    withdraw: take the answer back
    undo: undo what was recorded last
    note TEXT: a note that reports print
    private TEXT: a note that only the internal report prints
    said-by NAME: who is speaking, from here on
    basis HOW: told, shown or measured, from here on
    back: back to where you were
    skip: next question
    open: next question that needs somebody
    park: put the question off, or take it up again
    sections: the sections and how far they are
    go WHERE: to a section by its number, or to section.question
    find WORDS: questions in which all of these words occur
    team NAME, team all: one team's questions, or everybody's
    why: why it is asked, and where to look
    view: the verdict and what stops the start
    quit: finish; everything is kept already
    > sections
    1 Scope: 0 of 2 answered
    2 Access: 0 of 3 answered
    3 People: 0 of 3 answered
    4 Estate: 0 of 1 answered
    > find access granted
    access.role: Which access have you granted the experts?
    `go` and the name before the colon goes there.
    > go access.role

    Access, 0 of 3 answered. access.role
    Which access have you granted the experts?
      1 None yet
      2 Look only
      3 Look and respond
    Wanted: one of the options, by its number or the beginning of its text.
    > said-by J. Roth
    > basis shown
    > 3
    Kept.
    1 question added: “Who approves containment?”

    Access, 1 of 4 answered. access.approval
    Who approves containment?
    Wanted: a text.
    > say note well
    Kept.

    Access, 2 of 4 answered. access.drill
    When was the emergency account last tried?
      none: Never
    Wanted: a date, such as 2026-09-02, or today.
    > back

    Access, 2 of 4 answered. access.approval
    Who approves containment?
    Wanted: a text.
    Last time, 2 Sep 2026: note well, shown by J. Roth
    > note Anna decides
    Kept.
    > private they argue
    Kept.
    > undo
    Kept.

    Access, 2 of 4 answered. access.approval
    Who approves containment?
    Wanted: a text.
    Last time, 2 Sep 2026: note well, shown by J. Roth
    Note: Anna decides
    > go 2

    Access, 2 of 4 answered. access.drill
    When was the emergency account last tried?
      none: Never
    Wanted: a date, such as 2026-09-02, or today.
    > go nowhere
    There is nothing of that name to go to
    > team identity

    The end: 0 questions are open. An empty line begins again, `quit` finishes.
    > team all

    Scope, 0 of 2 answered. scope.breach
    Are you dealing with a breach?
    Wanted: yes or no.
    > na not-used
    Kept.

    Scope, 1 of 2 answered. scope.products
    Which products will Contoso Ltd use?
      1 Endpoint
      2 Identity, on premises
      3 Office
      4 None of these
    Wanted: any of the options, by their numbers with commas; [] for none of them.
    > none
    Kept.

    Access, 2 of 4 answered. access.role
    Which access have you granted the experts?
      1 None yet
      2 Look only
      3 Look and respond
    Wanted: one of the options, by its number or the beginning of its text.
    Last time, 2 Sep 2026: Look and respond, shown by J. Roth
    > withdraw
    Kept.
    1 question gone: “Who approves containment?”

    Access, 0 of 3 answered. access.role
    Which access have you granted the experts?
      1 None yet
      2 Look only
      3 Look and respond
    Wanted: one of the options, by its number or the beginning of its text.
    > still
    There is no answer yet that could still be true
    > park

    Access, 0 of 3 answered. access.drill
    When was the emergency account last tried?
      none: Never
    Wanted: a date, such as 2026-09-02, or today.
    > open

    Access, 0 of 3 answered. access.mfa
    Is every administrator behind a second factor?
    Wanted: yes or no.
    > view
    Cannot say yet: 2 answers missing
    > may-not-say
    Kept.

    People, 0 of 3 answered. people.admins
    How many administrators are there?
    Wanted: a whole number.
    > <<
    one
    two
    .
    Not kept: `one
    two` is not a whole number (write digits alone, such as `1200`)
    > 
    Minutes: Contoso Ltd
    2 Sep 2026, 09:00 to 09:00 (0 minutes)
    Said by J. Roth

    Answered (4)
      Scope
        Are you dealing with a breach?
          Not applicable: not used, shown
        Which products will Contoso Ltd use?
          None of these, shown
      Access
        Who approves containment?
          note well, shown
          Note: Anna decides
        Is every administrator behind a second factor?
          May not say

    Open, by date and person (7)
      nobody asked
        Which access have you granted the experts?
        When was the emergency account last tried?
        Is every administrator behind a second factor?
        How many administrators are there?
        What share of people was trained?
        How many analysts per shift?
        Who is on duty?

    Parked (1)
        Which access have you granted the experts?
    ");
}

#[test]
fn the_end_of_the_lines_is_the_end_of_the_walk_and_the_next_goes_on() {
    let project = project();
    walk(&project, "no").ok().stdout("Kept.");
    walk(&project, "")
        .ok()
        .stdout("scope.products")
        .stderr("nothing was recorded");
}

#[test]
fn a_pipe_is_walked_line_by_line_unasked() {
    walk_with(&project(), &["assess", "contoso"], b"no\n")
        .ok()
        .stdout("Kept.");
}

#[test]
fn text_and_noise_are_kept_as_typed_and_shown_harmless() {
    let project = project();
    let mut lines = b"go access.role\n3\ngo access.approval\n\x1b[31m\x00\xff \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe6\x97\xa5\xe6\x9c\xac\n".to_vec();
    lines.extend_from_slice("go access.approval\n".as_bytes());
    let walked = walk_with(&project, &["assess", "contoso", "--plain"], &lines).ok();
    let text = walked.text();
    assert!(text.contains("␛[31m␀\u{fffd} שלום 日本"), "{walked}");
    assert!(!text.contains(['\u{1b}', '\0']), "{walked}");
}

#[test]
fn a_team_that_is_not_asked_is_told_who_is() {
    walk_with(&project(), &["assess", "contoso", "--ask", "sales"], b"")
        .exit(2)
        .stderr("nothing is asked of a team `sales`")
        .stderr("name one of identity, soc");
    walk_with(&project(), &["assess", "contoso", "--ask", "identity"], b"")
        .ok()
        .stdout("access.role");
}

#[test]
fn a_customer_who_is_not_there_is_told() {
    walk_with(&project(), &["assess", "fabrikam"], b"")
        .exit(2)
        .stderr("no customer `fabrikam`");
}

// ── on a terminal ──

const ROWS: NonZeroU16 = NonZeroU16::new(24).unwrap();
const COLUMNS: NonZeroU16 = NonZeroU16::new(80).unwrap();

/// A walk on a terminal of 80 columns and 24 lines, by way of `script`.
struct Terminal {
    child: Child,
    screen: vt100::Parser,
}

impl Terminal {
    /// Begins a walk; nothing where the machine has no `script`.
    fn begin(project: &Project, test: &str) -> Option<Self> {
        let program = env!("CARGO_BIN_EXE_readiness");
        let run = format!("stty rows 24 cols 80; echo $$ > pid; exec {program} assess contoso");
        let mut command = Command::new("script");
        project.surround(&mut command).env("TERM", "xterm");
        command
            .args(["-qec", &run, "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        match command.spawn() {
            Ok(child) => Some(Self {
                child,
                screen: vt100::Parser::new(ROWS, COLUMNS, 0),
            }),
            Err(error) => {
                left_out(test, &format!("`script` cannot be run: {error}"));
                None
            }
        }
    }

    /// Reads until the screen shows something.
    fn until(&mut self, part: &str) -> &mut Self {
        let begun = Instant::now();
        while !self.screen.screen().contents().contains(part) {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "no `{part}` in\n{}",
                self.shown()
            );
            assert!(
                self.read() > 0,
                "it ended without `{part}` in\n{}",
                self.shown()
            );
        }
        self
    }

    fn read(&mut self) -> usize {
        let mut bytes = [0; 4096];
        let read = self
            .child
            .stdout
            .as_mut()
            .unwrap()
            .read(&mut bytes)
            .unwrap();
        self.screen.process(&bytes[..read]);
        read
    }

    fn shown(&self) -> String {
        self.screen.screen().contents()
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(keys.as_bytes()).unwrap();
        stdin.flush().unwrap();
        self
    }

    /// Answers the first question and ticks two options of the second.
    fn begin_an_answer(&mut self) {
        self.until("Are you dealing with a breach?")
            .keys("2\r")
            .until("Which products");
        self.keys("13").until("3 [x] Office");
    }

    /// Reads to the end, and expects the terminal to be as it was.
    fn end(mut self) -> String {
        while self.read() > 0 {}
        self.child.wait().unwrap();
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        self.shown()
    }
}

#[test]
fn a_call_on_a_terminal_ends_with_the_minutes() {
    let project = project();
    let Some(mut terminal) = Terminal::begin(&project, "a_call_on_a_terminal") else {
        return;
    };
    terminal
        .until("Are you dealing with a breach?")
        .keys("2")
        .until("✓ No");
    terminal
        .keys("\r")
        .until("Which products")
        .keys("13\r")
        .until("Which access");
    terminal.keys("q").until("Minutes: Contoso Ltd");
    let shown = terminal.end();
    assert!(shown.contains("Endpoint, Office, told"), "{shown}");
}

#[test]
fn a_signal_keeps_what_was_begun_and_gives_the_terminal_back() {
    let project = project();
    let Some(mut terminal) = Terminal::begin(&project, "a_signal_keeps") else {
        return;
    };
    terminal.begin_an_answer();
    let pid = project.read("pid");
    let killed = Command::new("kill")
        .args(["-TERM", pid.trim()])
        .status()
        .unwrap();
    assert!(killed.success());
    terminal.end();
    project
        .run("explain contoso scope.products")
        .ok()
        .stdout("Endpoint, Office");
}

#[test]
fn a_terminal_that_is_gone_ends_the_walk_and_keeps_what_was_begun() {
    let project = project();
    let Some(mut terminal) = Terminal::begin(&project, "a_terminal_that_is_gone") else {
        return;
    };
    terminal.begin_an_answer();
    let process = format!("/proc/{}", project.read("pid").trim());
    // Killed outright, the terminal's program gives nobody time to leave.
    terminal.child.kill().unwrap();
    terminal.child.wait().unwrap();
    let begun = Instant::now();
    while Path::new(&process).exists() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "the walk goes on without a terminal"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    project
        .run("explain contoso scope.products")
        .ok()
        .stdout("Endpoint, Office");
}
