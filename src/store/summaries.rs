//! Summary rows: what portfolio views show of each assessment, or of a customer without any, kept beside the ledger.
//!
//! A row is good for the day it was computed for and until [`changes_on`](SummaryRow::changes_on), under the same engine. Whether
//! it has to be computed again, and how, is the caller's business.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Row as _, query, query_as};
use uuid::Uuid;

use crate::domain::id::{CustomerId, QuestionnaireId};
use crate::domain::time::Day;
use crate::store::error::StoreError;
use crate::store::ledgers::number;
use crate::store::open::Store;
use crate::store::sql;

/// What is kept of one assessment, or of a customer without any, for views over all customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryRow {
    /// Whose assessment.
    pub customer: CustomerId,
    /// Under which questionnaire; nothing where the customer has no assessment.
    pub questionnaire: Option<QuestionnaireId>,
    /// The place of the last entry that it was computed from.
    pub seq: u64,
    /// The day that it was computed for.
    pub computed_for: Day,
    /// The first day on which something in it changes by itself.
    pub changes_on: Option<Day>,
    /// The version of the program that computed it.
    pub engine: String,
    /// The summary, in JSON.
    pub content: String,
}

impl SummaryRow {
    /// Returns whether the row still holds on `today` for a ledger whose last entry is `seq`, under `engine`.
    #[must_use]
    pub fn holds(&self, seq: u64, today: Day, engine: &str) -> bool {
        self.seq == seq
            && self.engine == engine
            && self.computed_for <= today
            && self.changes_on.is_none_or(|day| today < day)
    }
}

/// How long a reader of many rows waits where none is there yet.
const GULP: Duration = Duration::from_millis(1);

/// Reads many rows, and waits a moment for more whenever it has run out, instead of for the next one: to be woken for each costs more
/// than the row.
async fn in_gulps<F: Future>(read: F) -> F::Output {
    let mut read = pin!(read);
    loop {
        let state = poll_fn(|context| Poll::Ready(read.as_mut().poll(context))).await;
        match state {
            Poll::Ready(output) => return output,
            Poll::Pending => tokio::time::sleep(GULP).await,
        }
    }
}

/// A summary as the table has it: slug, questionnaire (empty where there is no assessment), seq, computed for, changes on, engine, content.
type Row = (String, String, i64, String, Option<String>, String, String);

/// Stands between columns that are read as one text; nothing in them holds it, since JSON writes it as an escape.
const SEPARATOR: &str = "\u{1f}";

/// A customer with one of the rows that are kept of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// The customer.
    pub customer: CustomerId,
    /// The place of the last entry in their ledger.
    pub seq: u64,
    /// The row; nothing where none is kept.
    pub row: Option<SummaryRow>,
}

