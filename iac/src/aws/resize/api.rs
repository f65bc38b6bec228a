//! Through the API: it starts an execution, which is followed.

use std::time::Instant;

use lambda::ResizeRequest;
use serde_json::{Value as Json, json};

use super::{Place, Resize, ResizeError, milliseconds, output};
use crate::aws::accounts::without_accounts;
use crate::aws::signed::Call;
use crate::aws::{AwsError, Refusal};

impl Resize<'_> {
    /// Asks the API for an execution, and waits for its end. One whose kind nobody can describe is known by
    /// its result.
    pub(super) async fn through_api(&self, result: &str) -> Result<Place, AwsError> {
        let bucket = output(&self.stack, "SourceBucketName")?;
        let url = format!("{}/resize", self.api()?);
        let request = ResizeRequest {
            bucket: bucket.to_owned(),
            key: self.key.clone(),
            ..self.options.request.clone()
        };
        let body = json!(request).to_string();
        let key = self.api_key().await?;
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(key.as_deref().map(|key| ("x-api-key", key)));
        let start = Instant::now();
        let call = Call {
            method: "POST",
            url: &url,
            service: "execute-api",
            headers: &headers,
            body: &body,
        };
        let answer = self.account.send(call, "ask the stack's API").await?;
        let took = milliseconds(start);
        let started: Json = serde_json::from_str(&answer.body).unwrap_or_default();
        let execution = started["executionArn"].as_str();
        let Some(execution) = execution.filter(|_| answer.status == 200) else {
            return Err(ResizeError::Api {
                url,
                status: answer.status,
                body: without_accounts(&answer.body),
            }
            .into());
        };
        let name = execution.rsplit(':').next().unwrap_or_default();
        self.reporter.fact(
            "started",
            json!({"url": url, "execution": name, "milliseconds": took}),
            &format!("API: {took} ms (execution {name})"),
        );
        if execution.contains(":express:") {
            return self.through_events(result).await;
        }
        self.execution(execution).await
    }

    /// Where the API is.
    fn api(&self) -> Result<String, AwsError> {
        let api = match &self.options.api {
            Some(api) => api,
            None => output(&self.stack, "ApiUrl")?,
        };
        Ok(api.trim_end_matches('/').to_owned())
    }

    /// The key that the API wants, if the stack has one.
    async fn api_key(&self) -> Result<Option<String>, AwsError> {
        let Some((_, id)) = self.stack.resources_of("AWS::ApiGateway::ApiKey").next() else {
            return Ok(None);
        };
        let service = self.account.config().endpoint_url().map_or_else(
            || {
                let region = self.account.region();
                let china = if region.starts_with("cn-") { ".cn" } else { "" };
                format!("https://apigateway.{region}.amazonaws.com{china}")
            },
            |endpoint| endpoint.trim_end_matches('/').to_owned(),
        );
        let url = format!("{service}/apikeys/{id}?includeValue=true");
        let call = Call {
            method: "GET",
            url: &url,
            service: "apigateway",
            headers: &[],
            body: "",
        };
        let action = "read the key of the stack's API";
        let answer = self.account.send(call, action).await?;
        let read: Json = serde_json::from_str(&answer.body).unwrap_or_default();
        if let Some(key) = read["value"].as_str() {
            return Ok(Some(key.to_owned()));
        }
        Err(AwsError::Refused {
            action: action.to_owned(),
            reason: without_accounts(&answer.body),
            refusal: Refusal::Final,
        })
    }
}
