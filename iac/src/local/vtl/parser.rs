//! From text to a [`Template`].

use thiserror::Error;

use super::ast::{Expression, Part, Template};
use super::json_path::JsonPath;
use super::regex::Replacement;

/// The `$context` variables that the gateway knows the value of.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference>
pub const CONTEXT: [&str; 16] = [
    "accountId",
    "apiId",
    "deploymentId",
    "domainName",
    "domainPrefix",
    "extendedRequestId",
    "httpMethod",
    "identity.sourceIp",
    "identity.userAgent",
    "path",
    "protocol",
    "requestId",
    "requestTime",
    "requestTimeEpoch",
    "resourcePath",
    "stage",
];

/// A template that `iac local` does not run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct ParseError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What was found there and why it is refused.
    pub problem: String,
}

pub(super) fn parse(text: &str) -> Result<Template, ParseError> {
    let mut parser = Parser { text, at: 0 };
    let mut parts = Vec::new();
    loop {
        let literal = parser.literal()?;
        if !literal.is_empty() {
            parts.push(Part::Text(literal.to_owned()));
        }
        if parser.rest().is_empty() {
            return Ok(Template { parts });
        }
        parts.push(Part::Value(parser.reference()?));
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn error<T>(&self, problem: impl Into<String>) -> Result<T, ParseError> {
        let before = &self.text[..self.at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Err(ParseError {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            problem: problem.into(),
        })
    }

    /// Text up to the next reference. A `#` may start a directive or a comment, and a backslash before
    /// a `$` escapes it or not depending on what the name means, so neither is taken for text.
    fn literal(&mut self) -> Result<&'t str, ParseError> {
        let end = self.rest().find(['$', '#']).unwrap_or(self.rest().len());
        let literal = &self.rest()[..end];
        if literal.ends_with('\\') && end < self.rest().len() {
            self.at += end;
            return self.error("a backslash before `$` or `#` is not supported");
        }
        self.at += end;
        if self.rest().starts_with('#') {
            let shown: String = self
                .rest()
                .chars()
                .take(16)
                .take_while(|c| !c.is_whitespace() && *c != '(')
                .collect();
            return self.error(format!(
                "`{shown}`: directives, comments and other uses of `#` are not supported"
            ));
        }
        Ok(literal)
    }

    fn reference(&mut self) -> Result<Expression, ParseError> {
        let start = self.at;
        if !self.eat("$") {
            return self.error("expected a reference such as `$input.body`");
        }
        let root = self.name();
        let mut value = match root {
            "input" => self.input()?,
            "util" => self.util()?,
            "context" => self.context(start)?,
            "stageVariables" => {
                self.dot()?;
                Expression::StageVariable(self.name().to_owned())
            }
            "" => {
                return self.refuse(
                    start,
                    "`$` that starts no plain reference (`$!x`, `${x}` and a lone `$`)",
                );
            }
            other => return self.refuse(start, &format!("the reference `${other}`")),
        };
        while self.rest().starts_with('.')
            && self.rest()[1..].starts_with(|c: char| c.is_ascii_alphabetic())
        {
            value = self.method(value)?;
        }
        if self.rest().starts_with(['[', '(']) {
            return self.error("a bracket directly after a reference is not supported");
        }
        Ok(value)
    }

    fn refuse<T>(&mut self, at: usize, what: &str) -> Result<T, ParseError> {
        self.at = at;
        self.error(format!("{what} is not supported"))
    }

    fn input(&mut self) -> Result<Expression, ParseError> {
        self.dot()?;
        let start = self.at;
        match self.name() {
            "body" => Ok(Expression::Body),
            "json" => Ok(Expression::Json(self.path_argument()?)),
            "params" => {
                self.expect('(')?;
                self.skip_space();
                let name = self.string()?;
                self.skip_space();
                self.expect(')')?;
                Ok(Expression::Parameter(name))
            }
            "path" => Ok(Expression::Path(self.path_argument()?)),
            other => self.refuse(start, &format!("`$input.{other}`")),
        }
    }

    fn util(&mut self) -> Result<Expression, ParseError> {
        self.dot()?;
        let start = self.at;
        match self.name() {
            "escapeJavaScript" => {
                self.expect('(')?;
                let value = self.argument()?;
                self.expect(')')?;
                Ok(Expression::EscapeJavaScript(Box::new(value)))
            }
            // AppSync has it, API Gateway has not: there the call prints as it is written.
            "toJson" => self.refuse(
                start,
                "`$util.toJson`, which belongs to AppSync and which API Gateway does not have,",
            ),
            other => self.refuse(start, &format!("`$util.{other}`")),
        }
    }

    fn context(&mut self, start: usize) -> Result<Expression, ParseError> {
        self.dot()?;
        let mut path = self.name().to_owned();
        while self.rest().starts_with('.')
            && self.rest()[1..].starts_with(|c: char| c.is_ascii_alphabetic())
        {
            let ahead = Parser {
                text: self.text,
                at: self.at + 1,
            }
            .name();
            if CONTEXT.contains(&path.as_str()) || self.rest()[1 + ahead.len()..].starts_with('(') {
                break;
            }
            self.at += 1 + ahead.len();
            path.push('.');
            path.push_str(ahead);
        }
        if CONTEXT.contains(&path.as_str()) {
            Ok(Expression::Context(path))
        } else {
            self.refuse(start, &format!("`$context.{path}`"))
        }
    }

    fn method(&mut self, value: Expression) -> Result<Expression, ParseError> {
        let start = self.at;
        self.dot()?;
        match self.name() {
            "replaceAll" => {
                self.expect('(')?;
                self.skip_space();
                let pattern = self.string()?;
                self.skip_space();
                self.expect(',')?;
                self.skip_space();
                let replacement = self.string()?;
                self.skip_space();
                self.expect(')')?;
                match Replacement::parse(&pattern, &replacement) {
                    Some(replacement) => Ok(Expression::ReplaceAll(Box::new(value), replacement)),
                    None => self.refuse(start, &format!("`.replaceAll` of the pattern `{pattern}` by `{replacement}`, of which one is more than a fixed text,")),
                }
            }
            other => self.refuse(start, &format!("`.{other}` after a reference")),
        }
    }

    fn argument(&mut self) -> Result<Expression, ParseError> {
        self.skip_space();
        let value = if self.rest().starts_with('$') {
            self.reference()?
        } else {
            Expression::Literal(self.string()?)
        };
        self.skip_space();
        Ok(value)
    }

    fn path_argument(&mut self) -> Result<JsonPath, ParseError> {
        self.expect('(')?;
        self.skip_space();
        let start = self.at;
        let path = self.string()?;
        self.skip_space();
        self.expect(')')?;
        match JsonPath::parse(&path) {
            Some(path) => Ok(path),
            None => self.refuse(
                start,
                &format!("the JSON path `{path}` (only `$`, `.name`, `['name']` and `[0]` are)"),
            ),
        }
    }

    /// A string literal. Velocity keeps backslashes in it as they are; in double quotes it would also
    /// fill in references, and a doubled quote is one quote: both are refused.
    fn string(&mut self) -> Result<String, ParseError> {
        let start = self.at;
        let Some(quote @ ('\'' | '"')) = self.rest().chars().next() else {
            return self.error("expected a string literal");
        };
        self.at += 1;
        let Some(end) = self.rest().find(quote) else {
            return self.refuse(start, "a string literal without an end");
        };
        let content = &self.rest()[..end];
        self.at += end + 1;
        if self.rest().starts_with(quote) {
            return self.refuse(start, "a doubled quote in a string literal");
        }
        if content.contains(['\n', '\r']) || content.contains("\\u") {
            return self.refuse(start, "a line break or `\\u` in a string literal");
        }
        if quote == '"' && content.contains(['$', '#']) {
            return self.refuse(start, "`$` or `#` in a double-quoted string literal");
        }
        Ok(content.to_owned())
    }

    fn name(&mut self) -> &'t str {
        let rest = self.rest();
        let end = if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))
                .unwrap_or(rest.len())
        } else {
            0
        };
        self.at += end;
        &rest[..end]
    }

    fn dot(&mut self) -> Result<(), ParseError> {
        if self.rest().starts_with('.')
            && self.rest()[1..].starts_with(|c: char| c.is_ascii_alphabetic())
        {
            self.at += 1;
            Ok(())
        } else {
            self.error("expected `.` and a name")
        }
    }

    fn expect(&mut self, token: char) -> Result<(), ParseError> {
        if self.eat(token.encode_utf8(&mut [0; 4])) {
            Ok(())
        } else {
            self.error(format!("expected `{token}`"))
        }
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
    }
}

