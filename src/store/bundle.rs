//! Bundles: one customer's ledger with its texts and the persons it names, to carry into another store.
//!
//! A bundle is JSON; the bytes of entries and texts are in base64, as they are kept, so that it verifies wherever it is. Importing
//! trusts nothing in it. What a person picks of a fork is recorded by `append`, like anything else.

use std::collections::BTreeSet;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use sqlx::query_as;
use sqlx::sqlite::SqliteConnection;
use uuid::Uuid;

use crate::domain::id::{CustomerId, Hash, PersonId};
use crate::domain::ledger::{self, Entry, Fact, StoredEntry};
use crate::domain::person::Person;
use crate::domain::time::Instant;
use crate::store::error::{BundleFault, StoreError};
use crate::store::ledgers::{CustomerRow, Ledger};
use crate::store::open::Store;
use crate::store::texts::Text;
use crate::store::{named, sql, verify};

/// The most bytes of a bundle that are read.
pub const MAX_BUNDLE: usize = 128 * 1024 * 1024;

/// The form of bundle that this program writes.
const FORM: u32 = 1;

/// The longest name, address or organisation of a person that is taken over, in bytes.
const MAX_NAME: usize = 1024;

/// How far the clock of another computer may be ahead.
const AHEAD: chrono::Duration = chrono::Duration::days(1);

/// What became of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Whose.
    pub customer: CustomerId,
    /// What was done.
    pub outcome: Outcome,
    /// Persons of the bundle whom this store knows otherwise under the same id; they are left as they are here.
    pub known_otherwise: Vec<PersonId>,
}

/// What was done with a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The customer was not here and is now.
    New,
    /// The ledger here went on by so many entries.
    Extended(usize),
    /// The ledger here is the same.
    Same,
    /// The ledger here goes on further; nothing was done.
    Behind(usize),
    /// Both went on from a common entry; nothing was done.
    Fork(Box<Fork>),
}

/// A ledger that went on in two ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// The place of the last entry that both have; 0 where they differ from the first.
    pub common: u64,
    /// What was recorded here since.
    pub ours: Vec<Entry>,
    /// What the bundle has instead.
    pub theirs: Vec<Entry>,
    /// The texts that the bundle carries, for the entries that a person picks.
    pub texts: Vec<Text>,
    /// The persons that the bundle carries.
    pub persons: Vec<Person>,
}

/// A bundle as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bundle {
    /// The form; written first.
    bundle: u32,
    customer: CustomerId,
    ledger: String,
    /// The hash of the last entry, which no entry after it vouches for.
    head: Hash,
    entries: Vec<BundleEntry>,
    texts: Vec<BundleText>,
    persons: Vec<Person>,
    /// The SHA-256 of all the rest in canonical JSON: the persons have no other.
    digest: Option<Hash>,
}

