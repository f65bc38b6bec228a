//! What to do about a failure, in sentences. Pure.

use super::RootCause;
use crate::aws::cloudformation::OperationKind;
use crate::stacks::STACKS;

/// What is known of a failure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case<'c> {
    /// What was asked for.
    pub(super) kind: OperationKind,
    /// The stack's name.
    pub(super) stack: &'c str,
    /// Its status at the end.
    pub(super) status: &'c str,
    /// Options that say where the stack is, for a command line.
    pub(super) options: &'c str,
    /// What failed.
    pub(super) cause: Option<&'c RootCause>,
    /// What could not be undone or deleted.
    pub(super) blocked_by: &'c [RootCause],
    /// The stack that has the name which a resource of this one cannot have.
    pub(super) owner: Option<&'c str>,
    /// Whether someone cancelled it.
    pub(super) cancelled: bool,
}

/// What to do first comes first: where something blocks the stack, that; then what brings the stack on;
/// the cause of it all before that if nothing blocks, and after it otherwise.
pub(super) fn advice(case: &Case<'_>) -> Vec<String> {
    let of_cause = case.cause.and_then(|cause| remedy(cause, case.owner));
    let blocked = case.blocked_by.first();
    let blocks = blocked.filter(|blocked| Some(*blocked) != case.cause);
    let next = next_step(case);
    let order = match blocks {
        Some(blocks) => [remedy(blocks, None), next, of_cause],
        None => [of_cause, next, None],
    };
    order.into_iter().flatten().collect()
}

fn remedy(cause: &RootCause, owner: Option<&str>) -> Option<String> {
    let texts = || {
        let findings = cause.findings.iter().map(|finding| finding.reason.as_str());
        std::iter::once(cause.message.as_str()).chain(findings)
    };
    let says = |words: &str| texts().any(|text| text.contains(words));
    if let Some(name) = texts().find_map(taken_name) {
        let owner = owner.map(str::to_owned);
        return Some(match owner.or_else(|| texts().find_map(stack_in)) {
            Some(owner) => format!(
                "`{name}` belongs to the stack `{owner}`: choose another name, or delete that stack first."
            ),
            None => format!(
                "Something else has the name `{name}`, and no stack of this account and region says that it \
                 owns it: choose another name, or delete what has it if it is yours. It may have stayed from \
                 a stack that was deleted; names of buckets are shared with all accounts."
            ),
        });
    }
    if says("ReservedConcurrentExecutions") && says("below its minimum value") {
        return Some(
            "The account has too few concurrent executions left to reserve that many: lower \
             `--parameter ReservedConcurrency=N` (0 stops the function), say `reserved_concurrency: None` in the \
             stack's options, or ask for a higher quota (Service Quotas: AWS Lambda, Concurrent executions)."
                .to_owned(),
        );
    }
    if says("CloudWatch Logs role ARN must be set") {
        return Some(
            "API Gateway may not write logs in this account and region yet: deploy with \
             `--parameter AccessLogging=false`, or give it a role once (`aws apigateway update-account \
             --patch-operations op=replace,path=/cloudwatchRoleArn,value=ROLE_ARN`)."
                .to_owned(),
        );
    }
    if says("NoSuchKey") || says("specified key does not exist") {
        return Some(
            "The zip of a function is not in the artifact bucket any more: deploy again, which uploads what \
             is not there."
                .to_owned(),
        );
    }
    if let Some(action) = texts().find_map(missing_action) {
        return Some(format!(
            "Whoever deploys, or the role of `--role-arn`, may not do `{action}`: allow it in the deployer's \
             policy."
        ));
    }
    if says("not empty") {
        return Some(
            "A bucket is deleted only when nothing is in it, not even an old version of an object."
                .to_owned(),
        );
    }
    if says("Rate exceeded") || says("Throttling") {
        return Some("AWS was asked too often at this moment: deploy again.".to_owned());
    }
    if says("LimitExceeded") || says("Limit Exceeded") || says("quota") {
        return Some(
            "A quota of the account is used up: free some of it, or ask for more (Service Quotas)."
                .to_owned(),
        );
    }
    None
}

