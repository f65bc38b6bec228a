//! Amazon API Gateway, REST APIs.

use serde::Serialize;
use serde_json::Value as Json;

use crate::cfn::{Arn, Handle, Id, Literal, Resource, Value, pseudo};
use crate::openapi::OpenApi;
use crate::resources::logs::LogGroup;
use crate::sub;

/// A REST API, imported from a document.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-restapi.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RestApi {
    name: Value<String>,
    description: Value<String>,
    endpoint_configuration: EndpointConfiguration,
    body: Json,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct EndpointConfiguration {
    types: [Value<EndpointType>; 1],
}

/// Where an API is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum EndpointType {
    /// In its region, without a distribution in front.
    Regional,
}

impl Literal for EndpointType {}

impl RestApi {
    /// A regional API.
    #[must_use]
    pub fn regional(name: impl Into<Value<String>>, api: &OpenApi) -> Self {
        Self {
            name: name.into(),
            description: api.description.as_str().into(),
            endpoint_configuration: EndpointConfiguration {
                types: [EndpointType::Regional.into()],
            },
            body: api.document(),
        }
    }
}

impl Resource for RestApi {
    const TYPE: &'static str = "AWS::ApiGateway::RestApi";
}

impl Handle<RestApi> {
    /// The API's id (`Ref`).
    #[must_use]
    pub fn id(&self) -> Value<Id<RestApi>> {
        self.reference()
    }
}

/// A deployment: a snapshot of an API, which never changes. For a change to go live there must be a
/// new one, so its logical id carries a hash of the API.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Deployment {
    /// The API.
    pub rest_api_id: Value<Id<RestApi>>,
    /// What is deployed.
    pub description: Value<String>,
}

impl Resource for Deployment {
    const TYPE: &'static str = "AWS::ApiGateway::Deployment";
}

impl Handle<Deployment> {
    /// The deployment's id (`Ref`).
    #[must_use]
    pub fn id(&self) -> Value<Id<Deployment>> {
        self.reference()
    }
}

/// A stage: a deployment under a URL.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-stage.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Stage {
    /// The API.
    pub rest_api_id: Value<Id<RestApi>>,
    /// The deployment.
    pub deployment_id: Value<Id<Deployment>>,
    /// The first part of every path.
    pub stage_name: Value<String>,
    /// What the stage is for.
    pub description: Value<String>,
    /// Settings of methods.
    pub method_settings: Vec<MethodSetting>,
    /// Where a line for each request goes.
    pub access_log_setting: Value<AccessLogSetting>,
}

impl Resource for Stage {
    const TYPE: &'static str = "AWS::ApiGateway::Stage";
}

impl Handle<Stage> {
    /// The stage's name (`Ref`).
    #[must_use]
    pub fn name(&self) -> Value<Id<Stage>> {
        self.reference()
    }

    /// Where a client finds the stage of an API, without a slash at the end.
    #[must_use]
    pub fn url(&self, api: &Handle<RestApi>) -> Value<String> {
        sub![
            "https://",
            api.id(),
            ".execute-api.",
            pseudo::region(),
            ".",
            pseudo::url_suffix(),
            "/",
            self.name(),
        ]
    }
}

/// Settings of methods.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MethodSetting {
    /// Of these methods; `*` is all.
    pub http_method: Value<String>,
    /// Of these resources; `/*` is all.
    pub resource_path: Value<String>,
    /// Requests a second in the long run.
    pub throttling_rate_limit: Value<u32>,
    /// Requests at once.
    pub throttling_burst_limit: Value<u32>,
}

/// Where a line for each request goes, and what it says.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccessLogSetting {
    /// The log group.
    pub destination_arn: Value<Arn<LogGroup>>,
    /// The line; `$context.…` variables are replaced.
    pub format: Value<String>,
}

impl Literal for AccessLogSetting {}

/// A key for clients.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-apikey.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ApiKey {
    /// What the key is for.
    pub description: Value<String>,
    /// Whether it opens anything.
    pub enabled: Value<bool>,
}

impl Resource for ApiKey {
    const TYPE: &'static str = "AWS::ApiGateway::ApiKey";
}

impl Handle<ApiKey> {
    /// The key's id (`Ref`); the key itself is a secret, shown by `aws apigateway get-api-key`.
    #[must_use]
    pub fn id(&self) -> Value<Id<ApiKey>> {
        self.reference()
    }
}

/// What keys open, and how often.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-usageplan.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UsagePlan {
    /// What the plan is for.
    pub description: Value<String>,
    /// The stages it opens.
    pub api_stages: Vec<ApiStage>,
    /// How often, for each key.
    pub throttle: ThrottleSettings,
}

impl Resource for UsagePlan {
    const TYPE: &'static str = "AWS::ApiGateway::UsagePlan";
}

impl Handle<UsagePlan> {
    /// The plan's id (`Ref`).
    #[must_use]
    pub fn id(&self) -> Value<Id<UsagePlan>> {
        self.reference()
    }
}

/// A stage of an API.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ApiStage {
    /// The API.
    pub api_id: Value<Id<RestApi>>,
    /// The stage.
    pub stage: Value<Id<Stage>>,
}

/// How often a key may be used.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ThrottleSettings {
    /// Requests a second in the long run.
    pub rate_limit: Value<u32>,
    /// Requests at once.
    pub burst_limit: Value<u32>,
}

/// A key in a plan.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-usageplankey.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UsagePlanKey {
    /// The key.
    pub key_id: Value<Id<ApiKey>>,
    /// What kind of key.
    pub key_type: Value<KeyType>,
    /// The plan.
    pub usage_plan_id: Value<Id<UsagePlan>>,
}

impl Resource for UsagePlanKey {
    const TYPE: &'static str = "AWS::ApiGateway::UsagePlanKey";
}

/// A kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum KeyType {
    /// An API key; there is no other kind.
    #[serde(rename = "API_KEY")]
    ApiKey,
}

impl Literal for KeyType {}
