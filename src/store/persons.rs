//! Persons: who records, says, owns and approves.

use sqlx::sqlite::SqliteConnection;
use sqlx::{query, query_as};

use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql;

/// A person as the table has it: id, name, mail, organisation.
type Row = (String, String, Option<String>, Option<String>);

impl Store {
    /// Returns every person, by id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn persons(&self) -> Result<Vec<Person>, StoreError> {
        let mut connection = self.pool.acquire().await.map_err(|e| self.fault(e))?;
        self.select_persons(&mut connection).await
    }

    /// Returns one person, if there is one of that id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn person(&self, id: &PersonId) -> Result<Option<Person>, StoreError> {
        let row: Option<Row> = query_as(sql::PERSON)
            .bind(id.as_str())
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| self.fault(error))?;
        row.map(|row| self.person_of(row)).transpose()
    }

    /// Adds a person.
    ///
    /// # Errors
    /// [`StoreError::PersonExists`] when the id is taken.
    pub async fn add_person(&self, person: &Person) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        if !self.insert_person(&mut transaction, person).await? {
            let person = person.id.clone();
            return Err(StoreError::PersonExists { person });
        }
        transaction.commit().await.map_err(|e| self.fault(e))
    }

    pub(in crate::store) async fn select_persons(
        &self,
        connection: &mut SqliteConnection,
    ) -> Result<Vec<Person>, StoreError> {
        let rows: Vec<Row> = query_as(sql::PERSONS)
            .fetch_all(connection)
            .await
            .map_err(|error| self.fault(error))?;
        rows.into_iter().map(|row| self.person_of(row)).collect()
    }

    /// Adds a person unless the id is taken; returns whether it was added.
    pub(in crate::store) async fn insert_person(
        &self,
        connection: &mut SqliteConnection,
        person: &Person,
    ) -> Result<bool, StoreError> {
        let done = query(sql::ADD_PERSON)
            .bind(person.id.as_str())
            .bind(&person.name)
            .bind(&person.mail)
            .bind(&person.organisation)
            .execute(connection)
            .await
            .map_err(|error| self.fault(error))?;
        Ok(done.rows_affected() > 0)
    }

    fn person_of(&self, (id, name, mail, organisation): Row) -> Result<Person, StoreError> {
        Ok(Person {
            id: id.parse().map_err(|fault| self.damaged(fault))?,
            name,
            mail,
            organisation,
        })
    }
}
