//! How cells look: what is to be written in stands out, and everything else is calm.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::domain::questionnaire::Kind;
use crate::report::xlsx;

const INK: Color = Color::RGB(0x1F_2933);
const QUIET: Color = Color::RGB(0x5A_6772);
const BAND: Color = Color::RGB(0xDC_E6F1);
const FILL: Color = Color::RGB(0xFF_F8DC);
const EDGE: Color = Color::RGB(0xD9_C27A);

/// The formats of a workbook.
pub(super) struct Look {
    /// A title.
    pub(super) title: Format,
    /// A line of plain text.
    pub(super) plain: Format,
    /// A line of plain text that stands out.
    pub(super) strong: Format,
    /// A remark of ours.
    pub(super) quiet: Format,
    /// The head of a column.
    pub(super) head: Format,
    /// The title of a section, over the whole width.
    pub(super) band: Format,
    /// A question, and whatever is only read beside it.
    pub(super) read: Format,
    /// The number of a question.
    pub(super) number: Format,
    /// An option or a row below a question.
    pub(super) part: Format,
    /// The head of a table's column.
    pub(super) table: Format,
}

impl Look {
    pub(super) fn new() -> Self {
        let plain = Format::new()
            .set_font_color(INK)
            .set_text_wrap()
            .set_align(FormatAlign::Top);
        Self {
            title: Format::new()
                .set_font_color(INK)
                .set_bold()
                .set_font_size(16),
            strong: plain.clone().set_bold(),
            quiet: plain.clone().set_font_color(QUIET),
            head: xlsx::head_format(),
            band: Format::new()
                .set_bold()
                .set_font_color(INK)
                .set_background_color(BAND)
                .set_align(FormatAlign::VerticalCenter),
            read: xlsx::cell_format(),
            number: xlsx::cell_format().set_align(FormatAlign::Center),
            part: xlsx::cell_format()
                .set_align(FormatAlign::Left)
                .set_indent(2),
            table: Format::new()
                .set_background_color(BAND)
                .set_text_wrap()
                .set_align(FormatAlign::Top),
            plain,
        }
    }

    /// Returns the format of a cell to write an answer of `kind` in; of any text where there is none.
    pub(super) fn input(kind: Option<&Kind>) -> Format {
        let format = Format::new()
            .set_font_color(INK)
            .set_background_color(FILL)
            .set_border(FormatBorder::Thin)
            .set_border_color(EDGE)
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Left)
            .set_unlocked();
        match kind {
            Some(Kind::Int(_)) => format.set_num_format("0"),
            Some(Kind::Percent(_)) => format.set_num_format("0.0%"),
            Some(Kind::Date) => format.set_num_format("yyyy-mm-dd"),
            Some(Kind::Decimal(_) | Kind::Coverage(_)) => format,
            // As text, so that what is typed stays as it is typed.
            _ => format.set_num_format("@"),
        }
    }

    /// Returns the letters of a question.
    pub(super) fn question() -> Format {
        Format::new().set_bold().set_font_color(INK)
    }

    /// Returns the letters of what is said about a question.
    pub(super) fn about() -> Format {
        Format::new().set_font_color(QUIET).set_font_size(10)
    }
}
