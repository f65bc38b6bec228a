//! What happens to the objects of a bucket by age.
//!
//! A rule is made by what it does, so none is empty; what is removed is removed after it was moved,
//! because the days until then count from the move.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html>

use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};
use serde_json::json;

use super::Prefix;

/// A lifecycle rule, in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    prefix: Option<Prefix>,
    action: Action,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Action {
    AbortIncompleteUploads { after_days: u32 },
    Objects(Aging),
    OldVersions(Aging),
}

/// What becomes of objects as they grow old. Days are counted from midnight UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aging {
    /// Removed.
    Expire {
        /// This many days after they came.
        after_days: u32,
    },
    /// Moved to a cheaper class, and kept.
    Transition {
        /// The class.
        to: StorageClass,
        /// This many days after they came.
        after_days: u32,
    },
    /// Moved to a cheaper class, later removed.
    TransitionThenExpire {
        /// The class.
        to: StorageClass,
        /// This many days after they came.
        after_days: u32,
        /// Removed this many days after they were moved.
        expire_days_later: u32,
    },
}

/// A class of storage, cheaper to keep in and dearer to read from than the standard one. Of the archives
/// that have to be asked for days before, there is none: a function could not read from them.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageClass {
    /// Moves each object by how it is used; paid by the object.
    IntelligentTiering,
    /// For what is read less than once a month; at least 30 days and 128 KiB are paid.
    StandardIa,
    /// The same in one place, which can burn down: for what can be computed again.
    OneZoneIa,
    /// For what is read less than four times a year; at least 90 days and 128 KiB are paid.
    GlacierInstantRetrieval,
}

impl StorageClass {
    const fn as_str(self) -> &'static str {
        match self {
            Self::IntelligentTiering => "INTELLIGENT_TIERING",
            Self::StandardIa => "STANDARD_IA",
            Self::OneZoneIa => "ONEZONE_IA",
            Self::GlacierInstantRetrieval => "GLACIER_IR",
        }
    }

    /// S3 moves nothing to the classes for infrequent access that came less than 30 days ago.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html>
    const fn least_days(self) -> u32 {
        match self {
            Self::StandardIa | Self::OneZoneIa => 30,
            Self::IntelligentTiering | Self::GlacierInstantRetrieval => 1,
        }
    }
}

impl Rule {
    /// Removes what is there of uploads that were begun and not finished: it costs money and nobody
    /// sees it.
    #[must_use]
    pub const fn abort_incomplete_uploads(after_days: u32) -> Self {
        Self::of(Action::AbortIncompleteUploads { after_days })
    }

    /// What becomes of objects; in a versioned bucket, of their newest versions.
    #[must_use]
    pub const fn objects(aging: Aging) -> Self {
        Self::of(Action::Objects(aging))
    }

    /// What becomes of versions that are no longer the newest, counted from then on. Only
    /// [`Bucket::versioned`](super::Bucket::versioned) makes one: elsewhere there are none.
    pub(super) const fn old_versions(aging: Aging) -> Self {
        Self::of(Action::OldVersions(aging))
    }

    /// For objects whose keys start so, and for no other.
    #[must_use]
    pub fn under(mut self, prefix: &Prefix) -> Self {
        self.prefix = Some(prefix.clone());
        self
    }

    const fn of(action: Action) -> Self {
        Self {
            prefix: None,
            action,
        }
    }

    fn name(&self) -> String {
        let name = match self.action {
            Action::AbortIncompleteUploads { .. } => "AbortIncompleteUploads",
            Action::Objects(_) => "Objects",
            Action::OldVersions(_) => "OldVersions",
        };
        match &self.prefix {
            Some(prefix) => format!("{name} {prefix}"),
            None => name.to_owned(),
        }
    }

    /// Whether both say what becomes of the same objects.
    fn contradicts(&self, other: &Self) -> bool {
        let same_objects = match (&self.prefix, &other.prefix) {
            (Some(one), Some(other)) => one.overlaps(other),
            _ => true,
        };
        let same_kind = matches!(
            (&self.action, &other.action),
            (Action::Objects(_), Action::Objects(_))
                | (Action::OldVersions(_), Action::OldVersions(_))
        ) || self.name() == other.name();
        same_objects && same_kind
    }
}

impl Aging {
    /// The class and the days until then; the days until removal.
    const fn steps(self) -> (Option<(StorageClass, u32)>, Option<u32>) {
        match self {
            Self::Expire { after_days } => (None, Some(after_days)),
            Self::Transition { to, after_days } => (Some((to, after_days)), None),
            Self::TransitionThenExpire {
                to,
                after_days,
                expire_days_later,
            } => (
                Some((to, after_days)),
                Some(after_days.saturating_add(expire_days_later)),
            ),
        }
    }

    fn problem(self) -> Option<String> {
        if let (Some((to, after_days)), _) = self.steps()
            && after_days < to.least_days()
        {
            let class = to.as_str();
            let least = to.least_days();
            return Some(format!(
                "moves objects to {class} after {after_days} days, and S3 takes {least} or more"
            ));
        }
        let (Self::Expire { after_days: days }
        | Self::TransitionThenExpire {
            expire_days_later: days,
            ..
        }) = self
        else {
            return None;
        };
        (days == 0).then(|| "removes objects after 0 days: give one or more".to_owned())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("Id", &self.name())?;
        map.serialize_entry("Status", "Enabled")?;
        if let Some(prefix) = &self.prefix {
            map.serialize_entry("Prefix", prefix.as_str())?;
        }
        let aging = match self.action {
            Action::AbortIncompleteUploads { after_days: 0 } => {
                let problem = "removes incomplete uploads after 0 days: give one or more";
                return Err(S::Error::custom(problem));
            }
            Action::AbortIncompleteUploads { after_days } => {
                let days = json!({ "DaysAfterInitiation": after_days });
                map.serialize_entry("AbortIncompleteMultipartUpload", &days)?;
                return map.end();
            }
            Action::Objects(aging) | Action::OldVersions(aging) => aging,
        };
        if let Some(problem) = aging.problem() {
            return Err(S::Error::custom(problem));
        }
        let (moved, removed) = aging.steps();
        let moved = moved.map(
            |(class, days)| json!([{ "StorageClass": class.as_str(), "TransitionInDays": days }]),
        );
        if matches!(self.action, Action::Objects(_)) {
            if let Some(moved) = moved {
                map.serialize_entry("Transitions", &moved)?;
            }
            if let Some(days) = removed {
                map.serialize_entry("ExpirationInDays", &days)?;
            }
        } else {
            if let Some(moved) = moved {
                map.serialize_entry("NoncurrentVersionTransitions", &moved)?;
            }
            if let Some(days) = removed {
                map.serialize_entry(
                    "NoncurrentVersionExpiration",
                    &json!({ "NoncurrentDays": days }),
                )?;
                // What is left when all versions of a removed object are gone.
                map.serialize_entry("ExpiredObjectDeleteMarker", &true)?;
            }
        }
        map.end()
    }
}

/// The rules of a bucket.
#[derive(Debug, Clone)]
pub(super) struct LifecycleConfiguration(pub(super) Vec<Rule>);

impl Serialize for LifecycleConfiguration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        for (index, rule) in self.0.iter().enumerate() {
            if let Some(other) = self.0.iter().take(index).find(|it| it.contradicts(rule)) {
                return Err(S::Error::custom(format!(
                    "the lifecycle rules `{}` and `{}` are about the same objects",
                    other.name(),
                    rule.name()
                )));
            }
        }
        serializer.collect_map([("Rules", &self.0)])
    }
}
