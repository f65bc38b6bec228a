//! `resize-api`: a client names an image, a state machine has it resized.
//!
//! ```text
//! client -- POST /prod/resize --> API Gateway -- StartExecution --> Step Functions
//!                                                                        | invoke
//!                       original bucket -- GetObject --> Lambda resize-image
//!                                                           | PutObject
//!                                                  resized bucket, thumbs/
//! ```

use lambda::{ApiError, ResizeRequest, environment};
use schemars::JsonSchema;
use serde_json::json;

use crate::asl::Machine;
use crate::cfn::{Handle, ModelError, Problem, Stack, Template, Value, pseudo};
use crate::iam::{PolicyDocument, Service, TrustPolicy, action};
use crate::openapi::{
    Body, Integration, IntegrationResponse, Method, OpenApi, Operation, Response, Schema,
};
use crate::parts::{
    Auth, Backfill, BackfillSettings, CodeLocation, Cors, FunctionSettings, ImageParameters,
    Program, RestApiPart, RestApiSettings, backfill, code_bucket, gateway_responses,
    image_parameters, log_group, log_retention_parameter, output_prefix_parameter, private_bucket,
    resize_states, rest_api, rust_function,
};
use crate::resources::iam::{Policy, Role};
use crate::resources::lambda::{Architecture, Environment, Function};
use crate::resources::s3::Bucket;
use crate::resources::stepfunctions::{StateMachine, StateMachineType};
use crate::sub;
use crate::vtl::{Field, FieldName, MappingTemplate};

/// The options of the stack. The defaults are the system as it was first drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResizeApi {
    /// Who may call the API.
    pub auth: Auth,
    /// Which pages may call the API.
    pub cors: Cors,
    /// The processor that the parameter `Architecture` is set to by default.
    pub architecture: Architecture,
    /// Requests a second in the long run.
    pub rate_limit: u32,
    /// Requests at once.
    pub burst_limit: u32,
    /// How Step Functions runs the workflow.
    pub workflow: Workflow,
    /// A second state machine, for what is already in the source bucket.
    pub backfill: Option<Backfill>,
}

/// How Step Functions runs the workflow. The API answers the same either way:
/// `{"executionArn": ..., "startDate": ...}` as soon as the execution was started.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Workflow {
    /// Each execution exactly once, with its history kept for 90 days and a place in the console. $25 a
    /// million transitions, repeated tries included, which is more than the function costs: `iac cost` has
    /// the sums.
    #[default]
    Standard,
    /// $1 a million executions, and the time that they wait for the function: `iac cost` has the sums. What
    /// is lost: an execution cannot be described, listed or stopped, so a client cannot ask how the
    /// one it started ended and has to look for the result in S3; a failure leaves no trace but the
    /// function's own log, because Step Functions writes logs of its own only with permissions on every
    /// log group of the account; an execution may run twice, which here writes the same result
    /// twice; it ends after five minutes.
    Express,
}

impl From<Workflow> for StateMachineType {
    fn from(workflow: Workflow) -> Self {
        match workflow {
            Workflow::Standard => Self::Standard,
            Workflow::Express => Self::Express,
        }
    }
}

impl Default for ResizeApi {
    fn default() -> Self {
        Self {
            auth: Auth::None,
            cors: Cors::Off,
            architecture: Architecture::Arm64,
            rate_limit: 20,
            burst_limit: 40,
            workflow: Workflow::Standard,
            backfill: Some(Backfill::default()),
        }
    }
}

/// Memory of the function in MB: one whole processor, and room for the largest image it takes.
const MEMORY_SIZE: u32 = 1769;
/// Longest run of the function, in seconds.
const TIMEOUT: u32 = 60;

/// What StartExecution answers.
#[derive(JsonSchema)]
#[schemars(description = "An execution that was started")]
#[expect(dead_code, reason = "the type is read by its schema")]
struct ExecutionStarted {
    #[schemars(description = "ARN of the execution; describe it to learn how it ended")]
    #[serde(rename = "executionArn")]
    execution_arn: String,
    #[schemars(description = "When it started, in seconds since 1970")]
    #[serde(rename = "startDate")]
    start_date: f64,
}

/// What the person who deploys decides.
struct Parameters {
    code: CodeLocation,
    images: ImageParameters,
    output_prefix: Value<String>,
    log_retention: Value<u32>,
}

impl ResizeApi {
    /// The stack's name.
    pub const NAME: &str = "resize-api";

