//! What a terminal writes by itself.

use std::io::stdin;

use rustix::process::getpgrp;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr};

/// Keeps a terminal from writing `^C` into lines that update in place, which would move them. It does so
/// until this is dropped; a program that is killed leaves a terminal that does not show `^C`, and nothing
/// worse.
#[derive(Debug)]
pub(super) struct NoEcho(Option<Termios>);

impl NoEcho {
    pub(super) fn new() -> Self {
        Self(silence())
    }
}

/// The modes as they were, if they were changed.
fn silence() -> Option<Termios> {
    // In the background, changing the terminal would stop this program.
    if tcgetpgrp(stdin()).ok()? != getpgrp() {
        return None;
    }
    let saved = tcgetattr(stdin()).ok()?;
    let mut modes = saved.clone();
    modes.local_modes.remove(LocalModes::ECHOCTL);
    tcsetattr(stdin(), OptionalActions::Now, &modes).ok()?;
    Some(saved)
}

impl Drop for NoEcho {
    fn drop(&mut self) {
        let in_foreground = tcgetpgrp(stdin()).is_ok_and(|group| group == getpgrp());
        if let Some(saved) = &self.0
            && in_foreground
        {
            let _ = tcsetattr(stdin(), OptionalActions::Now, saved);
        }
    }
}
