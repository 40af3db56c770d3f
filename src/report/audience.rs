//! Who may see what: the one place where a report is cut down.
//!
//! A report is made for the internal audience, which sees everything, and is then narrowed. Templates lay out what they are given;
//! they never decide what to leave out.

use std::collections::BTreeSet;

use crate::report::model::{Audience, Cut, Open, QuestionState, Report};

/// The most lines of each list that two printed pages hold.
mod room {
    /// Findings that stop the start.
    pub(super) const STOPS: usize = 5;
    /// Conditions and largest risks.
    pub(super) const CONDITIONS: usize = 6;
    /// Decisions needed.
    pub(super) const DECISIONS: usize = 4;
    /// Reasons beside the verdict.
    pub(super) const REASONS: usize = 4;
    /// Steps to be ready.
    pub(super) const STEPS: usize = 5;
    /// Lists of what is open, does not concern them or does not apply.
    pub(super) const ASIDE: usize = 5;
    /// Kinds of protected assets.
    pub(super) const ASSETS: usize = 5;
    /// Sections of the score.
    pub(super) const SECTIONS: usize = 18;
    /// Names for whom a report is meant.
    pub(super) const NAMES: usize = 6;
    /// Characters of the manager's summary.
    pub(super) const SUMMARY: usize = 700;
    /// Characters of a title, question or sentence.
    pub(super) const SENTENCE: usize = 120;
    /// Characters of a name.
    pub(super) const NAME: usize = 48;
}

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
            self.fit_two_pages();
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
        self.scope = None;
        self.score.band = None;
        self.score.planned = None;
        self.score.achievable = None;
        self.not_applicable.shown.retain(|thing| thing.could_stop);
        self.open = Open {
            questions: Vec::new(),
            ..std::mem::take(&mut self.open)
        };
    }

    /// Cuts lists and texts so that two printed pages hold them, and says how much was cut.
    fn fit_two_pages(&mut self) {
        self.coverage.truncate(room::ASSETS);
        self.head.distribution.truncate(room::NAMES);
        self.verdict.reasons.truncate(room::REASONS);
        self.verdict.takes.truncate(room::STEPS);
        self.score.sections.truncate(room::SECTIONS);
        self.stops.cut(room::STOPS);
        self.conditions.cut(room::CONDITIONS);
        self.decisions.cut(room::DECISIONS);
        self.verdict.undetermined.cut(room::ASIDE);
        self.not_concerned.cut(room::ASIDE);
        self.not_applicable.cut(room::ASIDE);
        self.clip_texts();
    }

    fn clip_texts(&mut self) {
        if let Some(summary) = &mut self.summary {
            clip(summary, room::SUMMARY);
        }
        let head = &mut self.head;
        let names = [
            Some(&mut head.title),
            Some(&mut head.customer.name),
            head.provider.as_mut(),
            head.classification.as_mut(),
            head.prepared_by.as_mut(),
            head.prepared_for.as_mut(),
            head.milestone.as_mut(),
        ];
        let lines = (self.stops.shown.iter_mut()).chain(&mut self.conditions.shown);
        let (mut sentences, mut owners) = (Vec::new(), Vec::new());
        for line in lines {
            sentences.extend([&mut line.title, &mut line.state]);
            owners.extend(line.who.as_mut());
        }
        let verdict = &mut self.verdict;
        sentences.push(&mut verdict.sentence);
        sentences.extend(verdict.detail.as_mut());
        sentences.extend(verdict.advice.as_mut());
        sentences.extend(
            verdict
                .start_override
                .as_mut()
                .map(|start| &mut start.reason),
        );
        sentences.extend(verdict.reasons.iter_mut().map(|reason| &mut reason.text));
        sentences.extend(&mut verdict.takes);
        sentences.extend(
            verdict
                .undetermined
                .shown
                .iter_mut()
                .map(|question| &mut question.text),
        );
        sentences.extend(
            self.decisions
                .shown
                .iter_mut()
                .map(|decision| &mut decision.text),
        );
        for thing in &mut self.not_concerned.shown {
            sentences.extend([&mut thing.title, &mut thing.because]);
        }
        for thing in &mut self.not_applicable.shown {
            sentences.extend([&mut thing.text, &mut thing.reason]);
            sentences.extend(thing.note.as_mut());
        }
        owners.extend(names.into_iter().flatten());
        owners.extend(&mut head.distribution);
        owners.extend(self.coverage.iter_mut().map(|row| &mut row.name));
        owners.extend(
            self.score
                .sections
                .iter_mut()
                .map(|section| &mut section.title),
        );
        owners.extend(self.since.as_mut().map(|since| &mut since.milestone));
        sentences
            .into_iter()
            .for_each(|text| clip(text, room::SENTENCE));
        owners.into_iter().for_each(|text| clip(text, room::NAME));
    }

    /// Returns how many of the questions that are shown have `state`.
    #[must_use]
    pub fn count(&self, state: QuestionState) -> usize {
        (self.sections.iter())
            .flat_map(|section| &section.questions)
            .filter(|question| question.state == state)
            .count()
    }
}

impl<T> Cut<T> {
    /// Keeps the first `most` and counts the others.
    fn cut(&mut self, most: usize) {
        self.more += self.shown.len().saturating_sub(most);
        self.shown.truncate(most);
    }
}

/// Shortens `text` to `most` characters, at the end of a word where there is one, with `…` where something is gone.
fn clip(text: &mut String, most: usize) {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return;
    };
    let kept = &text[..end];
    let word = kept.rfind(char::is_whitespace).filter(|at| *at > end / 2);
    text.truncate(word.unwrap_or(end));
    text.truncate(text.trim_end().len());
    text.push('…');
}
