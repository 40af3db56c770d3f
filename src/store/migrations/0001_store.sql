-- The first shape of the store. A migration is never edited, only followed.

-- Who records, says, owns and approves.
CREATE TABLE persons (
    id           TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    mail         TEXT,
    organisation TEXT
) STRICT;

-- Texts and files by the SHA-256 of their bytes.
CREATE TABLE texts (
    hash       TEXT NOT NULL PRIMARY KEY,
    media_type TEXT NOT NULL,
    size       INTEGER NOT NULL,
    bytes      BLOB NOT NULL
) STRICT;

-- One ledger a customer; seq and head are those of its last entry, so that a cut tail shows.
CREATE TABLE customers (
    ledger     TEXT NOT NULL PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    seq        INTEGER NOT NULL,
    head       TEXT NOT NULL
) STRICT;

-- Entries as they were written; the body is taken out by a redaction.
CREATE TABLE entries (
    ledger TEXT NOT NULL REFERENCES customers (ledger),
    seq    INTEGER NOT NULL,
    header BLOB NOT NULL,
    body   BLOB,
    PRIMARY KEY (ledger, seq)
) STRICT;

-- Which texts a ledger uses: what nobody uses any more can go.
CREATE TABLE ledger_texts (
    ledger TEXT NOT NULL REFERENCES customers (ledger),
    hash   TEXT NOT NULL REFERENCES texts (hash),
    PRIMARY KEY (ledger, hash)
) STRICT;

CREATE INDEX ledger_texts_by_hash ON ledger_texts (hash);

-- What portfolio views show of one assessment, good for one day.
CREATE TABLE summaries (
    ledger        TEXT NOT NULL REFERENCES customers (ledger),
    questionnaire TEXT NOT NULL,
    seq           INTEGER NOT NULL,
    computed_for  TEXT NOT NULL,
    changes_on    TEXT,
    engine        TEXT NOT NULL,
    content       TEXT NOT NULL,
    PRIMARY KEY (ledger, questionnaire)
) STRICT;

-- That a ledger was erased; names no one.
CREATE TABLE tombstones (
    ledger     TEXT NOT NULL PRIMARY KEY,
    removed_at TEXT NOT NULL,
    reason     TEXT NOT NULL
) STRICT;

-- Every migration ends with its own number: an older program reads it and keeps its hands off.
PRAGMA user_version = 1;
