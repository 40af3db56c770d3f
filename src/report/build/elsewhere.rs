//! What a report says of findings that come from elsewhere than the questionnaire: ongoing advice and managed responses.

use crate::domain::managed_response::{ManagedResponse, ResponseCounts};
use crate::domain::{due, phrases};
use crate::report::build::Making;
use crate::report::model::{Advised, AwaitedResponse, Cut, Responses};

impl Making<'_> {
    /// Returns the advice that stands, the gravest and then the oldest first.
    pub(super) fn advice(&self) -> Cut<Advised> {
        let customer = &self.input.book.customer;
        let lives = &self.assessment.lives;
        let given = self.assessment.advice.iter();
        let mut given: Vec<_> = given
            .filter_map(|(key, advice)| Some((key, &advice.what, lives.get(key)?)))
            .filter(|(.., life)| life.stands())
            .collect();
        given.sort_by_key(|(_, advice, life)| (std::cmp::Reverse(life.severity), advice.on));
        let rows: Vec<Advised> = given
            .into_iter()
            .map(|(key, advice, life)| {
                let acts = life.must_act(self.today).is_some();
                let due = life.due(customer).filter(|_| acts);
                Advised {
                    key: key.to_string(),
                    title: advice.title.clone(),
                    severity: life.severity,
                    incident: advice.incident.clone(),
                    on: advice.on,
                    state: phrases::standing(life, self.today, |person| self.name(person)),
                    owner: life.owner().filter(|_| acts).map(|owner| self.name(owner)),
                    due,
                    overdue: due.and_then(|due| due::overdue(due, self.today, &customer.calendar)),
                }
            })
            .collect();
        Cut::from(rows)
    }

    /// Returns what the experts ask the customer to do, and what they asked for before; nothing where they never asked.
    pub(super) fn responses(&self) -> Option<Responses> {
        let all = self.assessment.responses.iter();
        let figures = self
            .assessment
            .figures
            .last()
            .map(|figures| figures.what.clone());
        if self.assessment.responses.is_empty() && figures.is_none() {
            return None;
        }
        let counts = ResponseCounts::of(all.clone().map(|(_, one)| &one.what));
        let mut waiting: Vec<AwaitedResponse> = all
            .filter(|(_, one)| !one.what.status().is_over())
            .map(|(key, one)| self.awaited(key.to_string(), &one.what))
            .collect();
        waiting.sort_by_key(|one| (one.asked_on, one.key.clone()));
        Some(Responses {
            waiting: Cut::from(waiting),
            completed: counts.completed,
            pending: counts.pending,
            skipped: counts.skipped,
            failed: counts.failed,
            median: counts.median_minutes.map(phrases::minutes),
            figures,
        })
    }

    fn awaited(&self, key: String, response: &ManagedResponse) -> AwaitedResponse {
        let customer = &self.input.book.customer;
        let open = response
            .of_customer()
            .filter(|action| !action.status.is_over());
        let actions: Vec<String> = open
            .map(|action| match &action.title {
                Some(title) => title.clone(),
                None => action.kind.words().to_owned(),
            })
            .collect();
        let due = response.due_at(&customer.due_policy.response);
        let overdue_by = due
            .map(|due| due.day_in(customer.time_zone))
            .and_then(|due| due::overdue(due, self.today, &customer.calendar));
        AwaitedResponse {
            key,
            incident: response.incident.clone(),
            title: response.title.clone(),
            severity: response.severity,
            status: phrases::action_status(response.status()).to_owned(),
            actions: actions.join("; "),
            asked_on: response.asked_at.day_in(customer.time_zone),
            asked: response.asked_at.local(customer.time_zone),
            due: due.map(|due| due.local(customer.time_zone)),
            overdue: overdue_by.is_some(),
            overdue_by,
        }
    }
}
