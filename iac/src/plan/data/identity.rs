//! Which properties make another resource of one that holds data. CloudFormation's own answer is sometimes
//! "conditionally", and an engine that does not know a type says that of every property; whoever is warned
//! each time a function changes does not read the warning that counts.
//!
//! Source: `createOnlyProperties` in the schemas of
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html>

use crate::plan::{Action, ProposedChange, Recreation, Replacement};

/// The properties of a type that replace it when they change, always or on a condition; `None` for a type of
/// which this program does not know them.
fn replacing(resource_type: &str) -> Option<&'static [&'static str]> {
    match resource_type {
        "AWS::DynamoDB::Table" => Some(&["ImportSourceSpecification", "KeySchema", "TableName"]),
        "AWS::Logs::LogGroup" => Some(&["LogGroupName"]),
        "AWS::S3::Bucket" => Some(&["BucketName", "BucketNamePrefix", "BucketNamespace"]),
        "AWS::SQS::Queue" => Some(&["FifoQueue", "QueueName"]),
        _ => None,
    }
}

/// Takes a "perhaps" back where no property changes that could replace the resource. A plain yes stays: who
/// says it knows the type.
pub(in crate::plan) fn settle(change: &mut ProposedChange) {
    let Some(replacing) = replacing(&change.resource_type) else {
        return;
    };
    if change.action != Action::Modify || change.details.is_empty() {
        return;
    }
    for detail in &mut change.details {
        let unknown = match &detail.name {
            Some(name) => replacing.contains(&name.as_str()),
            None => detail.attribute == "Properties",
        };
        if !unknown && detail.requires_recreation == Some(Recreation::Conditionally) {
            detail.requires_recreation = Some(Recreation::Never);
        }
    }
    let stays = |it: Option<Recreation>| it.is_none_or(|it| it == Recreation::Never);
    if change.replacement == Replacement::Conditional
        && change
            .details
            .iter()
            .all(|it| stays(it.requires_recreation))
    {
        change.replacement = Replacement::False;
    }
}

#[cfg(test)]
mod tests {
    use super::settle;
    use crate::plan::{Action, ProposedChange, ProposedDetail, Recreation, Replacement};

    fn change(kind: &str, properties: &[(&str, Recreation)]) -> ProposedChange {
        let detail = |(name, recreation): &(&str, Recreation)| ProposedDetail {
            attribute: "Properties".to_owned(),
            name: Some((*name).to_owned()),
            requires_recreation: Some(*recreation),
            ..ProposedDetail::default()
        };
        ProposedChange {
            action: Action::Modify,
            logical_id: "Photos".to_owned(),
            physical_id: None,
            resource_type: kind.to_owned(),
            replacement: Replacement::Conditional,
            policy_action: None,
            scope: Vec::new(),
            details: properties.iter().map(detail).collect(),
            before_context: None,
            after_context: None,
        }
    }

    #[test]
    fn only_what_can_replace_is_a_perhaps() {
        use Recreation::{Always, Conditionally, Never};
        let bucket = "AWS::S3::Bucket";
        for (kind, properties, replacement) in [
            (
                bucket,
                &[("NotificationConfiguration", Conditionally)][..],
                Replacement::False,
            ),
            (
                bucket,
                &[("Tags", Never), ("BucketName", Conditionally)],
                Replacement::Conditional,
            ),
            (
                "AWS::DynamoDB::Table",
                &[("KeySchema", Conditionally)],
                Replacement::Conditional,
            ),
            // Whoever says always knows more than this program.
            (bucket, &[("Something", Always)], Replacement::Conditional),
            // A type that this program does not know is believed.
            (
                "AWS::RDS::DBInstance",
                &[("Port", Conditionally)],
                Replacement::Conditional,
            ),
            // Nothing is told: nothing is known.
            (bucket, &[], Replacement::Conditional),
        ] {
            let mut change = change(kind, properties);
            settle(&mut change);
            assert_eq!(change.replacement, replacement, "{kind} {properties:?}");
        }
        let mut change = change(bucket, &[("BucketName", Always)]);
        change.replacement = Replacement::True;
        settle(&mut change);
        assert_eq!(change.replacement, Replacement::True);
    }
}