impl Store {
    /// Gives every customer with each of their summary rows, or without one, to `each`, by customer and questionnaire. Rows are read
    /// ahead while it works.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn watch(&self, mut each: impl FnMut(Watched) + Send) -> Result<(), StoreError> {
        let mut fault = None;
        let mut connection = self.pool.acquire().await.map_err(|e| self.fault(e))?;
        let read = query(sql::CUSTOMERS_WITH_SUMMARIES)
            .bind(SEPARATOR)
            .map(|row: SqliteRow| {
                let text = row.try_get(0).map_err(|error| self.fault(error));
                match text.and_then(|text| self.watched_of(text)) {
                    Ok(watched) => each(watched),
                    Err(error) => {
                        fault.get_or_insert(error);
                    }
                }
            })
            .fetch_all(&mut *connection);
        in_gulps(read).await.map_err(|error| self.fault(error))?;
        fault.map_or(Ok(()), Err)
    }

    fn watched_of(&self, text: &str) -> Result<Watched, StoreError> {
        let columns: Vec<&str> = text.splitn(8, SEPARATOR).collect();
        let seq = |text: &str| text.parse::<i64>().map_err(|fault| self.damaged(fault));
        let (slug, last, row) = match *columns {
            [
                slug,
                last,
                questionnaire,
                of,
                on,
                changes_on,
                engine,
                content,
            ] => {
                let row = (
                    slug.to_owned(),
                    questionnaire.to_owned(),
                    seq(of)?,
                    on.to_owned(),
                    (!changes_on.is_empty()).then(|| changes_on.to_owned()),
                    engine.to_owned(),
                    content.to_owned(),
                );
                (slug, last, Some(self.summary_of(row)?))
            }
            [slug, last, ""] => (slug, last, None),
            _ => return Err(self.damaged("a row of `summaries` lacks columns")),
        };
        Ok(Watched {
            customer: slug.parse().map_err(|fault| self.damaged(fault))?,
            seq: u64::try_from(seq(last)?).map_err(|fault| self.damaged(fault))?,
            row,
        })
    }

    /// Returns every summary row, by customer and questionnaire.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn summaries(&self) -> Result<Vec<SummaryRow>, StoreError> {
        let mut connection = self.pool.acquire().await.map_err(|e| self.fault(e))?;
        self.select_summaries(&mut connection).await
    }

    /// Keeps rows that were computed again on reading.
    ///
    /// A row of a ledger that has moved on since is left out: whoever moved it wrote a newer one.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn put_summaries(&self, rows: &[SummaryRow]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut transaction = self.write().await?;
        for row in rows {
            self.put_summary(&mut transaction, row).await?;
        }
        transaction.commit().await.map_err(|e| self.fault(e))
    }

    pub(in crate::store) async fn select_summaries(
        &self,
        connection: &mut SqliteConnection,
    ) -> Result<Vec<SummaryRow>, StoreError> {
        let rows: Vec<Row> = query_as(sql::SUMMARIES)
            .fetch_all(connection)
            .await
            .map_err(|error| self.fault(error))?;
        rows.into_iter().map(|row| self.summary_of(row)).collect()
    }

    /// Puts the rows in the place of all those of the ledger.
    pub(in crate::store) async fn replace_summaries(
        &self,
        connection: &mut SqliteConnection,
        ledger: &Uuid,
        rows: &[SummaryRow],
    ) -> Result<(), StoreError> {
        query(sql::DROP_SUMMARIES)
            .bind(ledger.to_string())
            .execute(&mut *connection)
            .await
            .map_err(|error| self.fault(error))?;
        for row in rows {
            self.put_summary(connection, row).await?;
        }
        Ok(())
    }

    async fn put_summary(
        &self,
        connection: &mut SqliteConnection,
        row: &SummaryRow,
    ) -> Result<(), StoreError> {
        query(sql::PUT_SUMMARY)
            .bind(row.customer.as_str())
            .bind(
                row.questionnaire
                    .as_ref()
                    .map_or("", QuestionnaireId::as_str),
            )
            .bind(number(row.seq))
            .bind(row.computed_for.to_string())
            .bind(row.changes_on.map(|day| day.to_string()))
            .bind(&row.engine)
            .bind(&row.content)
            .execute(connection)
            .await
            .map_err(|error| self.fault(error))?;
        Ok(())
    }

    fn summary_of(
        &self,
        (slug, questionnaire, seq, computed_for, changes_on, engine, content): Row,
    ) -> Result<SummaryRow, StoreError> {
        let day = |text: &str| text.parse::<Day>().map_err(|fault| self.damaged(fault));
        Ok(SummaryRow {
            customer: slug.parse().map_err(|fault| self.damaged(fault))?,
            questionnaire: (!questionnaire.is_empty())
                .then(|| questionnaire.parse())
                .transpose()
                .map_err(|fault| self.damaged(fault))?,
            seq: u64::try_from(seq).map_err(|fault| self.damaged(fault))?,
            computed_for: day(&computed_for)?,
            changes_on: changes_on.as_deref().map(day).transpose()?,
            engine,
            content,
        })
    }
}
