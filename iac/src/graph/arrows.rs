//! Which arrows are drawn: what edges mean, those between the same things put together.

use super::drawing::{Arrow, Heads, Line, Style};
use super::meaning::{CALL, Entry, Meaning, READ, WRITE, meaning};
use crate::topology::{Edge, End, Kind, Topology};

/// The arrows of a stack: its edges in the direction in which calls and data move, those between the same
/// things put together.
pub(super) fn of(topology: &Topology) -> Vec<Arrow> {
    let mut drafts: Vec<Draft> = Vec::new();
    for edge in &topology.edges {
        if edge.from != edge.to
            && let Some(draft) = draft(topology, edge)
        {
            merge(&mut drafts, draft);
        }
    }
    let looks_up = |draft: &Draft| {
        // Who writes nowhere answers with what it looks up, and a state machine goes through a list: the store
        // stands behind them. What is worked on comes from the left.
        let writes = |other: &Draft| other.from == draft.to && other.rank == WRITE;
        let is_machine = topology
            .node(&draft.to)
            .is_some_and(|node| matches!(node.kind, Kind::StateMachine(_)));
        draft.rank == READ && (is_machine || !drafts.iter().any(writes))
    };
    drafts
        .iter()
        .map(|draft| Arrow {
            from: draft.from.clone(),
            to: draft.to.clone(),
            label: lines(&draft.entries),
            style: draft.style,
            heads: draft.heads,
            backwards: looks_up(draft),
            rank: draft.rank,
        })
        .collect()
}

/// The id of an end in the picture.
pub(super) fn id(end: &End) -> String {
    match end {
        End::Client => "client".to_owned(),
        End::Viewer => "viewer".to_owned(),
        End::Operator => "operator".to_owned(),
        End::Node(id) => id.clone(),
    }
}

struct Draft {
    from: String,
    to: String,
    entries: Vec<Entry>,
    style: Style,
    heads: Heads,
    rank: u8,
}

fn draft(topology: &Topology, edge: &Edge) -> Option<Draft> {
    let Meaning {
        entry,
        style,
        rank,
        against,
    } = meaning(topology, edge)?;
    let (from, to) = (id(&edge.from), id(&edge.to));
    let (from, to) = if against { (to, from) } else { (from, to) };
    Some(Draft {
        from,
        to,
        entries: vec![entry],
        style,
        heads: Heads::End,
        rank,
    })
}

/// Adds an arrow, or what is written on it to the one there is between the same things. What is read and
/// written is one arrow with two heads.
fn merge(drafts: &mut Vec<Draft>, draft: Draft) {
    let between = |there: &&mut Draft| {
        let same = there.from == draft.from && there.to == draft.to;
        let opposite = there.from == draft.to && there.to == draft.from;
        let access = there.rank > CALL && draft.rank > CALL;
        there.style == draft.style && (same || (opposite && access))
    };
    let Some(there) = drafts.iter_mut().find(between) else {
        drafts.push(draft);
        return;
    };
    if there.from != draft.from {
        there.heads = Heads::Both;
        if draft.rank < there.rank {
            (there.from, there.to) = (draft.from, draft.to);
        }
    }
    there.rank = there.rank.min(draft.rank);
    for entry in draft.entries {
        let like = |other: &&mut Entry| other.parts == entry.parts;
        match there.entries.iter_mut().find(like) {
            Some(other) => {
                add(&mut other.calls, entry.calls);
                add(&mut other.actions, entry.actions);
            }
            None => there.entries.push(entry),
        }
    }
}

fn add(to: &mut Vec<String>, texts: Vec<String>) {
    for text in texts {
        if !to.contains(&text) {
            to.push(text);
        }
    }
}

/// Everything that is written on an arrow.
fn lines(entries: &[Entry]) -> Vec<Line> {
    let mut lines = Vec::new();
    for entry in entries {
        let actions = entry.calls.iter().chain(&entry.actions);
        lines.extend(actions.cloned().map(Line::Action));
        lines.extend(entry.parts.iter().cloned().map(Line::Part));
    }
    lines
}
