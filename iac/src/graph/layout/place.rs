//! Coordinates: columns as wide as what stands in them, and arrows as level as the others let them be.

use super::{Cell, CellKind, Grid, Layout, UNDERLINE};

/// Between things, or a thing and an arrow that passes, one above the other.
const BETWEEN_THINGS: f64 = 26.0;
/// Between words, or arrows that pass.
const BETWEEN_WORDS: f64 = 12.0;
/// Between two arrows at the same side of a thing.
pub(super) const BETWEEN_ENDS: f64 = 16.0;
/// From the outermost arrow to the corner of a thing.
const CORNER: f64 = 16.0;
/// Of an arrow that goes down, before and behind what is written on it.
const DOWN: f64 = 18.0;
/// How much a thing and its satellite stay together, where an arrow across counts 1.
const NEAR: f64 = 0.3;
/// How often the columns are gone through at most, and less than what pixels a cell moves when it is at rest.
const SWEEPS: usize = 1000;
const AT_REST: f64 = 0.001;

/// Places everything.
pub(super) fn place(grid: &Grid) -> Layout {
    let mut placing = Placing::new(grid);
    for _ in 0..SWEEPS {
        let before = placing.y.clone();
        for column in 0..grid.columns.len() {
            placing.settle(column);
        }
        for column in (0..grid.columns.len()).rev() {
            placing.settle(column);
        }
        let moves = |(y, before): (&f64, &f64)| (y - before).abs() > AT_REST;
        if !placing.y.iter().zip(&before).any(moves) {
            break;
        }
    }
    placing.straighten();
    placing.layout()
}

/// An end of an arrow's piece between two columns.
#[derive(Debug, Clone, Copy)]
struct Pull {
    /// The cell on the other side, and how far from its middle the arrow ends there.
    other: usize,
    other_offset: f64,
    /// How far from the middle of this cell.
    offset: f64,
    weight: f64,
}

pub(super) struct Placing<'a> {
    pub(super) grid: &'a Grid,
    pub(super) heights: Vec<f64>,
    /// The middle of each cell.
    pub(super) y: Vec<f64>,
    /// Of each chain, how far from the middles of its two things it ends.
    pub(super) ends: Vec<(f64, f64)>,
    pulls: Vec<Vec<Pull>>,
}

impl<'a> Placing<'a> {
    fn new(grid: &'a Grid) -> Self {
        let mut heights: Vec<f64> = grid.cells.iter().map(|cell| cell.size.height).collect();
        let ends = ends(grid, &mut heights);
        let mut pulls = vec![Vec::new(); grid.cells.len()];
        for (chain, (start, end)) in grid.chains.iter().zip(&ends) {
            if chain.down.is_some() {
                continue;
            }
            let last = chain.cells.len() - 1;
            let offset = |at: usize| match at {
                0 => *start,
                at if at == last => *end,
                at => line_of(&grid.cells[chain.cells[at]]),
            };
            for at in 0..last {
                let (left, right) = (chain.cells[at], chain.cells[at + 1]);
                let passes = |cell: usize| grid.cells[cell].kind != CellKind::Thing;
                // What has no box to end at is best level.
                let weight = if passes(left) && passes(right) {
                    8.0
                } else {
                    1.0
                };
                for (mine, my_offset, other, other_offset) in [
                    (left, offset(at), right, offset(at + 1)),
                    (right, offset(at + 1), left, offset(at)),
                ] {
                    pulls[mine].push(Pull {
                        other,
                        other_offset,
                        offset: my_offset,
                        weight,
                    });
                }
            }
        }
        let mut placing = Self {
            grid,
            y: vec![0.0; heights.len()],
            heights,
            ends,
            pulls,
        };
        for chain in grid.chains.iter().filter(|chain| chain.down.is_some()) {
            let (upper, lower) = (chain.cells[0], chain.cells[1]);
            let distance = placing.distance(upper, lower);
            for (mine, other, offset) in [(upper, lower, distance), (lower, upper, -distance)] {
                placing.pulls[mine].push(Pull {
                    other,
                    other_offset: 0.0,
                    offset,
                    weight: NEAR,
                });
            }
        }
        for column in 0..grid.columns.len() {
            let mut y = 0.0;
            let mut above = None;
            for cell in grid.column(column) {
                y += above.map_or(0.0, |above| placing.distance(above, cell));
                placing.y[cell] = y;
                above = Some(cell);
            }
        }
        placing
    }

