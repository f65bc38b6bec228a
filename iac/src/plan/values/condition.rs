//! The conditions of a template, as far as they are known before the deployment.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html>

use serde_json::Value as Json;

use super::{MAX_DEPTH, Values, scalar};

impl Values<'_> {
    /// Whether a condition holds; `None` if that is not known.
    pub(super) fn condition(&self, name: &str, depth: usize) -> Option<bool> {
        self.holds(self.side.template["Conditions"].get(name)?, depth + 1)
    }

    fn holds(&self, condition: &Json, depth: usize) -> Option<bool> {
        if depth > MAX_DEPTH {
            return None;
        }
        let (function, argument) = condition
            .as_object()
            .filter(|fields| fields.len() == 1)?
            .iter()
            .next()?;
        if function == "Condition" {
            return self.condition(argument.as_str()?, depth);
        }
        let operands = argument.as_array()?;
        let each = || {
            operands
                .iter()
                .map(|operand| self.holds(operand, depth + 1))
        };
        match (function.as_str(), operands.as_slice()) {
            ("Fn::Equals", [left, right]) => {
                let text = |side| scalar(&self.resolve(side, depth)?);
                Some(text(left)? == text(right)?)
            }
            ("Fn::Not", [_]) => Some(!each().next()??),
            ("Fn::And", _) => each().try_fold(true, |all, holds| Some(all && holds?)),
            ("Fn::Or", _) => each().try_fold(false, |any, holds| Some(any || holds?)),
            _ => None,
        }
    }
}
