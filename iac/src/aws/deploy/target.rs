//! What is deployed, and as what.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use serde_json::Value as Json;

use crate::aws::Connection;
use crate::cfn::{ModelError, Template};
use crate::stacks::{Bootstrap, Entry};
use crate::{project, sha256};

/// What is deployed, as what and where: the same for a plan and for its execution.
#[derive(Debug, Clone, Args)]
pub struct TargetArgs {
    /// Stack of this project, such as resize-api
    #[arg(value_name = "STACK")]
    pub stack: String,
    /// Name of the deployed stack: two of one project's stack have two names [default: STACK]
    #[arg(long, value_name = "NAME", value_parser = stack_name)]
    pub name: Option<String>,
    /// Value of a parameter; what is not named stays as it is deployed, or is the template's default
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = pair)]
    pub parameters: Vec<(String, String)>,
    /// Tag of the stack and everything in it; what is not named stays as it is deployed
    #[arg(long = "tag", value_name = "NAME=VALUE", value_parser = pair)]
    pub tags: Vec<(String, String)>,
    /// Tag to remove
    #[arg(long = "untag", value_name = "NAME")]
    pub untag: Vec<String>,
    /// Role that CloudFormation takes on, and keeps for later deployments
    #[arg(long, value_name = "ARN", value_parser = role_arn)]
    pub role_arn: Option<String>,
    /// Folder of the templates [default: generated/ of the project you are in]
    #[arg(long, value_name = "DIR")]
    pub generated: Option<PathBuf>,
    /// Folder of the functions' zips, as `iac build` writes them [default: target/lambda of the project you
    /// are in]
    #[arg(long, value_name = "DIR")]
    pub code: Option<PathBuf>,
    /// Stack with the bucket that code is deployed from; made where there is none
    #[arg(long, value_name = "NAME", default_value = Bootstrap::STACK_NAME, value_parser = artifact_stack_name)]
    pub artifacts: String,
    /// Where it is deployed
    #[command(flatten)]
    pub connection: Connection,
}

/// What is deployed.
#[derive(Debug, Clone)]
pub struct Target {
    /// The stack's name in this project.
    pub model: &'static str,
    /// The deployed stack's name.
    pub name: String,
    /// The template.
    pub template: Json,
    /// The same as it is sent.
    pub text: String,
    /// Values of parameters.
    pub parameters: BTreeMap<String, String>,
    /// Tags to set.
    pub tags: BTreeMap<String, String>,
    /// Tags to remove.
    pub untag: BTreeSet<String>,
    /// Role that CloudFormation takes on.
    pub role_arn: Option<String>,
    /// Folder of the zips.
    pub code: PathBuf,
    /// The artifact stack's name.
    pub artifacts: String,
    /// The artifact stack's template.
    pub bootstrap: Template,
}

impl Target {
    /// The target of a command line. The files of the stack were compared with the code before: the template
    /// is the one that was reviewed.
    ///
    /// # Errors
    /// What the model refuses.
    pub fn new(args: &TargetArgs, entry: &Entry) -> Result<Self, ModelError> {
        let template = entry.template()?;
        let name = args.name.clone();
        Ok(Self {
            model: entry.name,
            name: name.unwrap_or_else(|| entry.stack_name.to_owned()),
            text: crate::artifacts::template(&template),
            template: template.document().clone(),
            parameters: args.parameters.iter().cloned().collect(),
            tags: args.tags.iter().cloned().collect(),
            untag: args.untag.iter().cloned().collect(),
            role_arn: args.role_arn.clone(),
            code: args
                .code
                .clone()
                .unwrap_or_else(|| project::path("target/lambda")),
            artifacts: args.artifacts.clone(),
            bootstrap: Bootstrap.template()?,
        })
    }

    /// SHA-256 of the template as it is sent, in lower-case hex.
    pub(super) fn sha256(&self) -> String {
        sha256::hex(&sha256::of(&self.text))
    }

    /// Tags as they will be.
    pub(super) fn tags_after(&self, before: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut tags = before.clone();
        tags.retain(|name, _| !self.untag.contains(name));
        tags.extend(self.tags.clone());
        tags
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("it is NAME=VALUE".to_owned()),
    }
}

/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html>
fn stack_name(text: &str) -> Result<String, String> {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let goes_on = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if starts && goes_on && text.len() <= 128 {
        Ok(text.to_owned())
    } else {
        Err("a stack's name is at most 128 letters, digits and hyphens, a letter first".to_owned())
    }
}

/// The bucket is named after it.
fn artifact_stack_name(text: &str) -> Result<String, String> {
    let name = stack_name(text)?;
    if name.len() <= 28 && !name.contains(|c: char| c.is_ascii_uppercase()) {
        Ok(name)
    } else {
        Err("a bucket is named after it: use at most 28 of a-z, 0-9 and -".to_owned())
    }
}

fn role_arn(text: &str) -> Result<String, String> {
    if text.starts_with("arn:") && text.contains(":role/") {
        Ok(text.to_owned())
    } else {
        Err("it is the ARN of a role: arn:aws:iam::ACCOUNT:role/NAME".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{artifact_stack_name, pair, role_arn, stack_name};

    #[test]
    fn pairs_have_a_name() {
        let read = |text| pair(text).map(|(name, value)| format!("{name} is {value}"));
        assert_eq!(read("A=b=c").as_deref(), Ok("A is b=c"));
        assert_eq!(read("A=").as_deref(), Ok("A is "));
        assert!(read("A").is_err() && read("=b").is_err());
    }

    #[test]
    fn names_are_those_that_cloudformation_takes() {
        for name in ["a", "Photos-2"] {
            stack_name(name).expect(name);
        }
        for name in ["", "2-photos", "photos_2", "-a", &"a".repeat(129)] {
            stack_name(name).expect_err(name);
        }
        artifact_stack_name("iac-artifacts").expect("a name");
        for name in ["Iac-artifacts", &"a".repeat(29)] {
            artifact_stack_name(name).expect_err(name);
        }
        role_arn("arn:aws:iam::123456789012:role/deploy").expect("a role");
        role_arn("deploy").expect_err("no ARN");
    }
}
