//! Where things and arrows go: a layered drawing from left to right.
//!
//! Things stand in columns, an arrow goes from one column to a later one, and what is written on it stands in
//! a column between. As an arrow has a place of its own in every column that it passes, and bends only between
//! columns, it crosses no box and no word.
//!
//! The steps are Sugiyama's: columns ([`rank`]), the order in each ([`order`]), coordinates ([`place`]).
//! Source: <https://en.wikipedia.org/wiki/Layered_graph_drawing>

mod order;
mod place;
mod rank;

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
    /// From the left end to the right end.
    pub(super) points: Vec<Point>,
    /// The middle of what is written on it.
    pub(super) label: Point,
    /// Whether the arrow starts at its right end.
    pub(super) reversed: bool,
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
#[derive(Debug, Clone, PartialEq, Eq)]
struct Chain {
    cells: Vec<usize>,
    reversed: bool,
}

/// The cells of a picture by columns. Things have the even columns and the first cells, words the odd ones.
#[derive(Debug)]
struct Grid {
    cells: Vec<Cell>,
    columns: Vec<Vec<usize>>,
    chains: Vec<Chain>,
}

/// Height of an arrow that passes.
const PASSAGE: f64 = 10.0;

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
            grid.cell(CellKind::Thing, 2 * ranks.of[thing], *size);
        }
        for (link, reversed) in links.iter().zip(&ranks.reversed) {
            let (left, right) = if *reversed {
                (link.to, link.from)
            } else {
                (link.from, link.to)
            };
            let (start, end) = (2 * ranks.of[left], 2 * ranks.of[right]);
            // In a column of words, near the middle.
            let middle = (usize::midpoint(start, end) - 1) | 1;
            let mut cells = vec![left];
            for column in start + 1..end {
                cells.push(if column == middle {
                    grid.cell(CellKind::Label, column, link.label)
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
            });
        }
        grid
    }

    fn cell(&mut self, kind: CellKind, column: usize, size: Size) -> usize {
        let index = self.cells.len();
        self.cells.push(Cell { kind, column, size });
        self.columns[column].push(index);
        index
    }

    /// The links between cells of neighbouring columns, left and right.
    fn segments(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.chains
            .iter()
            .flat_map(|chain| chain.cells.windows(2).map(|pair| (pair[0], pair[1])))
    }
}
