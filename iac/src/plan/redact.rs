//! The account's id, left out of whatever people read: plans end up in comments and logs.

use serde_json::Value as Json;

use super::access::{Access, Grant};
use super::{Change, Difference, Plan, ValueChange};

/// What stands in its place, as it stands in a template.
const PLACEHOLDER: &str = "${AWS::AccountId}";

pub(super) struct Redact<'a> {
    account: Option<&'a str>,
}

impl<'a> Redact<'a> {
    /// Of an account's id, which has twelve digits; anything else is left alone.
    pub(super) fn account(account: &'a str) -> Self {
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        Self {
            account: is_account.then_some(account),
        }
    }

    pub(super) fn plan(&self, plan: &mut Plan) {
        let Plan {
            parameters,
            tags,
            role_arn,
            access,
            changes,
            outputs,
            notes,
            ..
        } = plan;
        parameters
            .iter_mut()
            .chain(tags)
            .for_each(|change| self.value(change));
        role_arn
            .iter_mut()
            .chain(notes)
            .for_each(|text| self.text(text));
        access.iter_mut().for_each(|access| self.access(access));
        changes.iter_mut().for_each(|change| self.change(change));
        outputs
            .iter_mut()
            .for_each(|difference| self.difference(difference));
    }

    fn change(&self, change: &mut Change) {
        change
            .physical_id
            .iter_mut()
            .for_each(|text| self.text(text));
        change
            .data
            .iter_mut()
            .for_each(|data| self.text(&mut data.words));
        change
            .access
            .iter_mut()
            .for_each(|access| self.access(access));
        change.notes.iter_mut().for_each(|text| self.text(text));
        let differences = change.differences.iter_mut();
        differences.for_each(|difference| self.difference(difference));
    }

    pub(super) fn difference(&self, difference: &mut Difference) {
        self.text(&mut difference.path);
        let sides = difference.before.iter_mut().chain(&mut difference.after);
        sides.for_each(|value| self.json(value));
    }

    fn access(&self, access: &mut Access) {
        for grant in access.gained.iter_mut().chain(&mut access.lost) {
            let Grant {
                principal,
                action,
                resource,
                condition,
                ..
            } = grant;
            let texts = [principal, action, resource].into_iter().chain(condition);
            texts.for_each(|text| self.text(text));
        }
        access.unsure.iter_mut().for_each(|text| self.text(text));
    }

    fn value(&self, change: &mut ValueChange) {
        let sides = change.before.iter_mut().chain(&mut change.after);
        sides.for_each(|text| self.text(text));
    }

    fn json(&self, value: &mut Json) {
        match value {
            Json::String(text) => self.text(text),
            Json::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Json::Object(fields) => fields.values_mut().for_each(|field| self.json(field)),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    fn text(&self, text: &mut String) {
        if let Some(account) = self.account
            && text.contains(account)
        {
            *text = text.replace(account, PLACEHOLDER);
        }
    }
}
