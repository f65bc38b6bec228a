//! Coordinates: columns as wide as what stands in them, and arrows as level as the others let them be.

use super::{Cell, CellKind, Chain, Grid, Layout, UNDERLINE};

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
    placing.settle();
    placing.straighten();
    placing.layout()
}

/// An arrow between a cell and another one, which the cell gives way to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pull {
    pub(super) other: usize,
    /// How far below the middle of the other cell the middle of this one is at rest.
    pub(super) offset: f64,
    weight: f64,
    /// Whether the arrow goes down. Any other one is level at rest.
    pub(super) down: bool,
}

pub(super) struct Placing<'a> {
    pub(super) grid: &'a Grid,
    pub(super) heights: Vec<f64>,
    /// The middle of each cell.
    pub(super) y: Vec<f64>,
    /// Of each chain, how far from the middles of its two things it ends.
    pub(super) ends: Vec<(f64, f64)>,
    /// Of each column, the cells from above.
    pub(super) stacks: Vec<Vec<usize>>,
    /// Of each cell, the ones next above and beneath in its column.
    pub(super) neighbours: Vec<[Option<usize>; 2]>,
    /// Of each cell, the least from the middle of the first one of its column to its own.
    pub(super) below: Vec<f64>,
    /// Of each cell.
    pub(super) pulls: Vec<Vec<Pull>>,
}

impl<'a> Placing<'a> {
    fn new(grid: &'a Grid) -> Self {
        let mut heights: Vec<f64> = grid.cells.iter().map(|cell| cell.size.height).collect();
        let ends = ends(grid, &mut heights);
        let pulls = pulls(grid, &heights, &ends);
        let stacks = (0..grid.columns.len()).map(|column| grid.column(column).collect());
        let stacks: Vec<Vec<usize>> = stacks.collect();
        let mut neighbours = vec![[None, None]; heights.len()];
        let mut below = vec![0.0; heights.len()];
        for cells in &stacks {
            for pair in cells.windows(2) {
                let (upper, lower) = (pair[0], pair[1]);
                below[lower] = below[upper] + distance(grid, &heights, upper, lower);
                neighbours[upper][1] = Some(lower);
                neighbours[lower][0] = Some(upper);
            }
        }
        Self {
            grid,
            heights,
            y: below.clone(),
            ends,
            stacks,
            neighbours,
            below,
            pulls,
        }
    }

    /// Moves everything to where it is at rest.
    fn settle(&mut self) {
        for _ in 0..SWEEPS {
            let before = self.y.clone();
            for column in 0..self.stacks.len() {
                self.settle_column(column);
            }
            for column in (0..self.stacks.len()).rev() {
                self.settle_column(column);
            }
            let moves = |(y, before): (&f64, &f64)| (y - before).abs() > AT_REST;
            if !self.y.iter().zip(&before).any(moves) {
                break;
            }
        }
    }

    /// Moves the cells of a column to where their arrows are most level: the least sum of squares that keeps
    /// their order and their distances. Cells that would come too near move as one block.
    fn settle_column(&mut self, column: usize) {
        struct Block {
            /// Where the first cell of the column would have to be for it, and how much.
            y: f64,
            weight: f64,
            cells: usize,
        }
        let cells = &self.stacks[column];
        let mut blocks: Vec<Block> = Vec::with_capacity(cells.len());
        for cell in cells {
            let (wanted, weight) = self.wanted(*cell);
            let mut block = Block {
                y: wanted - self.below[*cell],
                weight,
                cells: 1,
            };
            while let Some(upper) = blocks.pop_if(|upper| upper.y > block.y) {
                let weight = upper.weight + block.weight;
                block.y = (upper.y * upper.weight + block.y * block.weight) / weight;
                block.weight = weight;
                block.cells += upper.cells;
            }
            blocks.push(block);
        }
        let mut at = 0;
        for block in blocks {
            for cell in &cells[at..at + block.cells] {
                self.y[*cell] = block.y + self.below[*cell];
            }
            at += block.cells;
        }
    }

