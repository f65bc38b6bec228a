//! The API of an upload stack: its contract, where it runs, and where it is found.

use crate::cfn::{Handle, Stack, Value, pseudo};
use crate::openapi::{Integration, Method, OpenApi, Operation, Response};
use crate::parts::{
    AllowedOrigins, Auth, Origin, RestApiPart, RestApiSettings, gateway_responses, log_group,
    rest_api,
};
use crate::resources::lambda::Function;
use crate::sub;

/// The options of an API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiOptions {
    /// Who may call.
    pub auth: Auth,
    /// Which pages may call, unless the person who deploys says otherwise.
    pub origins: Vec<Origin>,
    /// Requests a second in the long run.
    pub rate_limit: u32,
    /// Requests at once.
    pub burst_limit: u32,
}

/// The port of the page that `iac local --open` serves.
const PAGE_PORT: u16 = 8080;

impl Default for ApiOptions {
    fn default() -> Self {
        Self {
            auth: Auth::None,
            origins: Origin::local(PAGE_PORT).to_vec(),
            rate_limit: 20,
            burst_limit: 40,
        }
    }
}

/// Adds the API with these paths, its log group and outputs that say where it is.
pub fn public_api(
    stack: &mut Stack,
    options: &ApiOptions,
    description: &str,
    paths: Vec<(String, Vec<Operation>)>,
    origins: &AllowedOrigins,
    log_retention: &Value<u32>,
) -> RestApiPart {
    let contract = OpenApi {
        title: stack.name().to_owned(),
        description: description.to_owned(),
        version: "1".to_owned(),
        security: options.auth.scheme(),
        gateway_responses: gateway_responses(&origins.headers(), &paths),
        paths,
    };
    let logs = log_group(
        stack,
        "ApiLogGroup",
        sub!["/aws/apigateway/", pseudo::stack_name()],
        log_retention,
    );
    let api = rest_api(
        stack,
        &RestApiSettings {
            api: &contract,
            stage_name: "prod",
            auth: options.auth,
            rate_limit: options.rate_limit,
            burst_limit: options.burst_limit,
            logs: &logs,
        },
    );
    stack.output("ApiUrl", "Where the API is", &api.stage.url(&api.api));
    stack.output("ApiId", "Id of the REST API", &api.api.id());
    api
}

/// The preflight of a resource with a function behind it, which answers each origin under its own name.
#[must_use]
pub fn preflight_by(function: &Handle<Function>, operation_id: &str) -> Operation {
    Operation::new(
        Method::Options,
        operation_id,
        "Answers a browser that asks whether a page may call",
        Integration::function(function),
    )
    .answers(Response::new(204, "What a page may send", None))
    .unsecured()
}
