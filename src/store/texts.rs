//! Texts and files, kept by the SHA-256 of their bytes.

use sqlx::sqlite::SqliteConnection;
use sqlx::{query, query_as, query_scalar};

use crate::domain::id::Hash;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql;

/// A text or file; its hash is always that of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    hash: Hash,
    media_type: String,
    bytes: Vec<u8>,
}

impl Text {
    /// Takes the bytes, of a media type such as `application/json`.
    #[must_use]
    pub fn new(media_type: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self {
            hash: Hash::of(&bytes),
            media_type: media_type.into(),
            bytes,
        }
    }

    /// Returns the SHA-256 of the bytes.
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// Returns what kind of file it is.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Store {
    /// Keeps a text; one that is kept already is not written again.
    ///
    /// A text that no ledger uses goes when a customer who used it is removed.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn put_text(&self, text: &Text) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        self.insert_text(&mut transaction, text).await?;
        transaction.commit().await.map_err(|e| self.fault(e))
    }

    /// Returns the text of that hash, if it is kept.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the bytes are no longer those that were kept.
    pub async fn text(&self, hash: &Hash) -> Result<Option<Text>, StoreError> {
        let mut connection = self.pool.acquire().await.map_err(|e| self.fault(e))?;
        self.select_text(&mut connection, hash).await
    }

    pub(in crate::store) async fn select_text(
        &self,
        connection: &mut SqliteConnection,
        hash: &Hash,
    ) -> Result<Option<Text>, StoreError> {
        let row: Option<(String, Vec<u8>)> = query_as(sql::TEXT)
            .bind(hash.to_string())
            .fetch_optional(connection)
            .await
            .map_err(|error| self.fault(error))?;
        let Some((media_type, bytes)) = row else {
            return Ok(None);
        };
        let text = Text::new(media_type, bytes);
        if text.hash != *hash {
            let detail = format!("the text {hash} was changed after it was kept");
            return Err(self.damaged(detail));
        }
        Ok(Some(text))
    }

    pub(in crate::store) async fn insert_text(
        &self,
        connection: &mut SqliteConnection,
        text: &Text,
    ) -> Result<(), StoreError> {
        query(sql::PUT_TEXT)
            .bind(text.hash.to_string())
            .bind(&text.media_type)
            .bind(i64::try_from(text.bytes.len()).unwrap_or(i64::MAX))
            .bind(&text.bytes)
            .execute(connection)
            .await
            .map_err(|error| self.fault(error))?;
        Ok(())
    }

    /// Notes that the ledger uses the text, which must be kept.
    pub(in crate::store) async fn use_text(
        &self,
        connection: &mut SqliteConnection,
        ledger: &str,
        hash: &Hash,
    ) -> Result<(), StoreError> {
        let kept: Option<String> = query_scalar(sql::TEXT_EXISTS)
            .bind(hash.to_string())
            .fetch_optional(&mut *connection)
            .await
            .map_err(|error| self.fault(error))?;
        if kept.is_none() {
            return Err(StoreError::NoText { hash: *hash });
        }
        query(sql::USE_TEXT)
            .bind(ledger)
            .bind(hash.to_string())
            .execute(connection)
            .await
            .map_err(|error| self.fault(error))?;
        Ok(())
    }

    /// Notes that the ledger no longer uses the text, and drops it when no other ledger does.
    pub(in crate::store) async fn free_text(
        &self,
        connection: &mut SqliteConnection,
        ledger: &str,
        hash: &Hash,
    ) -> Result<(), StoreError> {
        let hash = hash.to_string();
        query(sql::FREE_TEXT)
            .bind(ledger)
            .bind(&hash)
            .execute(&mut *connection)
            .await
            .map_err(|error| self.fault(error))?;
        query(sql::DROP_TEXT_IF_UNUSED)
            .bind(&hash)
            .execute(connection)
            .await
            .map_err(|error| self.fault(error))?;
        Ok(())
    }
}
