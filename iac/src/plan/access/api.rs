//! Who may call an API.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html>

use serde_json::{Map, Value as Json};

use super::Effect;
use super::atom::{Atom, Principal};
use crate::plan::render::plain;
use crate::plan::values::document;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "head", "patch", "trace"];
/// Every method of a path that has none of its own.
const ANY: &str = "x-amazon-apigateway-any-method";

/// The operations of an OpenAPI document, each for whom it lets in. `OPTIONS` is what browsers ask
/// before they call, and is for anyone.
pub(super) fn body(id: &str, body: &Json) -> Vec<Atom> {
    let body = document(body).unwrap_or_default();
    let schemes = match &body["components"]["securitySchemes"] {
        Json::Null => &body["securityDefinitions"],
        schemes => schemes,
    };
    let paths = body["paths"].as_object();
    let mut atoms = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        let operations = item.as_object().into_iter().flatten();
        let operations =
            operations.filter(|(method, _)| METHODS.contains(&method.as_str()) || *method == ANY);
        for (method, operation) in operations {
            let method = if method == ANY {
                "ANY".to_owned()
            } else {
                method.to_uppercase()
            };
            let security = operation.get("security").or_else(|| body.get("security"));
            for who in callers(security, schemes) {
                let action = format!("call {method} {path}");
                atoms.push(Atom::new(Effect::Allow, who, &action, id));
            }
        }
    }
    atoms
}

/// Whom a list of requirements lets in: whoever meets one of them.
fn callers(security: Option<&Json>, schemes: &Json) -> Vec<Principal> {
    let requirements = security.and_then(Json::as_array);
    let callers: Vec<_> = requirements
        .into_iter()
        .flatten()
        .filter_map(Json::as_object)
        .map(|requirement| caller(requirement, schemes))
        .collect();
    if callers.is_empty() {
        vec![Principal::Anyone]
    } else {
        callers
    }
}

/// Who meets all schemes of a requirement.
fn caller(requirement: &Map<String, Json>, schemes: &Json) -> Principal {
    if requirement.is_empty() {
        return Principal::Anyone;
    }
    let all = requirement.keys().map(|name| {
        let scheme = &schemes[name];
        match (
            scheme["x-amazon-apigateway-authtype"].as_str(),
            scheme["name"].as_str(),
        ) {
            (Some("awsSigv4"), _) => "whoever IAM allows it".to_owned(),
            (None, Some(header)) if header.eq_ignore_ascii_case("x-api-key") => {
                "whoever has an API key".to_owned()
            }
            _ => format!("whoever the authorizer {name} lets in"),
        }
    });
    Principal::Other(all.collect::<Vec<_>>().join(" and "))
}

/// A method that is a resource of its own.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-method.html>
pub(super) fn method(properties: &Json) -> Vec<Atom> {
    let mut conditions = match properties["AuthorizationType"].as_str() {
        None | Some("NONE") => Vec::new(),
        Some("AWS_IAM") => vec!["whoever IAM allows it".to_owned()],
        Some(_) => vec![format!(
            "whoever the authorizer {} lets in",
            plain(&properties["AuthorizerId"])
        )],
    };
    if plain(&properties["ApiKeyRequired"]).eq_ignore_ascii_case("true") {
        conditions.push("whoever has an API key".to_owned());
    }
    let who = if conditions.is_empty() {
        Principal::Anyone
    } else {
        Principal::Other(conditions.join(" and "))
    };
    let resource = plain(&properties["ResourceId"]);
    let action = format!("call {} {resource}", plain(&properties["HttpMethod"]));
    let api = plain(&properties["RestApiId"]);
    vec![Atom::new(Effect::Allow, who, &action, &api)]
}
