//! From coordinates to boxes and lines.

use super::place::{Placing, line_of, pieces};
use super::{Cell, CellKind, Layout, Point, Route, Size, UNDERLINE};

/// Between columns, where arrows bend, at least and at most.
const GAP: (f64, f64) = (14.0, 34.0);
/// Of a line beside a thing, level.
const BESIDE: f64 = 9.0;

impl Placing<'_> {
    /// The picture.
    pub(super) fn layout(&self) -> Layout {
        let top = self
            .grid
            .cells
            .iter()
            .enumerate()
            .map(|(index, _)| self.y[index] - self.heights[index] / 2.0)
            .fold(f64::INFINITY, f64::min);
        let y: Vec<f64> = self.y.iter().map(|y| (y - top).ceil()).collect();
        let columns = self.columns();
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
                width: columns.last().map_or(0.0, |(_, right)| right - BESIDE),
                height: bottom.ceil(),
            },
        }
    }

    /// The left and the right side of each column. Where arrows bend much, the gap is wider.
    fn columns(&self) -> Vec<(f64, f64)> {
        let mut columns: Vec<(f64, f64)> = Vec::new();
        let bends = self.bends();
        let mut left = -BESIDE;
        for (index, groups) in self.grid.columns.iter().enumerate() {
            let cells = groups.iter().flatten().map(|cell| &self.grid.cells[*cell]);
            let beside = |cell: &Cell| match cell.kind {
                CellKind::Thing => 2.0 * BESIDE,
                CellKind::Label | CellKind::Passage => 0.0,
            };
            let words = self.grid.chains.iter().filter_map(|chain| {
                let words = chain.down?;
                (self.grid.cells[chain.cells[0]].column == index).then_some(words.width)
            });
            let width = cells
                .map(|cell| cell.size.width + beside(cell))
                .chain(words.map(|words| words + 2.0 * BESIDE))
                .fold(0.0, f64::max);
            columns.push((left, left + width));
            left += width + (GAP.0 + bends[index] / 5.0).round().min(GAP.1);
        }
        columns
    }

    /// By how much arrows bend behind each column, at most.
    fn bends(&self) -> Vec<f64> {
        let mut bends: Vec<f64> = vec![0.0; self.stacks.len()];
        for (chain, ends) in self.grid.chains.iter().zip(&self.ends) {
            if chain.down.is_some() {
                continue;
            }
            for ((left, start), (right, end)) in pieces(self.grid, chain, *ends) {
                let bend = (self.y[left] + start - self.y[right] - end).abs();
                let most = &mut bends[self.grid.cells[left].column];
                *most = most.max(bend);
            }
        }
        bends
    }

    fn route(&self, chain: usize, y: &[f64], columns: &[(f64, f64)]) -> Route {
        let Self { grid, ends, .. } = self;
        let (start, end) = ends[chain];
        let chain = &grid.chains[chain];
        let last = chain.cells.len() - 1;
        if chain.down.is_some() {
            let (upper, lower) = (chain.cells[0], chain.cells[1]);
            let (left, right) = columns[grid.cells[upper].column];
            let x = f64::midpoint(left, right);
            let from = y[upper] + self.heights[upper] / 2.0;
            let to = y[lower] - self.heights[lower] / 2.0;
            let label = Point {
                x,
                y: f64::midpoint(from, to),
            };
            return Route {
                points: vec![Point { x, y: from }, Point { x, y: to }],
                label,
                reversed: false,
                down: true,
            };
        }
        let mut points = Vec::new();
        let mut label = Point { x: 0.0, y: 0.0 };
        for (at, index) in chain.cells.iter().enumerate() {
            let cell = &grid.cells[*index];
            let (left, right) = columns[cell.column];
            let x = f64::midpoint(left, right);
            let half = cell.size.width / 2.0;
            if cell.kind == CellKind::Label {
                label = Point {
                    x,
                    y: y[*index] - UNDERLINE,
                };
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
                point(left, line_of(cell));
                point(right, line_of(cell));
            }
        }
        Route {
            points,
            label,
            reversed: chain.reversed,
            down: false,
        }
    }
}
