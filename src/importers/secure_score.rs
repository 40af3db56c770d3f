//! Microsoft Secure Score: `secureScores` and `secureScoreControlProfiles` of Graph, alone or together, and the portal's table.
//!
//! Scores give points; how many there are to have is in the profiles, and so are the claims: points for *resolved through third
//! party* are granted in full, and Microsoft cannot see whether it is true. The portal's table names controls by title only. A
//! title is looked up by its digest among those we know; what fits none or several is left for a person to place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::domain::evidence::{
    Aged, Evidence, Judged, Observation, Share, TenantSeen, Tool, Unplaced, Warning, WhyUnknown,
    letters,
};
use crate::domain::time::Instant;
use crate::importers::json::{self, Flag, Folded, List, Number, Rows, Text};
use crate::importers::outline::{Form, Outline};
use crate::importers::table::{self, Place, Row, Table};
use crate::importers::text;
use crate::problem::Problems;

/// The most controls of one file.
const MAX_CONTROLS: usize = 20_000;

/// The most tenants of one file.
const MAX_TENANTS: usize = 50;

/// The names under which a file holds scores and profiles side by side.
const SIDE_BY_SIDE: [&str; 5] = [
    "securescores",
    "securescorecontrolprofiles",
    "controlprofiles",
    "scores",
    "profiles",
];

/// Returns whether a file is one of Secure Score's.
pub(super) fn recognises(outline: &Outline) -> bool {
    match outline {
        Outline::Json(form) => holds(form),
        Outline::Table(columns) => {
            let has = |names: &[&str]| columns.iter().any(|column| names.contains(&&**column));
            has(TITLE) && (has(POINTS) || has(STATUS))
        }
        Outline::Page(_) | Outline::Other => false,
    }
}

/// Returns whether JSON of this form holds scores or profiles.
fn holds(form: &Form) -> bool {
    let about = ["#security/securescores", "securescorecontrolprofiles"];
    if about.iter().any(|name| form.is_about(name)) {
        return true;
    }
    if let Some(responses) = form.get("responses").and_then(Form::first) {
        return responses.get("body").is_some_and(holds);
    }
    let names = SIDE_BY_SIDE.iter().filter_map(|name| form.get(name));
    if names.clone().any(|part| part.row().is_some_and(is_item)) {
        return true;
    }
    let row = form.row();
    row.is_some_and(is_item) || row.and_then(Form::row).is_some_and(is_item)
}

fn is_item(row: &Form) -> bool {
    row.has(&["controlscores"])
        || row.has(&["currentscore", "maxscore"])
        || row.has(&["maxscore", "id", "title"])
}

/// The control under which the whole score stands, the points of all controls together.
const WHOLE: &str = "secure-score";

/// Returns whether `control` is in the tool's catalogue, or the score as a whole.
pub(super) fn knows(control: &str) -> bool {
    CONTROLS.0.contains_key(control) || control == WHOLE
}

/// Reads one of Secure Score's files.
///
/// # Errors
/// Where it is damaged, with place and reason.
pub(super) fn import(text: &str, outline: &Outline) -> Result<Evidence, Problems> {
    match outline {
        Outline::Table(_) => portal(text),
        _ => Ok(json::read_rows::<Items>(text)?.evidence()),
    }
}

/// Reads scores and profiles that are in files of their own.
///
/// # Errors
/// Where one is damaged, with place and reason.
pub(super) fn import_together(texts: &[&str]) -> Result<Evidence, Problems> {
    let mut items = Items::default();
    for text in texts {
        items.join(json::read_rows(text)?)?;
    }
    Ok(items.evidence())
}

/// Returns whether a file holds only half of what belongs together: points without their maxima, or maxima without points.
pub(super) fn is_half(evidence: &Evidence) -> bool {
    [SCORES, PROFILES].contains(&&*evidence.form)
}

const SCORES: &str = "scores";
const PROFILES: &str = "control profiles";

