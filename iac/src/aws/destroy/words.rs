//! What a deletion would do, in words.

use std::fmt::Write as _;

use serde_json::json;

use super::fate::{Fate, Leaving};
use super::{Described, Destroyer};
use crate::aws::accounts::without_account;
use crate::plan::Holds;

impl Destroyer {
    /// A resource by both its names, without the account that may be part of the second.
    pub(super) fn name_of(&self, resource: &Leaving) -> String {
        let id = &resource.logical_id;
        let name = without_account(&self.account_id, &resource.physical_id);
        format!("{id} ({name})")
    }

    /// Shows what goes and what stays.
    pub(super) fn show(
        &self,
        described: &Described,
        leaving: &[Leaving],
        emptied: &[usize],
        unknown: &[String],
    ) {
        let Described { name, status, .. } = described;
        let mut text = format!("{name} in {} ({status})\n", self.client.place());
        let (data, rest): (Vec<_>, Vec<_>) = leaving
            .iter()
            .enumerate()
            .filter(|(_, it)| it.fate != Fate::Kept)
            .partition(|(_, it)| it.holds.is_some());
        if !data.is_empty() {
            text.push_str("Deleted, with what is in it:\n");
        }
        for (place, resource) in &data {
            let becomes = becomes(resource, emptied.contains(place));
            let _ = writeln!(
                text,
                "  {}, {}: {becomes}",
                self.name_of(resource),
                resource.kind
            );
        }
        if !rest.is_empty() {
            let ids: Vec<_> = rest.iter().map(|(_, it)| it.logical_id.as_str()).collect();
            let _ = writeln!(
                text,
                "Deleted, and a deployment makes it again: {}",
                ids.join(", ")
            );
        }
        let mut kept = leaving
            .iter()
            .enumerate()
            .filter(|(_, it)| it.fate == Fate::Kept)
            .peekable();
        if kept.peek().is_some() {
            text.push_str("Kept, in no stack any more:\n");
        }
        for (place, resource) in kept {
            let but = if emptied.contains(&place) {
                ", but emptied: all objects, with all versions, are deleted"
            } else {
                ""
            };
            let name = self.name_of(resource);
            let _ = writeln!(text, "  {name}, {}{but}", resource.kind);
        }
        for reason in unknown {
            let _ = writeln!(
                text,
                "Not known is whether a bucket is empty, without which it cannot be deleted: {reason}"
            );
        }
        if described.termination_protection {
            text.push_str("It is protected from deletion: that ends with your yes.\n");
        }
        let emptied: Vec<_> = emptied
            .iter()
            .map(|place| leaving[*place].logical_id.as_str())
            .collect();
        self.reporter.fact(
            "destroy",
            json!({
                "stack": name,
                "status": status,
                "terminationProtection": described.termination_protection,
                "resources": leaving,
                "emptied": emptied,
                "unknown": unknown,
            }),
            text.trim_end(),
        );
    }
}

fn becomes(resource: &Leaving, is_emptied: bool) -> &'static str {
    match (resource.fate, resource.holds) {
        _ if is_emptied => "emptied first; all objects, with all versions, are lost",
        (Fate::Snapshot, _) => "a snapshot stays",
        (_, Some(Holds::Logs)) => "the logs are lost",
        _ if resource.is_bucket() => "it is empty",
        _ => "all of it is lost",
    }
}
