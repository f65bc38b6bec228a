//! The ways in which images come in.

use serde::Serialize;

use super::bill::Bill;
use super::money::Quantity;
use super::prices;
use super::processing::Processing;
use super::reading::{Objects, Reading};
use crate::topology::{Api, Kind, Method};

/// What images cost that come in by a way, from the request to the last GB-month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WayCost {
    /// The request: `POST /resize`.
    pub name: String,
    /// What the client does, in words.
    pub how: String,
    /// The lines.
    #[serde(rename = "lines")]
    pub bill: Bill,
}

/// Every way, in the order of the template.
pub(super) fn ways(reading: &Reading<'_>) -> Vec<WayCost> {
    let mut ways = Vec::new();
    for node in &reading.topology.nodes {
        let Kind::Api(api) = &node.kind else {
            continue;
        };
        for method in &api.methods {
            if !["GET", "HEAD", "OPTIONS"].contains(&method.verb.as_str()) {
                ways.extend(way(reading, api, method));
            }
        }
    }
    ways
}

fn way(reading: &Reading<'_>, api: &Api, method: &Method) -> Option<WayCost> {
    let name = format!("{} {}", method.verb, method.path);
    let target = &method.targets.first()?.id;
    let mut processing = Processing::new(reading);
    let images = reading.assumptions.images;
    let how = match method.action.as_str() {
        "states:StartExecution" => {
            let machine = reading.machine(target)?;
            let functions = Reading::invoked(&machine.steps);
            let sources = originals(reading, &functions);
            processing.put("clients put originals", &sources);
            request(&mut processing, &name, images);
            processing.execution(target, machine);
            "the client puts the original into the bucket by itself, then names it"
        }
        "s3:PutObject" => {
            request(&mut processing, &name, images);
            let bucket = Objects {
                bucket: target.clone(),
                keys: method.targets.first()?.part.clone(),
            };
            processing.put("API Gateway puts originals", std::slice::from_ref(&bucket));
            processing.arrival(std::slice::from_ref(&bucket));
            "the image is the body of the request, and API Gateway puts it into the bucket"
        }
        "lambda:InvokeFunction" => {
            let puts = reading.puts(target);
            if puts.is_empty() {
                return None;
            }
            request(&mut processing, &name, images);
            let signs = reading.signs(target);
            let assumptions = reading.assumptions;
            let duration = if signs {
                assumptions.api_duration_ms
            } else {
                assumptions.duration_ms
            };
            processing.api_call(target, images, duration);
            let how = if signs {
                processing.put("clients put originals by the signed URL", &puts);
                "the client asks for a signed URL, and puts the image there"
            } else {
                processing.put("the function puts originals", &puts);
                "the image is the body of the request, and a function puts it into the bucket"
            };
            processing.arrival(&puts);
            how
        }
        _ => return None,
    };
    reads(&mut processing, api);
    Some(WayCost {
        name,
        how: how.to_owned(),
        bill: processing.end(),
    })
}

/// What functions read that they do not write: the originals, which somebody has put there.
fn originals(reading: &Reading<'_>, functions: &[String]) -> Vec<Objects> {
    let mut originals = Vec::new();
    for function in functions {
        for objects in reading.gets(function) {
            if !originals.contains(&objects) {
                originals.push(objects);
            }
        }
    }
    originals
}

fn request(processing: &mut Processing<'_>, name: &str, images: u64) {
    let quantity = Quantity::of(images);
    processing.bill.once(
        &prices::API_REQUEST,
        quantity,
        name,
        format!("{quantity} images x 1 request"),
    );
}

/// What it costs to ask for the result or the record of each image. Where there are several methods, the one
/// that names an image in its path.
fn reads(processing: &mut Processing<'_>, api: &Api) {
    let gets = |method: &&Method| method.verb == "GET";
    let mut methods: Vec<&Method> = api.methods.iter().filter(gets).collect();
    methods.sort_by_key(|method| !method.path.contains('{'));
    let Some((method, target)) = methods
        .first()
        .and_then(|method| Some((*method, method.targets.first()?)))
    else {
        return;
    };
    let assumptions = processing.reading.assumptions;
    let asked = assumptions.images.saturating_mul(assumptions.reads);
    let images = Quantity::of(assumptions.images);
    let name = format!("GET {}", method.path);
    processing.bill.once(
        &prices::API_REQUEST,
        Quantity::of(asked),
        &name,
        format!("{images} images x {} (reads)", assumptions.reads),
    );
    if method.action == "lambda:InvokeFunction" {
        processing.api_call(&target.id, asked, assumptions.api_duration_ms);
        processing.look_up(&target.id, asked);
    } else if method.action == "dynamodb:GetItem" {
        processing.read_items(&target.id, asked);
    }
}
