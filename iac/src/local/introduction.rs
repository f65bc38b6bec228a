//! What a person reads once everything runs: where it is, with commands to paste.

use serde_json::json;

use super::engine::REGION;
use super::gateway::Route;
use super::{LocalError, Reporter, Session};

/// A name for the photo in the commands.
const PHOTO: &str = "photo.jpg";

/// How to get a photo through the stack.
struct Way {
    /// The call that a client begins with.
    call: String,
    route: Route,
    /// All commands, the call among them, in order.
    commands: Vec<String>,
}

/// Says where everything is, with commands to paste.
///
/// # Errors
/// The stack lacks what every stack has, or a link cannot be signed.
pub async fn introduce(
    session: &Session,
    reporter: &Reporter,
    page: Option<&str>,
) -> Result<(), LocalError> {
    let (source, resized) = (
        session.output("SourceBucketName")?,
        session.output("ResizedBucketName")?,
    );
    let upload = session.storage.upload_link(source, PHOTO).await?;
    let result = result_key(session);
    let download = session.storage.download_link(resized, &result).await?;
    let way = way(session, source, &upload, &download)?;
    let url = session.url();
    let access = session.engine.access();
    let (key, secret) = (
        access.credentials.access_key_id(),
        access.credentials.secret_access_key(),
    );
    let table = session.outputs.get("MetadataTableName");
    let queue = session.outputs.get("DeadLetterQueueUrl");
    let tools = tools(session);
    let endpoint = access.endpoint();
    let environment = format!(
        "export AWS_ENDPOINT_URL={endpoint} AWS_REGION={REGION} AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret}"
    );
    let indented = |lines: &[String]| -> String {
        let lines = lines.iter();
        lines.fold(String::new(), |text, line| text + "  " + line + "\n")
    };
    let routes: Vec<_> = session.routes.iter().map(ToString::to_string).collect();
    let sentence = |begin: &str, what: Option<&str>| {
        what.map_or_else(String::new, |what| format!("{begin} {what}\n"))
    };
    let text = [
        format!("\nThe API is at {url}:\n"),
        indented(&routes),
        format!("Originals go into s3://{source}\nResults come out in s3://{resized}\n"),
        sentence("Their metadata is in the table", table.map(String::as_str)),
        sentence("What failed is in the queue", queue.map(String::as_str)),
        sentence("\nA page that uploads and shows the results:", page),
        "\nPut a photo in, have it resized, get the result:\n".to_owned(),
        indented(&way.commands),
        format!("\nAny AWS tool works too:\n  {environment}\n"),
        indented(&tools),
        "\nCtrl-C ends everything.".to_owned(),
    ]
    .concat();
    let facts = json!({
        "url": url, "sourceBucket": source, "resizedBucket": resized, "table": table, "queue": queue,
        "page": page, "endpoint": endpoint,
        "routes": routes, "apiKey": way.route.api_key, "signed": way.route.signed, "call": way.call, "commands": way.commands,
        "tools": tools, "uploadLink": upload, "downloadLink": download, "outputs": session.outputs,
        "accessKeyId": key, "secretAccessKey": secret, "region": REGION,
    });
    reporter.fact("serving", facts, &text);
    Ok(())
}

/// Where the result of the photo will be.
fn result_key(session: &Session) -> String {
    if session.route("POST", "/upload").is_ok() {
        return format!("processed/{PHOTO}");
    }
    let prefix = session.deployed.parameters.get("OutputPrefix");
    let prefix = prefix.map_or("", String::as_str);
    let folder = match session.route("PUT", "/uploads/{key}") {
        Ok(_) => "uploads/",
        Err(_) => "",
    };
    format!("{prefix}{folder}{PHOTO}")
}

fn way(session: &Session, source: &str, upload: &str, download: &str) -> Result<Way, LocalError> {
    let url = session.url();
    let curl = |route: &Route, options: &[&str], path: &str| {
        let mut words = vec!["curl -i".to_owned()];
        words.extend(options.iter().map(ToString::to_string));
        words.extend(admission(route, session));
        words.push(format!("'{url}{path}'"));
        words.join(" ")
    };
    let image = "-H 'content-type: image/jpeg'";
    let json = "-H 'content-type: application/json'";
    let get = format!("curl -o thumb.jpg '{download}'");
    if let Ok(route) = session.route("PUT", "/uploads/{key}") {
        let path = route.path.replace("{key}", PHOTO);
        let call = curl(route, &[&format!("-T {PHOTO}"), image], &path);
        return Ok(Way {
            commands: vec![call.clone(), get],
            call,
            route: route.clone(),
        });
    }
    if let Ok(route) = session.route("POST", "/uploads") {
        let sign = format!(
            "-d \"{{\\\"filename\\\":\\\"{PHOTO}\\\",\\\"contentType\\\":\\\"image/jpeg\\\",\\\"contentLength\\\":$(wc -c < {PHOTO})}}\""
        );
        let call = curl(route, &[json, &sign], &route.path);
        return Ok(Way {
            commands: vec![call.clone()],
            call,
            route: route.clone(),
        });
    }
    for path in ["/images", "/upload"] {
        if let Ok(route) = session.route("POST", path) {
            let path = format!("{}?filename={PHOTO}", route.path);
            let call = curl(route, &[&format!("--data-binary @{PHOTO}"), image], &path);
            let list = session.route("GET", "/images");
            let then = list.map_or(get, |route| curl(route, &[], &route.path));
            return Ok(Way {
                commands: vec![call.clone(), then],
                call,
                route: route.clone(),
            });
        }
    }
    let route = session.route("POST", "/resize")?;
    let body = format!("-d '{{\"bucket\":\"{source}\",\"key\":\"{PHOTO}\"}}'");
    let call = curl(route, &[json, &body], &route.path);
    Ok(Way {
        commands: vec![format!("curl -T {PHOTO} '{upload}'"), call.clone(), get],
        call,
        route: route.clone(),
    })
}

/// What curl sends along to be let in.
fn admission(route: &Route, session: &Session) -> impl Iterator<Item = String> {
    let credentials = &session.engine.access().credentials;
    let (key, secret) = (credentials.access_key_id(), credentials.secret_access_key());
    let api_key = route.api_key.as_ref();
    let api_key = api_key.map(|key| format!("-H 'x-api-key: {key}'"));
    let signature = route
        .signed
        .then(|| format!("--aws-sigv4 'aws:amz:{REGION}:execute-api' --user '{key}:{secret}'"));
    [api_key, signature].into_iter().flatten()
}

/// Commands of other tools, once the environment is set.
fn tools(session: &Session) -> Vec<String> {
    let output = |name: &str| session.outputs.get(name);
    let stack = &session.deployed.pseudo.stack_name;
    let mut commands = vec!["aws s3 ls".to_owned()];
    if let Some(table) = output("MetadataTableName") {
        commands.push(format!("aws dynamodb scan --table-name {table}"));
    }
    if let Some(queue) = output("DeadLetterQueueUrl") {
        commands.push(format!("aws sqs receive-message --queue-url {queue}"));
        commands.push(format!("iac redrive --stack {stack}"));
    }
    if output("BackfillStateMachineArn").is_some() {
        let prefix = output("BackfillPrefix").map_or("holiday/", String::as_str);
        commands.push(format!("iac backfill --stack {stack} --prefix {prefix}"));
    }
    commands
}