// ── Graph ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A score, a profile, or an envelope around them.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    #[serde(alias = "Id")]
    id: Text,
    #[serde(rename = "azureTenantId", alias = "AzureTenantId")]
    tenant: Text,
    #[serde(rename = "createdDateTime", alias = "CreatedDateTime")]
    created: Text,
    #[serde(rename = "currentScore", alias = "CurrentScore")]
    current: Number,
    #[serde(rename = "controlScores", alias = "ControlScores")]
    scores: Option<List<ControlScore>>,
    #[serde(alias = "Title")]
    title: Text,
    #[serde(rename = "maxScore", alias = "MaxScore")]
    max: Number,
    #[serde(rename = "controlStateUpdates", alias = "ControlStateUpdates")]
    updates: List<StateUpdate>,
    #[serde(alias = "State")]
    state: Text,
    #[serde(alias = "Deprecated")]
    deprecated: Flag,
    #[serde(rename = "@odata.nextLink")]
    next: Text,
    #[serde(alias = "Value")]
    value: Folded<Items>,
    #[serde(alias = "SecureScores", rename = "secureScores", alias = "scores")]
    side: Folded<Items>,
    #[serde(
        rename = "secureScoreControlProfiles",
        alias = "SecureScoreControlProfiles",
        alias = "controlProfiles",
        alias = "profiles"
    )]
    other_side: Folded<Items>,
    responses: Folded<Items>,
    body: Folded<Items>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ControlScore {
    #[serde(rename = "controlName", alias = "ControlName")]
    name: Text,
    #[serde(alias = "Score")]
    score: Number,
    #[serde(alias = "Description")]
    description: Text,
    #[serde(rename = "implementationStatus", alias = "ImplementationStatus")]
    implementation: Text,
    #[serde(rename = "scoreInPercentage", alias = "ScoreInPercentage")]
    percentage: Number,
    #[serde(rename = "lastSynced", alias = "LastSynced")]
    synced: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct StateUpdate {
    #[serde(alias = "State")]
    state: Text,
    #[serde(rename = "updatedDateTime", alias = "UpdatedDateTime")]
    updated: Text,
}

#[derive(Default)]
struct Items {
    /// The newest score of each tenant.
    scores: Vec<Score>,
    profiles: Vec<Profile>,
    /// How many scores were there, with those that a newer one displaced.
    seen: u64,
    pages: bool,
}

struct Score {
    tenant: Option<String>,
    created: Option<Instant>,
    /// All points, out of all that there are to have.
    whole: Option<Share>,
    controls: Vec<ControlScore>,
}

struct Profile {
    id: String,
    tenant: Option<String>,
    title: Option<String>,
    max: Option<Decimal>,
    state: String,
    deprecated: bool,
}

impl Rows for Items {
    type Row = Item;

    fn take(&mut self, item: Item) -> Result<(), String> {
        self.pages |= item.next.get().is_some();
        for nested in [
            item.value,
            item.side,
            item.other_side,
            item.responses,
            item.body,
        ] {
            self.join(nested.0)
                .map_err(|problems| problems.to_string())?;
        }
        let tenant = text::tenant_id(item.tenant.get());
        if let Some(List(controls)) = item.scores {
            self.seen += 1;
            let created = item.created.get().and_then(text::instant);
            let whole = item.current.0.zip(item.max.0);
            return self.newest(Score {
                tenant,
                created,
                whole: whole.map(|(part, whole)| Share { part, whole }),
                controls,
            });
        }
        if item.title.get().is_some() && item.id.get().is_some() {
            if self.profiles.len() >= MAX_CONTROLS {
                return Err(format!("more than {MAX_CONTROLS} control profiles"));
            }
            let state = latest_state(&item.updates.0).unwrap_or(item.state.or_empty());
            self.profiles.push(Profile {
                id: text::name(item.id.or_empty()),
                tenant,
                title: text::some_name(item.title.get()),
                max: item.max.0,
                state: text::name(state),
                deprecated: item.deprecated.0 == Some(true),
            });
        }
        Ok(())
    }
}

/// Returns the state that was set last; those without a time come first.
fn latest_state(updates: &[StateUpdate]) -> Option<&str> {
    let latest = updates
        .iter()
        .max_by_key(|update| update.updated.get().and_then(text::instant))?;
    latest.state.get()
}

impl Items {
    /// Keeps `score` unless there is a newer one of the same tenant: the order of the file is not relied on.
    fn newest(&mut self, score: Score) -> Result<(), String> {
        let same = |known: &Score| known.tenant == score.tenant;
        match self.scores.iter().position(same) {
            Some(at) if self.scores[at].created < score.created => self.scores[at] = score,
            Some(_) => {}
            None if self.scores.len() >= MAX_TENANTS => {
                return Err(format!("more than {MAX_TENANTS} tenants"));
            }
            None => self.scores.push(score),
        }
        Ok(())
    }

    fn join(&mut self, other: Self) -> Result<(), Problems> {
        let many = |reason: String| Problems::from(crate::problem::Problem::error(reason));
        self.pages |= other.pages;
        self.seen += other.seen;
        for score in other.scores {
            self.newest(score).map_err(many)?;
        }
        self.profiles.extend(other.profiles);
        if self.profiles.len() > MAX_CONTROLS {
            return Err(many(format!("more than {MAX_CONTROLS} control profiles")));
        }
        Ok(())
    }

    fn evidence(self) -> Evidence {
        let form = match (self.scores.is_empty(), self.profiles.is_empty()) {
            (false, false) => "scores with control profiles",
            (true, false) => PROFILES,
            _ => SCORES,
        };
        let mut evidence = Evidence::new(Tool::SecureScore, form);
        if self.pages {
            evidence.incomplete.push(text::ONE_PAGE.to_owned());
        }
        if self.seen > self.scores.len() as u64 {
            let message = format!("of {} scores the newest of each tenant counts", self.seen);
            evidence.warnings.push(Warning::new(message));
        }
        if self.scores.is_empty() {
            self.claims(&mut evidence);
        } else {
            self.measured(&mut evidence);
        }
        let seen = evidence.observations.iter();
        evidence.rows = seen.filter(|seen| seen.control != WHOLE).count() as u64;
        evidence.warnings.extend(text::repeated(&evidence));
        evidence
    }

    /// Adds what profiles say alone: claims, and that nothing was measured.
    fn claims(&self, evidence: &mut Evidence) {
        for profile in &self.profiles {
            let judged = claim(&profile.state, Judged::Unknown(WhyUnknown::Absent));
            let mut observation =
                Observation::new(canonical(&profile.id), profile.state.clone(), judged);
            observation.written.clone_from(&profile.id);
            observation.title.clone_from(&profile.title);
            observation.tenant = place(evidence, profile.tenant.as_deref());
            observation.aged = profile.deprecated.then_some(Aged::Retired);
            evidence.observations.push(observation);
        }
    }

    /// Adds what was measured, held against the profiles.
    fn measured(self, evidence: &mut Evidence) {
        let mut profiles: BTreeMap<&str, Vec<&Profile>> = BTreeMap::new();
        for profile in &self.profiles {
            profiles.entry(&profile.id).or_default().push(profile);
        }
        for score in &self.scores {
            evidence.taken = evidence.taken.max(score.created);
            let tenant = place(evidence, score.tenant.as_deref());
            if let Some(share) = score.whole {
                let said = format!("{} of {} points", share.part, share.whole);
                let mut whole = Observation::new(WHOLE, said, Judged::of(share));
                whole.share = Some(share);
                whole.tenant = tenant;
                evidence.observations.push(whole);
            }
            for control in &score.controls {
                let name = text::name(control.name.or_empty());
                let fits = |profile: &&&Profile| {
                    profile.tenant.is_none()
                        || score.tenant.is_none()
                        || profile.tenant == score.tenant
                };
                let of_name = profiles.get(&*name);
                let profile = of_name.and_then(|list| list.iter().find(fits)).copied();
                let mut observation = points(name, control, profile);
                observation.tenant = tenant;
                evidence.observations.push(observation);
            }
        }
        if self.profiles.is_empty() {
            let message = "without the control profiles, points that somebody claimed for another product look like measured ones";
            evidence.warnings.push(Warning::new(message));
        }
    }
}

/// Returns the place of a tenant among those seen, which it joins.
fn place(evidence: &mut Evidence, id: Option<&str>) -> Option<usize> {
    let id = id?;
    let known = evidence
        .tenants
        .iter()
        .position(|tenant| tenant.id.as_deref() == Some(id));
    if known.is_some() || evidence.tenants.len() >= MAX_TENANTS {
        return known;
    }
    evidence.tenants.push(TenantSeen {
        id: Some(id.to_owned()),
        ..TenantSeen::default()
    });
    Some(evidence.tenants.len() - 1)
}

fn points(name: String, control: &ControlScore, profile: Option<&Profile>) -> Observation {
    let max = profile.and_then(|profile| profile.max);
    let of_max = control.score.0.zip(max);
    let in_percent = control
        .percentage
        .0
        .map(|percent| (percent, Decimal::ONE_HUNDRED));
    let share = of_max
        .or(in_percent)
        .map(|(part, whole)| Share { part, whole });
    let measured = share.map_or(Judged::Unknown(WhyUnknown::NoMaximum), Judged::of);
    let state = profile.map_or("", |profile| profile.state.as_str());
    let mut observation = Observation::new(
        canonical(&name),
        said(control, share, state),
        claim(state, measured),
    );
    observation.written = name;
    observation.title = profile.and_then(|profile| profile.title.clone());
    observation.aged = profile
        .is_some_and(|profile| profile.deprecated)
        .then_some(Aged::Retired);
    observation.share = share;
    observation.measured = control.synced.get().and_then(text::instant);
    let says = control.implementation.get();
    observation.detail = text::detail(says.or(control.description.get()));
    observation
}

/// Returns the points, and the state that somebody set.
fn said(control: &ControlScore, share: Option<Share>, state: &str) -> String {
    let points = match (share, control.score.0) {
        (Some(share), _) if share.whole == Decimal::ONE_HUNDRED => format!("{} %", share.part),
        (Some(share), _) => format!("{} of {} points", share.part, share.whole),
        (None, Some(score)) => format!("{score} points"),
        (None, None) => String::new(),
    };
    let state = (!state.is_empty() && !state.eq_ignore_ascii_case("default")).then_some(state);
    let parts = [Some(&*points).filter(|points| !points.is_empty()), state];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Returns what is left of `measured` when somebody has set `state`.
fn claim(state: &str, measured: Judged) -> Judged {
    match state.to_ascii_lowercase().as_str() {
        "thirdparty" => Judged::Unknown(WhyUnknown::ThirdPartyClaim),
        "reviewed" => Judged::Unknown(WhyUnknown::MitigationClaim),
        "ignored" if !matches!(measured, Judged::NotMet | Judged::Partly) => {
            Judged::Unknown(WhyUnknown::RiskAccepted)
        }
        "" | "default" | "ignored" => measured,
        _ if measured == Judged::Met => Judged::Unknown(WhyUnknown::Unrecognised),
        _ => measured,
    }
}

/// Returns the id that questionnaires name: `scid_2010` also for `scid-2010` and `sca-_-scid-2010`.
pub(super) fn canonical(id: &str) -> String {
    let short = id.strip_prefix("sca-_-").unwrap_or(id);
    match short.strip_prefix("scid-") {
        Some(number) => format!("scid_{number}"),
        None => match short.split_once('.') {
            // Some ids of connected apps carry the number of the connector.
            Some((number, name)) if number.bytes().all(|b| b.is_ascii_digit()) && knows(name) => {
                name.to_owned()
            }
            _ => short.to_owned(),
        },
    }
}

// ── the portal's table ──────────────────────────────────────────────────────────────────────────────────────────────────────

const TITLE: &[&str] = &[
    "recommendedaction",
    "empfohlenemaßnahme",
    "empfohleneaktion",
    "actionrecommandée",
    "improvementaction",
];
const POINTS: &[&str] = &["pointsachieved", "erzieltepunkte", "pointsobtenus"];
const STATUS: &[&str] = &["status", "statut", "état"];

/// The columns of the portal's table that are read.
struct Columns {
    title: Place,
    points: Place,
    status: Place,
    licence: Place,
    regressed: Place,
    synced: Place,
    notes: Place,
    product: Place,
}

fn portal(text: &str) -> Result<Evidence, Problems> {
    let mut table = Table::open(text)?;
    let columns = Columns {
        title: table.column(TITLE),
        points: table.column(POINTS),
        status: table.column(STATUS),
        licence: table.column_with(&["license", "lizenz", "licence"]),
        regressed: table.column_with(&["regressed", "zurückgestuft", "regress", "régress"]),
        synced: table.column_with(&["lastsynced", "letztesynchron", "synchronis"]),
        notes: table.column(&["notes", "notizen", "hinweise", "remarques"]),
        product: table.column(&["product", "produkt", "produit"]),
    };
    let mut products = Vec::new();
    let mut evidence = Evidence::new(Tool::SecureScore, "portal table");
    evidence.warnings.extend(unread(&table, &columns));
    while let Some(row) = table.next()? {
        let rows = evidence.observations.len() + evidence.unplaced.len();
        text::room(rows, MAX_CONTROLS, row.line)?;
        evidence.rows += 1;
        let synced = text::instant(row.get(columns.synced));
        evidence.taken = evidence.taken.max(synced);
        let observation = recommended(&row, &columns, synced);
        let title = row.get(columns.title);
        match CONTROLS.1.get(&digest(title)).map(Vec::as_slice) {
            Some([only]) => evidence.observations.push(Observation {
                control: (*only).to_owned(),
                ..observation
            }),
            candidates => {
                let candidates = candidates.unwrap_or_default().iter();
                evidence.unplaced.push(Unplaced {
                    candidates: candidates.map(|id| (*id).to_owned()).collect(),
                    hint: None,
                    observation,
                });
                products.push((text::name(row.get(columns.product)), row.line));
            }
        }
    }
    tell_apart(&mut evidence.unplaced, &products);
    Ok(evidence)
}

/// Gives rows that share their title what tells them apart: the product where that does, else the line of the file.
fn tell_apart(unplaced: &mut [Unplaced], products: &[(String, u64)]) {
    let mut namesakes: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, one) in unplaced.iter().enumerate() {
        let title = one.observation.title.as_deref().unwrap_or_default();
        namesakes.entry(digest(title)).or_default().push(at);
    }
    for places in namesakes.into_values().filter(|places| places.len() > 1) {
        let named: BTreeSet<u64> = places.iter().map(|at| digest(&products[*at].0)).collect();
        for at in &places {
            let (product, line) = &products[*at];
            unplaced[*at].hint = Some(match named.len() == places.len() && !product.is_empty() {
                true => product.clone(),
                false => format!("line {line}"),
            });
        }
    }
}

/// Warns of columns that are not read: in another language than we know they may be those that matter.
fn unread(table: &Table<'_>, columns: &Columns) -> Option<Warning> {
    if columns.points.is_there() && columns.status.is_there() {
        return None;
    }
    let read = [
        columns.title,
        columns.points,
        columns.status,
        columns.licence,
        columns.regressed,
        columns.synced,
        columns.notes,
        columns.product,
    ];
    let others: Vec<String> = table
        .others(&read)
        .iter()
        .take(20)
        .map(|column| format!("`{column}`"))
        .collect();
    let message = format!(
        "points or status were not found among the columns; not read: {}",
        others.join(", ")
    );
    Some(Warning::new(message).at("line 1"))
}

fn recommended(row: &Row<'_>, columns: &Columns, synced: Option<Instant>) -> Observation {
    let share = points_written(row.get(columns.points));
    let status = row.get(columns.status);
    let licensed = !["no", "nein", "non"].contains(&&*table::key(row.get(columns.licence)));
    let judged = portal_judged(status, share, licensed);
    let said: Vec<&str> = [status, row.get(columns.points)]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    let title = text::name(row.get(columns.title));
    let mut observation = Observation::new("", text::name(&said.join("; ")), judged);
    observation.written.clone_from(&title);
    observation.title = Some(title);
    observation.share = share;
    observation.measured = synced;
    let regressed = ["yes", "ja", "oui"].contains(&&*table::key(row.get(columns.regressed)));
    observation.value = regressed.then(|| "regressed".to_owned());
    observation.detail = text::detail(row.some(columns.notes));
    observation
}

/// Reads `5/9`, `5 out of 9` and `0,5/9`.
fn points_written(text: &str) -> Option<Share> {
    if text.len() > 40 {
        return None;
    }
    let number = |text: &str| text.trim().replace(',', ".").parse::<Decimal>().ok();
    let (part, whole) = match text.split_once('/') {
        Some(parts) => parts,
        None => (text.split_once(' ')?.0, text.rsplit_once(' ')?.1),
    };
    let share = Share {
        part: number(part)?,
        whole: number(whole)?,
    };
    (!share.part.is_sign_negative()).then_some(share)
}

/// What the portal's status says, in any of its languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Portal {
    ToAddress,
    Planned,
    RiskAccepted,
    ThirdParty,
    Mitigation,
    Completed,
    Missing,
    Other,
}

