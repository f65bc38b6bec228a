//! Lines that update in place: one for each resource that something happens to, and below them how long
//! it takes and what is waited for. What is done moves above them and stays.

use std::collections::BTreeMap;
use std::time::Instant;

use console::{Term, style};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::echo::NoEcho;
use super::{coloured, told_reason};
use crate::aws::cloudformation::StackEvent;
use crate::aws::follow::history::{History, is_running};
use crate::aws::time::duration;

/// Names of resources in the last line.
const NAMED: usize = 3;
/// Lines of a terminal that are not for resources: the last line, and room to see that there is more.
const RESERVED: usize = 3;

/// A terminal.
#[derive(Debug)]
pub(in crate::aws::follow) struct Live {
    stack: String,
    bars: MultiProgress,
    /// The last line.
    footer: ProgressBar,
    /// The lines above it, by logical id.
    running: BTreeMap<String, Running>,
    start: Instant,
    /// Why nobody answers.
    trouble: Option<String>,
    /// What is told once a question is answered.
    held: Option<Vec<String>>,
    _no_echo: NoEcho,
}

/// A resource that something happens to.
#[derive(Debug)]
struct Running {
    bar: ProgressBar,
    text: String,
    /// When this process saw it begin; AWS's clock is another one.
    since: Instant,
}

impl Live {
    pub(super) fn new(stack: &str) -> Self {
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let footer = bars.add(line());
        Self {
            stack: stack.to_owned(),
            bars,
            footer,
            running: BTreeMap::new(),
            start: Instant::now(),
            trouble: None,
            held: None,
            _no_echo: NoEcho::new(),
        }
    }

    pub(super) fn event(&mut self, history: &History, event: &StackEvent) {
        let StackEvent {
            logical_id,
            resource_type,
            ..
        } = event;
        let mut text = format!(
            "  {}  {logical_id:<28}  {}",
            style(format!("{resource_type:<28}")).for_stderr().dim(),
            coloured(event)
        );
        if event.is_of_stack() {
            if let Some(reason) = told_reason(event) {
                self.print(&format!("{text}\n      {reason}"));
            }
        } else if is_running(event) {
            self.show(logical_id, &text);
        } else {
            if let Some(running) = self.running.remove(logical_id) {
                running.bar.finish_and_clear();
                self.bars.remove(&running.bar);
            }
            if let Some(time) = history.took(event) {
                text = format!("{text}  {}", duration(time));
            }
            if let Some(reason) = told_reason(event) {
                text = format!("{text}\n      {reason}");
            }
            self.print(&text);
        }
        self.tick(history);
    }

    /// Shows a line for a resource, or changes the one it has.
    fn show(&mut self, logical_id: &str, text: &str) {
        if let Some(running) = self.running.get_mut(logical_id) {
            text.clone_into(&mut running.text);
            return;
        }
        let rows = usize::from(Term::stderr().size().0);
        if self.running.len() + RESERVED >= rows {
            // The last line counts what has no line of its own.
            return;
        }
        let running = Running {
            bar: self.bars.insert_before(&self.footer, line()),
            text: text.to_owned(),
            since: Instant::now(),
        };
        self.running.insert(logical_id.to_owned(), running);
    }

    pub(super) fn tick(&mut self, history: &History) {
        if self.held.is_some() {
            return;
        }
        for running in self.running.values() {
            let time = duration(running.since.elapsed());
            change(&running.bar, format!("{}  {time}", running.text));
        }
        let time = duration(self.start.elapsed());
        let waiting = match &self.trouble {
            Some(trouble) => style(format!("{trouble}; asking again"))
                .for_stderr()
                .yellow()
                .to_string(),
            None => waiting(history),
        };
        let noun = history.kind.noun();
        let text = format!("  {time}  {noun} of {}: {waiting}", self.stack);
        change(&self.footer, text);
    }

    pub(super) fn trouble(&mut self, reason: Option<&str>) {
        self.trouble = reason.map(str::to_owned);
    }

    /// Prints what stays, above the lines that update.
    pub(super) fn print(&mut self, text: &str) {
        match &mut self.held {
            Some(held) => held.push(text.to_owned()),
            // A terminal that cannot be written to is no reason to stop following.
            None => drop(self.bars.println(text)),
        }
    }

    pub(super) fn ask(&mut self, question: &str) {
        drop(self.bars.clear());
        self.bars.set_draw_target(ProgressDrawTarget::hidden());
        self.held.get_or_insert_default();
        eprint!("{question}");
    }

    pub(super) fn resume(&mut self) {
        self.bars.set_draw_target(ProgressDrawTarget::stderr());
        for text in self.held.take().unwrap_or_default() {
            self.print(&text);
        }
    }

    pub(super) fn finish(&mut self) {
        if self.held.is_some() {
            // A question that nobody answered is over.
            eprintln!();
            self.resume();
        }
        drop(self.bars.clear());
        self.bars.set_draw_target(ProgressDrawTarget::hidden());
    }
}

/// What is waited for.
fn waiting(history: &History) -> String {
    let running = history.running();
    let named: Vec<_> = running
        .iter()
        .take(NAMED)
        .map(|event| event.logical_id.as_str())
        .collect();
    match running.len().saturating_sub(NAMED) {
        _ if named.is_empty() => "waiting for CloudFormation".to_owned(),
        0 => format!("waiting for {}", named.join(", ")),
        more => format!("waiting for {} and {more} more", named.join(", ")),
    }
}

/// Draws a line anew if it says something else: most ticks change nothing.
fn change(bar: &ProgressBar, text: String) {
    if bar.message() != text {
        bar.set_message(text);
    }
}

/// A line that is cut where the terminal ends.
fn line() -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_msg}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new_spinner().with_style(style)
}
