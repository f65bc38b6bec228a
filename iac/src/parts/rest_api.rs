//! A REST API that is deployed, throttled and, if so chosen, guarded.

use crate::cfn::{Attributes, Condition, Handle, Parameter, Stack, Test, Value, pseudo};
use crate::openapi::{Method, OpenApi, SecurityScheme};
use crate::resources::apigateway::{
    AccessLogSetting, ApiKey, ApiStage, Deployment, KeyType, MethodSetting, RestApi, Stage,
    ThrottleSettings, UsagePlan, UsagePlanKey,
};
use crate::resources::lambda::{Function, Permission};
use crate::resources::logs::LogGroup;
use crate::sub;

/// Who may call an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Auth {
    /// Everyone on the internet.
    #[default]
    None,
    /// Who sends a key of the API's usage plan in `x-api-key`.
    ApiKey,
    /// Who signs with Signature Version 4 and may `execute-api:Invoke`.
    Iam,
}

impl Auth {
    /// The scheme in the document.
    #[must_use]
    pub const fn scheme(self) -> Option<SecurityScheme> {
        match self {
            Self::None => None,
            Self::ApiKey => Some(SecurityScheme::ApiKey),
            Self::Iam => Some(SecurityScheme::Iam),
        }
    }
}

/// What is particular to an API.
#[derive(Debug)]
pub struct RestApiSettings<'a> {
    /// The API's contract.
    pub api: &'a OpenApi,
    /// The stage's name: the first part of every path.
    pub stage_name: &'a str,
    /// Who may call.
    pub auth: Auth,
    /// Requests a second in the long run, over all methods.
    pub rate_limit: u32,
    /// Requests at once.
    pub burst_limit: u32,
    /// The API's own log group.
    pub logs: &'a Handle<LogGroup>,
}

/// What an API is made of.
#[derive(Debug)]
pub struct RestApiPart {
    /// The API.
    pub api: Handle<RestApi>,
    /// Its stage.
    pub stage: Handle<Stage>,
}

/// A log group with retention. It goes with the stack: it tells of what is gone then.
pub fn log_group(
    stack: &mut Stack,
    logical_id: &str,
    name: Value<String>,
    retention: &Value<u32>,
) -> Handle<LogGroup> {
    stack.add_with(
        logical_id,
        Attributes::delete(),
        LogGroup {
            log_group_name: name,
            retention_in_days: retention.clone(),
        },
    )
}

/// Adds the API, a deployment of exactly this API, a stage with throttling, and for each method with a
/// function behind it the permission to invoke it. Access logs wait
/// for the parameter `AccessLogging`, because API Gateway refuses them in an account and region
/// whose CloudWatch role nobody has set.
pub fn rest_api(stack: &mut Stack, settings: &RestApiSettings<'_>) -> RestApiPart {
    let logging = access_logging(stack);
    let api = stack.add("Api", RestApi::regional(pseudo::stack_name(), settings.api));
    // A deployment is a snapshot. Its name changes with the API and with what is behind it, so that
    // no change stays undeployed; ten digits are one chance in a trillion to miss one.
    let fingerprint = stack.fingerprint(&api);
    let deployment = stack.add(
        &format!("ApiDeployment{fingerprint}"),
        Deployment {
            rest_api_id: api.id(),
            description: "The API as it is in this template".into(),
        },
    );
    let stage = stack.add(
        "ApiStage",
        Stage {
            rest_api_id: api.id(),
            deployment_id: deployment.id(),
            stage_name: settings.stage_name.into(),
            description: settings.api.description.as_str().into(),
            method_settings: vec![MethodSetting {
                http_method: "*".into(),
                resource_path: "/*".into(),
                throttling_rate_limit: settings.rate_limit.into(),
                throttling_burst_limit: settings.burst_limit.into(),
            }],
            access_log_setting: Value::from(AccessLogSetting {
                destination_arn: settings.logs.arn(),
                format: access_log_format().into(),
            })
            .when(&logging, pseudo::no_value()),
        },
    );
    for (path, operation) in settings.api.operations() {
        if let Some(function) = operation.integration.proxied() {
            let method = operation.method;
            stack.add(
                &permission_id(function, method, path),
                Permission::api(function, &api, settings.stage_name, method, path),
            );
        }
    }
    match settings.auth {
        Auth::None => stack.note(
            "open-endpoint",
            "anyone on the internet can call the API (auth = none): choose Auth::ApiKey or Auth::Iam in iac/src/stacks/mod.rs to close it",
        ),
        Auth::ApiKey => api_key(stack, settings, &api, &stage),
        Auth::Iam => {}
    }
    RestApiPart { api, stage }
}

/// Such as `PresignUploadFunctionPostUploads`.
fn permission_id(function: &Handle<Function>, method: Method, path: &str) -> String {
    let words = [method.as_str()]
        .into_iter()
        .chain(path.split(|c: char| !c.is_ascii_alphanumeric()));
    let mut id = function.logical_id().to_owned();
    for word in words.filter(|word| !word.is_empty()) {
        let (first, rest) = word.split_at(1);
        id.push_str(&first.to_ascii_uppercase());
        id.push_str(&rest.to_ascii_lowercase());
    }
    id
}

fn access_logging(stack: &mut Stack) -> Condition {
    stack.parameter_group("Operation");
    let parameter = stack.parameter(
        "AccessLogging",
        Parameter::text(
            "Write a line for each request; needs the CloudWatch role in API Gateway's account settings",
        )
        .default("false")
        .allowed_values(["true", "false"]),
    );
    stack.condition("AccessLogs", &Test::Equals(parameter, "true".into()))
}

/// One JSON object a request: who, what, with which outcome, how long. No body and no key.
fn access_log_format() -> String {
    let fields = [
        ("requestId", "$context.requestId"),
        ("time", "$context.requestTime"),
        ("ip", "$context.identity.sourceIp"),
        ("method", "$context.httpMethod"),
        ("path", "$context.path"),
        ("status", "$context.status"),
        ("errorType", "$context.error.responseType"),
        ("integrationStatus", "$context.integration.status"),
        ("latencyMs", "$context.responseLatency"),
    ];
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("\"{name}\":\"{value}\""))
        .collect();
    format!("{{{}}}", fields.join(","))
}

fn api_key(
    stack: &mut Stack,
    settings: &RestApiSettings<'_>,
    api: &Handle<RestApi>,
    stage: &Handle<Stage>,
) {
    let key = stack.add(
        "ApiKey",
        ApiKey {
            description: sub!["A key for ", pseudo::stack_name()],
            enabled: true.into(),
        },
    );
    let plan = stack.add(
        "ApiUsagePlan",
        UsagePlan {
            description: sub!["What keys of ", pseudo::stack_name(), " open"],
            api_stages: vec![ApiStage {
                api_id: api.id(),
                stage: stage.name(),
            }],
            throttle: ThrottleSettings {
                rate_limit: settings.rate_limit.into(),
                burst_limit: settings.burst_limit.into(),
            },
        },
    );
    stack.add(
        "ApiUsagePlanKey",
        UsagePlanKey {
            key_id: key.id(),
            key_type: KeyType::ApiKey.into(),
            usage_plan_id: plan.id(),
        },
    );
    stack.output(
        "ApiKeyId",
        "Id of the API key; aws apigateway get-api-key --include-value shows the key",
        &key.id(),
    );
}
