//! In which order cells stand in a column: so that few arrows cross.

use super::{Grid, Group};

/// How often the columns are gone through.
const SWEEPS: usize = 24;

/// Orders every column by where its neighbours stand, again and again, and keeps the best.
pub(super) fn order(grid: &mut Grid) {
    let mut best = grid.columns.clone();
    let mut least = crossings(grid);
    // The columns after the last sweep of each direction: once they come again, so does all that follows.
    let mut earlier = [Vec::new(), Vec::new()];
    for sweep in 0..SWEEPS {
        if sweep % 2 == 0 {
            for column in 1..grid.columns.len() {
                sort(grid, column, Side::Left);
            }
        } else {
            for column in (0..grid.columns.len().saturating_sub(1)).rev() {
                sort(grid, column, Side::Right);
            }
        }
        swap(grid);
        let found = crossings(grid);
        if found < least {
            least = found;
            best.clone_from(&grid.columns);
        }
        if (least == 0 && sweep > 1) || earlier[sweep % 2] == grid.columns {
            break;
        }
        earlier[sweep % 2].clone_from(&grid.columns);
    }
    grid.columns = best;
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

/// Sorts a column by the mean place of its groups' neighbours; a group without any stays near where it is.
fn sort(grid: &mut Grid, column: usize, side: Side) {
    let places = grid.places();
    #[expect(clippy::cast_precision_loss, reason = "there are few cells")]
    let mean = |at: usize, group: &Group| {
        let neighbours: Vec<usize> = grid
            .segments()
            .filter_map(|(left, right)| match side {
                Side::Left => group.contains(&right).then(|| places[left]),
                Side::Right => group.contains(&left).then(|| places[right]),
            })
            .collect();
        if neighbours.is_empty() {
            return at as f64;
        }
        neighbours.iter().sum::<usize>() as f64 / neighbours.len() as f64
    };
    let mut keyed: Vec<(f64, Group)> = grid.columns[column]
        .iter()
        .enumerate()
        .map(|(at, group)| (mean(at, group), group.clone()))
        .collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    grid.columns[column] = keyed.into_iter().map(|(_, group)| group).collect();
}

/// Swaps neighbours in a column wherever that leaves fewer crossings.
fn swap(grid: &mut Grid) {
    let mut least = crossings(grid);
    for _ in 0..grid.cells.len() {
        let mut changed = false;
        for column in 0..grid.columns.len() {
            for at in 1..grid.columns[column].len() {
                grid.columns[column].swap(at - 1, at);
                let found = crossings(grid);
                if found < least {
                    least = found;
                    changed = true;
                } else {
                    grid.columns[column].swap(at - 1, at);
                }
            }
        }
        if !changed {
            break;
        }
    }
}

/// How many pairs of arrows cross between neighbouring columns.
pub(super) fn crossings(grid: &Grid) -> usize {
    let places = grid.places();
    let segments: Vec<(usize, usize, usize)> = grid
        .segments()
        .map(|(left, right)| (grid.cells[left].column, places[left], places[right]))
        .collect();
    let mut count = 0;
    for (index, (column, left, right)) in segments.iter().enumerate() {
        for (other, other_left, other_right) in &segments[index + 1..] {
            let crossed = (left < other_left && right > other_right)
                || (left > other_left && right < other_right);
            if column == other && crossed {
                count += 1;
            }
        }
    }
    count
}
