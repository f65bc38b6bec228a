//! Fewer bends: what is almost level becomes level where there is room.

use super::blocks::Block;
use super::place::{BETWEEN_ENDS, Placing, line_of};

/// What a bend costs: itself, and for each pixel that it goes up or down.
const BEND: (f64, f64) = (14.0, 0.2);
/// Costs that differ by less are the same: what is left of them is rounding.
const AS_GOOD: f64 = 1e-6;
/// Less than this is level.
const LEVEL: f64 = 0.5;
/// What a move must be better by, and how much too near is near enough.
const SLACK: f64 = 0.01;

impl Placing<'_> {
    /// Moves things, and whole arrows, to levels where they bend less, as long as that helps.
    pub(super) fn straighten(&mut self) {
        let blocks = self.blocks();
        // Until none of them has moved since its last try.
        let mut resting = 0;
        for block in blocks.iter().cycle().take(blocks.len() * blocks.len()) {
            resting += 1;
            if self.move_best(block) {
                resting = 0;
            } else if resting == blocks.len() {
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

    /// Moves a block to the level at which one of its arrows is level and all together bend least, if that helps.
    fn move_best(&mut self, block: &Block) -> bool {
        let (least, most) = self.room(block);
        let mut cost = self.cost(block, 0.0) - SLACK;
        let mut best = None;
        for (cell, other, offset) in &block.arrows {
            let by = self.y[*other] + offset - self.y[*cell];
            if by > least && by < most {
                let found = self.cost(block, by);
                if found < cost - AS_GOOD {
                    (cost, best) = (found, Some(by));
                }
            }
        }
        if let Some(by) = best {
            for cell in &block.cells {
                self.y[*cell] += by;
            }
        }
        best.is_some()
    }

    /// How far a block may move up, which is less than nothing, and down.
    fn room(&self, block: &Block) -> (f64, f64) {
        let (mut least, mut most) = (f64::NEG_INFINITY, f64::INFINITY);
        for (cell, other, distance) in &block.above {
            least = least.max(self.y[*other] + distance - self.y[*cell] - SLACK);
        }
        for (cell, other, distance) in &block.beneath {
            most = most.min(self.y[*other] - distance - self.y[*cell] + SLACK);
        }
        (least, most)
    }

    /// What the arrows of a block cost once it has moved down by some pixels.
    fn cost(&self, block: &Block, by: f64) -> f64 {
        let mut cost = block.apart * by;
        for (cell, other, offset) in &block.arrows {
            let bend = (self.y[*cell] + by - self.y[*other] - offset).abs();
            if bend > LEVEL {
                cost += BEND.0 + BEND.1 * bend;
            }
        }
        cost
    }
}
