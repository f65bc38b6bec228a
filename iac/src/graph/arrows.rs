//! Which arrows are drawn, and what is written on them.

use super::drawing::{Arrow, Heads, Line, Style};
use crate::topology::{Edge, End, Kind, Relation, Text, Topology};

/// The arrows of a stack: its edges in the direction in which calls and data move, those between the same
/// things put together.
pub(super) fn of(topology: &Topology) -> Vec<Arrow> {
    let mut arrows: Vec<Arrow> = Vec::new();
    for edge in &topology.edges {
        if edge.from != edge.to {
            merge(&mut arrows, arrow(topology, edge));
        }
    }
    for index in 0..arrows.len() {
        let backwards = looks_up(&arrows, &arrows[index]);
        arrows[index].backwards = backwards;
    }
    arrows
}

/// The id of an end in the picture.
pub(super) fn id(end: &End) -> String {
    match end {
        End::Client => "client".to_owned(),
        End::Viewer => "viewer".to_owned(),
        End::Node(id) => id.clone(),
    }
}

fn arrow(topology: &Topology, edge: &Edge) -> Arrow {
    let action = |text: &str| Line::Action(text.to_owned());
    let part = |text: &Text| match text.by_default().as_str() {
        "" | "*" => None,
        text => Some(Line::Part(text.to_owned())),
    };
    let mut style = Style::Call;
    let mut rank = 0;
    let mut reversed = false;
    let mut label = Vec::new();
    match &edge.relation {
        Relation::Call { verb, path } => {
            if serves_one_thing(topology, &edge.to) {
                label.push(action(&format!("{verb} {path}")));
            } else {
                label.push(action("HTTPS"));
            }
        }
        Relation::Integration {
            verb,
            path,
            action: name,
            part: on,
        } => {
            if !serves_one_thing(topology, &edge.from) {
                label.push(action(&format!("{verb} {path}")));
            }
            label.push(action(name));
            // The path of an object in an integration is the path of the method once more.
            if !path.ends_with(&on.by_default()) {
                label.extend(part(on));
            }
        }
        Relation::May {
            action: name,
            part: on,
            ..
        } => {
            label.push(action(name));
            label.extend(part(on));
            rank = 1;
            if is_read(name) {
                reversed = true;
                rank = 2;
            }
        }
        Relation::Notification {
            event,
            prefix,
            suffix,
        } => {
            style = Style::Event;
            label.push(action(event));
            if !prefix.is_empty() || !suffix.is_empty() {
                let keys = format!("{}*{}", prefix.by_default(), suffix.by_default());
                label.push(Line::Part(keys));
            }
        }
        Relation::OnFailure { attempts } => {
            style = Style::Failure;
            rank = 1;
            label.push(action("on failure"));
            label.push(Line::Part(format!("after {attempts} attempts")));
        }
        Relation::Watch { metric } => {
            style = Style::Failure;
            rank = 1;
            reversed = true;
            label.push(action(match metric.as_str() {
                "ApproximateNumberOfMessagesVisible" => "messages",
                metric => metric,
            }));
        }
        Relation::Origin => {
            rank = 1;
            reversed = true;
            label.push(action("s3:GetObject"));
        }
        Relation::View => {
            reversed = true;
            label.push(action("HTTPS"));
        }
        Relation::SignedUpload => {
            label.push(action("PUT"));
            label.push(Line::Part("signed URL".to_owned()));
        }
    }
    let (from, to) = (id(&edge.from), id(&edge.to));
    let (from, to) = if reversed { (to, from) } else { (from, to) };
    Arrow {
        from,
        to,
        label,
        style,
        heads: Heads::End,
        backwards: false,
        rank,
    }
}

/// Adds an arrow, or what is written on it to the one there is between the same things. What is read and
/// written is one arrow with two heads.
fn merge(arrows: &mut Vec<Arrow>, arrow: Arrow) {
    for there in arrows.iter_mut().filter(|there| there.style == arrow.style) {
        let same = there.from == arrow.from && there.to == arrow.to;
        let opposite = there.from == arrow.to && there.to == arrow.from;
        let access = there.rank > 0 && arrow.rank > 0;
        if !same && !(opposite && access) {
            continue;
        }
        if opposite {
            there.heads = Heads::Both;
            if arrow.rank < there.rank {
                (there.from, there.to) = (arrow.from.clone(), arrow.to.clone());
            }
        }
        there.rank = there.rank.min(arrow.rank);
        for line in group(&arrow.label) {
            if !contains(&there.label, &line) {
                there.label.extend(line);
            }
        }
        return;
    }
    arrows.push(arrow);
}

/// The lines, each action with the parts that belong to it.
fn group(lines: &[Line]) -> Vec<Vec<Line>> {
    let mut groups: Vec<Vec<Line>> = Vec::new();
    for line in lines {
        match (line, groups.last_mut()) {
            (Line::Part(_), Some(group)) => group.push(line.clone()),
            _ => groups.push(vec![line.clone()]),
        }
    }
    groups
}

fn contains(lines: &[Line], group: &[Line]) -> bool {
    lines.windows(group.len()).any(|window| window == group)
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

/// Whether an arrow brings something to a thing that writes nowhere: it answers with what it looks up, and
/// the store stands behind it. What is worked on comes from the left.
fn looks_up(arrows: &[Arrow], arrow: &Arrow) -> bool {
    let writes = |other: &Arrow| other.from == arrow.to && other.rank == 1;
    arrow.rank == 2 && !arrows.iter().any(writes)
}
