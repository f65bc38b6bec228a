//! Stacks that trigger themselves: a bucket's notification starts a function, and what the function may
//! write is what the notification listens to. Such a stack runs, and is paid for, without end.
//!
//! The check follows what may happen by the permissions, not what the code does: a function that a notification
//! starts, the functions, state machines and queues that it may start, and notifications of other buckets on
//! the way. Topics and `EventBridge` are not followed; the model has neither.

use std::fmt;

use super::access::{self, Grant};
use super::pattern::{Overlap, Pattern};
use super::template::{Template, alternatives, with_partition};
use super::text::Text;
use super::{Kind, Node, Notification};

/// A way by which a bucket triggers itself. The display is the rest of a sentence that starts with the bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loop {
    /// The logical id of the bucket.
    pub bucket: String,
    /// The event that it notifies of.
    pub event: String,
    /// What keys it notifies of start with; empty is every key.
    pub prefix: String,
    /// What keys it notifies of end with; empty is every key.
    pub suffix: String,
    /// Whom it starts, and whom that may start, to the one that closes the loop: logical ids.
    pub chain: Vec<String>,
    /// What the last of them may do in the bucket, as the policy writes it.
    pub action: String,
    /// To which keys, as the policy writes it; the whole resource where that is not one bucket's.
    pub keys: String,
    /// Whether it is sure.
    pub why: Why,
}

/// Why a loop is possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// What is written is listened to.
    Overlap,
    /// It depends on what the deployment fills in, in words.
    KnownLate(Vec<String>),
}

/// Every way in which a stack triggers itself, in the order of the buckets.
pub(super) fn loops(template: &Template<'_>, nodes: &[Node]) -> Vec<Loop> {
    let reading = Reading { template, nodes };
    let mut loops = Vec::new();
    for listener in reading.listeners() {
        reading.follow(&listener, &mut loops);
    }
    loops
}

/// A bucket and one of its notifications.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Listener<'a> {
    bucket: &'a str,
    notification: &'a Notification,
}

struct Reading<'a> {
    template: &'a Template<'a>,
    nodes: &'a [Node],
}

impl<'a> Reading<'a> {
    fn listeners(&self) -> Vec<Listener<'a>> {
        let mut listeners = Vec::new();
        for node in self.nodes {
            if let Kind::Bucket(bucket) = &node.kind {
                listeners.extend(bucket.notifications.iter().map(|notification| Listener {
                    bucket: &node.id,
                    notification,
                }));
            }
        }
        listeners
    }

    /// Walks from a listener to everything that it may start, the nearest first, and adds each way back.
    fn follow(&self, start: &Listener<'a>, loops: &mut Vec<Loop>) {
        let first = start.notification.target.clone();
        let mut queue: Vec<Vec<String>> = first.into_iter().map(|target| vec![target]).collect();
        let mut seen: Vec<String> = queue.iter().flatten().cloned().collect();
        let mut at = 0;
        while let Some(chain) = queue.get(at).cloned() {
            at += 1;
            let actor = chain.last().map(String::as_str).unwrap_or_default();
            let grants = self.grants(actor);
            for grant in &grants {
                let why = match start.meets(self.template, grant) {
                    Overlap::None => continue,
                    Overlap::Sure => Why::Overlap,
                    Overlap::Depends(words) => Why::KnownLate(words),
                };
                loops.push(self.found(start, &chain, grant, why));
            }
            for next in self.starts(actor, &grants) {
                if !seen.contains(&next) {
                    seen.push(next.clone());
                    queue.push(chain.iter().cloned().chain([next]).collect());
                }
            }
        }
    }

    fn found(&self, start: &Listener<'_>, chain: &[String], grant: &Grant, why: Why) -> Loop {
        let slash = Text::literal("/");
        let keys = match self.template.identify(&grant.on) {
            Some((_, part)) => part.strip_prefix(&slash).unwrap_or(part),
            None => grant.on.clone(),
        };
        Loop {
            bucket: start.bucket.to_owned(),
            event: start.notification.event.clone(),
            prefix: start.notification.prefix.to_string(),
            suffix: start.notification.suffix.to_string(),
            chain: chain.to_vec(),
            action: grant.action.clone(),
            keys: keys.to_string(),
            why,
        }
    }

    fn grants(&self, actor: &str) -> Vec<Grant> {
        for (r#type, property) in [
            ("AWS::Lambda::Function", "Role"),
            ("AWS::StepFunctions::StateMachine", "RoleArn"),
        ] {
            if let Some((_, json)) = self.template.of_type(r#type).find(|(id, _)| *id == actor) {
                return access::all_grants(self.template, &json[property]);
            }
        }
        Vec::new()
    }

    /// Whom an actor may start: by what it is granted, and by how it is connected.
    fn starts(&self, actor: &str, grants: &[Grant]) -> Vec<String> {
        let mut started = Vec::new();
        for node in self.nodes {
            let actions: &[&str] = match &node.kind {
                Kind::Function(_) => &["lambda:InvokeFunction", "lambda:InvokeAsync"],
                Kind::StateMachine(_) => &["states:StartExecution", "states:StartSyncExecution"],
                Kind::Queue => &["sqs:SendMessage"],
                _ => continue,
            };
            let may = |grant: &&Grant| actions.iter().any(|action| grant.allows(action));
            if grants
                .iter()
                .filter(may)
                .any(|grant| self.is_on(grant, &node.id))
            {
                started.push(node.id.clone());
            }
        }
        for (r#type, from, to) in [
            (
                "AWS::Lambda::EventInvokeConfig",
                "/FunctionName",
                "/DestinationConfig/OnFailure/Destination",
            ),
            (
                "AWS::Lambda::EventInvokeConfig",
                "/FunctionName",
                "/DestinationConfig/OnSuccess/Destination",
            ),
            (
                "AWS::Lambda::EventSourceMapping",
                "/EventSourceArn",
                "/FunctionName",
            ),
        ] {
            for (_, json) in self.template.of_type(r#type) {
                let end = |path| {
                    let values = json.pointer(path).map(alternatives).unwrap_or_default();
                    values
                        .into_iter()
                        .filter_map(|value| self.template.identify_whole(value))
                };
                if end(from).any(|id| id == actor) {
                    started.extend(end(to).map(ToOwned::to_owned));
                }
            }
        }
        for listener in self.listeners() {
            let meets = |grant| listener.meets(self.template, grant) != Overlap::None;
            if grants.iter().any(meets) {
                started.extend(listener.notification.target.clone());
            }
        }
        started
    }

    /// Whether a grant covers a function, a state machine or a queue.
    fn is_on(&self, grant: &Grant, id: &str) -> bool {
        if let Some((on, _)) = self.template.identify(&grant.on) {
            return on == id;
        }
        let arn = Pattern::plain(&self.template.arn_of(id));
        Pattern::policy(&with_partition(&grant.on)).overlap(&arn) != Overlap::None
    }
}