fn portal_status(status: &str) -> Portal {
    let key = table::key(status);
    let holds = |parts: &[&str]| parts.iter().any(|part| key.contains(part));
    if key.is_empty() {
        Portal::Missing
    } else if holds(&["thirdparty", "drittanbieter", "tiers"]) {
        Portal::ThirdParty
    } else if holds(&["alternat", "minderung", "atténuation"]) {
        Portal::Mitigation
    } else if holds(&["risk", "risiko", "risque"]) {
        Portal::RiskAccepted
    } else if holds(&["planned", "geplant", "planifié"]) {
        Portal::Planned
    } else if key == "completed" || holds(&["abgeschlossen", "terminé", "effectué"]) {
        Portal::Completed
    } else if holds(&[
        "toaddress",
        "zubeheben",
        "zubearbeiten",
        "àtraiter",
        "àcorriger",
    ]) {
        Portal::ToAddress
    } else {
        Portal::Other
    }
}

/// Judges a row of the portal's table: only *completed* with all its points is met.
fn portal_judged(status: &str, share: Option<Share>, licensed: bool) -> Judged {
    if !licensed {
        return Judged::Unknown(WhyUnknown::NotLicensed);
    }
    let measured = share.map_or(Judged::Unknown(WhyUnknown::NoMaximum), Judged::of);
    match portal_status(status) {
        Portal::ThirdParty => Judged::Unknown(WhyUnknown::ThirdPartyClaim),
        Portal::Mitigation => Judged::Unknown(WhyUnknown::MitigationClaim),
        Portal::Missing => Judged::Unknown(WhyUnknown::Absent),
        Portal::Other => Judged::Unknown(WhyUnknown::Unrecognised),
        Portal::Completed if measured == Judged::Met => Judged::Met,
        Portal::Completed if measured == Judged::Unknown(WhyUnknown::NoMaximum) => measured,
        Portal::Completed => Judged::Unknown(WhyUnknown::Contradictory),
        Portal::RiskAccepted if measured == Judged::Met => {
            Judged::Unknown(WhyUnknown::RiskAccepted)
        }
        Portal::Planned if measured == Judged::Met => Judged::Unknown(WhyUnknown::Planned),
        Portal::ToAddress if measured == Judged::Met => Judged::Unknown(WhyUnknown::Contradictory),
        Portal::RiskAccepted | Portal::Planned | Portal::ToAddress => measured,
    }
}

