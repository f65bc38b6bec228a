//! From the properties of resources to nodes.

use serde_json::Value as Json;

use super::node::{
    Alarm, AlarmCondition, Api, Architecture, Bucket, Function, Kind, Method, Node, Notification,
    StateMachine, Table, Target,
};
use super::template::{Template, alternatives};
use super::text::{Piece, Text, Variable};
use super::{access, workflow};

/// The nodes, kind by kind, each in the order of the template.
pub(super) fn nodes(template: &Template<'_>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut read = |r#type: &'static str, kind: &dyn Fn(&str, &Json) -> Kind| {
        for (id, properties) in template.of_type(r#type) {
            nodes.push(Node {
                id: id.to_owned(),
                kind: kind(id, properties),
            });
        }
    };
    read("AWS::ApiGateway::RestApi", &|id, json| {
        Kind::Api(api(template, id, json))
    });
    read("AWS::StepFunctions::StateMachine", &|_, json| {
        Kind::StateMachine(StateMachine {
            workflow: workflow::workflow(&json["StateMachineType"]),
            steps: workflow::steps(
                template,
                &json["Definition"],
                &json["DefinitionSubstitutions"],
            ),
        })
    });
    read("AWS::Lambda::Function", &|id, json| {
        Kind::Function(function(template, id, json))
    });
    read("AWS::S3::Bucket", &|_, json| {
        Kind::Bucket(bucket(template, json))
    });
    read("AWS::DynamoDB::Table", &|_, json| {
        Kind::Table(Table {
            indexes: alternatives(&json["GlobalSecondaryIndexes"]).len(),
        })
    });
    read("AWS::SQS::Queue", &|_, _| Kind::Queue);
    read("AWS::CloudWatch::Alarm", &|_, json| {
        Kind::Alarm(Alarm {
            condition: condition(template, json),
        })
    });
    read("AWS::CloudFront::Distribution", &|_, _| Kind::Distribution);
    nodes
}

fn function(template: &Template<'_>, id: &str, json: &Json) -> Function {
    let number = |json: &Json| template.text(json).by_default().parse().ok();
    let events = template
        .of_type("AWS::Lambda::EventInvokeConfig")
        .find(|(_, config)| template.identify_whole(&config["FunctionName"]) == Some(id));
    let retries = events.and_then(|(_, config)| number(&config["MaximumRetryAttempts"]));
    let arm = alternatives(&json["Architectures"])
        .iter()
        .any(|name| template.text(name).by_default() == "arm64");
    let environment = alternatives(&json["Environment"])
        .into_iter()
        .flat_map(|environment| alternatives(&environment["Variables"]))
        .filter_map(Json::as_object)
        .flat_map(|variables| variables.keys().cloned())
        .collect();
    Function {
        name: without_stack_name(&template.text(&json["FunctionName"])).unwrap_or(id.to_owned()),
        // Lambda's own defaults.
        memory_size: number(&json["MemorySize"]).unwrap_or(128),
        architecture: if arm {
            Architecture::Arm64
        } else {
            Architecture::X86_64
        },
        timeout: number(&json["Timeout"]).unwrap_or(3),
        reserved_concurrency: number(&json["ReservedConcurrentExecutions"]),
        retries: retries.unwrap_or(2),
        environment,
    }
}

fn condition(template: &Template<'_>, json: &Json) -> AlarmCondition {
    let comparison = json["ComparisonOperator"].as_str().unwrap_or_default();
    AlarmCondition {
        metric: template.text(&json["MetricName"]).by_default(),
        comparison: match comparison {
            "GreaterThanThreshold" => ">",
            "GreaterThanOrEqualToThreshold" => ">=",
            "LessThanThreshold" => "<",
            "LessThanOrEqualToThreshold" => "<=",
            _ => "outside of",
        },
        threshold: template.text(&json["Threshold"]).by_default(),
    }
}

/// What a name is without the name of the stack in front of it.
fn without_stack_name(name: &Text) -> Option<String> {
    let stack = Text::variable(Variable::Pseudo("AWS::StackName".to_owned()));
    let rest = name.strip_prefix(&stack.and(Text::literal("-")))?;
    rest.known().map(ToOwned::to_owned)
}

fn bucket(template: &Template<'_>, json: &Json) -> Bucket {
    let mut notifications = Vec::new();
    for configuration in alternatives(&json["NotificationConfiguration"]) {
        for (list, target) in [
            ("LambdaConfigurations", "Function"),
            ("QueueConfigurations", "Queue"),
            ("TopicConfigurations", "Topic"),
        ] {
            for entry in alternatives(&configuration[list]) {
                let part = |name: &str| filter(template, &entry["Filter"]["S3Key"]["Rules"], name);
                notifications.push(Notification {
                    event: template.text(&entry["Event"]).by_default(),
                    prefix: part("prefix"),
                    suffix: part("suffix"),
                    target: template
                        .identify(&template.text(&entry[target]))
                        .map(|(id, _)| id.to_owned()),
                });
            }
        }
    }
    let cors = alternatives(&json["CorsConfiguration"]);
    let browser_uploads = cors
        .iter()
        .flat_map(|cors| alternatives(&cors["CorsRules"]))
        .flat_map(|rule| alternatives(&rule["AllowedMethods"]))
        .any(|method| *method == "PUT");
    Bucket {
        browser_uploads,
        notifications,
    }
}

/// The value of a filter's rule; S3 takes one rule a name.
fn filter(template: &Template<'_>, rules: &Json, name: &str) -> Text {
    let rule = alternatives(rules).into_iter().find(|rule| {
        let text = rule["Name"].as_str().unwrap_or_default();
        text.eq_ignore_ascii_case(name)
    });
    rule.map(|rule| template.text(&rule["Value"]))
        .unwrap_or_default()
}

