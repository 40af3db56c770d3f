//! The press: a page as a value and a style sheet in, the bytes of a PDF out.
//!
//! Typst finds here the style sheet, the fonts and nothing else: no other file, no package, no network, no clock.

use typst::diag::{FileError, FileResult, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::report::pdf::fonts::{Fonts, fonts};

/// All that Typst sees.
struct Room {
    basics: LazyHash<Library>,
    fonts: &'static Fonts,
    sheet: Source,
}

impl World for Room {
    fn library(&self) -> &LazyHash<Library> {
        &self.basics
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.sheet.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.sheet.id() {
            Ok(self.sheet.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Returns the pages that a style `sheet` makes of its `inputs`, which it finds in `sys.inputs`.
pub(super) fn set(sheet: &str, inputs: Dict) -> Result<PagedDocument, String> {
    let path = VirtualPath::new("sheet.typ").map_err(|error| error.to_string())?;
    let id = FileId::new(RootedPath::new(VirtualRoot::Project, path));
    let features = [Feature::A11yExtras].into_iter().collect();
    let library = Library::builder()
        .with_inputs(inputs)
        .with_features(features);
    let room = Room {
        basics: LazyHash::new(library.build()),
        fonts: fonts(),
        sheet: Source::new(id, sheet.to_owned()),
    };
    let Warned { output, .. } = typst::compile::<PagedDocument>(&room);
    output.map_err(|errors| said(&room, &errors))
}

/// Returns the pages as a PDF that keeps to PDF/UA-1. `ident` tells it from every other.
pub(super) fn print(pages: &PagedDocument, ident: String) -> Result<Vec<u8>, String> {
    let standards =
        PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| error.message().to_string())?;
    let options = PdfOptions {
        ident: Smart::Custom(ident),
        creator: Smart::Custom(Some(format!("readiness {}", env!("CARGO_PKG_VERSION")))),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(pages, &options).map_err(|errors| {
        let said: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        said.join("; ")
    })
}

/// Returns errors with the lines of the style sheet at which they occurred.
fn said(room: &Room, errors: &[SourceDiagnostic]) -> String {
    use typst::WorldExt;
    let said: Vec<String> = (errors.iter())
        .map(|error| match room.range(error.span) {
            Some(range) => {
                let line = room.sheet.text()[..range.start].matches('\n').count() + 1;
                format!("{} (line {line})", error.message)
            }
            None => error.message.to_string(),
        })
        .collect();
    said.join("; ")
}
