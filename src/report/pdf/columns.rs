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
}

impl Wish {
    /// The longest word and text that are heeded: longer ones are broken.
    const LONGEST_WORD: usize = 24;
    const LONGEST_TEXT: usize = 400;

    /// Takes in what a cell needs.
    pub(super) fn widen(&mut self, other: Self) {
        self.least = self.least.max(other.least.min(Self::LONGEST_WORD));
        self.most = self.most.max(other.most.min(Self::LONGEST_TEXT));
    }
}

/// The space between columns, in letters.
const GAP: usize = 2;

/// Returns the part of `room` that each column gets; together they are all of it.
pub(super) fn widths(wishes: &[Wish], room: usize) -> Vec<f64> {
    let least: Vec<f64> = wishes.iter().map(|wish| float(wish.least + GAP)).collect();
    let most: Vec<f64> = wishes.iter().map(|wish| float(wish.most.max(wish.least) + GAP)).collect();
    let (room, needed, wanted) = (float(room), least.iter().sum::<f64>(), most.iter().sum::<f64>());
    let width = |at: usize| {
        if needed >= room || wanted <= needed {
            least[at] / needed
        } else if wanted <= room {
            most[at] / wanted
        } else {
            let share = (most[at] - least[at]) / (wanted - needed);
            (least[at] + (room - needed) * share) / room
        }
    };
    (0..wishes.len()).map(width).collect()
}

fn float(letters: usize) -> f64 {
    f64::from(u32::try_from(letters).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(wishes: &[(usize, usize)], room: usize) -> Vec<f64> {
        let wishes: Vec<Wish> = (wishes.iter())
            .map(|(least, most)| Wish { least: *least, most: *most })
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
            assert!((widths.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{widths:?}");
            let needed: usize = wishes.iter().map(|(least, _)| least + GAP).sum();
            for (width, (least, _)) in widths.iter().zip(&wishes) {
                assert!(needed > room || width * float(room) >= float(*least), "{widths:?}");
            }
        }
    }

    #[test]
    fn a_long_text_gets_what_short_ones_leave() {
        let widths = of(&[(10, 300), (4, 4), (10, 10)], 100);
        assert!(widths[0] > 0.75, "{widths:?}");
    }
}