    /// The least between the middles of two cells, one above the other.
    pub(super) fn distance(&self, upper: usize, lower: usize) -> f64 {
        let thing = |cell: usize| self.grid.cells[cell].kind == CellKind::Thing;
        let down = self
            .grid
            .chains
            .iter()
            .find(|chain| chain.down.is_some() && chain.cells == [upper, lower])
            .and_then(|chain| chain.down);
        let between = match down {
            Some(words) => words.height + 2.0 * DOWN,
            None if thing(upper) || thing(lower) => BETWEEN_THINGS,
            None => BETWEEN_WORDS,
        };
        f64::midpoint(self.heights[upper], self.heights[lower]) + between
    }

    /// Moves the cells of a column to where their arrows are most level: the least sum of squares that keeps
    /// their order and their distances. Cells that would come too near move as one block.
    fn settle(&mut self, column: usize) {
        struct Block {
            /// Where its first cell wants to be, and how much.
            y: f64,
            weight: f64,
            cells: usize,
        }
        let cells: Vec<usize> = self.grid.column(column).collect();
        let mut blocks: Vec<Block> = Vec::new();
        // How far below the first cell of the column each must be.
        let mut below = vec![0.0; cells.len()];
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                below[at] = below[at - 1] + self.distance(cells[at - 1], *cell);
            }
            let (wanted, weight) = self.wanted(*cell);
            blocks.push(Block {
                y: wanted - below[at],
                weight,
                cells: 1,
            });
            while let [.., upper, lower] = blocks.as_mut_slice()
                && upper.y > lower.y
            {
                let weight = upper.weight + lower.weight;
                upper.y = (upper.y * upper.weight + lower.y * lower.weight) / weight;
                upper.weight = weight;
                upper.cells += lower.cells;
                blocks.pop();
            }
        }
        let starts = blocks
            .iter()
            .flat_map(|block| std::iter::repeat_n(block.y, block.cells));
        let places: Vec<f64> = starts.zip(&below).map(|(y, below)| y + below).collect();
        for (cell, y) in cells.iter().zip(places) {
            self.y[*cell] = y;
        }
    }

    /// Where a cell's arrows would be level, and how many say so.
    fn wanted(&self, cell: usize) -> (f64, f64) {
        let pulls = &self.pulls[cell];
        let weight: f64 = pulls.iter().map(|pull| pull.weight).sum();
        if weight == 0.0 {
            return (self.y[cell], 0.01);
        }
        let sum: f64 = pulls
            .iter()
            .map(|pull| (self.y[pull.other] + pull.other_offset - pull.offset) * pull.weight)
            .sum();
        (sum / weight, weight)
    }
}

/// How far below the middle of a cell its arrow passes: below the words.
pub(super) fn line_of(cell: &Cell) -> f64 {
    match cell.kind {
        CellKind::Label => cell.size.height / 2.0 - UNDERLINE,
        CellKind::Thing | CellKind::Passage => 0.0,
    }
}

/// Where arrows end at the sides of things, in the order in which they arrive, so that they do not cross there.
/// A thing grows where it has many.
fn ends(grid: &Grid, heights: &mut [f64]) -> Vec<(f64, f64)> {
    let places = grid.places();
    let mut ends = vec![(0.0, 0.0); grid.chains.len()];
    for (thing, cell) in grid.cells.iter().enumerate() {
        if cell.kind != CellKind::Thing {
            continue;
        }
        // Of the arrows that end at a side: the place of the next cell, and the arrow.
        let side = |last: bool| {
            let mut arrows: Vec<(usize, usize)> = Vec::new();
            for (index, chain) in grid.chains.iter().enumerate() {
                if chain.down.is_some() {
                    continue;
                }
                let cells = &chain.cells;
                let (own, next) = if last {
                    (cells[cells.len() - 1], cells[cells.len() - 2])
                } else {
                    (cells[0], cells[1])
                };
                if own == thing {
                    arrows.push((places[next], index));
                }
            }
            arrows.sort_unstable();
            arrows
        };
        for last in [false, true] {
            let arrows = side(last);
            let mut offset = 0.0;
            for (at, (_, arrow)) in arrows.iter().enumerate() {
                offset += if at == 0 { 0.0 } else { BETWEEN_ENDS };
                let end = &mut ends[*arrow];
                *(if last { &mut end.1 } else { &mut end.0 }) = offset;
            }
            heights[thing] = heights[thing].max(offset + 2.0 * CORNER);
            for (_, arrow) in &arrows {
                let end = &mut ends[*arrow];
                *(if last { &mut end.1 } else { &mut end.0 }) -= offset / 2.0;
            }
        }
    }
    ends
}