impl Listener<'_> {
    /// What a grant can cause of what this listens to.
    fn meets(&self, template: &Template<'_>, grant: &Grant) -> Overlap {
        if !causes(&self.notification.event)
            .iter()
            .any(|action| grant.allows(action))
        {
            return Overlap::None;
        }
        let keys = Pattern::filter(&self.notification.prefix, &self.notification.suffix);
        if let Some((on, part)) = template.identify(&grant.on) {
            if on != self.bucket {
                return Overlap::None;
            }
            let part = part.strip_prefix(&Text::literal("/")).unwrap_or(part);
            return Pattern::policy(&part).overlap(&keys);
        }
        let objects = template.arn_of(self.bucket).and(Text::literal("/"));
        Pattern::policy(&with_partition(&grant.on)).overlap(&Pattern::plain(&objects).then(keys))
    }
}

/// The actions that cause an event.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html>
fn causes(event: &str) -> &'static [&'static str] {
    match event.split(':').nth(1).unwrap_or_default() {
        "ObjectCreated" => &["s3:PutObject", "s3:ReplicateObject"],
        "ObjectRemoved" => &["s3:DeleteObject", "s3:DeleteObjectVersion"],
        "ObjectTagging" => &[
            "s3:PutObjectTagging",
            "s3:PutObjectVersionTagging",
            "s3:DeleteObjectTagging",
            "s3:DeleteObjectVersionTagging",
        ],
        "ObjectAcl" => &["s3:PutObjectAcl", "s3:PutObjectVersionAcl"],
        "ObjectRestore" => &["s3:RestoreObject"],
        _ => &[],
    }
}

impl fmt::Display for Loop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { prefix, suffix, .. } = self;
        write!(f, "would trigger itself: `{}` of ", self.event)?;
        match (prefix.is_empty(), suffix.is_empty()) {
            (true, true) => write!(f, "any key")?,
            (false, true) => write!(f, "a key that starts with `{prefix}`")?,
            (true, false) => write!(f, "a key that ends with `{suffix}`")?,
            (false, false) => {
                write!(
                    f,
                    "a key that starts with `{prefix}` and ends with `{suffix}`"
                )?;
            }
        }
        write!(f, " starts ")?;
        for (index, id) in self.chain.iter().enumerate() {
            let before = if index == 0 { "" } else { ", which may start " };
            write!(f, "{before}`{id}`")?;
        }
        write!(f, ", which may `{}` on `{}`", self.action, self.keys)?;
        match &self.why {
            Why::Overlap if prefix.is_empty() && suffix.is_empty() => write!(
                f,
                ": put results into another bucket, or let the notification listen to a prefix that results do not have"
            ),
            Why::Overlap => write!(
                f,
                ": give the two prefixes of which neither is the start of the other, or put results into another bucket"
            ),
            Why::KnownLate(words) => write!(
                f,
                "; whether that is listened to depends on {}, known only when the stack is deployed: \
                 write the prefix into the stack as an option, or put results into another bucket",
                words.join(" and ")
            ),
        }
    }
}
