//! What an edge means to a person at a whiteboard, who leaves things out: the preflight requests of browsers, the
//! bookkeeping of uploads in parts, a permission that says what another arrow says already.

use super::drawing::Style;
use crate::topology::{AlarmCondition, Edge, End, Kind, Relation, Text, Topology};

/// How much an arrow says about the order of things: calls say most, then writing, then reading.
pub(super) const CALL: u8 = 0;
pub(super) const WRITE: u8 = 1;
pub(super) const READ: u8 = 2;

/// What an arrow is to say.
pub(super) struct Meaning {
    pub(super) entry: Entry,
    pub(super) style: Style,
    pub(super) rank: u8,
    /// Whether calls or data move from the edge's end to its start.
    pub(super) against: bool,
}

impl Meaning {
    const fn call(entry: Entry) -> Self {
        Self {
            entry,
            style: Style::Call,
            rank: CALL,
            against: false,
        }
    }
}

/// Actions that have the same calls before them and the same parts behind them.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) calls: Vec<String>,
    pub(super) actions: Vec<String>,
    pub(super) parts: Vec<String>,
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

/// What an edge means, or nothing where a person would leave it out.
pub(super) fn meaning(topology: &Topology, edge: &Edge) -> Option<Meaning> {
    Some(match &edge.relation {
        Relation::Call { verb, .. } | Relation::Integration { verb, .. } if verb == "OPTIONS" => {
            return None;
        }
        Relation::Call { verb, path } => Meaning::call(if serves_one_thing(topology, &edge.to) {
            Entry::action(&format!("{verb} {path}"))
        } else {
            Entry::action("HTTPS")
        }),
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
            Meaning::call(entry.on(if path.ends_with(&part) { "" } else { &part }))
        }
        Relation::May { action, part, .. } => {
            if says_nothing_new(topology, edge, action) {
                return None;
            }
            access(action, part)
        }
        Relation::Signed { by, action, part } => signed(topology, by, action, part),
        Relation::BrowserUpload => {
            let signed = |other: &Edge| {
                other.to == edge.to && matches!(other.relation, Relation::Signed { .. })
            };
            if topology.from(&edge.from).any(signed) {
                return None;
            }
            Meaning::call(Entry::action("PUT"))
        }
        Relation::Notification {
            event,
            prefix,
            suffix,
        } => {
            let keys = format!("{}*{}", prefix.by_default(), suffix.by_default());
            Meaning {
                style: Style::Event,
                ..Meaning::call(Entry::action(event).on(&keys))
            }
        }
        Relation::OnFailure { attempts } => Meaning {
            style: Style::Failure,
            rank: WRITE,
            ..Meaning::call(Entry::action("on failure").on(&format!("after {attempts} attempts")))
        },
        Relation::Watch(condition) => watch(condition),
        Relation::Origin => Meaning {
            rank: WRITE,
            against: true,
            ..Meaning::call(Entry::action("s3:GetObject"))
        },
        Relation::View => Meaning {
            against: true,
            ..Meaning::call(Entry::action("HTTPS"))
        },
        Relation::StartByHand => Meaning::call(Entry::action("states:StartExecution")),
    })
}

fn access(action: &str, part: &Text) -> Meaning {
    let reads = is_read(action);
    Meaning {
        rank: if reads { READ } else { WRITE },
        against: reads,
        ..Meaning::call(Entry::action(action).on(&part.by_default()))
    }
}

fn signed(topology: &Topology, by: &str, action: &str, part: &Text) -> Meaning {
    let name = match topology.node(by).map(|node| &node.kind) {
        Some(Kind::Function(function)) => &function.name,
        _ => by,
    };
    let entry = Entry::action(action)
        .on(&part.by_default())
        .on(&format!("signed by {name}"));
    Meaning {
        rank: READ,
        against: is_read(action),
        ..Meaning::call(entry)
    }
}

fn watch(condition: &AlarmCondition) -> Meaning {
    let AlarmCondition {
        metric,
        comparison,
        threshold,
    } = condition;
    let metric = match metric.as_str() {
        "ApproximateNumberOfMessagesVisible" => "messages",
        metric => metric,
    };
    Meaning {
        style: Style::Failure,
        rank: WRITE,
        against: true,
        ..Meaning::call(Entry::action(&format!("{metric} {comparison} {threshold}")))
    }
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
