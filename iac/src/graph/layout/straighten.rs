//! Fewer bends: what is almost level becomes level where there is room.

use super::CellKind;
use super::place::{BETWEEN_ENDS, Placing, line_of};

/// What a bend costs: itself, and for each pixel that it goes up or down.
const BEND: (f64, f64) = (14.0, 0.2);
/// What a pixel between a thing and its satellite costs.
const APART: f64 = 0.3;
/// Less than this is level.
const LEVEL: f64 = 0.5;

impl Placing<'_> {
    /// Moves things, and whole arrows, to levels where they bend less, as long as that helps.
    pub(super) fn straighten(&mut self) {
        let movable = self.movable();
        for _ in 0..movable.len() {
            let mut changed = false;
            for cells in &movable {
                changed |= self.move_best(cells);
            }
            if !changed {
                break;
            }
        }
        // Whole pixels; the little more keeps what is level together on one side of a half.
        for y in &mut self.y {
            *y = (*y + 0.01).round();
        }
        for chain in 0..self.ends.len() {
            if self.grid.chains[chain].down.is_none() {
                self.shift_end(chain, false);
                self.shift_end(chain, true);
            }
        }
    }

    /// Shifts an end of an arrow along the side of its thing, to where the arrow is level, if that is near and no
    /// other end comes too near.
    fn shift_end(&mut self, chain: usize, last: bool) {
        let cells = &self.grid.chains[chain].cells;
        let (thing, next, at) = if last {
            (
                cells[cells.len() - 1],
                cells[cells.len() - 2],
                self.ends[chain].1,
            )
        } else {
            (cells[0], cells[1], self.ends[chain].0)
        };
        let level = self.y[next] + line_of(&self.grid.cells[next]) - self.y[thing];
        let near = (level - at).abs() < BETWEEN_ENDS / 2.0;
        let inside = level.abs() < self.heights[thing] / 2.0 - BETWEEN_ENDS / 2.0;
        let others = self.grid.chains.iter().zip(&self.ends).enumerate();
        let free = others
            .filter(|(other, (of, _))| *other != chain && of.down.is_none())
            .filter_map(|(_, (of, ends))| {
                let (end, offset) = if last {
                    (of.cells.last(), ends.1)
                } else {
                    (of.cells.first(), ends.0)
                };
                (end == Some(&thing)).then_some(offset)
            })
            // In their order, and not too near.
            .all(|other| {
                (other - level).abs() > BETWEEN_ENDS * 0.6 && (other < level) == (other < at)
            });
        if near && inside && free {
            let ends = &mut self.ends[chain];
            *(if last { &mut ends.1 } else { &mut ends.0 }) = level;
        }
    }

    /// What moves as one: each thing with its satellites and without, each arrow or a part of it, and all of
    /// a column from a thing downwards or upwards.
    fn movable(&self) -> Vec<Vec<usize>> {
        let mut movable: Vec<Vec<usize>> = Vec::new();
        for chain in self.grid.chains.iter().filter(|chain| chain.down.is_none()) {
            let passes = &chain.cells[1..chain.cells.len() - 1];
            movable.push(passes.to_vec());
            for at in 1..passes.len() {
                movable.push(passes[at..].to_vec());
                movable.push(passes[..at].to_vec());
            }
        }
        for column in 0..self.grid.columns.len() {
            for group in &self.grid.columns[column] {
                movable.push(group.clone());
            }
            let cells: Vec<usize> = self.grid.column(column).collect();
            for at in 1..cells.len() {
                movable.push(cells[at..].to_vec());
                movable.push(cells[..at].to_vec());
            }
        }
        for (index, cell) in self.grid.cells.iter().enumerate() {
            if cell.kind == CellKind::Thing {
                movable.push(vec![index]);
            }
        }
        movable
    }

    /// Tries every level at which one of the arrows of some cells is level.
    fn move_best(&mut self, cells: &[usize]) -> bool {
        let mut tries: Vec<f64> = Vec::new();
        for (left, right) in self.bends() {
            let difference = left.1 - right.1;
            match (cells.contains(&left.0), cells.contains(&right.0)) {
                (true, false) => tries.push(-difference),
                (false, true) => tries.push(difference),
                _ => {}
            }
        }
        let before = self.y.clone();
        let mut least = self.cost() - 0.01;
        let mut best: Option<Vec<f64>> = None;
        for by in tries {
            if by.abs() < f64::EPSILON {
                continue;
            }
            for cell in cells {
                self.y[*cell] = before[*cell] + by;
            }
            if self.has_room() && self.cost() < least {
                least = self.cost();
                best = Some(self.y.clone());
            }
            self.y.clone_from(&before);
        }
        let found = best.is_some();
        if let Some(best) = best {
            self.y = best;
        }
        found
    }

    /// The pieces of arrows between columns: each end as a cell and a level.
    pub(super) fn bends(&self) -> Vec<((usize, f64), (usize, f64))> {
        let mut bends = Vec::new();
        for (chain, (start, end)) in self.grid.chains.iter().zip(&self.ends) {
            if chain.down.is_some() {
                continue;
            }
            let last = chain.cells.len() - 1;
            let level = |at: usize| {
                let cell = chain.cells[at];
                let offset = match at {
                    0 => *start,
                    at if at == last => *end,
                    _ => line_of(&self.grid.cells[cell]),
                };
                (cell, self.y[cell] + offset)
            };
            bends.extend((0..last).map(|at| (level(at), level(at + 1))));
        }
        bends
    }

    fn cost(&self) -> f64 {
        let bends: f64 = self
            .bends()
            .iter()
            .map(|(left, right)| (left.1 - right.1).abs())
            .filter(|difference| *difference > LEVEL)
            .map(|difference| BEND.0 + BEND.1 * difference)
            .sum();
        let apart: f64 = self
            .grid
            .chains
            .iter()
            .filter(|chain| chain.down.is_some())
            .map(|chain| (self.y[chain.cells[1]] - self.y[chain.cells[0]]) * APART)
            .sum();
        bends + apart
    }

    /// Whether all cells of all columns stand far enough apart.
    fn has_room(&self) -> bool {
        (0..self.grid.columns.len()).all(|column| {
            let cells: Vec<usize> = self.grid.column(column).collect();
            cells.windows(2).all(|pair| {
                self.y[pair[1]] - self.y[pair[0]] > self.distance(pair[0], pair[1]) - 0.01
            })
        })
    }
}
