//! Corrections: what was recorded wrong, and what stands in its place from its own entry onward.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::id::{QuestionId, QuestionnaireId};
use crate::domain::ledger::{Entry, Fact, Why};
use crate::domain::migration::{Change, Passages};
use crate::domain::questionnaire::Texts;
use crate::domain::response::Said;

/// For each entry that a later one corrects, what replaces what it said; the later ones then change nothing themselves.
///
/// A correction may come under a later text than what it corrects. It is then said in the words of each text on the way, so that
/// the past is judged by its own questionnaire; where that had no word for it, nothing stands there.
#[derive(Default)]
pub(super) struct Corrections {
    /// What stands from an entry on, an answer or a change of text, by the question as it is called from there on.
    replaced: BTreeMap<(u64, QuestionId), Option<Said>>,
    /// The entries that correct.
    corrects: BTreeSet<u64>,
}

/// An answer that may yet be corrected, with the changes of text since.
struct Root<'a> {
    seq: u64,
    question: QuestionId,
    changes: Vec<&'a Change<'a>>,
}

/// The answers that may yet be corrected, by the names that their questions have now.
type Roots<'a> = BTreeMap<(&'a QuestionnaireId, QuestionId), Root<'a>>;

impl Corrections {
    /// Looks through a ledger.
    pub(super) fn of(entries: &[Entry], texts: &Texts) -> Self {
        let changes = Passages::of(entries, texts);
        let mut corrections = Self::default();
        let mut roots = Roots::new();
        for entry in entries {
            let seq = entry.header.seq;
            match &entry.fact {
                Some(Fact::Answered {
                    questionnaire,
                    question,
                    response,
                    why,
                }) => {
                    let key = (questionnaire, question.clone());
                    match roots.get(&key).filter(|_| *why == Why::Corrected) {
                        Some(root) => corrections.correct(seq, root, Some(&response.said)),
                        None => {
                            roots.insert(key, Root::new(seq, question));
                        }
                    }
                }
                Some(Fact::Withdrawn {
                    questionnaire,
                    question,
                    mistaken,
                }) => {
                    let root = roots.remove(&(questionnaire, question.clone()));
                    if let Some(root) = root.filter(|_| *mistaken) {
                        corrections.correct(seq, &root, None);
                    }
                }
                Some(Fact::QuestionnaireChanged { .. }) => {
                    if let Some(change) = changes.at(seq) {
                        roots = carried(roots, change);
                    }
                }
                _ => {}
            }
        }
        corrections
    }

    /// Returns whether an entry corrects an earlier one.
    pub(super) fn corrects(&self, seq: u64) -> bool {
        self.corrects.contains(&seq)
    }

    /// Returns what stands from an entry on, where a later one corrects it; the inner value is nothing where the text of that time
    /// could not say it.
    pub(super) fn replaced(&self, seq: u64, question: &QuestionId) -> Option<&Option<Said>> {
        self.replaced.get(&(seq, question.clone()))
    }

    /// Lets `said` stand in the place of what `root` said; nothing where that was a mistake altogether.
    fn correct(&mut self, seq: u64, root: &Root<'_>, said: Option<&Said>) {
        self.corrects.insert(seq);
        let names = root.names();
        let mut said = said.cloned();
        for ((change, before), after) in root.changes.iter().zip(&names).zip(&names[1..]).rev() {
            self.replaced
                .insert((change.seq, after.clone()), said.clone());
            said = said.and_then(|said| change.passage.back(before, &said));
        }
        self.replaced
            .insert((root.seq, root.question.clone()), said);
    }
}

impl Root<'_> {
    fn new(seq: u64, question: &QuestionId) -> Self {
        Self {
            seq,
            question: question.clone(),
            changes: Vec::new(),
        }
    }

    /// Returns what the question was called at first and after each change.
    fn names(&self) -> Vec<QuestionId> {
        let mut names = vec![self.question.clone()];
        for change in &self.changes {
            names.extend(change.passage.question(&names[names.len() - 1]));
        }
        names
    }
}

/// Takes the answers of a questionnaire through a change of its text. Of two that lead to one question, the later one counts.
fn carried<'a>(roots: Roots<'a>, change: &'a Change<'a>) -> Roots<'a> {
    let mut carried = Roots::new();
    for ((questionnaire, question), mut root) in roots {
        if questionnaire != change.questionnaire {
            carried.insert((questionnaire, question), root);
            continue;
        }
        let Some(name) = change.passage.question(&question) else {
            continue;
        };
        root.changes.push(change);
        let key = (questionnaire, name);
        if carried.get(&key).is_none_or(|other| other.seq < root.seq) {
            carried.insert(key, root);
        }
    }
    carried
}