#[cfg(test)]
mod tests {
    use super::super::Template;

    #[test]
    fn says_where_and_what_it_refuses() {
        let cases = [
            ("{\n  #set($x = 1)}", "line 2, column 3: `#set`"),
            (
                "a $util.toJson($input.body)",
                "line 1, column 9: `$util.toJson`",
            ),
            ("$input.params()", "expected a string literal"),
            ("$input.other('x')", "`$input.other`"),
            ("$foo", "the reference `$foo`"),
            ("${input.body}", "starts no plain reference"),
            ("\\$input.body", "a backslash before"),
            ("$context.authorizer.claims", "`$context.authorizer.claims`"),
            ("$input.json('$..a')", "the JSON path `$..a`"),
            ("$input.body.replaceAll('a+', '')", "more than a fixed text"),
            ("$input.body.trim()", "`.trim` after a reference"),
            ("$input.body[0]", "a bracket directly after"),
            (
                "$util.escapeJavaScript(\"$x\")",
                "double-quoted string literal",
            ),
            ("$util.escapeJavaScript('it''s')", "doubled quote"),
            ("$input.json('$.a'", "expected `)`"),
            ("$", "starts no plain reference"),
        ];
        for (template, expected) in cases {
            let error = Template::parse(template).expect_err(template).to_string();
            assert!(error.contains(expected), "{template}: {error}");
        }
    }
}
