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
        let (mut before, mut after) = (op.old_range().peekable(), op.new_range().peekable());
        while let (Some(&from), Some(&to)) = (before.peek(), after.peek()) {
            // Two scalars have nothing in common: one goes, the other comes.
            if whole(&old[from]) && whole(&new[to]) && op.old_range().len() != op.new_range().len()
            {
                break;
            }
            values(&item(Some(from), Some(to)), &old[from], &new[to], found);
            (before.next(), after.next());
        }
        found.extend(before.map(|index| removed(item(Some(index), None), &old[index])));
        found.extend(after.map(|index| added(item(None, Some(index)), &new[index])));
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
