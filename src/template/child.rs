//! Rendering in a child process with limits of memory and time.
//!
//! The same binary is started with a hidden command, is sent the templates of the folder and what to render as JSON,
//! sets its own limits, and answers one line a job. It opens no file. Whatever a template does there, the parent
//! gets an answer or a [`TemplateError`]. Where the system has no limits (Windows) only the parent's clock holds.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::template::engine::Engine;
use crate::template::sources::{Replacement, Sources};
use crate::template::{Job, MAX_OUTPUT, TemplateError};

/// Address space of the child.
const MEMORY_GIB: u64 = 1;
/// Processor time of the child.
const CPU_SECONDS: u64 = 10;
/// Until the parent ends the child.
const WALL: Duration = Duration::from_secs(20);
/// Begins every line that is an answer; what else a process may print is passed over.
const ANSWER: &str = "readiness-render ";
/// What is read of the child's complaints.
const LONGEST_COMPLAINT: u64 = 4096;

/// How to start the child: this binary, and what makes it call [`child_main`].
#[derive(Clone, Debug)]
pub struct Worker {
    /// The binary.
    pub program: PathBuf,
    /// Its arguments. The environment is empty.
    pub arguments: Vec<String>,
}

/// What the child is sent.
#[derive(Debug, Serialize, Deserialize)]
struct Request {
    replacements: BTreeMap<String, Replacement>,
    jobs: Vec<Job>,
}

type Answer = Result<String, TemplateError>;

/// The child's whole life: reads a request, sets limits, renders, answers.
///
/// # Errors
/// A request that cannot be read, limits that cannot be set, an answer that cannot be written. What is wrong with a
/// template is an answer.
pub fn child_main(input: impl Read, mut output: impl Write) -> io::Result<()> {
    let request: Request = serde_json::from_reader(BufReader::new(input))?;
    limit_this_process()?;
    let mut sources = Sources::shipped();
    sources.replacements = request.replacements;
    let (engine, _) = Engine::load(sources);
    for job in &request.jobs {
        let answer: Answer = engine.render(&job.subject, &job.context);
        let line = format!("{ANSWER}{}\n", serde_json::to_string(&answer)?);
        output.write_all(line.as_bytes())?;
        output.flush()?;
    }
    Ok(())
}

#[cfg(unix)]
fn limit_this_process() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    for (resource, bound) in [
        (Resource::As, MEMORY_GIB << 30),
        (Resource::Cpu, CPU_SECONDS),
        (Resource::Core, 0),
    ] {
        let maximum = getrlimit(resource)
            .maximum
            .map_or(bound, |maximum| maximum.min(bound));
        setrlimit(
            resource,
            Rlimit {
                current: Some(maximum),
                maximum: Some(maximum),
            },
        )?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn limit_this_process() -> io::Result<()> {
    Ok(())
}

impl Worker {
    /// Renders `jobs` in a child; a job that the child does not survive, and those after it, get an error.
    pub(crate) fn render(&self, sources: &Sources, jobs: Vec<Job>) -> Vec<Answer> {
        let replacements = sources.replacements.clone();
        let request = Request { replacements, jobs };
        let mut answers = Vec::new();
        let ending = match self.start(&request) {
            Ok(running) => running.collect(request.jobs.len(), &mut answers),
            Err(error) => format!(
                "cannot be rendered: starting {}: {error}",
                self.program.display()
            ),
        };
        if let Some(job) = request.jobs.get(answers.len()) {
            let hint = "templates of a folder render with limits; make the template simpler";
            let error =
                TemplateError::whole(sources.shown(job.subject.file()), ending).with_hint(hint);
            answers.resize(request.jobs.len(), Err(error));
        }
        answers
    }

    fn start(&self, request: &Request) -> io::Result<Running> {
        let request = serde_json::to_vec(request)?;
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut input = child.stdin.take().expect("it is piped");
        // A child that ends early closes its end; that it ended is seen below.
        thread::spawn(move || input.write_all(&request));
        let answers = read_answers(child.stdout.take().expect("it is piped"));
        let complaints = child.stderr.take().expect("it is piped");
        let complaints = thread::spawn(move || {
            let mut text = Vec::new();
            let mut complaints = complaints.take(LONGEST_COMPLAINT);
            // What could not be read is not needed: it only makes a message clearer.
            let _ = complaints.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        Ok(Running {
            child,
            answers,
            complaints,
        })
    }
}

/// Escaped as JSON, an answer is at most six times as long, and a line of an endless child ends somewhere.
fn read_answers(output: impl Read + Send + 'static) -> Receiver<Answer> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = String::new();
        loop {
            line.clear();
            let mut bounded = (&mut output).take(MAX_OUTPUT as u64 * 6 + 1024);
            if bounded.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let answer = line
                .strip_prefix(ANSWER)
                .and_then(|json| serde_json::from_str(json).ok());
            if answer.is_some_and(|answer| sender.send(answer).is_err()) {
                return;
            }
        }
    });
    receiver
}

struct Running {
    child: Child,
    answers: Receiver<Answer>,
    complaints: JoinHandle<String>,
}

impl Running {
    /// Takes up to `count` answers, and returns why there are no more.
    fn collect(mut self, count: usize, answers: &mut Vec<Answer>) -> String {
        let deadline = Instant::now() + WALL;
        while answers.len() < count {
            match self
                .answers
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(answer) => answers.push(answer),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    self.end();
                    return format!("takes more than {} seconds", WALL.as_secs());
                }
            }
        }
        if answers.len() == count {
            self.end();
            return String::new();
        }
        match self.child.wait() {
            Ok(status) => ending(status, &self.complaints.join().unwrap_or_default()),
            Err(error) => format!("cannot be rendered: {error}"),
        }
    }

    fn end(&mut self) {
        // Either it has ended by itself, or it is ended now; both leave nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Puts in words how a child ended that did not answer.
fn ending(status: ExitStatus, complaint: &str) -> String {
    const SIGXCPU: i32 = 24;
    const SIGKILL: i32 = 9;

    let complaint_line = complaint
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    match signal(status) {
        _ if complaint.contains("memory allocation") => {
            format!("takes more than {MEMORY_GIB} GiB of memory")
        }
        _ if complaint.contains("overflowed its stack") => "is nested too deeply".to_owned(),
        Some(SIGXCPU | SIGKILL) => {
            format!("takes more than {CPU_SECONDS} seconds of processor time")
        }
        Some(signal) => {
            format!("ended the process that renders it by signal {signal}: {complaint_line}")
        }
        None => format!("ended the process that renders it ({status}): {complaint_line}"),
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}
