//! A terminal with `iac` in it: what a person sees, and what a person types.

use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Pty, open};

/// Lines and columns.
const SIZE: (u16, u16) = (40, 160);
/// Lines that scrolled away and are still to be read.
const SCROLLBACK: usize = 500;
/// What a terminal sends for Ctrl-C.
pub(crate) const CTRL_C: &str = "\x03";
/// Longer than anything takes here.
const LIMIT: Duration = Duration::from_secs(120);

/// A terminal, as a person looks at it.
pub(crate) struct Terminal {
    pty: std::sync::Arc<Pty>,
    child: Child,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
}

impl Terminal {
    /// Starts a command in a terminal of its own.
    pub(crate) fn start(mut command: Command) -> Self {
        command.env("TERM", "xterm-256color");
        let (pty, inside) = open().expect("a terminal");
        pty.resize(Size::new(SIZE.0, SIZE.1)).expect("a size");
        let child = pty_process::blocking::Command::from(command)
            .spawn(inside)
            .expect("iac starts");
        let pty = std::sync::Arc::new(pty);
        let (sender, output) = channel();
        let read = pty.clone();
        // Ends when the last program has left the terminal: reading is an error then.
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = (&*read).read(&mut buffer) {
                if sender.send(buffer[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        let sides = [SIZE.0, SIZE.1].map(|side| NonZeroU16::new(side).expect("a size"));
        Self {
            pty,
            child,
            output,
            screen: vt100::Parser::new(sides[0], sides[1], SCROLLBACK),
        }
    }

    /// Types.
    pub(crate) fn types(&mut self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).expect("typed");
    }

    /// What is on the screen.
    pub(crate) fn screen(&self) -> String {
        rows(self.screen.screen())
    }

    /// What is on the screen and what scrolled out of it, the cursor's ways up and down applied.
    pub(crate) fn all(&mut self) -> String {
        let screen = self.screen.screen_mut();
        screen.set_scrollback(SCROLLBACK);
        let mut lines = Vec::new();
        let mut back = screen.scrollback();
        while back > 0 {
            screen.set_scrollback(back);
            lines.extend(screen.rows(0, SIZE.1).next());
            back -= 1;
        }
        screen.set_scrollback(0);
        lines.push(rows(screen));
        lines.join("\n")
    }

    /// Looks until something is on the screen.
    pub(crate) fn shows(&mut self, text: &str) {
        self.until(|screen| screen.contains(text), text);
    }

    /// Looks until the screen is as it shall be.
    pub(crate) fn until(&mut self, is: impl Fn(&str) -> bool, what: &str) {
        let start = Instant::now();
        while !is(&self.screen()) {
            let left = LIMIT.saturating_sub(start.elapsed());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("no {what:?} on the screen:\n{}", self.all())
                }
            }
        }
    }

    /// Waits for the end: the exit code, and everything that was seen last.
    pub(crate) fn ends(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().expect("ended");
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_secs(5)) {
            self.screen.process(&bytes);
        }
        (status.code(), self.all())
    }
}

/// The lines of a screen. Spaces that something was wiped away with are not seen, and not told.
fn rows(screen: &vt100::Screen) -> String {
    let rows = screen.rows(0, SIZE.1).map(|row| row.trim_end().to_owned());
    rows.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

impl Drop for Terminal {
    /// A test that fails must not leave it running.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