impl Bundle {
    /// Returns the digest of everything but the digest.
    fn own_digest(&mut self) -> Hash {
        let told = self.digest.take();
        let own = Hash::of(&ledger::canonical(self));
        self.digest = told;
        own
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BundleEntry {
    header: String,
    body: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BundleText {
    hash: Hash,
    media_type: String,
    bytes: String,
}

/// The only thing that is read of a bundle before its form is known.
#[derive(Deserialize)]
#[serde(expecting = "the bundle of a customer")]
struct Form {
    bundle: u32,
}

/// A bundle of which everything was verified.
struct Verified {
    ledger: Ledger,
    stored: Vec<StoredEntry>,
    texts: Vec<Text>,
    persons: Vec<Person>,
}

impl Store {
    /// Returns a customer's ledger as a bundle.
    ///
    /// # Errors
    /// [`StoreError::NoCustomer`], and what reading a ledger says.
    pub async fn export(&self, customer: &CustomerId) -> Result<Vec<u8>, StoreError> {
        let mut transaction = self.read().await?;
        let row = self.customer_row(&mut transaction, customer).await?;
        let row = row.ok_or_else(|| StoreError::NoCustomer {
            customer: customer.clone(),
        })?;
        let bundle = self.bundle(&mut transaction, &row).await?;
        let mut bytes = serde_json::to_vec_pretty(&bundle)
            .expect("a bundle is text, numbers and lists, which JSON can hold");
        bytes.push(b'\n');
        Ok(bytes)
    }

    async fn bundle(
        &self,
        connection: &mut SqliteConnection,
        row: &CustomerRow,
    ) -> Result<Bundle, StoreError> {
        let ledger = self.load(connection, row).await?;
        let stored = self.select_entries(connection, &row.ledger).await?;
        let mut texts = Vec::new();
        for hash in self
            .texts_of_ledger(connection, &row.ledger.to_string())
            .await?
        {
            let text = self.select_text(connection, &hash).await?;
            texts.push(text.ok_or(StoreError::NoText { hash })?);
        }
        let mut persons = self.select_persons(connection).await?;
        let named = named::persons_of(&ledger.entries);
        persons.retain(|person| named.contains(&person.id));
        let mut bundle = Bundle {
            bundle: FORM,
            head: ledger.head(),
            customer: ledger.customer,
            ledger: ledger.id.to_string(),
            entries: stored.iter().map(BundleEntry::of).collect(),
            texts: texts.iter().map(BundleText::of).collect(),
            persons,
            digest: None,
        };
        bundle.digest = Some(bundle.own_digest());
        Ok(bundle)
    }

    /// Takes in a bundle: a customer who is not here, or a ledger that goes on from the one here. A fork changes nothing.
    ///
    /// `at` is now; entries from the future are refused. Summary rows are computed again on the next reading.
    ///
    /// # Errors
    /// [`StoreError::Bundle`] with the reason why it was refused; nothing was written then.
    pub async fn import(&self, bytes: &[u8], at: Instant) -> Result<Imported, StoreError> {
        let bundle = read(bytes, at)?;
        let mut transaction = self.write().await?;
        self.refuse_removed(&mut transaction, &bundle.ledger.id)
            .await?;
        let ours = self.counterpart(&mut transaction, &bundle.ledger).await?;
        let common = ours.as_ref().map_or(0, |ours| common(ours, &bundle.ledger));
        let outcome = match &ours {
            None => Outcome::New,
            Some(ours) => outcome(ours, &bundle, common),
        };
        let mut known_otherwise = Vec::new();
        let mut erased = false;
        if matches!(outcome, Outcome::New | Outcome::Extended(_)) {
            erased = self
                .take_in(&mut transaction, &bundle, ours.as_ref())
                .await?;
            known_otherwise = self.take_persons(&mut transaction, &bundle.persons).await?;
            transaction.commit().await.map_err(|e| self.fault(e))?;
        }
        if erased {
            self.scrub().await?;
        }
        Ok(Imported {
            customer: bundle.ledger.customer,
            outcome,
            known_otherwise,
        })
    }

    async fn refuse_removed(
        &self,
        connection: &mut SqliteConnection,
        ledger: &Uuid,
    ) -> Result<(), StoreError> {
        let stone: Option<(String, String)> = query_as(sql::TOMBSTONE)
            .bind(ledger.to_string())
            .fetch_optional(connection)
            .await
            .map_err(|error| self.fault(error))?;
        match stone {
            Some((at, reason)) => Err(BundleFault::Removed { at, reason }.into()),
            None => Ok(()),
        }
    }

    /// Returns the ledger here that the bundle belongs to; nothing where the customer is new.
    async fn counterpart(
        &self,
        connection: &mut SqliteConnection,
        theirs: &Ledger,
    ) -> Result<Option<Ledger>, StoreError> {
        let customer = theirs.customer.clone();
        if let Some(row) = self.ledger_row(connection, &theirs.id).await? {
            if row.customer != customer {
                let reason = format!(
                    "its ledger is that of `{}` here, and it calls the customer `{customer}`",
                    row.customer
                );
                return Err(BundleFault::Inconsistent(reason).into());
            }
            return self.load(connection, &row).await.map(Some);
        }
        match self.customer_row(connection, &customer).await? {
            Some(_) => Err(BundleFault::Taken { customer }.into()),
            None => Ok(None),
        }
    }

    /// Writes the entries after the common ones, with texts and holes; returns whether bodies were taken out here.
    async fn take_in(
        &self,
        connection: &mut SqliteConnection,
        bundle: &Verified,
        ours: Option<&Ledger>,
    ) -> Result<bool, StoreError> {
        let ledger = &bundle.ledger;
        let id = ledger.id.to_string();
        let here = ours.map_or(&[][..], |ours| &ours.entries);
        if ours.is_none() {
            self.insert_customer(connection, ledger).await?;
        }
        for text in &bundle.texts {
            self.insert_text(connection, text).await?;
            self.use_text(connection, &id, &text.hash()).await?;
        }
        for (stored, entry) in bundle.stored.iter().zip(&ledger.entries).skip(here.len()) {
            self.insert_entry(connection, &ledger.id, entry.header.seq, stored)
                .await?;
            for hash in entry.fact.iter().flat_map(named::texts_of) {
                self.use_text(connection, &id, hash).await?;
            }
        }
        self.set_head(connection, ledger).await?;
        self.replace_summaries(connection, &ledger.id, &[]).await?;
        let erased = erased(here, &ledger.entries);
        let files = erased.iter().filter_map(|entry| entry.fact.as_ref());
        let files = files.flat_map(named::files_of).copied().collect();
        let holes = erased.iter().map(|entry| entry.header.seq).collect();
        self.take_bodies(connection, ledger, &holes, &files).await?;
        Ok(!holes.is_empty())
    }

    /// Adds the persons; returns those who are known otherwise here.
    async fn take_persons(
        &self,
        connection: &mut SqliteConnection,
        persons: &[Person],
    ) -> Result<Vec<PersonId>, StoreError> {
        let here = self.select_persons(connection).await?;
        let mut otherwise = Vec::new();
        for person in persons {
            match here.iter().find(|one| one.id == person.id) {
                Some(one) if one != person => otherwise.push(person.id.clone()),
                Some(_) => {}
                None => {
                    self.insert_person(connection, person).await?;
                }
            }
        }
        Ok(otherwise)
    }
}

impl BundleEntry {
    fn of(stored: &StoredEntry) -> Self {
        Self {
            header: BASE64_STANDARD.encode(&stored.header),
            body: stored
                .body
                .as_ref()
                .map(|body| BASE64_STANDARD.encode(body)),
        }
    }

    fn decode(&self, seq: usize) -> Result<StoredEntry, BundleFault> {
        let bytes = |text: &String| {
            BASE64_STANDARD.decode(text).map_err(|error| {
                BundleFault::Unreadable(format!("entry {seq} is no base64: {error}"))
            })
        };
        Ok(StoredEntry {
            header: bytes(&self.header)?,
            body: self.body.as_ref().map(bytes).transpose()?,
        })
    }
}

impl BundleText {
    fn of(text: &Text) -> Self {
        Self {
            hash: text.hash(),
            media_type: text.media_type().to_owned(),
            bytes: BASE64_STANDARD.encode(text.bytes()),
        }
    }

    fn decode(self) -> Result<Text, BundleFault> {
        let hash = self.hash.short();
        let bytes = BASE64_STANDARD.decode(&self.bytes).map_err(|error| {
            BundleFault::Unreadable(format!("the text {hash} is no base64: {error}"))
        })?;
        if !is_media_type(&self.media_type) {
            let reason = format!("the text {hash} is of no media type that can be");
            return Err(BundleFault::Inconsistent(reason));
        }
        let text = Text::new(self.media_type, bytes);
        if text.hash() != self.hash {
            let reason = format!("the text {hash} was changed after it was written");
            return Err(BundleFault::Inconsistent(reason));
        }
        Ok(text)
    }
}

/// Whether the text is `type/subtype` and perhaps parameters, in printable ASCII.
fn is_media_type(text: &str) -> bool {
    text.len() <= 127
        && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && text
            .split_once('/')
            .is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty())
}

/// Reads a bundle and verifies everything in it.
fn read(bytes: &[u8], at: Instant) -> Result<Verified, BundleFault> {
    let bundle = parse(bytes)?;
    let id: Uuid = bundle.ledger.parse().map_err(|_| {
        BundleFault::Unreadable("the ledger's id is not one that can be".to_owned())
    })?;
    let stored = (1..).zip(&bundle.entries);
    let stored: Vec<StoredEntry> = stored
        .map(|(seq, entry)| entry.decode(seq))
        .collect::<Result<_, _>>()?;
    let entries = ledger::read(&id.to_string(), &stored).map_err(BundleFault::Ledger)?;
    let ledger = Ledger {
        customer: bundle.customer,
        id,
        entries,
    };
    if ledger.head() != bundle.head {
        let reason = "its last entry was changed, or entries at its end were taken out";
        return Err(BundleFault::Inconsistent(reason.to_owned()));
    }
    refuse_inconsistent(&ledger, at)?;
    let texts = bundle.texts.into_iter().map(BundleText::decode);
    let mut verified = Verified {
        texts: texts.collect::<Result<_, _>>()?,
        persons: persons(bundle.persons, &ledger.entries)?,
        stored,
        ledger,
    };
    verified.honour_redactions();
    Ok(verified)
}

fn parse(bytes: &[u8]) -> Result<Bundle, BundleFault> {
    if bytes.len() > MAX_BUNDLE {
        return Err(BundleFault::TooLarge {
            size: bytes.len(),
            limit: MAX_BUNDLE,
        });
    }
    let unreadable = |error: serde_json::Error| BundleFault::Unreadable(error.to_string());
    let Form { bundle: found } = serde_json::from_slice(bytes).map_err(unreadable)?;
    if found > FORM {
        let known = FORM;
        return Err(BundleFault::Newer { found, known });
    }
    let mut bundle: Bundle = serde_json::from_slice(bytes).map_err(unreadable)?;
    let own = bundle.own_digest();
    if bundle.digest != Some(own) {
        return Err(BundleFault::Inconsistent(
            "it was changed after it was written: its digest does not match".to_owned(),
        ));
    }
    Ok(bundle)
}

/// Refuses what verifies entry by entry and still cannot be a ledger of ours.
fn refuse_inconsistent(ledger: &Ledger, at: Instant) -> Result<(), BundleFault> {
    let inconsistent = |reason: String| Err(BundleFault::Inconsistent(reason));
    let Some(last) = ledger.entries.last() else {
        return inconsistent("it has no entries".to_owned());
    };
    if last.header.at.since(at) > AHEAD {
        let at = last.header.at;
        return Err(BundleFault::Future { at });
    }
    if let Some(other) = verify::named_otherwise(&ledger.entries, &ledger.customer) {
        let customer = &ledger.customer;
        return inconsistent(format!(
            "it calls the customer `{customer}`, and its ledger calls them `{other}`"
        ));
    }
    let places: BTreeSet<u64> = redactions(&ledger.entries).map(|(seq, _)| seq).collect();
    for (seq, hole) in redactions(&ledger.entries) {
        if hole == 0 || hole >= seq || places.contains(&hole) {
            return inconsistent(format!(
                "its entry {seq} redacts entry {hole}, which cannot be"
            ));
        }
    }
    Ok(())
}

/// Returns each redaction's own place and that of the entry whose body it took.
fn redactions(entries: &[Entry]) -> impl Iterator<Item = (u64, u64)> {
    entries.iter().filter_map(|entry| match entry.fact {
        Some(Fact::Redacted { entry: hole, .. }) => Some((entry.header.seq, hole)),
        _ => None,
    })
}

/// Returns the persons whom the entries name.
fn persons(given: Vec<Person>, entries: &[Entry]) -> Result<Vec<Person>, BundleFault> {
    let named = named::persons_of(entries);
    let mut persons: Vec<Person> = Vec::new();
    for person in given {
        let words = [&person.mail, &person.organisation];
        let words = words.into_iter().flatten().chain([&person.name]);
        if words.into_iter().any(|word| word.len() > MAX_NAME) {
            let reason = format!("what it says of person `{}` is too long", person.id);
            return Err(BundleFault::Inconsistent(reason));
        }
        if persons.iter().any(|one| one.id == person.id) {
            let reason = format!("it has person `{}` twice", person.id);
            return Err(BundleFault::Inconsistent(reason));
        }
        if named.contains(&person.id) {
            persons.push(person);
        }
    }
    Ok(persons)
}

impl Verified {
    /// Leaves out the bodies that were redacted, should the bundle still carry them.
    fn honour_redactions(&mut self) {
        let holes: BTreeSet<u64> = redactions(&self.ledger.entries)
            .map(|(_, hole)| hole)
            .collect();
        for (stored, entry) in self.stored.iter_mut().zip(&mut self.ledger.entries) {
            if holes.contains(&entry.header.seq) {
                stored.body = None;
                entry.fact = None;
            }
        }
    }
}

/// Returns the entries here whose bodies the other ledger, which goes on from here, has taken out.
fn erased<'a>(here: &'a [Entry], theirs: &[Entry]) -> Vec<&'a Entry> {
    let pairs = here.iter().zip(theirs);
    pairs
        .filter(|(here, theirs)| here.fact.is_some() && theirs.fact.is_none())
        .map(|(here, _)| here)
        .collect()
}

/// Returns how many entries the two ledgers share from the first.
fn common(ours: &Ledger, theirs: &Ledger) -> usize {
    let pairs = ours.entries.iter().zip(&theirs.entries);
    pairs
        .take_while(|(ours, theirs)| ours.hash == theirs.hash)
        .count()
}

fn outcome(ours: &Ledger, bundle: &Verified, common: usize) -> Outcome {
    let theirs = &bundle.ledger.entries;
    let (ahead, behind) = (theirs.len() - common, ours.entries.len() - common);
    match (ahead, behind) {
        (0, 0) => Outcome::Same,
        (ahead, 0) => Outcome::Extended(ahead),
        (0, behind) => Outcome::Behind(behind),
        _ => Outcome::Fork(Box::new(Fork {
            common: common as u64,
            ours: ours.entries[common..].to_vec(),
            theirs: theirs[common..].to_vec(),
            texts: bundle.texts.clone(),
            persons: bundle.persons.clone(),
        })),
    }
}
