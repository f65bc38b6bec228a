//! The code of a stack's functions: which zips, under which keys, and their way into the artifact bucket.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use tokio::task::JoinSet;

use super::{Before, DeployError, Target};
use crate::aws::artifacts::{self, ArtifactStack, Found, Store};
use crate::aws::cloudformation::Described;
use crate::aws::{Account, AwsError, Refusal};
use crate::bundle::{self, BuiltFor, Bundle, StackFunction, Zip};
use crate::report::Reporter;
use crate::resources::lambda::Architecture;
use crate::sha256;

/// Uploads at the same time.
const AT_ONCE: usize = 2;

/// Where the code of a stack's functions is.
#[derive(Debug, Clone, Default)]
pub(super) struct Code {
    /// The stack with the bucket; `None` if no code comes from it.
    pub(super) artifacts: Option<ArtifactStack>,
    /// Values of the parameters that say where the code is.
    pub(super) values: BTreeMap<String, String>,
    zips: Vec<Zip>,
    /// Keys that somebody named.
    named: BTreeSet<String>,
    /// Keys of what runs now, which may have to come back, and the names of the functions.
    running: BTreeMap<String, String>,
}

/// What became of a zip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delivery {
    Uploaded,
    Renewed,
    There,
}

impl Code {
    /// Finds the zips of a target's functions on this machine, and the bucket that they go to.
    pub(super) async fn find(
        target: &Target,
        before: Option<&Before>,
        account: &Account,
        account_id: &str,
    ) -> Result<Self, AwsError> {
        let functions = bundle::functions(&target.template).map_err(DeployError::from)?;
        let is_given = |parameter: &str| target.parameters.contains_key(parameter);
        // Whoever names the bucket has put the code there.
        let ours: Vec<_> = functions
            .into_iter()
            .filter(|function| !is_given(&function.bucket_parameter))
            .collect();
        if ours.is_empty() {
            return Ok(Self::default());
        }
        let (named, built): (Vec<_>, Vec<_>) = ours
            .iter()
            .cloned()
            .partition(|function| is_given(&function.key_parameter));
        let zips = bundle(target, before, built)?.zips;
        let artifacts = ArtifactStack::find(account, &target.artifacts, account_id).await?;
        let bucket = artifacts.store().bucket().to_owned();
        let buckets = ours
            .iter()
            .map(|function| function.bucket_parameter.clone());
        let keys = zips
            .iter()
            .map(|zip| (zip.key_parameter.clone(), zip.key()));
        let values = buckets
            .map(|name| (name, bucket.clone()))
            .chain(keys)
            .collect();
        let key = |function: &StackFunction| target.parameters.get(&function.key_parameter);
        let running = before.map(|before| running(before, &bucket));
        let mut running = running.unwrap_or_default();
        running.retain(|key, _| zips.iter().all(|zip| zip.key() != *key));
        Ok(Self {
            values,
            named: named.iter().filter_map(key).cloned().collect(),
            running,
            zips,
            artifacts: Some(artifacts),
        })
    }

    /// Brings everything into the bucket that is not there, and what is there and old to its new life: a zip
    /// that is deployed, or that an update which fails goes back to, must not go in the meantime.
    pub(super) async fn deliver(
        &self,
        account: &Account,
        reporter: Reporter,
    ) -> Result<(), AwsError> {
        let Some(artifacts) = &self.artifacts else {
            return Ok(());
        };
        let store = artifacts.store();
        for key in &self.named {
            if renew(store, key).await? == Found::Nothing {
                return Err(DeployError::NoSuchKey { key: key.clone() }.into());
            }
        }
        for (key, function) in &self.running {
            if renew(store, key).await? == Found::Nothing {
                let restored = restore(account, store, key, function).await;
                tell_restored(reporter, key, function, restored);
            }
        }
        let mut tasks = JoinSet::new();
        let mut zips = self.zips.iter();
        loop {
            while tasks.len() < AT_ONCE {
                let Some(zip) = zips.next() else { break };
                let (store, zip) = (store.clone(), zip.clone());
                reporter.progress(&format!("{}: {}", zip.executable, size(zip.bytes.len())));
                tasks.spawn(async move {
                    let delivery = deliver(&store, &zip).await?;
                    Ok::<_, AwsError>((zip, delivery))
                });
            }
            match tasks.join_next().await {
                None => return Ok(()),
                Some(Ok(delivered)) => {
                    let (zip, delivery) = delivered?;
                    tell(reporter, &zip, delivery);
                }
                Some(Err(error)) => return Err(AwsError::Runtime(error.into())),
            }
        }
    }
}

