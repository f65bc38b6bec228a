//! Whether permissions got broader.

use super::atom::Atom;
use super::pattern::Cover;
use super::{Access, Effect, Grant, Verdict};

/// What became of grants: what is new, what is gone, and whether that can be told.
pub(super) fn verdict(before: &[Atom], after: &[Atom]) -> Access {
    let of = |atoms: &[Atom], effect| -> Vec<Atom> {
        let atoms = atoms.iter().filter(|atom| atom.grant.effect == effect);
        atoms.cloned().collect()
    };
    let [old_allows, new_allows] = [before, after].map(|atoms| of(atoms, Effect::Allow));
    let [old_denials, new_denials] = [before, after].map(|atoms| of(atoms, Effect::Deny));
    let mut access = Access {
        verdict: Verdict::Same,
        gained: Vec::new(),
        lost: Vec::new(),
        unsure: Vec::new(),
    };
    // What is refused no longer is gained, what is refused from now on is lost.
    let Access {
        gained,
        lost,
        unsure,
        ..
    } = &mut access;
    sort_out(&new_allows, &old_allows, gained, unsure, "new");
    sort_out(&old_allows, &new_allows, lost, unsure, "gone");
    // What is refused no longer is gained, what is refused from now on is lost.
    sort_out(&old_denials, &new_denials, gained, unsure, "gone");
    sort_out(&new_denials, &old_denials, lost, unsure, "new");
    access.gained.sort();
    access.gained.dedup();
    access.lost.sort();
    access.lost.dedup();
    access.unsure.sort();
    access.unsure.dedup();
    access.verdict = match (&access.gained, &access.unsure, &access.lost) {
        (gained, _, _) if !gained.is_empty() => Verdict::Broader,
        (_, unsure, _) if !unsure.is_empty() => Verdict::CannotTell,
        (_, _, lost) if !lost.is_empty() => Verdict::Narrower,
        _ => Verdict::Same,
    };
    access
}

/// Puts what nothing on the other side covers among the sure ones, and what may be covered among the
/// others.
fn sort_out(
    atoms: &[Atom],
    others: &[Atom],
    sure: &mut Vec<Grant>,
    unsure: &mut Vec<String>,
    what: &str,
) {
    for atom in atoms {
        let covered = others.iter().map(|other| other.covers(atom)).max();
        match covered.unwrap_or(Cover::No) {
            Cover::Yes => {}
            Cover::No => sure.push(atom.grant.clone()),
            Cover::Unknown => unsure.push(format!("this may be {what}: {}", atom.grant)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::slice;

    use serde_json::{Map, Value as Json, json};

    use super::super::atom::{Principal, policy};
    use super::super::scope::Scope;
    use super::Verdict::{Broader, CannotTell, Narrower, Same};
    use super::*;

    fn statement(effect: &str, action: &str, resource: &str, condition: Option<Json>) -> Json {
        let mut statement = json!({ "Effect": effect, "Action": action, "Resource": resource });
        if let Some(condition) = condition {
            statement["Condition"] = condition;
        }
        statement
    }

    fn access(before: &[Json], after: &[Json]) -> Access {
        let scope = Scope::of(&Map::new(), "eu-central-1");
        let role = Principal::Own("Role".to_owned());
        let atoms = |statements: &[Json]| {
            policy(&json!({ "Statement": statements }), Some(&role), "", &scope)
        };
        verdict(&atoms(before), &atoms(after))
    }

    fn tls() -> Json {
        json!({ "Bool": { "aws:SecureTransport": "true" } })
    }

    fn here() -> Json {
        json!({ "StringEquals": { "aws:SourceAccount": "x" } })
    }

    #[test]
    fn each_way_a_policy_can_change_has_its_verdict() {
        let allow = |action, resource| statement("Allow", action, resource, None);
        let deny = |action, resource| statement("Deny", action, resource, None);
        let allow_if = |condition| statement("Allow", "s3:GetObject", "b/*", Some(condition));
        let deny_if = |condition| statement("Deny", "s3:*", "*", Some(condition));
        for (before, after, expected) in [
            (
                allow("s3:GetObject", "b/*"),
                allow("s3:GetObject", "b/*"),
                Same,
            ),
            (
                allow("s3:GetObject", "b/*"),
                allow("S3:getobject", "b/*"),
                Same,
            ),
            (allow("s3:GetObject", "b/*"), allow("s3:*", "b/*"), Broader),
            (allow("s3:*", "b/*"), allow("s3:GetObject", "b/*"), Narrower),
            (
                allow("s3:GetObject", "b/*"),
                allow("s3:GetObject", "b/in/*"),
                Narrower,
            ),
            (
                allow("s3:GetObject", "b/*"),
                allow("s3:GetObject", "c/*"),
                Broader,
            ),
            (allow("s3:GetObject", "b/*"), allow_if(tls()), Narrower),
            (allow_if(tls()), allow("s3:GetObject", "b/*"), Broader),
            (allow_if(tls()), allow_if(tls()), Same),
            (allow_if(tls()), allow_if(here()), CannotTell),
            (allow_if(tls()), allow("s3:PutObject", "b/*"), Broader),
            (deny("s3:*", "*"), deny("s3:PutObject", "*"), Broader),
            (deny("s3:PutObject", "*"), deny("s3:*", "*"), Narrower),
            (deny_if(tls()), deny("s3:*", "*"), Narrower),
            (deny("s3:*", "*"), deny_if(tls()), Broader),
            (deny_if(tls()), deny_if(here()), CannotTell),
        ] {
            let found = access(slice::from_ref(&before), slice::from_ref(&after));
            assert_eq!(found.verdict, expected, "{before} to {after}: {found:?}");
        }
    }

    #[test]
    fn what_is_new_and_what_is_gone_is_named() {
        let found = access(
            &[statement("Allow", "s3:GetObject", "b/*", None)],
            &[statement("Allow", "s3:PutObject", "b/*", Some(tls()))],
        );
        let words =
            |grants: &[Grant]| -> Vec<String> { grants.iter().map(Grant::to_string).collect() };
        assert_eq!(
            words(&found.gained),
            ["Role may s3:PutObject on b/* if Bool aws:SecureTransport = true"]
        );
        assert_eq!(words(&found.lost), ["Role may s3:GetObject on b/*"]);
    }

    #[test]
    fn what_is_left_out_is_compared_as_well() {
        let all_but =
            |actions: &[&str]| json!({ "Effect": "Allow", "NotAction": actions, "Resource": "*" });
        let verdict =
            |before: &[&str], after: &[&str]| access(&[all_but(before)], &[all_but(after)]).verdict;
        assert_eq!(verdict(&["iam:*"], &["iam:*"]), Verdict::Same);
        assert_eq!(verdict(&["iam:*"], &["iam:*", "s3:*"]), Verdict::Narrower);
        assert_eq!(verdict(&["iam:*", "s3:*"], &["s3:*"]), Verdict::Broader);
    }
}