    /// Builds the template.
    ///
    /// # Errors
    /// What the model refuses; nothing with the options there are.
    pub fn template(&self) -> Result<Template, ModelError> {
        let mut stack = Stack::new(
            Self::NAME,
            "POST /resize starts a state machine in which a Rust function fits an image of S3 in MaxWidth x MaxHeight",
        );
        let parameters = self.parameters(&mut stack);
        let source = private_bucket(&mut stack, "SourceBucket");
        let resized = private_bucket(&mut stack, "ResizedBucket");
        let resize = Self::resize_image(&mut stack, &parameters, &source, &resized);
        let machine = state_machine(&mut stack, &resize, self.workflow)?;
        let api = self.api(&mut stack, &parameters, &machine)?;

        stack.output(
            "ApiUrl",
            "Where the API is: POST to its /resize",
            &api.stage.url(&api.api),
        );
        stack.output("ApiId", "Id of the REST API", &api.api.id());
        stack.output(
            "SourceBucketName",
            "Bucket of the originals: put images here",
            &source.name(),
        );
        stack.output(
            "ResizedBucketName",
            "Bucket of the results",
            &resized.name(),
        );
        stack.output(
            "StateMachineArn",
            "ARN of the state machine",
            &machine.arn(),
        );
        stack.output("FunctionName", "Name of the function", &resize.name());
        if let Some(options) = self.backfill {
            backfill(
                &mut stack,
                options,
                &BackfillSettings {
                    source: (&source).into(),
                    input_prefix: None,
                    results: (&resized).into(),
                    output_prefix: None,
                    function: &resize,
                    function_timeout: TIMEOUT,
                },
            )?;
        }
        stack.build()
    }

    fn parameters(&self, stack: &mut Stack) -> Parameters {
        stack.parameter_group("Code");
        let code = code_bucket(stack, self.architecture).zip(stack, Program::ResizeImage);
        stack.parameter_group("Images");
        let images = image_parameters(stack, 720);
        let output_prefix = output_prefix_parameter(stack, self.backfill);
        stack.parameter_group("Operation");
        let log_retention = log_retention_parameter(stack);
        Parameters {
            code,
            images,
            output_prefix,
            log_retention,
        }
    }

    /// The function: reads every original, writes under the prefix of the results, and looks there first for what
    /// it would write.
    fn resize_image(
        stack: &mut Stack,
        parameters: &Parameters,
        source: &Handle<Bucket>,
        resized: &Handle<Bucket>,
    ) -> Handle<Function> {
        let results = resized.objects_under(&parameters.output_prefix);
        rust_function(
            stack,
            FunctionSettings {
                description: "Fits an image of the source bucket and puts it into the resized bucket",
                permissions: PolicyDocument::new()
                    .grant("ReadOriginals", [action::s3::GET_OBJECT], &source.objects())
                    .grant(
                        "WriteResults",
                        [action::s3::GET_OBJECT, action::s3::PUT_OBJECT],
                        &results,
                    ),
                environment: Environment::new(
                    [
                        (environment::SOURCE_BUCKET, source.name().text()),
                        (environment::RESIZED_BUCKET, resized.name().text()),
                        (environment::OUTPUT_PREFIX, parameters.output_prefix.clone()),
                    ]
                    .into_iter()
                    .chain(parameters.images.variables()),
                ),
                code: &parameters.code,
                memory_size: MEMORY_SIZE,
                timeout: TIMEOUT,
                reserved_concurrency: None,
                log_retention: &parameters.log_retention,
            },
        )
    }

    /// The API, with a role that may start this state machine and write the API's log.
    fn api(
        &self,
        stack: &mut Stack,
        parameters: &Parameters,
        machine: &Handle<StateMachine>,
    ) -> Result<RestApiPart, ModelError> {
        let logs = log_group(
            stack,
            "ApiLogGroup",
            sub!["/aws/apigateway/", pseudo::stack_name()],
            &parameters.log_retention,
        );
        let role = stack.add(
            "ApiRole",
            Role {
                description: "What the API may do".into(),
                assume_role_policy_document: TrustPolicy::service(Service::ApiGateway),
                policies: vec![Policy {
                    policy_name: "api".into(),
                    policy_document: PolicyDocument::new()
                        .grant("StartResize", [action::states::START_EXECUTION], machine)
                        .grant("WriteLog", action::logs::WRITE, &logs),
                }],
            },
        );
        let contract = self
            .contract(Integration::start_execution(&machine.arn(), role.arn()))
            .map_err(|problem| stack.refused([problem]))?;
        Ok(rest_api(
            stack,
            &RestApiSettings {
                api: &contract,
                stage_name: "prod",
                auth: self.auth,
                rate_limit: self.rate_limit,
                burst_limit: self.burst_limit,
                logs: &logs,
            },
        ))
    }

