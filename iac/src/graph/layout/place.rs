//! Coordinates: columns as wide as what stands in them, and arrows as level as the others let them be.

use super::{Cell, CellKind, Grid, Layout, Point, Route, Size};

/// Between things, or a thing and an arrow that passes, one above the other.
const BETWEEN_THINGS: f64 = 26.0;
/// Between words, or arrows that pass.
const BETWEEN_WORDS: f64 = 12.0;
/// Between two arrows at the same side of a thing.
const BETWEEN_ENDS: f64 = 16.0;
/// From the outermost arrow to the corner of a thing.
const CORNER: f64 = 16.0;
/// Between columns, where arrows bend, at least and at most.
const GAP: (f64, f64) = (26.0, 54.0);
/// How often the columns are gone through; pictures of this size come to rest long before.
const SWEEPS: usize = 400;

/// Places everything.
pub(super) fn place(grid: &Grid) -> Layout {
    let mut placing = Placing::new(grid);
    for _ in 0..SWEEPS {
        for column in 0..grid.columns.len() {
            placing.settle(column);
        }
        for column in (0..grid.columns.len()).rev() {
            placing.settle(column);
        }
    }
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

struct Placing<'a> {
    grid: &'a Grid,
    heights: Vec<f64>,
    /// The middle of each cell.
    y: Vec<f64>,
    /// Of each chain, how far from the middles of its two things it ends.
    ends: Vec<(f64, f64)>,
    pulls: Vec<Vec<Pull>>,
}

impl<'a> Placing<'a> {
    fn new(grid: &'a Grid) -> Self {
        let mut heights: Vec<f64> = grid.cells.iter().map(|cell| cell.size.height).collect();
        let ends = ends(grid, &mut heights);
        let mut pulls = vec![Vec::new(); grid.cells.len()];
        for (chain, (start, end)) in grid.chains.iter().zip(&ends) {
            let last = chain.cells.len() - 1;
            let offset = |at: usize| match at {
                0 => *start,
                at if at == last => *end,
                _ => 0.0,
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
        for column in &grid.columns {
            let mut y = 0.0;
            for (at, cell) in column.iter().enumerate() {
                if at > 0 {
                    y += placing.distance(column[at - 1], *cell);
                }
                placing.y[*cell] = y;
            }
        }
        placing
    }

    /// The least between the middles of two cells, one above the other.
    fn distance(&self, upper: usize, lower: usize) -> f64 {
        let thing = |cell: usize| self.grid.cells[cell].kind == CellKind::Thing;
        let between = if thing(upper) || thing(lower) {
            BETWEEN_THINGS
        } else {
            BETWEEN_WORDS
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
        let cells = &self.grid.columns[column];
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

    fn layout(&self) -> Layout {
        let top = self
            .grid
            .cells
            .iter()
            .enumerate()
            .map(|(index, _)| self.y[index] - self.heights[index] / 2.0)
            .fold(f64::INFINITY, f64::min);
        // Whole pixels; the little more keeps what is level together on one side of a half.
        let y: Vec<f64> = self.y.iter().map(|y| (y - top + 0.01).round()).collect();
        let columns = self.columns(&y);
        let middle = |cell: usize| {
            let (left, right) = columns[self.grid.cells[cell].column];
            Point {
                x: f64::midpoint(left, right),
                y: y[cell],
            }
        };
        let things = |cell: &&Cell| cell.kind == CellKind::Thing;
        let count = self.grid.cells.iter().filter(things).count();
        let bottom = (0..y.len())
            .map(|cell| y[cell] + self.heights[cell] / 2.0)
            .fold(0.0, f64::max);
        Layout {
            things: (0..count).map(middle).collect(),
            heights: self.heights[..count].to_vec(),
            routes: (0..self.grid.chains.len())
                .map(|chain| self.route(chain, &y, &columns))
                .collect(),
            size: Size {
                width: columns.last().map_or(0.0, |(_, right)| *right),
                height: bottom,
            },
        }
    }

    /// The left and the right side of each column. Where arrows bend much, the gap is wider.
    fn columns(&self, y: &[f64]) -> Vec<(f64, f64)> {
        let mut columns: Vec<(f64, f64)> = Vec::new();
        let mut left = 0.0;
        for (index, cells) in self.grid.columns.iter().enumerate() {
            let width = cells
                .iter()
                .map(|cell| self.grid.cells[*cell].size.width)
                .fold(0.0, f64::max);
            columns.push((left, left + width));
            let bend = self
                .levels()
                .filter(|(column, ..)| *column == index)
                .map(|(_, (from, start), (to, end))| (y[from] + start - y[to] - end).abs())
                .fold(0.0, f64::max);
            left += width + (GAP.0 + bend / 5.0).round().min(GAP.1);
        }
        columns
    }

    /// The pieces of arrows between columns: the left column, then each end as a cell and how far from its
    /// middle.
    fn levels(&self) -> impl Iterator<Item = (usize, (usize, f64), (usize, f64))> + '_ {
        self.grid
            .chains
            .iter()
            .zip(&self.ends)
            .flat_map(move |(chain, (start, end))| {
                let last = chain.cells.len() - 1;
                (0..last).map(move |at| {
                    let (left, right) = (chain.cells[at], chain.cells[at + 1]);
                    let from = if at == 0 { *start } else { 0.0 };
                    let to = if at + 1 == last { *end } else { 0.0 };
                    (self.grid.cells[left].column, (left, from), (right, to))
                })
            })
    }

    fn route(&self, chain: usize, y: &[f64], columns: &[(f64, f64)]) -> Route {
        let Self { grid, ends, .. } = self;
        let (start, end) = ends[chain];
        let chain = &grid.chains[chain];
        let last = chain.cells.len() - 1;
        let mut points = Vec::new();
        let mut label = Point { x: 0.0, y: 0.0 };
        for (at, index) in chain.cells.iter().enumerate() {
            let cell = &grid.cells[*index];
            let (left, right) = columns[cell.column];
            let x = f64::midpoint(left, right);
            let half = cell.size.width / 2.0;
            if cell.kind == CellKind::Label {
                label = Point { x, y: y[*index] };
            }
            let mut point = |x: f64, offset: f64| {
                points.push(Point {
                    x,
                    y: y[*index] + offset,
                });
            };
            if at == 0 {
                point(x + half, start);
                point(right, start);
            } else if at == last {
                point(left, end);
                point(x - half, end);
            } else {
                point(left, 0.0);
                point(right, 0.0);
            }
        }
        Route {
            points,
            label,
            reversed: chain.reversed,
        }
    }
}

/// Where arrows end at the sides of things, in the order in which they arrive, so that they do not cross there.
/// A thing grows where it has many.
fn ends(grid: &Grid, heights: &mut [f64]) -> Vec<(f64, f64)> {
    let mut places = vec![0; grid.cells.len()];
    for column in &grid.columns {
        for (place, cell) in column.iter().enumerate() {
            places[*cell] = place;
        }
    }
    let mut ends = vec![(0.0, 0.0); grid.chains.len()];
    for (thing, cell) in grid.cells.iter().enumerate() {
        if cell.kind != CellKind::Thing {
            continue;
        }
        // Of the arrows that end at a side: the place of the next cell, and the arrow.
        let side = |last: bool| {
            let mut arrows: Vec<(usize, usize)> = Vec::new();
            for (index, chain) in grid.chains.iter().enumerate() {
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
