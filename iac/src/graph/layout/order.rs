//! In which order cells stand in a column: so that few arrows cross.

use std::cmp::Ordering;

use super::{Grid, Group};

/// How often the columns are gone through.
const SWEEPS: usize = 24;

/// Orders every column by where its neighbours stand, again and again, and keeps the best.
pub(super) fn order(grid: &mut Grid) {
    let mut columns = Columns::new(grid);
    let mut best = columns.places.clone();
    let mut least = columns.crossings();
    // The places after the last sweep of each direction: once they come again, so does all that follows.
    let mut earlier = [Vec::new(), Vec::new()];
    for sweep in 0..SWEEPS {
        let count = columns.groups.len();
        if sweep % 2 == 0 {
            for column in 1..count {
                columns.sort(column, LEFT);
            }
        } else {
            for column in (0..count - 1).rev() {
                columns.sort(column, RIGHT);
            }
        }
        columns.swap();
        let crossings = columns.crossings();
        if crossings < least {
            least = crossings;
            best.clone_from(&columns.places);
        }
        if (least == 0 && sweep > 1) || earlier[sweep % 2] == columns.places {
            break;
        }
        earlier[sweep % 2].clone_from(&columns.places);
    }
    for groups in &mut grid.columns {
        groups.sort_by_key(|group| best[group[0]]);
    }
}

/// The sides of a column.
const LEFT: usize = 0;
const RIGHT: usize = 1;

/// The columns while they are ordered.
struct Columns<'a> {
    groups: &'a mut Vec<Vec<Group>>,
    /// Where each cell stands in its column.
    places: Vec<usize>,
    /// Of each cell, those it is linked to in the column on the left and in the one on the right.
    linked: [Vec<Vec<usize>>; 2],
}

impl<'a> Columns<'a> {
    fn new(grid: &'a mut Grid) -> Self {
        let mut linked = [LEFT, RIGHT].map(|_| vec![Vec::new(); grid.cells.len()]);
        for (left, right) in grid.segments() {
            linked[LEFT][right].push(left);
            linked[RIGHT][left].push(right);
        }
        Self {
            places: grid.places(),
            groups: &mut grid.columns,
            linked,
        }
    }

    /// Sorts a column by the mean place of its groups' neighbours; a group without any stays near where it is.
    fn sort(&mut self, column: usize, side: usize) {
        let groups = std::mem::take(&mut self.groups[column]);
        let mut keyed: Vec<(f64, Group)> = Vec::with_capacity(groups.len());
        for (at, group) in groups.into_iter().enumerate() {
            keyed.push((self.mean(at, &group, side), group));
        }
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut place = 0;
        for (_, group) in keyed {
            place = put(&mut self.places, &group, place);
            self.groups[column].push(group);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "there are few cells")]
    fn mean(&self, at: usize, group: &Group, side: usize) -> f64 {
        let (mut sum, mut count) = (0, 0);
        for cell in group {
            for neighbour in &self.linked[side][*cell] {
                sum += self.places[*neighbour];
                count += 1;
            }
        }
        if count == 0 {
            return at as f64;
        }
        sum as f64 / f64::from(count)
    }

    /// Swaps neighbours in a column wherever that leaves fewer crossings.
    fn swap(&mut self) {
        for _ in 0..self.places.len() {
            let mut changed = false;
            for column in 0..self.groups.len() {
                for at in 1..self.groups[column].len() {
                    changed |= self.swap_better(column, at);
                }
            }
            if !changed {
                break;
            }
        }
    }

    /// Swaps a group with the one above it if that leaves fewer crossings. No arrows but those of one with those of
    /// the other come to cross by that, or cease to, so only these are counted.
    fn swap_better(&mut self, column: usize, at: usize) -> bool {
        let groups = &mut self.groups[column];
        let (now, swapped) = crossed(&self.linked, &self.places, &groups[at - 1], &groups[at]);
        if swapped >= now {
            return false;
        }
        let place = self.places[groups[at - 1][0]];
        groups.swap(at - 1, at);
        let next = put(&mut self.places, &groups[at - 1], place);
        put(&mut self.places, &groups[at], next);
        true
    }

    /// How many pairs of arrows cross between neighbouring columns.
    fn crossings(&self) -> usize {
        let mut count = 0;
        for groups in &*self.groups {
            // The places on the right of the arrows of all cells above.
            let mut above: Vec<usize> = Vec::new();
            for cell in groups.iter().flatten() {
                let before = above.len();
                for neighbour in &self.linked[RIGHT][*cell] {
                    let place = self.places[*neighbour];
                    count += above[..before].iter().filter(|it| **it > place).count();
                    above.push(place);
                }
            }
        }
        count
    }
}

/// How many pairs of arrows of two neighbouring groups cross: as they stand, and with the lower one above.
fn crossed(
    linked: &[Vec<Vec<usize>>; 2],
    places: &[usize],
    upper: &Group,
    lower: &Group,
) -> (usize, usize) {
    let (mut now, mut swapped) = (0, 0);
    for linked in linked {
        for above in upper {
            for below in lower {
                for first in &linked[*above] {
                    for second in &linked[*below] {
                        match places[*first].cmp(&places[*second]) {
                            Ordering::Greater => now += 1,
                            Ordering::Less => swapped += 1,
                            Ordering::Equal => {}
                        }
                    }
                }
            }
        }
    }
    (now, swapped)
}

/// Gives the cells of a group their places, and tells the next.
fn put(places: &mut [usize], group: &Group, mut place: usize) -> usize {
    for cell in group {
        places[*cell] = place;
        place += 1;
    }
    place
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::rank::ranks;
    use super::super::tests::picture;
    use super::*;

    proptest! {
        #[test]
        fn a_swap_leaves_as_many_crossings_as_were_counted((things, links) in picture()) {
            let mut grid = Grid::new(&things, &links, &ranks(things.len(), &links));
            let mut columns = Columns::new(&mut grid);
            for column in 0..columns.groups.len() {
                for at in 1..columns.groups[column].len() {
                    let before = columns.crossings();
                    let (upper, lower) = (&columns.groups[column][at - 1], &columns.groups[column][at]);
                    let (now, swapped) = crossed(&columns.linked, &columns.places, upper, lower);
                    let is_swapped = columns.swap_better(column, at);
                    prop_assert_eq!(is_swapped, swapped < now);
                    let fewer = if is_swapped { now - swapped } else { 0 };
                    prop_assert_eq!(columns.crossings() + fewer, before);
                }
            }
        }
    }
}
