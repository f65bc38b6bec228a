//! Where things and arrows go: a layered drawing from left to right.
//!
//! Things stand in columns, an arrow goes from one column to a later one, and what is written on it stands in
//! a column between. As an arrow has a place of its own in every column that it passes, and bends only between
//! columns, it crosses no box and no word. A thing that belongs to another one, as an alarm does to its queue,
//! stands above or below it.
//!
//! The steps are Sugiyama's: columns ([`rank`]), the order in each ([`order`]), coordinates ([`place`],
//! [`straighten`] by [`blocks`]), lines ([`route`]).
//! Source: <https://en.wikipedia.org/wiki/Layered_graph_drawing>

mod blocks;
mod order;
mod place;
mod rank;
mod route;
mod straighten;
#[cfg(test)]
mod tests;

/// A width and a height in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Size {
    pub(super) width: f64,
    pub(super) height: f64,
}

/// An arrow to lay out, between things by their index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Of what is written on it.
    pub(super) label: Size,
    /// Whether its end should stand on the left.
    pub(super) backwards: bool,
    /// Where arrows go round in circles, one with the largest gives way.
    pub(super) rank: u8,
    /// Whether it goes down, and which of its ends belongs to the other.
    pub(super) down: Option<Satellite>,
}

/// A thing that stands above or below another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Satellite {
    /// The start, above the end.
    Start,
    /// The end, below the start.
    End,
}

/// A place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A laid out arrow. Between two points it is level, or bends from one level to the other.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Route {
    /// From the left end to the right end; from the upper to the lower where it goes down.
    pub(super) points: Vec<Point>,
    /// The middle of what is written on it: above the line, or in it where it goes down.
    pub(super) label: Point,
    /// Whether the arrow starts at its right end.
    pub(super) reversed: bool,
    /// Whether it goes down.
    pub(super) down: bool,
}

/// A laid out picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// The middle of each thing.
    pub(super) things: Vec<Point>,
    /// The height of each thing: as given, or what its arrows need.
    pub(super) heights: Vec<f64>,
    /// Each arrow.
    pub(super) routes: Vec<Route>,
    /// Of the whole, which starts at 0, 0.
    pub(super) size: Size,
}

/// Something with a place in a column.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cell {
    kind: CellKind,
    column: usize,
    size: Size,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CellKind {
    /// A thing, by its index.
    Thing,
    /// What is written on an arrow.
    Label,
    /// An arrow that passes.
    Passage,
}

/// An arrow as the cells that it goes through from left to right: a thing first, another last.
#[derive(Debug, Clone, PartialEq)]
struct Chain {
    cells: Vec<usize>,
    reversed: bool,
    /// The size of what is written on an arrow that goes down. Its two cells stand in one group.
    down: Option<Size>,
}

/// Cells that stand together, from above.
type Group = Vec<usize>;

/// The cells of a picture by columns, and in groups from above. Things have the even columns and the first
/// cells, words the odd columns.
#[derive(Debug)]
struct Grid {
    cells: Vec<Cell>,
    columns: Vec<Vec<Group>>,
    chains: Vec<Chain>,
}

/// Height of an arrow that passes.
const PASSAGE: f64 = 10.0;
/// Between words and the line below them.
const UNDERLINE: f64 = 4.0;

/// Lays out things and the arrows between them.
pub(super) fn layout(things: &[Size], links: &[Link]) -> Layout {
    let ranks = rank::ranks(things.len(), links);
    let mut grid = Grid::new(things, links, &ranks);
    order::order(&mut grid);
    place::place(&grid)
}

impl Grid {
    fn new(things: &[Size], links: &[Link], ranks: &rank::Ranks) -> Self {
        let last = ranks.of.iter().copied().max().unwrap_or(0);
        let mut grid = Self {
            cells: Vec::new(),
            columns: vec![Vec::new(); 2 * last + 1],
            chains: Vec::new(),
        };
        for (thing, size) in things.iter().enumerate() {
            let column = 2 * ranks.of[thing];
            grid.cells.push(Cell {
                kind: CellKind::Thing,
                column,
                size: *size,
            });
            // Satellites come with the thing that they belong to.
            if ranks.main[thing] == thing {
                let mut group = vec![thing];
                for link in links {
                    match link.down {
                        Some(Satellite::Start) if link.to == thing => group.insert(0, link.from),
                        Some(Satellite::End) if link.from == thing => group.push(link.to),
                        _ => {}
                    }
                }
                grid.columns[column].push(group);
            }
        }
        for (link, reversed) in links.iter().zip(&ranks.reversed) {
            let (left, right) = if *reversed {
                (link.to, link.from)
            } else {
                (link.from, link.to)
            };
            if link.down.is_some() {
                grid.chains.push(Chain {
                    cells: vec![link.from, link.to],
                    reversed: false,
                    down: Some(link.label),
                });
                continue;
            }
            let (start, end) = (2 * ranks.of[left], 2 * ranks.of[right]);
            // In a column of words, near the middle.
            let middle = (usize::midpoint(start, end) - 1) | 1;
            let mut cells = vec![left];
            for column in start + 1..end {
                cells.push(if column == middle {
                    let size = Size {
                        height: link.label.height + 2.0 * UNDERLINE,
                        ..link.label
                    };
                    grid.cell(CellKind::Label, column, size)
                } else {
                    let size = Size {
                        width: 0.0,
                        height: PASSAGE,
                    };
                    grid.cell(CellKind::Passage, column, size)
                });
            }
            cells.push(right);
            grid.chains.push(Chain {
                cells,
                reversed: *reversed,
                down: None,
            });
        }
        grid
    }

    fn cell(&mut self, kind: CellKind, column: usize, size: Size) -> usize {
        let index = self.cells.len();
        self.cells.push(Cell { kind, column, size });
        self.columns[column].push(vec![index]);
        index
    }

    /// The cells of a column from above.
    fn column(&self, column: usize) -> impl Iterator<Item = usize> + '_ {
        self.columns[column].iter().flatten().copied()
    }

    /// Where each cell stands in its column.
    fn places(&self) -> Vec<usize> {
        let mut places = vec![0; self.cells.len()];
        for column in 0..self.columns.len() {
            for (place, cell) in self.column(column).enumerate() {
                places[cell] = place;
            }
        }
        places
    }

    /// The links between cells of neighbouring columns, left and right.
    fn segments(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.chains
            .iter()
            .filter(|chain| chain.down.is_none())
            .flat_map(|chain| chain.cells.windows(2).map(|pair| (pair[0], pair[1])))
    }
}
