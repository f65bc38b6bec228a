//! Requests to a bucket from pages in browsers.

use serde::Serialize;

use crate::cfn::{List, Literal, Value};

/// What pages of some origins may do.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-corsrule.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CorsRule {
    /// The origins, each as a browser sends it.
    pub allowed_origins: Value<List>,
    /// What a page may do.
    pub allowed_methods: Vec<Value<CorsMethod>>,
    /// The headers that a page may send.
    pub allowed_headers: Vec<Value<String>>,
    /// The headers of an answer that a page may read.
    pub exposed_headers: Vec<Value<String>>,
    /// How long a browser may remember the answer, in seconds.
    pub max_age: Value<u32>,
}

/// A method that a page may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum CorsMethod {
    /// Reads objects.
    Get,
    /// Writes objects.
    Put,
}

impl Literal for CorsMethod {}

/// All that pages may do.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CorsConfiguration {
    pub(super) cors_rules: Vec<CorsRule>,
}
