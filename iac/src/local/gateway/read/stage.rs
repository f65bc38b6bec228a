//! The stage: its name, variables and throttling.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Problems;
use crate::local::gateway::throttle::Limit;

pub(super) struct Stage {
    pub(super) name: String,
    pub(super) deployment_id: String,
    pub(super) variables: BTreeMap<String, String>,
    settings: Vec<Setting>,
}

/// Throttling of the methods that a setting is for.
struct Setting {
    path: String,
    method: String,
    rate: Option<f64>,
    burst: Option<f64>,
}

pub(super) fn read(problems: &mut Problems, place: &str, properties: &Value) -> Stage {
    // Logs, traces and metrics go to services that a local run has no reader for.
    problems.fields(
        place,
        properties,
        &[
            "AccessLogSetting",
            "DeploymentId",
            "Description",
            "MethodSettings",
            "RestApiId",
            "StageName",
            "Tags",
            "TracingEnabled",
            "Variables",
        ],
    );
    let settings = properties["MethodSettings"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|setting| {
            problems.fields(
                place,
                setting,
                &[
                    "DataTraceEnabled",
                    "HttpMethod",
                    "LoggingLevel",
                    "MetricsEnabled",
                    "ResourcePath",
                    "ThrottlingBurstLimit",
                    "ThrottlingRateLimit",
                ],
            );
            Setting {
                // `/~1resize` is `/resize`: a slash inside of a path is written `~1`.
                path: text(&setting["ResourcePath"])
                    .trim_start_matches('/')
                    .replace("~1", "/"),
                method: text(&setting["HttpMethod"]),
                rate: number(&setting["ThrottlingRateLimit"]),
                burst: number(&setting["ThrottlingBurstLimit"]),
            }
        });
    Stage {
        settings: settings.collect(),
        name: text(&properties["StageName"]),
        deployment_id: text(&properties["DeploymentId"]),
        variables: properties["Variables"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect(),
    }
}

impl Stage {
    /// The throttling of a method: the setting for it alone, or the one for all.
    pub(super) fn limit(&self, path: &str, method: &str) -> Option<Limit> {
        let find = |path: &str, method: &str| {
            self.settings
                .iter()
                .find(|setting| setting.path == path && setting.method == method)
        };
        let setting = find(path, method).or_else(|| find("*", "*"))?;
        let (rate, burst) = (setting.rate?, setting.burst?);
        // API Gateway takes a negative limit as none.
        (rate >= 0.0 && burst >= 0.0).then(|| Limit::new(rate, burst))
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}