fn api(template: &Template<'_>, id: &str, json: &Json) -> Api {
    let body = &json["Body"];
    let stage = template
        .of_type("AWS::ApiGateway::Stage")
        .find(|(_, stage)| template.identify_whole(&stage["RestApiId"]) == Some(id))
        .map(|(_, stage)| template.text(&stage["StageName"]).by_default());
    let mut methods = Vec::new();
    for (path, operations) in body["paths"].as_object().into_iter().flatten() {
        for (verb, operation) in operations.as_object().into_iter().flatten() {
            let integration = &operation["x-amazon-apigateway-integration"];
            if let Some((action, targets)) = behind(template, integration) {
                methods.push(Method {
                    verb: verb.to_ascii_uppercase(),
                    path: path.clone(),
                    action,
                    targets,
                });
            }
        }
    }
    Api {
        title: template.text(&body["info"]["title"]).by_default(),
        stage: stage.unwrap_or_default(),
        methods,
    }
}

/// What an integration calls, and on what.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html>
fn behind(template: &Template<'_>, integration: &Json) -> Option<(String, Vec<Target>)> {
    let uri = template.text(&integration["uri"]);
    // `arn:PARTITION:apigateway:REGION:SERVICE:path/...` or `...:SERVICE:action/ACTION`
    let [
        _,
        Piece::Variable(_),
        Piece::Literal(apigateway),
        Piece::Variable(_),
        ..,
    ] = uri.pieces()
    else {
        return None;
    };
    if apigateway != ":apigateway:" {
        return None;
    }
    let call = uri.pieces()[4..]
        .iter()
        .cloned()
        .fold(Text::default(), Text::then);
    let starts = |start: &str| call.strip_prefix(&Text::literal(start));
    let target = |text: &Text| {
        template.identify(text).map(|(id, part)| Target {
            id: id.to_owned(),
            part: part.strip_prefix(&Text::literal("/")).unwrap_or(part),
        })
    };
    if let Some(function) = starts(":lambda:path/2015-03-31/functions/") {
        let target = target(&function).map(|target| Target {
            part: Text::default(),
            ..target
        });
        return Some((
            "lambda:InvokeFunction".to_owned(),
            target.into_iter().collect(),
        ));
    }
    if let Some(object) = starts(":s3:path/") {
        let verb = match integration["httpMethod"].as_str()? {
            "PUT" => "Put",
            "DELETE" => "Delete",
            _ => "Get",
        };
        let targets = target(&object).into_iter().collect();
        return Some((format!("s3:{verb}Object"), targets));
    }
    let (service, action) = call.known()?.strip_prefix(':')?.split_once(":action/")?;
    let action = format!("{service}:{action}");
    // On what, stands in the mapping template; the role says it better.
    let targets = access::grants(template, &integration["credentials"])
        .iter()
        .filter(|grant| grant.allows(&action))
        .filter_map(|grant| target(&grant.on))
        .collect();
    Some((action, targets))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_integration_is_named_by_the_action_it_calls() {
        let document = json!({ "Resources": {
            "Resize": { "Type": "AWS::Lambda::Function", "Properties": {
                "FunctionName": { "Fn::Sub": "${AWS::StackName}-resize" },
            } },
            "Images": { "Type": "AWS::S3::Bucket", "Properties": {
                "BucketName": { "Fn::Sub": "${AWS::StackName}-images-${AWS::AccountId}" },
            } },
            "Table": { "Type": "AWS::DynamoDB::Table", "Properties": {} },
            "Role": { "Type": "AWS::IAM::Role", "Properties": { "Policies": [{ "PolicyDocument": {
                "Statement": [{
                    "Effect": "Allow",
                    "Action": ["dynamodb:Query"],
                    "Resource": [{ "Fn::Sub": "${Table.Arn}/index/ByTime" }],
                }],
            } }] } },
        } });
        let template = Template::new(&document);
        let of = |method: &str, call: &str| {
            let uri = format!("arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:{call}");
            let integration = json!({
                "uri": { "Fn::Sub": uri },
                "httpMethod": method,
                "credentials": { "Fn::GetAtt": ["Role", "Arn"] },
            });
            let (action, targets) = behind(&template, &integration).expect("an integration");
            let on: Vec<String> = targets
                .iter()
                .map(|target| format!("{} {}", target.id, target.part))
                .collect();
            (action, on)
        };
        assert_eq!(
            of(
                "POST",
                "lambda:path/2015-03-31/functions/${Resize.Arn}/invocations"
            ),
            (
                "lambda:InvokeFunction".to_owned(),
                vec!["Resize ".to_owned()]
            )
        );
        assert_eq!(
            of("PUT", "s3:path/${Images}/uploads/{key}"),
            (
                "s3:PutObject".to_owned(),
                vec!["Images uploads/{key}".to_owned()]
            )
        );
        let fixed = "s3:path/${AWS::StackName}-images-${AWS::AccountId}/uploads/{key}";
        assert_eq!(
            of("PUT", fixed),
            (
                "s3:PutObject".to_owned(),
                vec!["Images uploads/{key}".to_owned()]
            )
        );
        assert_eq!(
            of("POST", "dynamodb:action/Query"),
            (
                "dynamodb:Query".to_owned(),
                vec!["Table index/ByTime".to_owned()]
            )
        );
        let mock = json!({ "type": "mock" });
        assert_eq!(behind(&template, &mock), None);
    }
}