/// What brings the stack into a state in which it can be deployed.
fn next_step(case: &Case<'_>) -> Option<String> {
    let Case {
        stack,
        status,
        options,
        ..
    } = *case;
    let deploy = deploy_command(stack, options);
    let is_full = |it: &&RootCause| it.message.contains("not empty");
    let full = case.blocked_by.iter().filter(is_full);
    let empty = full.fold(String::new(), |all, it| all + " --empty " + &it.logical_id);
    let destroy = format!("`iac destroy {stack}{empty}{options}`");
    let blocked = case.blocked_by.iter();
    let skips = blocked.fold(String::new(), |skips, blocked| {
        skips + " --skip " + &blocked.logical_id
    });
    Some(match status {
        "ROLLBACK_COMPLETE" => format!(
            "A stack whose creation failed can only be deleted: {deploy} offers to do that and to go on."
        ),
        "ROLLBACK_FAILED" | "CREATE_FAILED" => format!(
            "The stack can only be deleted, and what was made of it is still there: {destroy}."
        ),
        "UPDATE_ROLLBACK_COMPLETE" if case.cancelled => {
            format!("The stack is as it was before. {deploy} starts the update again.")
        }
        "UPDATE_ROLLBACK_COMPLETE" | "IMPORT_ROLLBACK_COMPLETE" => {
            format!("The stack is as it was before. Once the cause is gone: {deploy}.")
        }
        "UPDATE_ROLLBACK_FAILED" => format!(
            "Remove what the rollback failed on and continue it with {deploy}; or leave these resources as \
             they are with {}.",
            deploy_command(stack, &format!("{skips}{options}"))
        ),
        "UPDATE_FAILED" => format!(
            "Nothing was undone: `aws cloudformation rollback-stack --stack-name {stack}` does that, and \
             `iac attach {stack}{options}` follows it."
        ),
        "DELETE_FAILED" if !empty.is_empty() => {
            format!("If everything in it may go, this empties it and deletes the rest: {destroy}.")
        }
        "DELETE_FAILED" => format!("Once the cause is gone, delete it again: {destroy}."),
        "DELETE_COMPLETE" if case.kind == OperationKind::Create => {
            format!("Nothing is left of it. {deploy} starts again.")
        }
        "IMPORT_ROLLBACK_FAILED" => {
            "Look at the resources in the console: CloudFormation cannot continue this by itself."
                .to_owned()
        }
        _ => return None,
    })
}

/// The command line that deploys a stack, between backquotes; `options` say where it is. Under another
/// name than one of this project's, whose stack it is remains to be said.
pub fn deploy_command(name: &str, options: &str) -> String {
    if STACKS.iter().any(|entry| entry.name == name) {
        format!("`iac deploy {name}{options}`")
    } else {
        format!("`iac deploy STACK --name {name}{options}`")
    }
}

/// The name in `... identifier 'photos' already exists` or `photos already exists`.
pub(super) fn taken_name(text: &str) -> Option<&str> {
    let (before, _) = text.split_once(" already exists")?;
    let name = before.rsplit(char::is_whitespace).next()?;
    let name = name.trim_matches(['\'', '"', '`', '[', ']']);
    (!name.is_empty()).then_some(name)
}

/// The stack in `... already exists in stack arn:...:stack/photos/1f...`.
fn stack_in(text: &str) -> Option<String> {
    let (_, arn) = text.split_once("already exists in stack ")?;
    arn.split('/').nth(1).map(str::to_owned)
}

/// The action in `... is not authorized to perform: s3:CreateBucket on ...`.
fn missing_action(text: &str) -> Option<&str> {
    let (_, action) = text.split_once("not authorized to perform")?;
    let action = action.trim_start_matches([':', ' ']);
    action
        .split([' ', '"', ','])
        .next()
        .filter(|action| !action.is_empty())
}

#[cfg(test)]
mod tests;
