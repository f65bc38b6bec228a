//! A stack with every kind of integration that the upload systems use.

use serde_json::{Value, json};

/// A function that answers with its event, or does what the end of the path says.
pub(crate) const ECHO: &str = "
import base64, json, time
def handler(event, context):
    what = event['path'].rstrip('/').rsplit('/', 1)[-1]
    if what == 'respond':
        return json.loads(event['body'])
    if what == 'raise':
        raise ValueError('on purpose')
    if what == 'slow':
        time.sleep(3)
    if what == 'size':
        return {'body': str(len(event['body']))}
    return {'statusCode': 200, 'body': json.dumps(event)}
";

const INVOKE: &str = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Echo.Arn}/invocations";

fn function() -> Value {
    json!({"x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": INVOKE}}})
}

/// A call of S3 with this path behind the bucket's name.
fn s3(method: &str, path: &str, parameters: &Value) -> Value {
    json!({
        "responses": {
            "200": {"description": "d", "headers": {"ETag": {"schema": {"type": "string"}}, "Content-Type": {"schema": {"type": "string"}}}},
            "403": {"description": "d"}, "404": {"description": "d"},
        },
        "x-amazon-apigateway-integration": {
            "type": "aws", "httpMethod": method, "passthroughBehavior": "when_no_match",
            "credentials": {"Fn::GetAtt": ["ApiRole", "Arn"]},
            "uri": {"Fn::Sub": format!("arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:s3:path/${{Bucket}}/{path}")},
            "requestParameters": parameters,
            "responses": {
                "default": {"statusCode": "200"},
                "403": {"statusCode": "403", "responseTemplates": {"application/json": "{\"message\": \"refused by S3\"}"}},
                "404": {"statusCode": "404", "responseTemplates": {"application/json": "{\"message\": \"not there\"}"}},
            },
        },
    })
}

fn put(path: &str, source: &str) -> Value {
    let mut operation = s3(
        "PUT",
        path,
        &json!({"integration.request.path.key": source}),
    );
    operation["x-amazon-apigateway-request-validator"] = json!("parameters");
    let response = &mut operation["x-amazon-apigateway-integration"]["responses"]["default"];
    response["responseTemplates"] = json!({"application/json": "{\"stored\": true}"});
    response["responseParameters"] =
        json!({"method.response.header.ETag": "integration.response.header.ETag"});
    operation
}

fn paths() -> Value {
    let mut put_upload = put("uploads/{key}", "method.request.path.key");
    put_upload["parameters"] = json!([
        {"name": "key", "in": "path", "required": true, "schema": {"type": "string"}},
        {"name": "Content-Type", "in": "header", "required": true, "schema": {"type": "string"}},
    ]);
    let mut post_upload = put("uploads/q/{key}", "method.request.querystring.filename");
    post_upload["parameters"] = json!([{"name": "filename", "in": "query", "required": true, "schema": {"type": "string"}}]);
    let mut put_mapped = put("agents/{key}", "method.request.path.key");
    put_mapped["x-amazon-apigateway-integration"]["requestParameters"]["integration.request.header.User-Agent"] =
        json!("method.request.header.Content-Type");
    let mut get_object = s3(
        "GET",
        "{path}",
        &json!({"integration.request.path.path": "method.request.path.path"}),
    );
    get_object["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"] =
        json!({"method.response.header.Content-Type": "integration.response.header.Content-Type"});
    let mut slow = function();
    slow["x-amazon-apigateway-integration"]["timeoutInMillis"] = json!(300);
    let mut checked = function();
    checked["x-amazon-apigateway-request-validator"] = json!("all");
    json!({
        "/uploads/{key}": {"put": put_upload},
        "/upload": {"post": post_upload},
        "/elsewhere/{key}": {"put": put("elsewhere/{key}", "method.request.path.key")},
        "/agents/own/{key}": {"put": put("agents/{key}", "method.request.path.key")},
        "/agents/mapped/{key}": {"put": put_mapped},
        "/objects/{path+}": {"get": get_object},
        "/echo/fixed": {"get": function()},
        "/echo/{id}": {"get": function(), "post": function(), "put": function()},
        "/files/{path+}": {"get": function()},
        "/slow": {"post": slow},
        "/checked": {"post": checked},
    })
}

fn role(service: &str, statements: &Value) -> Value {
    json!({"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]},
        "Policies": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}],
    }})
}

pub(crate) fn template() -> Value {
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            "Bucket": {"Type": "AWS::S3::Bucket"},
            "ApiRole": role("apigateway.amazonaws.com", &json!([
                {"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": {"Fn::Sub": "${Bucket.Arn}/uploads/*"}},
                {"Effect": "Allow", "Action": "s3:PutObject", "Resource": {"Fn::Sub": "${Bucket.Arn}/agents/*"},
                    "Condition": {"StringLike": {"aws:UserAgent": ["AmazonAPIGateway_?*", "image/png"]}}}])),
            "EchoRole": role("lambda.amazonaws.com", &json!([
                {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": {"Fn::Sub": "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:x"}}])),
            "Echo": {"Type": "AWS::Lambda::Function", "Properties": {
                "FunctionName": {"Fn::Sub": "${AWS::StackName}-echo"}, "Runtime": "python3.12", "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["EchoRole", "Arn"]}, "Timeout": 20, "Code": {"ZipFile": ECHO}}},
            "Permission": {"Type": "AWS::Lambda::Permission", "Properties": {
                "FunctionName": {"Ref": "Echo"}, "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com",
                "SourceArn": {"Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"}}},
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "integrations", "Body": {
                "openapi": "3.0.1", "info": {"title": "integrations", "version": "1"}, "paths": paths(),
                "x-amazon-apigateway-binary-media-types": ["image/*"],
                "x-amazon-apigateway-request-validators": {
                    "parameters": {"validateRequestParameters": true, "validateRequestBody": false},
                    "all": {"validateRequestParameters": true, "validateRequestBody": true}},
            }}},
            "Deployment": {"Type": "AWS::ApiGateway::Deployment", "Properties": {"RestApiId": {"Ref": "Api"}}},
            "Stage": {"Type": "AWS::ApiGateway::Stage", "Properties": {
                "RestApiId": {"Ref": "Api"}, "DeploymentId": {"Ref": "Deployment"}, "StageName": "prod",
                "Variables": {"colour": "red"}}},
        },
        "Outputs": {"BucketName": {"Value": {"Ref": "Bucket"}}},
    })
}

/// The integration of a method, in the resources of a template.
pub(crate) fn integration<'t>(resources: &'t mut Value, path: &str, method: &str) -> &'t mut Value {
    &mut resources["Api"]["Properties"]["Body"]["paths"][path][method]["x-amazon-apigateway-integration"]
}
