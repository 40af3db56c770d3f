//! Branding: whose name, logo, colour and handling a report carries, from a small TOML file.
//!
//! ```toml
//! provider = "Northwind Security"
//! logo = "logo.png"                 # beside this file; PNG, JPEG or WebP, 512 KB at most
//! accent = "#14506b"
//! classification = "Confidential"
//! distribution = ["CISO", "Head of SOC"]
//! ```
//!
//! The accent is kept as two inks that can be read on light and on dark paper. How they are used is the stylesheet's business.

use std::fmt;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use toml::Spanned;

use crate::problem::{Place, Problem, Problems, SourceText};

/// The largest logo, in bytes.
pub const MAX_LOGO: u64 = 512 * 1024;

/// The largest branding file, in bytes.
const MAX_FILE: u64 = 64 * 1024;

/// What a report carries of the provider's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branding {
    /// The provider's name.
    pub provider: Option<String>,
    /// How reports are to be handled, such as *Confidential*.
    pub classification: Option<String>,
    /// Who gets them.
    pub distribution: Vec<String>,
    /// How they look.
    pub look: Look,
}

/// How a report looks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// The one colour beside ink and paper.
    #[serde(default)]
    pub accent: Accent,
    /// The provider's logo as a `data:` address.
    pub logo: Option<String>,
}

/// The accent colour in two inks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accent {
    /// On light paper.
    pub on_light: Colour,
    /// On dark paper.
    pub on_dark: Colour,
}

impl Default for Accent {
    fn default() -> Self {
        Self::of(Colour([0x14, 0x50, 0x6b]))
    }
}

impl Accent {
    /// Darkens `colour` for light paper and lightens it for dark paper, until both can be read.
    #[must_use]
    pub fn of(colour: Colour) -> Self {
        Self {
            on_light: colour.towards(Colour::BLACK, LIGHT_PAPER),
            on_dark: colour.towards(Colour::WHITE, DARK_PAPER),
        }
    }
}

/// The darkest light surface of the stylesheet that the accent is written on.
const LIGHT_PAPER: Colour = Colour([0xf3, 0xf4, 0xf6]);

/// The lightest dark surface of the stylesheet that the accent is written on.
const DARK_PAPER: Colour = Colour([0x20, 0x25, 0x2b]);

/// The least contrast of text, as WCAG 2 wants it.
const READABLE: f64 = 4.5;

/// A colour in sRGB, written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

impl Colour {
    const BLACK: Self = Self([0; 3]);
    const WHITE: Self = Self([255; 3]);

    /// Returns the contrast between two colours as WCAG 2 defines it, from 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    /// Mixes in `end`, a twentieth at a time, until the colour can be read on `paper`.
    fn towards(self, end: Self, paper: Self) -> Self {
        (0..=20_u16)
            .map(|part| self.mixed(end, part))
            .find(|colour| colour.contrast(paper) >= READABLE)
            .unwrap_or(end)
    }

    fn mixed(self, end: Self, part: u16) -> Self {
        let channel = |at: usize| {
            let sum = u16::from(self.0[at]) * (20 - part) + u16::from(end.0[at]) * part;
            u8::try_from(sum / 20).expect("a mean of two bytes is a byte")
        };
        Self([channel(0), channel(1), channel(2)])
    }
}

/// A text that is no colour.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a colour")]
pub struct ColourFault(String);

impl FromStr for Colour {
    type Err = ColourFault;

