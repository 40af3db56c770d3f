//! Answers carried over: the questions that they come from, where the other questionnaire is at hand.

use crate::catalog::checks::Subject;
use crate::catalog::near;
use crate::catalog::notes::Notes;
use crate::problem::Problem;

/// E002, E005: the other questionnaire asks what answers are carried over from, and takes answers of the same type.
pub(super) fn sources(subject: &Subject<'_>, notes: &mut Notes) {
    let questionnaire = subject.questionnaire;
    for (place, carry) in questionnaire.carry.iter().enumerate() {
        let Some(other) = subject.others.get(&carry.from) else {
            continue;
        };
        let at = subject.index.sources.main().key("carry").item(place);
        for (source, question) in &carry.answers {
            let at = at.key("answers").key(source.as_str());
            let Some(kind) = other.get(source.as_str()) else {
                let message = format!("`{}` has no question `{source}`", carry.from);
                let help = match near::nearest(source.as_str(), other.keys().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("see `readiness questionnaire show {}`", carry.from),
                };
                notes.add(at, Problem::error(message).code("E002").help(help));
                continue;
            };
            let own = questionnaire.question(question);
            let own = own.map(|place| subject.index.questions[place].written.kind);
            if let Some(own) = own.filter(|own| own != kind) {
                let message = format!(
                    "`{source}` of `{}` is `{}`, and `{question}` is `{}`",
                    carry.from,
                    kind.name(),
                    own.name()
                );
                let help = "carry over between questions of one type, or take this pair out";
                notes.add(at, Problem::error(message).code("E005").help(help));
            }
        }
    }
}
