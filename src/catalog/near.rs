//! Words for what somebody probably meant.

/// Returns the candidate that was most likely meant by a word that nobody knows.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let farthest = (word.len() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= farthest)
        .map(|candidate| (strsim::osa_distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= farthest)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Cuts what somebody typed to what a message can carry.
pub(crate) fn short(text: &str) -> String {
    const LONGEST: usize = 80;
    let line: String = text.chars().take(LONGEST + 1).collect();
    if line.chars().count() <= LONGEST {
        return line;
    }
    let cut: String = line.chars().take(LONGEST - 1).collect();
    format!("{cut}…")
}
