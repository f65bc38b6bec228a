//! Lists: which item became which.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Found, Path, Step, values};
use crate::plan::values::intrinsic;

/// Fields by which AWS tells the items of its lists apart, the surest first.
const NAMES: [&str; 9] = [
    "Sid",
    "PolicyName",
    "IndexName",
    "AttributeName",
    "Id",
    "Key",
    "Name",
    "DomainName",
    "name",
];

pub(super) fn compare(path: &Path, old: &[Json], new: &[Json], found: &mut Vec<Found>) {
    let named = NAMES
        .iter()
        .find_map(|field| Some((names(field, old)?, names(field, new)?)));
    // Names of which none stayed tell nothing.
    let named = named.filter(|(before, after)| before.iter().any(|name| after.contains(name)));
    match named {
        Some((before, after)) => by_name(path, (old, &before), (new, &after), found),
        None => by_place(path, old, new, found),
    }
}

/// The names of all items, if each has one of its own.
fn names<'j>(field: &str, items: &'j [Json]) -> Option<Vec<&'j str>> {
    let name = |item: &'j Json| item.get(field)?.as_str().filter(|name| !name.is_empty());
    let names: Vec<_> = items.iter().map(name).collect::<Option<_>>()?;
    let different: BTreeSet<_> = names.iter().collect();
    (different.len() == names.len()).then_some(names)
}

fn by_name(
    path: &Path,
    (old, before): (&[Json], &[&str]),
    (new, after): (&[Json], &[&str]),
    found: &mut Vec<Found>,
) {
    let place = |names: &[&str], name: &str| names.iter().position(|other| *other == name);
    let item = |name: &str, before, after| {
        path.then(Step::Item {
            before,
            after,
            name: Some(name.to_owned()),
        })
    };
    for (index, name) in before.iter().enumerate() {
        let other = place(after, name);
        let path = item(name, Some(index), other);
        match other.and_then(|other| new.get(other)) {
            Some(new) => values(&path, &old[index], new, found),
            None => found.push(removed(path, &old[index])),
        }
    }
    for (index, name) in after.iter().enumerate() {
        if place(before, name).is_none() {
            found.push(added(item(name, None, Some(index)), &new[index]));
        }
    }
    let common = |names: &[&str], others: &[&str]| -> Vec<String> {
        let common = names.iter().filter(|name| others.contains(name));
        common.map(|name| (*name).to_owned()).collect()
    };
    let (first, second) = (common(before, after), common(after, before));
    if first != second {
        found.push(Found {
            path: path.then(Step::Order),
            before: Some(first.into()),
            after: Some(second.into()),
        });
    }
}

/// What stays in order is the same item; between, an item takes the place of one.
fn by_place(path: &Path, old: &[Json], new: &[Json], found: &mut Vec<Found>) {
    let texts = |items: &[Json]| items.iter().map(Json::to_string).collect::<Vec<_>>();
    let item = |before, after| {
        path.then(Step::Item {
            before,
            after,
            name: None,
        })
    };
    for op in capture_diff_slices(Algorithm::Myers, &texts(old), &texts(new)) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (before, after) = (op.old_range(), op.new_range());
        let pairs = pairs(&old[before.clone()], &new[after.clone()]);
        let pair = |side: fn(&(usize, usize)) -> usize, index| {
            pairs.iter().find(|pair| side(pair) == index)
        };
        for from in before.clone() {
            match pair(|pair| pair.0, from - before.start) {
                Some((_, to)) => {
                    let to = to + after.start;
                    values(&item(Some(from), Some(to)), &old[from], &new[to], found);
                }
                None => found.push(removed(item(Some(from), None), &old[from])),
            }
        }
        for to in after.clone() {
            if pair(|pair| pair.1, to - after.start).is_none() {
                found.push(added(item(None, Some(to)), &new[to]));
            }
        }
    }
}

/// Longest lists whose items are matched by what they have in common.
const MOST: usize = 64;

/// Which item became which, in order: those that have most in common. Scalars have nothing in common: if
/// there are as many as before, each became the one in its place; if not, they go and come.
fn pairs(old: &[Json], new: &[Json]) -> Vec<(usize, usize)> {
    if old.len() == new.len() && (old.len() == 1 || old.iter().chain(new).all(whole)) {
        return (0..old.len()).map(|index| (index, index)).collect();
    }
    if old.len() > MOST || new.len() > MOST {
        return Vec::new();
    }
    // best[i][j]: how much the items from the i-th and the j-th on have in common at most.
    let mut best = vec![vec![0; new.len() + 1]; old.len() + 1];
    let alike: Vec<Vec<usize>> = old
        .iter()
        .map(|old| new.iter().map(|new| alike(old, new)).collect())
        .collect();
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let both = alike[i][j] + best[i + 1][j + 1];
            best[i][j] = both.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < old.len() && j < new.len() {
        if alike[i][j] > 0 && best[i][j] == alike[i][j] + best[i + 1][j + 1] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i][j] == best[i + 1][j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// How many scalars two values have in common, in the same place of an object or anywhere in a list.
fn alike(old: &Json, new: &Json) -> usize {
    match (old, new) {
        (Json::Object(old), Json::Object(new)) => old
            .iter()
            .filter_map(|(key, old)| Some(alike(old, new.get(key)?)))
            .sum(),
        (Json::Array(old), Json::Array(new)) => {
            old.iter().filter(|item| new.contains(item)).count()
        }
        (old, new) => usize::from(old == new),
    }
}

/// Whether a value has no parts.
fn whole(value: &Json) -> bool {
    intrinsic(value).is_some() || !(value.is_object() || value.is_array())
}

fn removed(path: Path, value: &Json) -> Found {
    Found {
        path,
        before: Some(value.clone()),
        after: None,
    }
}

fn added(path: Path, value: &Json) -> Found {
    Found {
        path,
        before: None,
        after: Some(value.clone()),
    }
}
