//! Which column each thing stands in.

use super::{Link, Satellite};

/// The columns of things, and which arrows point to the left.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ranks {
    /// Of each thing, from 0.
    pub(super) of: Vec<usize>,
    /// Of each link, whether its end stands on the left of its start.
    pub(super) reversed: Vec<bool>,
    /// Of each thing, the one that it stands above or below; itself where it stands on its own.
    pub(super) main: Vec<usize>,
}

/// Columns in which every arrow has its ends in two, and is as short as the others let it be.
pub(super) fn ranks(things: usize, links: &[Link]) -> Ranks {
    let mut main: Vec<usize> = (0..things).collect();
    for link in links {
        match link.down {
            Some(Satellite::Start) => main[link.from] = link.to,
            Some(Satellite::End) => main[link.to] = link.from,
            None => {}
        }
    }
    let mut reversed = vec![false; links.len()];
    let mut ahead: Vec<Vec<usize>> = vec![Vec::new(); things];
    let mut by_rank: Vec<usize> = (0..links.len()).collect();
    by_rank.sort_by_key(|index| links[*index].rank);
    for index in by_rank {
        let link = &links[index];
        if link.down.is_some() {
            continue;
        }
        let (mut left, mut right) = (main[link.from], main[link.to]);
        if link.backwards {
            std::mem::swap(&mut left, &mut right);
        }
        // An arrow that would close a circle points to the left.
        if reaches(&ahead, right, left) {
            std::mem::swap(&mut left, &mut right);
        }
        reversed[index] = left != main[link.from];
        ahead[left].push(right);
    }
    let mut of = longest_ways(&ahead);
    shorten(&mut of, &ahead);
    for thing in 0..things {
        of[thing] = of[main[thing]];
    }
    Ranks { of, reversed, main }
}

fn reaches(ahead: &[Vec<usize>], from: usize, to: usize) -> bool {
    from == to || ahead[from].iter().any(|next| reaches(ahead, *next, to))
}

fn longest_ways(ahead: &[Vec<usize>]) -> Vec<usize> {
    let mut of = vec![0; ahead.len()];
    // There is no circle, so this ends after as many rounds as there are things.
    for _ in 0..ahead.len() {
        for (left, rights) in ahead.iter().enumerate() {
            for right in rights {
                of[*right] = of[*right].max(of[left] + 1);
            }
        }
    }
    of
}

/// Moves things to where their arrows are shortest: a source of data next to who reads it.
fn shorten(of: &mut [usize], ahead: &[Vec<usize>]) {
    for _ in 0..of.len() {
        let before = of.to_vec();
        for thing in 0..of.len() {
            let rights = &ahead[thing];
            let lefts: Vec<usize> = (0..of.len())
                .flat_map(|left| {
                    ahead[left]
                        .iter()
                        .filter(|right| **right == thing)
                        .map(move |_| left)
                })
                .collect();
            let least = lefts.iter().map(|left| of[*left] + 1).max();
            let most = rights.iter().map(|right| of[*right] - 1).min();
            if rights.len() > lefts.len() {
                of[thing] = most.unwrap_or(of[thing]);
            } else if lefts.len() > rights.len() {
                of[thing] = least.unwrap_or(of[thing]);
            }
        }
        if *of == *before {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Size;
    use super::*;

    fn link(from: usize, to: usize, rank: u8) -> Link {
        Link {
            from,
            to,
            label: Size {
                width: 0.0,
                height: 0.0,
            },
            backwards: false,
            rank,
            down: None,
        }
    }

    #[test]
    fn a_source_stands_next_to_who_reads_it() {
        // client, api, machine, function, source, results
        let links = [
            link(0, 1, 0),
            link(1, 2, 0),
            link(2, 3, 0),
            link(4, 3, 2),
            link(3, 5, 1),
        ];
        assert_eq!(
            ranks(6, &links),
            Ranks {
                of: vec![0, 1, 2, 3, 2, 4],
                reversed: vec![false; 5],
                main: (0..6).collect(),
            }
        );
    }

    #[test]
    fn what_closes_a_circle_points_to_the_left() {
        // A bucket notifies a function, which writes into it.
        let links = [link(1, 0, 1), link(0, 1, 0)];
        let ranks = ranks(2, &links);
        assert_eq!(ranks.of, [0, 1]);
        assert_eq!(ranks.reversed, [true, false]);
    }

    #[test]
    fn what_belongs_to_a_thing_has_its_column() {
        // client, api, machine, client's bucket
        let client = Link {
            down: Some(Satellite::Start),
            ..link(0, 1, 0)
        };
        let ranks = ranks(4, &[client, link(1, 2, 0), link(0, 3, 0)]);
        assert_eq!(ranks.of, [0, 0, 1, 1]);
        assert_eq!(ranks.main, [1, 1, 2, 3]);
    }

    #[test]
    fn what_is_looked_up_stands_behind() {
        let lookup = Link {
            backwards: true,
            ..link(2, 1, 2)
        };
        let ranks = ranks(3, &[link(0, 1, 0), lookup]);
        assert_eq!(ranks.of, [0, 1, 2]);
        assert_eq!(ranks.reversed, [false, true]);
    }
}
