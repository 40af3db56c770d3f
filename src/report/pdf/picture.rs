//! The page's drawings: marks, which keep their shape, and charts, which stretch to the width they are given.
//!
//! A mark becomes a picture of its own; a chart becomes rectangles and lines in parts of its width and height, drawn where its width
//! is known. What a class looks like on paper is said here for marks, in the style sheet for charts.

use crate::report::pdf::tree::Element;

/// A shape of a chart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shape {
    /// Its class, which says how it looks.
    pub(super) class: String,
    /// Its points in parts of the chart, from the top left; a rectangle's are two of its corners.
    pub(super) points: Vec<(f64, f64)>,
    /// Whether it is a rectangle; otherwise a line from point to point.
    pub(super) filled: bool,
}

/// Returns the shapes of a chart.
pub(super) fn shapes(svg: &Element) -> Vec<Shape> {
    let size: Vec<f64> = numbers(svg.get("viewbox"));
    let [_, _, width, height] = size[..] else {
        return Vec::new();
    };
    if width <= 0.0 || height <= 0.0 {
        return Vec::new();
    }
    let part = |(x, y): (f64, f64)| (x / width, y / height);
    let mut shapes = Vec::new();
    for drawn in svg.elements() {
        let class = drawn.get("class").to_owned();
        match drawn.name.as_str() {
            "rect" => {
                let value = |name| number(drawn.get(name)).unwrap_or(0.0);
                let (x, y) = (value("x"), value("y"));
                let corner = (x + value("width"), y + value("height"));
                let points = vec![part((x, y)), part(corner)];
                shapes.push(Shape {
                    class,
                    points,
                    filled: true,
                });
            }
            "path" => shapes.extend(lines(drawn.get("d")).into_iter().map(|line| Shape {
                class: class.clone(),
                points: line.into_iter().map(part).collect(),
                filled: false,
            })),
            _ => {}
        }
    }
    shapes
}

/// Returns the lines of a path that is made of `M`, `L`, `h` and `v`; an unknown command ends it.
fn lines(path: &str) -> Vec<Vec<(f64, f64)>> {
    let mut lines: Vec<Vec<(f64, f64)>> = Vec::new();
    let (mut x, mut y) = (0.0, 0.0);
    for (command, values) in commands(path) {
        match (command, &values[..]) {
            ('M', [to_x, to_y]) => {
                (x, y) = (*to_x, *to_y);
                lines.push(Vec::new());
            }
            ('L', [to_x, to_y]) => (x, y) = (*to_x, *to_y),
            ('h', [by]) => x += by,
            ('v', [by]) => y += by,
            _ => break,
        }
        if let Some(line) = lines.last_mut() {
            line.push((x, y));
        }
    }
    lines
}

/// Returns each command of a path with the numbers after it.
fn commands(path: &str) -> Vec<(char, Vec<f64>)> {
    let mut commands = Vec::new();
    let mut rest = path;
    while let Some(at) = rest.find(|character: char| character.is_ascii_alphabetic()) {
        let after = &rest[at + 1..];
        let end = after.find(|character: char| character.is_ascii_alphabetic());
        let values = &after[..end.unwrap_or(after.len())];
        commands.extend(
            rest[at..]
                .chars()
                .next()
                .map(|command| (command, numbers(values))),
        );
        rest = &after[end.unwrap_or(after.len())..];
    }
    commands
}

fn numbers(text: &str) -> Vec<f64> {
    let parts = text.split(|character: char| character.is_whitespace() || character == ',');
    parts.filter_map(number).collect()
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Returns a mark as a picture in SVG. Its colour is `currentColor`, for whoever sets it to say.
pub(super) fn mark(svg: &Element) -> String {
    let mut out = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"");
    push_escaped(&mut out, svg.get("viewbox"));
    out.push_str("\">");
    for drawn in svg.elements() {
        if !matches!(drawn.name.as_str(), "path" | "rect" | "circle") {
            continue;
        }
        out.push('<');
        out.push_str(&drawn.name);
        for name in DRAWN {
            if drawn.attributes.contains_key(*name) {
                out.push_str(&format!(" {name}=\""));
                push_escaped(&mut out, drawn.get(name));
                out.push('"');
            }
        }
        out.push_str(match drawn.get("class") {
            "outline" => " fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.6\"",
            "faint" => " fill=\"currentColor\" opacity=\"0.22\"",
            _ => " fill=\"currentColor\"",
        });
        out.push_str("/>");
    }
    out.push_str("</svg>");
    out
}

/// The attributes of a mark that say where and in which shape it is drawn.
const DRAWN: &[&str] = &[
    "d",
    "x",
    "y",
    "width",
    "height",
    "cx",
    "cy",
    "r",
    "fill-rule",
];

fn push_escaped(out: &mut String, text: &str) {
    let plain = |character: &char| !matches!(character, '<' | '>' | '&' | '"' | '\'');
    out.extend(text.chars().filter(plain));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::pdf::tree;

    #[test]
    fn a_chart_is_shapes_in_parts_of_its_size() {
        let tree = tree::read(
            "<svg viewBox='0 0 100 10'><rect class='value' x='10' width='40' height='10'/><path class='goal' d='M50 -3v16'/></svg>",
        );
        let shapes = shapes(tree.find("svg").unwrap());
        assert_eq!(shapes[0].points, [(0.1, 0.0), (0.5, 1.0)]);
        assert_eq!(shapes[1].points, [(0.5, -0.3), (0.5, 1.3)]);
        assert!(shapes[0].filled && !shapes[1].filled);
    }

    #[test]
    fn a_path_of_several_lines_is_several_shapes() {
        assert_eq!(
            lines("M0 5L10 6M20 7h0"),
            [
                vec![(0.0, 5.0), (10.0, 6.0)],
                vec![(20.0, 7.0), (20.0, 7.0)]
            ]
        );
        assert!(lines("Z M x").iter().all(Vec::is_empty));
    }

    #[test]
    fn a_mark_holds_nothing_but_shapes() {
        let tree = tree::read(
            "<svg viewBox='0 0 12 12'><script>x</script><image href='file:///x'/><path class='faint' onload='y' d='M1 1h2'/></svg>",
        );
        assert_eq!(
            mark(tree.find("svg").unwrap()),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 12 12\"><path d=\"M1 1h2\" fill=\"currentColor\" opacity=\"0.22\"/></svg>"
        );
    }
}