    fn from_str(text: &str) -> Result<Self, ColourFault> {
        let fault = || ColourFault(text.chars().take(20).collect());
        let digits = text.strip_prefix('#').ok_or_else(fault)?;
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(fault());
        }
        let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| fault());
        Ok(Self([channel(0)?, channel(2)?, channel(4)?]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    provider: Option<String>,
    logo: Option<Spanned<String>>,
    accent: Option<Spanned<String>>,
    classification: Option<String>,
    #[serde(default)]
    distribution: Vec<String>,
}

impl Branding {
    /// Reads the branding file at `path`, and the logo that it names.
    ///
    /// # Errors
    /// Everything that is wrong with the file or the logo.
    pub fn read(path: &Path) -> Result<Self, Problems> {
        let bytes = read_at_most(path, MAX_FILE)?;
        let text = String::from_utf8(bytes).map_err(|_| {
            Problem::error(format!("`{}` is not a text in UTF-8", path.display()))
                .help("save it as UTF-8")
        })?;
        let source = Arc::new(SourceText {
            name: path.display().to_string(),
            text,
        });
        Self::parse(&source, path.parent().unwrap_or(Path::new("")))
    }

    fn parse(source: &Arc<SourceText>, folder: &Path) -> Result<Self, Problems> {
        let written: Written = toml::from_str(&source.text).map_err(|error| {
            let span = error.span().unwrap_or_default();
            Problem::error(error.message()).at(Place::new(Arc::clone(source), span))
        })?;
        let mut problems = Problems::default();
        let mut look = Look::default();
        let place = |value: &Spanned<String>| Place::new(Arc::clone(source), value.span());
        if let Some(accent) = &written.accent {
            match accent.get_ref().parse() {
                Ok(colour) => look.accent = Accent::of(colour),
                Err(fault) => problems.push(
                    Problem::error(ColourFault::to_string(&fault))
                        .at(place(accent))
                        .help("write `#` and six hexadecimal digits, such as `#14506b`"),
                ),
            }
        }
        if let Some(logo) = &written.logo {
            match read_logo(&folder.join(logo.get_ref())) {
                Ok(data) => look.logo = Some(data),
                Err(problem) => problems.push(problem.at(place(logo))),
            }
        }
        problems.or(Self {
            provider: written.provider,
            classification: written.classification,
            distribution: written.distribution,
            look,
        })
    }
}

/// Reads a picture and returns it as a `data:` address.
fn read_logo(path: &Path) -> Result<String, Problem> {
    let bytes = read_at_most(path, MAX_LOGO)?;
    let kind = picture_kind(&bytes).ok_or_else(|| {
        Problem::error(format!(
            "`{}` is no picture that reports carry",
            path.display()
        ))
        .help("save it as PNG, JPEG or WebP")
    })?;
    Ok(format!("data:{kind};base64,{}", STANDARD.encode(bytes)))
}

/// Returns the media type of a picture by its first bytes; a file's name says nothing.
fn picture_kind(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else {
        None
    }
}

fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, Problem> {
    let unreadable = |error: std::io::Error| {
        Problem::error(format!("cannot read `{}`: {error}", path.display()))
            .help("give the path of a file that you may read")
    };
    let file = fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > most {
        let problem = Problem::error(format!(
            "`{}` is larger than {} KB",
            path.display(),
            most / 1024
        ));
        return Err(problem.help("make it smaller"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Branding, Problems> {
        let source = SourceText {
            name: "branding.toml".into(),
            text: text.into(),
        };
        Branding::parse(&Arc::new(source), Path::new("/nowhere"))
    }

    #[test]
    fn everything_wrong_is_said_at_once_with_its_place() {
        let problems = parse("accent = \"teal\"\nlogo = \"none.png\"\n").unwrap_err();
        let drawn: Vec<String> = problems
            .0
            .iter()
            .map(|problem| problem.draw(false))
            .collect();
        assert!(drawn[0].contains("branding.toml:1:10"), "{}", drawn[0]);
        assert!(drawn[1].contains("branding.toml:2:8"), "{}", drawn[1]);
    }

    #[test]
    fn an_unknown_key_is_refused_where_it_stands() {
        let problems = parse("provider = \"x\"\ncolour = \"#000000\"\n").unwrap_err();
        assert!(problems.0[0].draw(false).contains("branding.toml:2:1"));
    }

    #[test]
    fn every_accent_can_be_read_on_both_papers() {
        for text in [
            "#ffffff", "#000000", "#ffe600", "#0000ff", "#777777", "#14506b",
        ] {
            let accent = Accent::of(text.parse().unwrap());
            assert!(accent.on_light.contrast(LIGHT_PAPER) >= READABLE, "{text}");
            assert!(accent.on_dark.contrast(DARK_PAPER) >= READABLE, "{text}");
        }
    }

    #[test]
    fn colours_read_back_and_nothing_else_is_one() {
        assert_eq!("#14506B".parse::<Colour>().unwrap().to_string(), "#14506b");
        for wrong in [
            "", "#", "#12345", "#1234567", "14506b", "#+12345", "#ééé", "red",
        ] {
            assert!(wrong.parse::<Colour>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_picture_is_known_by_its_bytes_and_not_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logo.png");
        fs::write(&path, "<svg onload='alert(1)'/>").unwrap();
        assert!(read_logo(&path).is_err());
        fs::write(&path, b"\x89PNG\r\n\x1a\nrest").unwrap();
        assert!(
            read_logo(&path)
                .unwrap()
                .starts_with("data:image/png;base64,")
        );
    }

    #[test]
    fn a_logo_too_large_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logo.png");
        fs::write(&path, vec![0; 512 * 1024 + 1]).unwrap();
        assert!(
            read_logo(&path)
                .unwrap_err()
                .message
                .contains("larger than 512 KB")
        );
    }
}