// ── the catalogue ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The ids that we know, with the digests of their titles; and by digest the ids that go by such a title.
type Catalogue = (
    BTreeMap<&'static str, Vec<u64>>,
    BTreeMap<u64, Vec<&'static str>>,
);

static CONTROLS: LazyLock<Catalogue> = LazyLock::new(|| {
    let mut by_id = BTreeMap::new();
    let mut by_title: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    let lines = include_str!("secure_score/controls.txt").lines();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ');
        let id = words.next().unwrap_or_default();
        let digests: Vec<u64> = words
            .filter_map(|word| u64::from_str_radix(word, 16).ok())
            .collect();
        for digest in &digests {
            by_title.entry(*digest).or_default().push(id);
        }
        by_id.insert(id, digests);
    }
    (by_id, by_title)
});

/// Returns the digest of a title: FNV-1a over its letters and digits in lower case.
///
/// So titles are recognised in the languages we know without keeping a copy of any.
fn digest(title: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for character in letters(title) {
        for byte in character.encode_utf8(&mut [0; 4]).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(part: i64, whole: i64) -> Option<Share> {
        Some(Share {
            part: part.into(),
            whole: whole.into(),
        })
    }

    #[test]
    fn the_catalogue_is_read_whole() {
        let (ids, titles) = &*CONTROLS;
        assert!(ids.len() > 400, "{}", ids.len());
        assert!(titles.values().any(|ids| ids.len() > 2));
        assert!(knows("scid_2010") && knows("AdminMFAV2") && !knows("scid-2010"));
    }

    #[test]
    fn one_control_in_three_spellings_is_one() {
        for id in ["scid_2010", "scid-2010", "sca-_-scid-2010"] {
            assert_eq!(canonical(id), "scid_2010");
        }
        assert_eq!(canonical("11770.MDA_Okta_MFA"), "MDA_Okta_MFA");
        assert_eq!(canonical("1.unheard_of"), "1.unheard_of");
    }

    #[test]
    fn a_claim_is_not_met_whatever_points_it_has() {
        for (state, judged) in [
            ("ThirdParty", Judged::Unknown(WhyUnknown::ThirdPartyClaim)),
            ("reviewed", Judged::Unknown(WhyUnknown::MitigationClaim)),
            ("Ignored", Judged::Unknown(WhyUnknown::RiskAccepted)),
            ("Inventive", Judged::Unknown(WhyUnknown::Unrecognised)),
            ("Default", Judged::Met),
        ] {
            assert_eq!(claim(state, Judged::Met), judged, "{state}");
        }
        assert_eq!(claim("Ignored", Judged::NotMet), Judged::NotMet);
    }

    #[test]
    fn the_portals_words_are_known_in_three_languages() {
        for (words, status) in [
            (["To address", "Zu beheben", "À traiter"], Portal::ToAddress),
            (["Completed", "Abgeschlossen", "Terminé"], Portal::Completed),
            (["Planned", "Geplant", "Planifiée"], Portal::Planned),
            (
                ["Risk accepted", "Risiko akzeptiert", "Risque accepté"],
                Portal::RiskAccepted,
            ),
            (
                [
                    "Resolved through third party",
                    "Durch Drittanbieter gelöst",
                    "Résolu par un tiers",
                ],
                Portal::ThirdParty,
            ),
            (
                [
                    "Resolved through alternate mitigation",
                    "Durch alternative Risikominderung gelöst",
                    "Résolu par une autre atténuation",
                ],
                Portal::Mitigation,
            ),
        ] {
            for word in words {
                assert_eq!(portal_status(word), status, "{word}");
            }
        }
    }

    #[test]
    fn only_completed_with_all_points_is_met_in_the_table() {
        assert_eq!(portal_judged("Completed", share(9, 9), true), Judged::Met);
        assert_eq!(
            portal_judged("To address", share(5, 9), true),
            Judged::Partly
        );
        for (status, share, licensed, why) in [
            ("Completed", share(5, 9), true, WhyUnknown::Contradictory),
            ("Completed", None, true, WhyUnknown::NoMaximum),
            ("Completed", share(0, 0), true, WhyUnknown::Contradictory),
            ("Planned", share(9, 9), true, WhyUnknown::Planned),
            ("Completado", share(9, 9), true, WhyUnknown::Unrecognised),
            ("", share(9, 9), true, WhyUnknown::Absent),
            ("Completed", share(9, 9), false, WhyUnknown::NotLicensed),
        ] {
            let judged = portal_judged(status, share, licensed);
            assert_eq!(judged, Judged::Unknown(why), "{status}");
        }
    }

    #[test]
    fn points_are_read_as_people_and_spreadsheets_write_them() {
        for text in ["5/9", "5 / 9", "5 out of 9", "5 von 9", "5,0/9"] {
            assert_eq!(points_written(text), share(5, 9), "{text}");
        }
        for text in ["", "9", "Sep 05", "-5/9", "5/"] {
            assert_eq!(points_written(text), None, "{text}");
        }
    }
}