/// The zips of functions, each for the processor that it is going to run on.
fn bundle(
    target: &Target,
    before: Option<&Before>,
    functions: Vec<StackFunction>,
) -> Result<Bundle, DeployError> {
    let functions = functions.into_iter().map(|function| {
        let built_for = architecture(target, before, &function.built_for)?;
        Ok((function, built_for))
    });
    let functions = functions.collect::<Result<Vec<_>, DeployError>>()?;
    Ok(Bundle::read(&target.code, target.model, &functions)?)
}

/// The processor that a function is going to run on: said, as deployed, or the template's own.
fn architecture(
    target: &Target,
    before: Option<&Before>,
    built_for: &BuiltFor,
) -> Result<Architecture, DeployError> {
    let parameter = match built_for {
        BuiltFor::Always(architecture) => return Ok(*architecture),
        BuiltFor::Parameter(parameter) => parameter,
    };
    let deployed = before.and_then(|before| before.described.parameters.get(parameter));
    let default = target.template["Parameters"][parameter]["Default"].as_str();
    let given = target.parameters.get(parameter);
    let name = given.or(deployed).map(String::as_str).or(default);
    let name = name.unwrap_or_default();
    Architecture::named(name).ok_or_else(|| DeployError::BadValue {
        name: parameter.clone(),
        value: name.to_owned(),
        problem: "it takes arm64 or x86_64".to_owned(),
    })
}

/// The keys in this bucket that the deployed stack's functions were made from, with the functions' names.
fn running(before: &Before, bucket: &str) -> BTreeMap<String, String> {
    let Described {
        name, parameters, ..
    } = &before.described;
    let functions = bundle::functions(&before.side.template).unwrap_or_default();
    let is_here = |function: &&StackFunction| {
        let of = parameters.get(&function.bucket_parameter);
        of.is_some_and(|of| of == bucket)
    };
    let pair = |function: &StackFunction| {
        let key = parameters.get(&function.key_parameter)?;
        Some((key.clone(), format!("{name}-{}", function.executable)))
    };
    functions.iter().filter(is_here).filter_map(pair).collect()
}

/// Brings back what runs now, from the copy that Lambda has, where the name says that it is that.
async fn restore(
    account: &Account,
    store: &Store,
    key: &str,
    function: &str,
) -> Result<usize, AwsError> {
    let bytes = artifacts::code_of(account, function).await?;
    let hash = sha256::of(&bytes);
    if !key.contains(&sha256::hex(&hash)) {
        return Err(AwsError::Refused {
            action: format!("put back `{key}`"),
            reason: format!("{function} runs something else"),
            refusal: Refusal::Final,
        });
    }
    let size = bytes.len();
    store.put(key, bytes, &hash, false).await?;
    Ok(size)
}

async fn deliver(store: &Store, zip: &Zip) -> Result<Delivery, AwsError> {
    let key = zip.key();
    let put = async |instead| {
        store
            .put(&key, zip.bytes.clone(), &zip.sha256, instead)
            .await
    };
    match store.find(&key, Some(&zip.sha256)).await? {
        Found::Nothing => put(false).await?,
        Found::Another => put(true).await?,
        Found::There { old: true } => {
            store.refresh(&key).await?;
            return Ok(Delivery::Renewed);
        }
        Found::There { old: false } => return Ok(Delivery::There),
    }
    Ok(Delivery::Uploaded)
}

async fn renew(store: &Store, key: &str) -> Result<Found, AwsError> {
    let found = store.find(key, None).await?;
    if found == (Found::There { old: true }) {
        store.refresh(key).await?;
    }
    Ok(found)
}

fn tell_restored(reporter: Reporter, key: &str, function: &str, restored: Result<usize, AwsError>) {
    let (state, words) = match restored {
        Ok(bytes) => (
            "restored",
            format!(
                "What {function} runs now had gone from the artifact bucket, and is there again ({})",
                size(bytes)
            ),
        ),
        // The update may well succeed, and then nobody needs it.
        Err(error) => (
            "missing",
            format!(
                "What {function} runs now has gone from the artifact bucket, and cannot be put back: {error}. If \
                 this update fails, CloudFormation cannot undo it"
            ),
        ),
    };
    reporter.fact(
        "code",
        json!({"function": function, "key": key, "state": state}),
        &words,
    );
}

fn tell(reporter: Reporter, zip: &Zip, delivery: Delivery) {
    let bytes = zip.bytes.len();
    let (state, words) = match delivery {
        Delivery::Uploaded => ("uploaded", "is uploaded"),
        Delivery::Renewed => (
            "renewed",
            "is in the artifact bucket, and was renewed there",
        ),
        Delivery::There => ("there", "is in the artifact bucket"),
    };
    let name = &zip.executable;
    let facts: Json = json!({"function": name, "key": zip.key(), "bytes": bytes, "state": state});
    reporter.fact("code", facts, &format!("{name} {words} ({})", size(bytes)));
}

fn size(bytes: usize) -> String {
    format!("{} KB", bytes.div_ceil(1000))
}
