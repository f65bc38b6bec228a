//! Looking at an operation again and again, while listening to signals and to what a person types.

use std::time::{Duration, Instant};

use aws_sdk_cloudformation::types::StackStatus;
use tokio::time::Interval;

use super::history::{History, Progress};
use super::question::{Answer, Cancellation, Typed, answer, cancellation, question};
use super::screen::Screen;
use crate::aws::cloudformation::{
    Cursor, DeleteOptions, Operation, OperationKind, Patience, Situation, StackClient, StackEvent,
};
use crate::aws::{AwsError, Interrupt, Signal};

/// The time to the next look, where something happens and at most.
const SOON: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(3);
/// How often the lines on a terminal are brought up to date.
const TICK: Duration = Duration::from_millis(250);
/// How often a status that operations seldom end with is seen before it is believed: a creation that is
/// refused is `CREATE_FAILED` for a moment before it is rolled back.
const SURE: u32 = 3;

/// Someone who looks.
pub(super) struct Watch<'w> {
    client: &'w StackClient,
    operation: &'w Operation,
    interrupt: &'w mut Interrupt,
    screen: &'w mut Screen,
    history: &'w mut History,
    cursor: Cursor,
    typed: Typed,
    tick: Interval,
    patience: Patience,
    in_trouble: bool,
    pace: Duration,
    /// How often its present status was seen, if the operation may have ended.
    confirmed: u32,
}

/// What a look found.
struct Look {
    news: Vec<StackEvent>,
    /// Whether the stack has the status that its events say it ended with.
    confirms: bool,
}

/// What came first.
enum Step {
    Looked(Result<Look, AwsError>),
    Signalled(Signal),
    Typed(Option<String>),
    Ticked,
}

/// Whether a person is being asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    No,
    Yes(Option<Cancellation>),
}

impl<'w> Watch<'w> {
    pub(super) fn new(
        client: &'w StackClient,
        operation: &'w Operation,
        interrupt: &'w mut Interrupt,
        screen: &'w mut Screen,
        history: &'w mut History,
        patience: Duration,
    ) -> Self {
        Self {
            client,
            operation,
            interrupt,
            screen,
            history,
            cursor: Cursor::of(operation),
            typed: Typed::default(),
            tick: tokio::time::interval(TICK),
            patience: Patience::new(patience),
            in_trouble: false,
            pace: SOON,
            confirmed: 0,
        }
    }

    /// The status that the operation ended with; `None` if it is left alone.
    pub(super) async fn until_end(&mut self) -> Result<Option<StackStatus>, AwsError> {
        let mut wait = Duration::ZERO;
        let mut asked = Asked::No;
        loop {
            let Some(looked) = self.look(wait, &mut asked).await else {
                return Ok(None);
            };
            wait = match looked {
                Err(error) => self.bear(error)?,
                Ok(look) => match self.see(look) {
                    Some(status) => return Ok(Some(status)),
                    None => self.pace,
                },
            };
        }
    }

    /// Looks after a while; `None` if the operation is left alone meanwhile.
    async fn look(&mut self, wait: Duration, asked: &mut Asked) -> Option<Result<Look, AwsError>> {
        let kind = self.operation.kind;
        let (client, newest) = (self.client, self.history.status());
        let look = look(client, &self.cursor, self.operation, newest.as_ref(), wait);
        let mut look = Box::pin(look);
        loop {
            let step = tokio::select! {
                looked = &mut look => Step::Looked(looked),
                signal = self.interrupt.received() => Step::Signalled(signal),
                line = self.typed.line() => Step::Typed(line),
                _ = self.tick.tick() => Step::Ticked,
            };
            match step {
                Step::Looked(looked) => return Some(looked),
                Step::Ticked => self.screen.tick(self.history),
                Step::Signalled(Signal::Interrupt)
                    if *asked == Asked::No && self.screen.is_live() && Typed::is_possible() =>
                {
                    let how = cancellation(kind, newest.as_ref());
                    self.screen.ask(&question(kind, client.name(), how));
                    self.typed.listen();
                    *asked = Asked::Yes(how);
                }
                Step::Signalled(_) | Step::Typed(None) => return None,
                Step::Typed(Some(line)) => {
                    let Asked::Yes(how) = *asked else { continue };
                    let Some(answer) = answer(&line, how) else {
                        self.screen.ask(&question(kind, client.name(), how));
                        continue;
                    };
                    *asked = Asked::No;
                    self.screen.resume();
                    match answer {
                        Answer::Detach => return None,
                        Answer::GoOn => {}
                        Answer::Cancel => cancel(client, kind, self.screen).await,
                    }
                }
            }
        }
    }

    /// Shows what is new; the status that the operation ended with, if it has.
    fn see(&mut self, look: Look) -> Option<StackStatus> {
        self.patience.rest();
        if std::mem::take(&mut self.in_trouble) {
            self.screen.relief();
        }
        self.pace = if look.news.is_empty() {
            self.pace.mul_f64(1.5).min(LONGEST)
        } else {
            self.confirmed = 0;
            SOON
        };
        self.cursor.pass(&look.news);
        let known = self.history.events().len();
        let new = self.history.add(look.news);
        for event in self.history.events().iter().skip(known).take(new) {
            self.screen.event(self.history, event);
        }
        match self.history.progress() {
            Progress::Runs => None,
            Progress::Ended(status) => Some(status),
            Progress::Rests(status) => {
                self.confirmed += u32::from(look.confirms);
                let enough = match status {
                    StackStatus::CreateFailed | StackStatus::UpdateFailed => SURE,
                    _ => 1,
                };
                (self.confirmed >= enough).then_some(status)
            }
        }
    }

    /// The time to the next attempt after an error that may pass.
    fn bear(&mut self, error: AwsError) -> Result<Duration, AwsError> {
        if !error.is_transient() {
            return Err(error);
        }
        let Some(wait) = self.patience.next(Instant::now(), fastrand::f64()) else {
            return Err(error);
        };
        if !std::mem::replace(&mut self.in_trouble, true) {
            self.screen.trouble(&error.to_string());
        }
        Ok(wait)
    }
}

/// Looks at an operation whose newest status was `newest`.
async fn look(
    client: &StackClient,
    cursor: &Cursor,
    operation: &Operation,
    newest: Option<&StackStatus>,
    wait: Duration,
) -> Result<Look, AwsError> {
    tokio::time::sleep(wait).await;
    let news = client.news(cursor).await?;
    let of_news = news.iter().rev().find_map(StackEvent::stack_status);
    let status = of_news.as_ref().or(newest);
    let confirms = match status {
        Some(status) if !Situation::of(status).is_busy() => {
            match client.status_of(&operation.stack_id).await? {
                Some(now) => now == *status,
                // Forgotten.
                None => *status == StackStatus::DeleteComplete,
            }
        }
        _ => false,
    };
    Ok(Look { news, confirms })
}

/// Cancels an operation. It is followed in any case: how it ends says what came of it.
async fn cancel(client: &StackClient, kind: OperationKind, screen: &mut Screen) {
    let cancelled = match kind {
        OperationKind::Create => {
            let deleted = client.delete(&DeleteOptions::default()).await;
            deleted.map(drop)
        }
        _ => client.cancel_update().await,
    };
    match cancelled {
        Ok(()) => screen.say("cancelled", "it is cancelled"),
        Err(error) => screen.say("notCancelled", &error.to_string()),
    }
}
