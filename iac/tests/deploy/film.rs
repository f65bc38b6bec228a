//! Events of a stack, frame by frame: what CloudFormation shows at one look, then at the next.

use std::fmt::Write as _;

use crate::recorded::{Recorded, Reply, Request, STACK, escaped};

/// What one look at the events finds.
#[derive(Debug, Clone)]
pub(crate) enum Frame {
    /// So many events, and the status that the newest one of the stack says.
    Events(usize),
    /// So many events, while the stack's status is another.
    Status(usize, &'static str),
    /// No events.
    Fault(Reply),
}

/// A recording of one operation.
#[derive(Debug, Clone)]
pub(crate) struct Film {
    /// A line each, the oldest first: time, logical id, type, status, reason. `photos` is the stack. A
    /// time is a number of seconds, or a date.
    pub(crate) events: &'static str,
    /// What is seen look by look; the last one again and again. All events, if there are none.
    pub(crate) frames: Vec<Frame>,
    /// Events on a page. Where it is less than all, another event happens between two pages.
    pub(crate) page: usize,
}

/// An event of a film.
#[derive(Debug)]
struct Event {
    id: String,
    time: String,
    logical_id: &'static str,
    resource_type: &'static str,
    status: &'static str,
    reason: &'static str,
}

impl Film {
    /// All events at once.
    pub(crate) fn of(events: &'static str) -> Self {
        Self {
            events,
            frames: Vec::new(),
            page: 100,
        }
    }

    pub(crate) fn frames(mut self, frames: Vec<Frame>) -> Self {
        self.frames = frames;
        self
    }

    pub(crate) fn paged(mut self, page: usize) -> Self {
        self.page = page;
        self
    }

    /// Plays it; `others` answers what the film does not.
    pub(crate) fn play_with(
        self,
        mut others: impl FnMut(&Request) -> Reply + Send + 'static,
    ) -> Recorded {
        let events = events(self.events);
        let mut frames = self.frames.into_iter();
        let mut frame = Frame::Events(events.len());
        Recorded::start(move |request| match request.action.as_str() {
            "DescribeStackEvents" => {
                let token = request.members.get("NextToken");
                if token.is_none()
                    && let Some(next) = frames.next()
                {
                    frame = next;
                }
                let seen = match &mut frame {
                    Frame::Fault(reply) => return reply.clone(),
                    Frame::Events(seen) | Frame::Status(seen, _) => {
                        *seen = (*seen + usize::from(token.is_some())).min(events.len());
                        *seen
                    }
                };
                let start = token.map_or(0, |token| token.parse().expect("a place"));
                Reply::Result(page(&events[..seen], start, self.page))
            }
            "DescribeStacks" => {
                let status = match &frame {
                    Frame::Status(_, status) => status,
                    Frame::Events(seen) => newest(&events[..*seen]),
                    Frame::Fault(_) => newest(&events),
                };
                Reply::Result(stack(status))
            }
            _ => others(request),
        })
    }

    /// Plays it; whatever else is asked is refused.
    pub(crate) fn play(self) -> Recorded {
        self.play_with(|_| Reply::Refusal(400, "InvalidAction", "this is all there is"))
    }
}

/// A stack with a status, as `DescribeStacks` gives it.
pub(crate) fn stack(status: &str) -> String {
    format!(
        "<Stacks><member><StackName>photos</StackName><StackId>{STACK}</StackId>\
         <StackStatus>{status}</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime></member></Stacks>"
    )
}

fn newest(events: &[Event]) -> &'static str {
    let of_stack = |event: &&Event| event.logical_id == "photos";
    let newest = events.iter().rev().find(of_stack);
    newest.expect("an event of the stack").status
}

fn events(lines: &'static str) -> Vec<Event> {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let event = |(number, line): (usize, &'static str)| {
        let mut parts = line.split('|').map(str::trim);
        let mut next = || parts.next().unwrap_or_default();
        let time = next();
        Event {
            id: format!("event-{number}"),
            time: match time.parse::<u32>() {
                Ok(seconds) => {
                    format!("2026-01-01T00:{:02}:{:02}.000Z", seconds / 60, seconds % 60)
                }
                Err(_) => time.to_owned(),
            },
            logical_id: next(),
            resource_type: next(),
            status: next(),
            reason: next(),
        }
    };
    lines.enumerate().map(event).collect()
}

/// Events, the newest first, from a place on.
fn page(events: &[Event], start: usize, length: usize) -> String {
    let mut members = String::new();
    for event in events.iter().rev().skip(start).take(length) {
        let Event {
            id,
            time,
            logical_id,
            resource_type,
            status,
            reason,
        } = event;
        let physical_id = match *logical_id {
            "photos" => STACK.to_owned(),
            other => format!("photos-{}-1x2y", other.to_lowercase()),
        };
        write!(
            members,
            "<member><StackId>{STACK}</StackId><StackName>photos</StackName><EventId>{id}</EventId>\
             <LogicalResourceId>{logical_id}</LogicalResourceId>\
             <PhysicalResourceId>{physical_id}</PhysicalResourceId>\
             <ResourceType>{resource_type}</ResourceType><ResourceStatus>{status}</ResourceStatus>\
             <ResourceStatusReason>{}</ResourceStatusReason><Timestamp>{time}</Timestamp></member>",
            escaped(reason)
        )
        .expect("text");
    }
    let end = start + length;
    let more = if end < events.len() {
        format!("<NextToken>{end}</NextToken>")
    } else {
        String::new()
    };
    format!("<StackEvents>{members}</StackEvents>{more}")
}
