//! How wide the columns of a table are, as browsers do it: each as wide as its text wants, or between its longest word and that.
//!
//! Measured in letters of mean width, since nothing is set yet; Typst then breaks the lines.

/// What a column would need, in letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wish {
    /// For its longest word.
    pub(super) least: usize,
    /// For its longest text in one line.
    pub(super) most: usize,
    /// Whether more room would do it no good: numbers and days.
    pub(super) fixed: bool,
}

impl Wish {
    /// The longest word and text that are heeded: longer ones are broken.
    const LONGEST_WORD: usize = 36;
    const LONGEST_TEXT: usize = 400;

    /// Takes in what a cell needs.
    pub(super) fn widen(&mut self, other: Self) {
        self.least = self.least.max(other.least.min(Self::LONGEST_WORD));
        self.most = self.most.max(other.most.min(Self::LONGEST_TEXT));
        self.fixed |= other.fixed;
    }
}

/// The space between columns, in letters.
const GAP: usize = 2;

/// Returns the part of `room` that each column gets; together they are all of it.
///
/// Where there is not enough, those that want little get it first: a day is in one line before a title is.
pub(super) fn widths(wishes: &[Wish], room: usize) -> Vec<f64> {
    let least = |wish: &Wish| float(wish.least + GAP);
    let most = |wish: &Wish| float(wish.most.max(wish.least) + GAP);
    let sum = |of: &dyn Fn(&Wish) -> f64| wishes.iter().map(of).sum::<f64>();
    let (room, needed, wanted) = (float(room), sum(&least), sum(&most));
    let fixed = sum(&|wish: &Wish| if wish.fixed { most(wish) } else { 0.0 });
    let level = level(wishes, room - needed);
    let width = |wish: &Wish| {
        if needed >= room {
            least(wish) / needed
        } else if wanted > room {
            (least(wish) + (most(wish) - least(wish)).min(level)) / room
        } else if fixed == wanted {
            most(wish) / wanted
        } else if wish.fixed {
            most(wish) / room
        } else {
            most(wish) / (wanted - fixed) * (room - fixed) / room
        }
    };
    wishes.iter().map(width).collect()
}

/// Returns how much more than its least each column may have at most, so that all of `left` is given away.
fn level(wishes: &[Wish], mut left: f64) -> f64 {
    let mut more: Vec<usize> = (wishes.iter())
        .map(|wish| wish.most.saturating_sub(wish.least))
        .collect();
    more.sort_unstable();
    let mut level = 0.0;
    for (at, wanted) in more.iter().enumerate() {
        let share = left / float(more.len() - at);
        level = float(*wanted).min(share);
        left -= level;
    }
    level
}

fn float(letters: usize) -> f64 {
    f64::from(u32::try_from(letters).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(wishes: &[(usize, usize)], room: usize) -> Vec<f64> {
        let wishes: Vec<Wish> = (wishes.iter())
            .map(|(least, most)| Wish {
                least: *least,
                most: *most,
                fixed: false,
            })
            .collect();
        widths(&wishes, room)
    }

    #[test]
    fn columns_fill_the_room_and_hold_their_longest_words() {
        for (wishes, room) in [
            (vec![(5, 10), (5, 10)], 100),
            (vec![(10, 300), (4, 4), (8, 20)], 100),
            (vec![(24, 400); 3], 60),
            (vec![(0, 0)], 50),
        ] {
            let widths = of(&wishes, room);
            assert!(
                (widths.iter().sum::<f64>() - 1.0).abs() < 1e-9,
                "{widths:?}"
            );
            let needed: usize = wishes.iter().map(|(least, _)| least + GAP).sum();
            for (width, (least, _)) in widths.iter().zip(&wishes) {
                assert!(
                    needed > room || width * float(room) >= float(*least),
                    "{widths:?}"
                );
            }
        }
    }

    #[test]
    fn a_long_text_gets_what_short_ones_leave() {
        let widths = of(&[(10, 300), (4, 4), (10, 10)], 100);
        assert!(widths[0] > 0.75, "{widths:?}");
    }
}
