//! Which arrows are drawn, and what is written on them.
//!
//! A person at a whiteboard leaves things out: the preflight requests of browsers, the bookkeeping of uploads in
//! parts, a permission that says what another arrow says already. So does this.

use super::drawing::{Arrow, Heads, Line, Style};
use crate::topology::{Edge, End, Kind, Relation, Topology};

/// How much an arrow says about the order of things: calls say most, then writing, then reading.
const CALL: u8 = 0;
const WRITE: u8 = 1;
const READ: u8 = 2;

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

/// Actions that have the same calls before them and the same parts behind them.
#[derive(Clone, PartialEq, Eq)]
struct Entry {
    calls: Vec<String>,
    actions: Vec<String>,
    parts: Vec<String>,
}

impl Entry {
    fn action(text: &str) -> Self {
        Self {
            calls: Vec::new(),
            actions: vec![text.to_owned()],
            parts: Vec::new(),
        }
    }

    fn after(mut self, call: String) -> Self {
        self.calls.push(call);
        self
    }

    fn on(mut self, part: &str) -> Self {
        if !matches!(part, "" | "*") {
            self.parts.push(part.to_owned());
        }
        self
    }
}

fn draft(topology: &Topology, edge: &Edge) -> Option<Draft> {
    let mut style = Style::Call;
    let mut rank = CALL;
    let mut against = false;
    let entry = match &edge.relation {
        Relation::Call { verb, .. } | Relation::Integration { verb, .. } if verb == "OPTIONS" => {
            return None;
        }
        Relation::Call { verb, path } => {
            if serves_one_thing(topology, &edge.to) {
                Entry::action(&format!("{verb} {path}"))
            } else {
                Entry::action("HTTPS")
            }
        }
        Relation::Integration {
            verb,
            path,
            action,
            part,
        } => {
            let entry = Entry::action(action);
            let entry = if serves_one_thing(topology, &edge.from) {
                entry
            } else {
                entry.after(format!("{verb} {path}"))
            };
            // The key of an object is often the path of the method once more.
            let part = part.by_default();
            entry.on(if path.ends_with(&part) { "" } else { &part })
        }
        Relation::May { action, part, .. } => {
            if says_nothing_new(topology, edge, action) {
                return None;
            }
            (rank, against) = if is_read(action) {
                (READ, true)
            } else {
                (WRITE, false)
            };
            Entry::action(action).on(&part.by_default())
        }
        Relation::Signed { by, action, part } => {
            rank = READ;
            against = is_read(action);
            let by = topology.node(by).map(|node| &node.kind);
            let by = match by {
                Some(Kind::Function(function)) => function.name.as_str(),
                _ => "",
            };
            Entry::action(action)
                .on(&part.by_default())
                .on(&format!("signed by {by}"))
        }
        Relation::BrowserUpload => {
            let signed = |other: &Edge| {
                other.to == edge.to && matches!(other.relation, Relation::Signed { .. })
            };
            if topology.from(&edge.from).any(signed) {
                return None;
            }
            Entry::action("PUT")
        }
        Relation::Notification {
            event,
            prefix,
            suffix,
        } => {
            style = Style::Event;
            let keys = format!("{}*{}", prefix.by_default(), suffix.by_default());
            Entry::action(event).on(&keys)
        }
        Relation::OnFailure { attempts } => {
            style = Style::Failure;
            rank = WRITE;
            Entry::action("on failure").on(&format!("after {attempts} attempts"))
        }
        Relation::Watch(condition) => {
            style = Style::Failure;
            rank = WRITE;
            against = true;
            let metric = match condition.metric.as_str() {
                "ApproximateNumberOfMessagesVisible" => "messages",
                metric => metric,
            };
            Entry::action(&format!(
                "{metric} {} {}",
                condition.comparison, condition.threshold
            ))
        }
        Relation::Origin => {
            rank = WRITE;
            against = true;
            Entry::action("s3:GetObject")
        }
        Relation::View => {
            against = true;
            Entry::action("HTTPS")
        }
        Relation::StartByHand => Entry::action("states:StartExecution"),
    };
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

/// Whether a permission goes without saying.
fn says_nothing_new(topology: &Topology, edge: &Edge, action: &str) -> bool {
    let bookkeeping = ["s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"];
    let other = |relation: fn(&Relation) -> bool| {
        topology.edges.iter().any(|other| {
            other.from == edge.from && other.to == edge.to && relation(&other.relation)
        })
    };
    bookkeeping.contains(&action)
        // The arrow of what failed says it.
        || (action == "sqs:SendMessage" && other(|relation| matches!(relation, Relation::OnFailure { .. })))
        // What a function signs is done by who has the URL.
        || topology.edges.iter().any(|other| {
            matches!(&other.relation, Relation::Signed { by, .. } if End::node(by) == edge.from)
                && other.to == edge.to
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

/// Whether all methods of an API have the same thing behind them.
fn serves_one_thing(topology: &Topology, api: &End) -> bool {
    let End::Node(id) = api else {
        return true;
    };
    let Some(Kind::Api(api)) = topology.node(id).map(|node| &node.kind) else {
        return true;
    };
    let mut targets = api.methods.iter().flat_map(|method| &method.targets);
    let first = targets.next();
    targets.all(|target| Some(&target.id) == first.map(|first| &first.id))
}

/// Whether an action only looks.
fn is_read(action: &str) -> bool {
    let name = action.rsplit(':').next().unwrap_or_default();
    ["Get", "List", "Query", "Scan", "Describe", "Head"]
        .iter()
        .any(|verb| name.starts_with(verb))
}
