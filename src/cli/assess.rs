//! `readiness assess`: the walk.

mod editor;
mod face;
mod keys;
mod lines;
mod panes;
mod scene;
mod screen;
mod table;
mod theme;