    /// Where a cell's arrows would be at rest, and how many say so.
    fn wanted(&self, cell: usize) -> (f64, f64) {
        let (mut sum, mut weight) = (0.0, 0.0);
        for pull in &self.pulls[cell] {
            sum += (self.y[pull.other] + pull.offset) * pull.weight;
            weight += pull.weight;
        }
        if weight == 0.0 {
            return (self.y[cell], 0.01);
        }
        (sum / weight, weight)
    }
}

/// What pulls at each cell.
fn pulls(grid: &Grid, heights: &[f64], ends: &[(f64, f64)]) -> Vec<Vec<Pull>> {
    let mut pulls = vec![Vec::new(); grid.cells.len()];
    let mut add = |cell: usize, other: usize, offset: f64, weight: f64, down: bool| {
        pulls[cell].push(Pull {
            other,
            offset,
            weight,
            down,
        });
    };
    for (chain, ends) in grid.chains.iter().zip(ends) {
        if let [upper, lower] = chain.cells[..]
            && chain.down.is_some()
        {
            let distance = distance(grid, heights, upper, lower);
            add(upper, lower, -distance, NEAR, true);
            add(lower, upper, distance, NEAR, true);
            continue;
        }
        for ((left, start), (right, end)) in pieces(grid, chain, *ends) {
            let passes = |cell: usize| grid.cells[cell].kind != CellKind::Thing;
            // What has no box to end at is best level.
            let weight = if passes(left) && passes(right) {
                8.0
            } else {
                1.0
            };
            add(left, right, end - start, weight, false);
            add(right, left, start - end, weight, false);
        }
    }
    pulls
}

/// The least between the middles of two cells, one above the other.
fn distance(grid: &Grid, heights: &[f64], upper: usize, lower: usize) -> f64 {
    let thing = |cell: usize| grid.cells[cell].kind == CellKind::Thing;
    let mut chains = grid.chains.iter();
    let down = chains.find_map(|chain| chain.down.filter(|_| chain.cells == [upper, lower]));
    let between = match down {
        Some(words) => words.height + 2.0 * DOWN,
        None if thing(upper) || thing(lower) => BETWEEN_THINGS,
        None => BETWEEN_WORDS,
    };
    f64::midpoint(heights[upper], heights[lower]) + between
}

/// An end of an arrow, or of a piece of it: the cell, and how far below the middle of that.
pub(super) type End = (usize, f64);

/// The pieces of an arrow between columns, by their left and their right end.
pub(super) fn pieces(
    grid: &Grid,
    chain: &Chain,
    (start, end): (f64, f64),
) -> impl Iterator<Item = (End, End)> {
    let last = chain.cells.len() - 1;
    let end = move |at: usize| {
        let cell = chain.cells[at];
        let offset = match at {
            0 => start,
            at if at == last => end,
            _ => line_of(&grid.cells[cell]),
        };
        (cell, offset)
    };
    (0..last).map(move |at| (end(at), end(at + 1)))
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
    // Of the arrows at the right and at the left side of a cell: the place of the next cell, and the arrow.
    let mut sides = vec![[Vec::new(), Vec::new()]; grid.cells.len()];
    for (arrow, chain) in grid.chains.iter().enumerate() {
        if chain.down.is_none() {
            let (cells, last) = (&chain.cells, chain.cells.len() - 1);
            sides[cells[0]][0].push((places[cells[1]], arrow));
            sides[cells[last]][1].push((places[cells[last - 1]], arrow));
        }
    }
    let mut ends = vec![(0.0, 0.0); grid.chains.len()];
    for (thing, sides) in sides.iter_mut().enumerate() {
        if grid.cells[thing].kind != CellKind::Thing {
            continue;
        }
        for (side, arrows) in sides.iter_mut().enumerate() {
            arrows.sort_unstable();
            let length: f64 = arrows.iter().skip(1).map(|_| BETWEEN_ENDS).sum();
            let mut offset = -length / 2.0;
            for (_, arrow) in arrows {
                let (start, end) = &mut ends[*arrow];
                *(if side == 0 { start } else { end }) = offset;
                offset += BETWEEN_ENDS;
            }
            heights[thing] = heights[thing].max(length + 2.0 * CORNER);
        }
    }
    ends
}
