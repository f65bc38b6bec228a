//! What moves as one, so that arrows bend less.

use super::CellKind;
use super::place::Placing;

/// What a pixel between a thing and its satellite costs.
const APART: f64 = 0.3;

/// A cell of a block, another one that stays, and a distance between the two.
type Between = (usize, usize, f64);

/// Cells that move as one, and all that this changes.
pub(super) struct Block {
    pub(super) cells: Vec<usize>,
    /// Arrows: level where the cell is so far below the other one.
    pub(super) arrows: Vec<Between>,
    /// What stands next above, and how far away it must be.
    pub(super) above: Vec<Between>,
    /// What stands next beneath, and how far away it must be.
    pub(super) beneath: Vec<Between>,
    /// What a pixel downwards costs, because satellites and their things come apart.
    pub(super) apart: f64,
}

impl Placing<'_> {
    /// What moves as one: each thing with its satellites and without, each arrow or a part of it, and all of
    /// a column from a thing downwards or upwards.
    pub(super) fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut add = |cells: &[usize]| blocks.push(self.block(cells));
        for chain in self.grid.chains.iter().filter(|chain| chain.down.is_none()) {
            let passes = &chain.cells[1..chain.cells.len() - 1];
            add(passes);
            let is_label = |cell: &usize| self.grid.cells[*cell].kind == CellKind::Label;
            let words = passes.iter().position(is_label);
            for at in 1..passes.len() {
                let (mut start, mut end) = (passes[..at].to_vec(), passes[at..].to_vec());
                // Which end of a part comes first decides where two levels are as good: words go to the level of
                // the thing that their part ends at, and the rest of the arrow to the level of the words.
                if words.is_some_and(|words| words >= at) {
                    start.reverse();
                    end.reverse();
                }
                add(&end);
                add(&start);
            }
        }
        for (groups, cells) in self.grid.columns.iter().zip(&self.stacks) {
            for group in groups {
                add(group);
            }
            for at in 1..cells.len() {
                add(&cells[at..]);
                add(&cells[..at]);
            }
        }
        for (index, cell) in self.grid.cells.iter().enumerate() {
            if cell.kind == CellKind::Thing {
                add(&[index]);
            }
        }
        blocks
    }

    fn block(&self, cells: &[usize]) -> Block {
        let mut block = Block {
            cells: cells.to_vec(),
            arrows: Vec::new(),
            above: Vec::new(),
            beneath: Vec::new(),
            apart: 0.0,
        };
        let stays = |cell: &usize| !cells.contains(cell);
        for cell in cells {
            for pull in self.pulls[*cell].iter().filter(|pull| stays(&pull.other)) {
                if pull.down {
                    // More where this is the lower one, less where it is the upper one.
                    block.apart += APART * pull.offset.signum();
                } else {
                    block.arrows.push((*cell, pull.other, pull.offset));
                }
            }
            let sides = [&mut block.above, &mut block.beneath];
            for (neighbour, side) in self.neighbours[*cell].iter().zip(sides) {
                if let Some(other) = neighbour.filter(stays) {
                    let distance = (self.below[*cell] - self.below[other]).abs();
                    side.push((*cell, other, distance));
                }
            }
        }
        block
    }
}
