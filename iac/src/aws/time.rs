//! Times for people.

use std::time::Duration;

/// A time for people: `3 s`, `2 min 5 s`, `1 h 30 min`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::duration;

    #[test]
    fn times_are_short() {
        for (seconds, text) in [(3, "3 s"), (125, "2 min 5 s"), (5400, "1 h 30 min")] {
            assert_eq!(duration(Duration::from_secs(seconds)), text);
        }
    }
}
