//! Every statement, once, in words that SQLite and PostgreSQL share.
//!
//! Parameters are bound, never written into the text. What only SQLite understands is in `sqlite`.

/// Declares each statement, and all of them together for the test that prepares them.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub(in crate::store) const $name: &str = $text;)*

        /// Every statement with its name.
        #[cfg(test)]
        pub(in crate::store) const ALL: &[(&str, &str)] = &[$((stringify!($name), $text)),*];
    };
}

statements! {
    PERSONS = "SELECT id, name, mail, organisation FROM persons ORDER BY id";
    PERSON = "SELECT id, name, mail, organisation FROM persons WHERE id = $1";
    ADD_PERSON = "INSERT INTO persons (id, name, mail, organisation) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (id) DO NOTHING";
    DROP_PERSON = "DELETE FROM persons WHERE id = $1";

    TEXT = "SELECT media_type, bytes FROM texts WHERE hash = $1";
    TEXT_HASHES = "SELECT hash, size FROM texts ORDER BY hash";
    PUT_TEXT = "INSERT INTO texts (hash, media_type, size, bytes) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (hash) DO NOTHING";
    TEXT_EXISTS = "SELECT hash FROM texts WHERE hash = $1";
    USE_TEXT = "INSERT INTO ledger_texts (ledger, hash) VALUES ($1, $2) \
        ON CONFLICT (ledger, hash) DO NOTHING";
    TEXTS_OF_LEDGER = "SELECT hash FROM ledger_texts WHERE ledger = $1 ORDER BY hash";
    FREE_TEXT = "DELETE FROM ledger_texts WHERE ledger = $1 AND hash = $2";
    DROP_TEXT_IF_UNUSED = "DELETE FROM texts WHERE hash = $1 \
        AND NOT EXISTS (SELECT 1 FROM ledger_texts WHERE ledger_texts.hash = texts.hash)";

    CUSTOMERS = "SELECT ledger, slug, created_at, seq, head FROM customers ORDER BY slug";
    CUSTOMER = "SELECT ledger, slug, created_at, seq, head FROM customers WHERE slug = $1";
    LEDGER = "SELECT ledger, slug, created_at, seq, head FROM customers WHERE ledger = $1";
    ADD_CUSTOMER = "INSERT INTO customers (ledger, slug, created_at, seq, head) \
        VALUES ($1, $2, $3, 0, $4) ON CONFLICT (slug) DO NOTHING";
    SET_HEAD = "UPDATE customers SET seq = $2, head = $3 WHERE ledger = $1";
    ENTRIES = "SELECT seq, header, body FROM entries WHERE ledger = $1 ORDER BY seq";
    ADD_ENTRY = "INSERT INTO entries (ledger, seq, header, body) VALUES ($1, $2, $3, $4)";
    TAKE_BODY = "UPDATE entries SET body = NULL WHERE ledger = $1 AND seq = $2";
    DROP_ENTRIES = "DELETE FROM entries WHERE ledger = $1";
    DROP_CUSTOMER = "DELETE FROM customers WHERE ledger = $1";

    SUMMARIES = "SELECT slug, questionnaire, summaries.seq, computed_for, changes_on, engine, content \
        FROM summaries JOIN customers ON customers.ledger = summaries.ledger \
        ORDER BY slug, questionnaire";
    /// One text a row, the columns with $1 between them: what is one value crosses from thread to thread in half the time of eight.
    CUSTOMERS_WITH_SUMMARIES = "SELECT slug || $1 || customers.seq || $1 || COALESCE(\
        questionnaire || $1 || summaries.seq || $1 || computed_for || $1 || COALESCE(changes_on, '') \
        || $1 || engine || $1 || content, '') \
        FROM customers LEFT JOIN summaries ON summaries.ledger = customers.ledger \
        ORDER BY slug, questionnaire";
    PUT_SUMMARY = "INSERT INTO summaries \
        (ledger, questionnaire, seq, computed_for, changes_on, engine, content) \
        SELECT ledger, $2, seq, $4, $5, $6, $7 FROM customers WHERE slug = $1 AND seq = $3 \
        ON CONFLICT (ledger, questionnaire) DO UPDATE SET seq = excluded.seq, \
        computed_for = excluded.computed_for, changes_on = excluded.changes_on, \
        engine = excluded.engine, content = excluded.content";
    DROP_SUMMARIES = "DELETE FROM summaries WHERE ledger = $1";

    ADD_TOMBSTONE = "INSERT INTO tombstones (ledger, removed_at, reason) VALUES ($1, $2, $3)";
    TOMBSTONE = "SELECT removed_at, reason FROM tombstones WHERE ledger = $1";
}
