//! Grants in lines: what belongs together stands together.

use crate::plan::access::{Effect, Grant};

/// A sentence for each principal and condition, with all actions on the same resources together.
pub(super) fn sentences(grants: &[Grant]) -> Vec<(Effect, String)> {
    // The same but for the action, then the same but for the resource.
    let mut merged: Vec<(Grant, Vec<String>, Vec<String>)> = Vec::new();
    for grant in grants {
        let same = merged.iter_mut().find(|(other, _, resources)| {
            whose(other) == whose(grant) && resources[0] == grant.resource
        });
        match same {
            Some((_, actions, _)) => actions.push(grant.action.clone()),
            None => merged.push((
                grant.clone(),
                vec![grant.action.clone()],
                vec![grant.resource.clone()],
            )),
        }
    }
    let mut sentences: Vec<(Grant, Vec<String>, Vec<String>)> = Vec::new();
    for (grant, actions, resources) in merged {
        let same = sentences
            .iter_mut()
            .find(|(other, others, _)| whose(other) == whose(&grant) && *others == actions);
        match same {
            Some((_, _, all)) => all.extend(resources),
            None => sentences.push((grant, actions, resources)),
        }
    }
    let sentences = sentences.into_iter().map(|(grant, actions, resources)| {
        let effect = grant.effect;
        let grant = Grant {
            action: joined(&actions),
            resource: resources.join(", "),
            ..grant
        };
        (effect, grant.to_string())
    });
    sentences.collect()
}

/// The actions with commas between them; what they have in brackets is put into one pair of them.
fn joined(actions: &[String]) -> String {
    let parts = actions.iter().map(|action| {
        let (start, rest) = action.split_once(" (")?;
        Some((start, rest.strip_suffix(')')?))
    });
    match parts.collect::<Option<Vec<_>>>().as_deref() {
        Some(parts @ [(first, _), ..]) if parts.iter().all(|(start, _)| start == first) => {
            let rest: Vec<_> = parts.iter().map(|(_, rest)| *rest).collect();
            format!("{first} ({})", rest.join(", "))
        }
        _ => actions.join(", "),
    }
}

fn whose(grant: &Grant) -> (Effect, &str, Option<&str>) {
    (grant.effect, &grant.principal, grant.condition.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_together_is_one_sentence() {
        let grant = |action: &str, resource: &str| Grant {
            effect: Effect::Allow,
            principal: "Role".to_owned(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            condition: None,
        };
        let grants = [
            grant("s3:GetObject", "a"),
            grant("s3:PutObject", "a"),
            grant("s3:GetObject", "b"),
            grant("s3:PutObject", "b"),
            grant("s3:ListBucket", "c"),
        ];
        let sentences = sentences(&grants).into_iter().map(|(_, sentence)| sentence);
        assert_eq!(
            sentences.collect::<Vec<_>>(),
            [
                "Role may s3:GetObject, s3:PutObject on a, b",
                "Role may s3:ListBucket on c"
            ]
        );
    }
}