    /// The API: one method, whose body becomes the input of the state machine.
    fn contract(&self, start: Integration) -> Result<OpenApi, Problem> {
        let request = Schema::of::<ResizeRequest>()?;
        let started = Schema::of::<ExecutionStarted>()?;
        let error = Schema::of::<ApiError>()?;
        let headers = self.cors.headers();
        let names: Vec<&'static str> = headers.iter().map(|(name, _)| *name).collect();
        let answer = |status, description: &str, model: &Schema| Response {
            status,
            description: description.to_owned(),
            model: Some(model.clone()),
            headers: names.clone(),
        };
        // Step Functions' own message names ARNs of the account, which are not the internet's
        // business; the kind of error is.
        let refused = MappingTemplate::object()
            .field("error", Field::BodyField(FieldName::ERROR_TYPE))
            .field(
                "message",
                Field::Fixed(json!(
                    "Step Functions did not start the execution: try again, or give the request id to whoever runs the API"
                )),
            )
            .field("requestId", Field::RequestId);
        let failed = MappingTemplate::object()
            .field("error", Field::Fixed(json!("StepFunctionsFailure")))
            .field(
                "message",
                Field::Fixed(json!("Step Functions failed to answer: try again")),
            )
            .field("requestId", Field::RequestId);
        let respond = |status, template| IntegrationResponse {
            status,
            template,
            headers: headers.clone(),
        };
        let resize = Operation {
            method: Method::Post,
            operation_id: "resizeImage".to_owned(),
            summary: "Starts the resizing of an image".to_owned(),
            responses: vec![
                answer(200, "The execution was started", &started),
                answer(
                    400,
                    "The request does not fit the model, or Step Functions refused it",
                    &error,
                ),
                answer(502, "Step Functions failed", &error),
            ],
            parameters: Vec::new(),
            body: Body::Json(request),
            secured: true,
            integration: start
                .respond(respond(200, None))
                .respond_to(r"4\d{2}", respond(400, Some(refused)))
                .respond_to(r"5\d{2}", respond(502, Some(failed))),
        };
        let mut operations = vec![resize];
        operations.extend(self.cors.preflight("resizeImagePreflight", "POST"));
        let paths = vec![("/resize".to_owned(), operations)];
        Ok(OpenApi {
            title: Self::NAME.to_owned(),
            description: "Resizes images that are in S3".to_owned(),
            version: "1".to_owned(),
            gateway_responses: gateway_responses(&headers, &paths),
            paths,
            security: self.auth.scheme(),
        })
    }
}

/// The state machine and its role.
fn state_machine(
    stack: &mut Stack,
    resize: &Handle<Function>,
    workflow: Workflow,
) -> Result<Handle<StateMachine>, ModelError> {
    let role = stack.add(
        "StateMachineRole",
        Role {
            description: "What the state machine may do".into(),
            assume_role_policy_document: TrustPolicy::service(Service::StepFunctions),
            policies: vec![Policy {
                policy_name: "state-machine".into(),
                policy_document: PolicyDocument::new().grant(
                    "InvokeResizeImage",
                    [action::lambda::INVOKE_FUNCTION],
                    resize,
                ),
            }],
        },
    );
    let mut machine =
        Machine::new("Fits an image of S3 in the largest size and puts it into the resized bucket");
    let start = resize_states(&mut machine, resize, TIMEOUT, workflow.into());
    let definition = machine
        .start_at(&start)
        .map_err(|problems| stack.refused(problems))?;
    // A machine cannot become one of the other kind, and CloudFormation does not replace a resource by one
    // of the same name.
    let name = match workflow {
        Workflow::Standard => "-ResizeImageStateMachine",
        Workflow::Express => "-ResizeImageExpressStateMachine",
    };
    Ok(stack.add(
        "ResizeImageStateMachine",
        StateMachine::new(
            sub![pseudo::stack_name(), name],
            workflow.into(),
            role.arn(),
            &definition,
        ),
    ))
}
