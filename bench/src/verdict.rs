//! What is promised, and whether it is held.

use serde::Serialize;

/// Whether a promise is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is.
    Held,
    /// It is not.
    NotHeld,
    /// Nobody knows: something is missing on this machine. Never counted as held.
    NotMeasured,
}

impl Verdict {
    /// Held if it is so.
    pub const fn of(held: bool) -> Self {
        if held { Self::Held } else { Self::NotHeld }
    }

    /// In the table.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::NotHeld => "NOT HELD",
            Self::NotMeasured => "not measured",
        }
    }

    /// Of many: one that is not held decides, then one that was not measured; nothing at all is not measured.
    pub fn all(verdicts: impl IntoIterator<Item = Self>) -> Self {
        verdicts
            .into_iter()
            .reduce(|a, b| match (a, b) {
                (Self::NotHeld, _) | (_, Self::NotHeld) => Self::NotHeld,
                (Self::NotMeasured, _) | (_, Self::NotMeasured) => Self::NotMeasured,
                (Self::Held, Self::Held) => Self::Held,
            })
            .unwrap_or(Self::NotMeasured)
    }
}

/// What must be, and what is aimed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Verdicts {
    /// The `must`.
    pub must: Verdict,
    /// The aim.
    pub aim: Verdict,
}

impl Verdicts {
    /// Nobody knows.
    pub const UNKNOWN: Self = Self {
        must: Verdict::NotMeasured,
        aim: Verdict::NotMeasured,
    };

    /// Neither: the engine gave no result.
    pub const FAILED: Self = Self {
        must: Verdict::NotHeld,
        aim: Verdict::NotHeld,
    };

    /// Of many, each for itself.
    pub fn all(verdicts: &[Self]) -> Self {
        Self {
            must: Verdict::all(verdicts.iter().map(|v| v.must)),
            aim: Verdict::all(verdicts.iter().map(|v| v.aim)),
        }
    }
}

/// The most that something may be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Limit {
    /// Must be.
    pub must: f64,
    /// Is aimed at.
    pub aim: f64,
}

impl Limit {
    /// How a figure stands to both.
    pub fn judge(self, figure: f64) -> Verdicts {
        Verdicts {
            must: Verdict::of(figure <= self.must),
            aim: Verdict::of(figure <= self.aim),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_held_up_to_the_limit() {
        let limit = Limit {
            must: 0.6,
            aim: 0.4,
        };
        let said = |figure| {
            let verdicts = limit.judge(figure);
            (verdicts.must, verdicts.aim)
        };
        assert_eq!(said(0.4), (Verdict::Held, Verdict::Held));
        assert_eq!(said(0.6), (Verdict::Held, Verdict::NotHeld));
        assert_eq!(said(0.61), (Verdict::NotHeld, Verdict::NotHeld));
        assert_eq!(said(f64::NAN), (Verdict::NotHeld, Verdict::NotHeld));
    }

    #[test]
    fn what_was_not_measured_is_never_held() {
        use Verdict::{Held, NotHeld, NotMeasured};
        assert_eq!(Verdict::all([]), NotMeasured);
        assert_eq!(Verdict::all([Held, Held]), Held);
        assert_eq!(Verdict::all([Held, NotMeasured]), NotMeasured);
        assert_eq!(Verdict::all([NotMeasured, NotHeld, Held]), NotHeld);
    }
}
