//! What was taken in as evidence, and where tools contradict what was said.

use crate::domain::exhibit::Matter;
use crate::domain::proposal;
use crate::domain::words;
use crate::report::build::Making;
use crate::report::model::{Disagreement, Evidence};

impl Making<'_> {
    /// Returns where tools contradict what was said.
    pub(super) fn disagreements(&self) -> Vec<Disagreement> {
        let customer = &self.input.book.customer;
        let hearings = proposal::hearings(self.assessment, customer, self.input.evidence);
        let disputed = hearings.iter().filter(|hearing| hearing.is_disputed());
        disputed
            .map(|hearing| {
                let question = &self.questionnaire().questions[hearing.place];
                let said = self.assessment.evaluation.said(hearing.place);
                let against = hearing.contradicting.iter();
                Disagreement {
                    question: self.id(hearing.place),
                    text: self.asks(hearing.place),
                    said: said.map_or_else(String::new, |said| words::said(question, said)),
                    tools: against
                        .map(|at| hearing.opinions[*at].brief(&question.kind))
                        .collect(),
                }
            })
            .collect()
    }

    /// Returns the evidence of this assessment: tools' files, and documents about its questions.
    pub(super) fn evidence(&self) -> Vec<Evidence> {
        let zone = self.input.book.customer.time_zone;
        let held = self.input.book.evidence.iter();
        held.filter_map(|held| {
            let exhibit = &held.exhibit.what;
            let question = self.assessment.documents.get(&held.exhibit.seq);
            let (what, on) = match &exhibit.matter {
                Matter::Document { .. } => (question?.to_string(), Some(held.exhibit.at)),
                Matter::Approval => (exhibit.words(), Some(held.exhibit.at)),
                Matter::Tool(output) => (exhibit.words(), output.taken),
            };
            let raw = exhibit.output().into_iter().flat_map(|output| &output.raw);
            Some(Evidence {
                entry: held.exhibit.seq,
                name: exhibit.name.clone(),
                what: match question {
                    Some(question) => format!("document on {question}"),
                    None => what,
                },
                question: question.map(ToString::to_string),
                on: on.map(|on| on.day_in(zone)),
                digest: exhibit.file.to_string(),
                raw: raw.map(|raw| raw.sha256.to_string()).collect(),
                withdrawn: held
                    .withdrawn
                    .as_ref()
                    .map(|withdrawn| withdrawn.what.clone()),
            })
        })
        .collect()
    }
}
