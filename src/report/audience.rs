//! Who may see what: the one place where a report is cut down.
//!
//! A report is made for the internal audience, which sees everything, and is then narrowed. Templates lay out what they are given;
//! they never decide what to leave out. How much two printed pages hold is the business of `paper`.

use std::collections::BTreeSet;

use crate::report::model::{Audience, Open, Report, Service};
use crate::report::paper;

impl Report {
    /// Returns the report as `audience` may see it.
    ///
    /// What has been left out does not come back: a report for the executive audience stays one.
    #[must_use]
    pub fn for_audience(mut self, audience: Audience) -> Self {
        let audience = audience.min(self.audience);
        if audience <= Audience::Technical {
            self.leave_out_private();
        }
        if audience <= Audience::Executive {
            self.leave_out_detail();
            paper::fit(&mut self);
        }
        self.audience = audience;
        self
    }

    /// Leaves out private notes, and private questions wherever they are named.
    fn leave_out_private(&mut self) {
        let private: BTreeSet<String> = (self.sections.iter())
            .flat_map(|section| &section.questions)
            .filter(|question| question.private)
            .map(|question| question.id.clone())
            .collect();
        let shown = |id: &String| !private.contains(id);
        let shown_or_none = |id: &Option<String>| id.as_ref().is_none_or(shown);

        for section in &mut self.sections {
            section.questions.retain(|question| !question.private);
            for question in &mut section.questions {
                question.private_note = None;
            }
        }
        self.sections
            .retain(|section| !section.questions.is_empty());
        for finding in &mut self.findings {
            finding.private_note = None;
            finding
                .causes
                .retain(|cause| shown_or_none(&cause.question));
        }
        (self.verdict.reasons).retain(|reason| shown_or_none(&reason.question));
        (self.verdict.undetermined.shown).retain(|question| shown(&question.id));
        let open = self.open.questions.len();
        self.open.questions.retain(|question| shown(&question.id));
        self.open.answers -= open - self.open.questions.len();
        self.not_concerned.shown.retain(|thing| shown(&thing.id));
        self.not_applicable.shown.retain(|thing| shown(&thing.id));
    }

    /// Leaves out what only those who do the work need.
    fn leave_out_detail(&mut self) {
        self.sections.clear();
        self.findings.clear();
        self.recommendations.clear();
        self.sources.clear();
        self.not_so.clear();
        self.service = Service {
            brief: self.service.brief.take(),
            ..Service::default()
        };
        self.score.band = None;
        self.score.planned = None;
        self.score.achievable = None;
        self.not_applicable.shown.retain(|thing| thing.could_stop);
        self.open = Open {
            questions: Vec::new(),
            ..std::mem::take(&mut self.open)
        };
    }
}
