//! What changes in a resource: what the two templates say, joined with what CloudFormation says.
//!
//! The templates say it part by part. CloudFormation knows values that no template has, what causes a
//! change and whether it replaces the resource; but it cuts long values, and engines other than AWS give
//! none. So the parts come from the templates, and CloudFormation's values win where it gives them.

use serde_json::{Map, Value as Json, json};

use super::compare::{Found, Path, compare, pointer};
use super::values::{document, intrinsic, reference, scalar};
use super::{Action, Difference, Evaluation, ProposedChange, ProposedDetail};

/// What CloudFormation writes for a value that it does not know yet.
const LATER: &str = "{{changeSet:KNOWN_AFTER_APPLY}}";

/// What is written for it here.
const KNOWN_LATER: &str = "known later";

/// Attributes of a resource that are no properties and make a difference to what is deployed.
const ATTRIBUTES: [&str; 6] = [
    "Type",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "CreationPolicy",
    "UpdatePolicy",
    "Metadata",
];

/// The whole resource as CloudFormation gives it, if it does; with a reference to nothing in place of
/// what is not known yet.
pub(super) fn context(text: Option<&String>, resource_type: &str) -> Option<Json> {
    let mut resource: Json = serde_json::from_str(text?).ok()?;
    later(&mut resource);
    resource
        .as_object_mut()?
        .insert("Type".to_owned(), resource_type.into());
    Some(resource)
}

fn later(value: &mut Json) {
    match value {
        Json::String(text) if text.contains(LATER) => {
            let text = text
                .replace("${", "${!")
                .replace(LATER, &format!("${{{KNOWN_LATER}}}"));
            *value = match text
                .strip_prefix("${")
                .and_then(|text| text.strip_suffix('}'))
            {
                Some(KNOWN_LATER) => json!({ "Ref": KNOWN_LATER }),
                _ => json!({ "Fn::Sub": text }),
            };
        }
        Json::Array(items) => items.iter_mut().for_each(later),
        Json::Object(fields) => fields.values_mut().for_each(later),
        _ => {}
    }
}

/// What changes, from the resource as it is to the resource as it will be, both resolved.
pub(super) fn differences(
    change: &ProposedChange,
    before: Option<&Json>,
    after: Option<&Json>,
) -> Vec<Difference> {
    match change.action {
        Action::Remove => Vec::new(),
        Action::Add | Action::Import => {
            let properties = after.and_then(|after| after["Properties"].as_object());
            let each = properties.into_iter().flatten();
            each.map(|(name, value)| difference(name.clone(), None, Some(value.clone())))
                .collect()
        }
        Action::Modify | Action::Dynamic | Action::SyncWithActual => {
            let found = match (before, after) {
                (Some(before), Some(after)) => parts(before, after),
                _ => Vec::new(),
            };
            join(change, found)
        }
    }
}

/// The parts of a resource that differ.
fn parts(before: &Json, after: &Json) -> Vec<Found> {
    let properties = |resource: &Json| match &resource["Properties"] {
        Json::Null => json!({}),
        properties => properties.clone(),
    };
    let attributes = |resource: &Json| -> Json {
        let there = ATTRIBUTES
            .iter()
            .filter_map(|name| Some((*name, resource.get(*name)?)));
        there
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect::<Map<_, _>>()
            .into()
    };
    let mut found = compare(&properties(before), &properties(after));
    found.extend(compare(&attributes(before), &attributes(after)));
    found
}

/// The details of one place; there may be one for each cause.
struct Place<'c> {
    pointer: Vec<String>,
    details: Vec<&'c ProposedDetail>,
}

fn places(change: &ProposedChange) -> Vec<Place<'_>> {
    let mut places: Vec<Place<'_>> = Vec::new();
    for detail in &change.details {
        let mut steps = detail.path.as_deref().map(pointer).unwrap_or_default();
        if steps.first().is_some_and(|step| step == "Properties") {
            steps.remove(0);
        }
        if steps.is_empty() {
            steps.push(
                detail
                    .name
                    .clone()
                    .unwrap_or_else(|| detail.attribute.clone()),
            );
        }
        match places.iter_mut().find(|place| place.pointer == steps) {
            Some(place) => place.details.push(detail),
            None => places.push(Place {
                pointer: steps,
                details: vec![detail],
            }),
        }
    }
    places
}

fn join(change: &ProposedChange, found: Vec<Found>) -> Vec<Difference> {
    let places = places(change);
    let before = context(change.before_context.as_ref(), &change.resource_type);
    let after = context(change.after_context.as_ref(), &change.resource_type);
    let mut met = vec![false; places.len()];
    let mut differences = Vec::new();
    for part in found {
        let mut joined = difference(part.path.to_string(), part.before, part.after);
        for (place, met) in places.iter().zip(&mut met) {
            if part.path.meets(&place.pointer) {
                *met = true;
                annotate(&mut joined, &place.details);
            }
            if part.path.is(&place.pointer) {
                let said = |value: fn(&ProposedDetail) -> &Option<String>| {
                    let mut values = place
                        .details
                        .iter()
                        .filter_map(|detail| value(detail).clone());
                    values.next().map(Json::from)
                };
                overlay(&mut joined.before, said(|detail| &detail.before).as_ref());
                overlay(&mut joined.after, said(|detail| &detail.after).as_ref());
            }
        }
        let whole = |context: &Option<Json>, side| {
            let properties = context.as_ref()?.get("Properties")?;
            part.path.get(properties, side).cloned()
        };
        overlay(&mut joined.before, whole(&before, false).as_ref());
        overlay(&mut joined.after, whole(&after, true).as_ref());
        if joined.after.as_ref().and_then(reference).as_deref() == Some(KNOWN_LATER) {
            joined.after = None;
            joined.known_later = true;
        }
        differences.push(joined);
    }
    for (place, _) in places.iter().zip(met).filter(|(_, met)| !met) {
        differences.extend(alone(place));
    }
    differences
}

/// Puts CloudFormation's value in place of a template's, where it says more: another text, or what a
/// reference stands for.
fn overlay(own: &mut Option<Json>, said: Option<&Json>) {
    let (Some(value), Some(said)) = (own.as_ref(), said.and_then(scalar)) else {
        return;
    };
    let more = match scalar(value) {
        Some(text) => text != said,
        None => intrinsic(value).is_some(),
    };
    if more && !said.contains(LATER) {
        *own = Some(said.into());
    }
}

/// What CloudFormation says of a place in which the templates do not differ.
fn alone(place: &Place<'_>) -> Vec<Difference> {
    let first = |value: fn(&ProposedDetail) -> &Option<String>| {
        place
            .details
            .iter()
            .find_map(|detail| value(detail).clone())
    };
    let before = first(|detail| &detail.before);
    let after = first(|detail| &detail.after);
    let later = after.as_ref().is_none_or(|after| after.contains(LATER))
        && place
            .details
            .iter()
            .any(|detail| detail.evaluation == Some(Evaluation::Dynamic));
    let after = after.filter(|after| !after.contains(LATER));
    let path = Path::at(&place.pointer);
    let (before, after) = (before.map(Json::from), after.map(Json::from));
    let parts = match (
        before.as_ref().and_then(document),
        after.as_ref().and_then(document),
    ) {
        (Some(old), Some(new)) => compare(&old, &new),
        _ => Vec::new(),
    };
    let mut differences: Vec<_> = if parts.is_empty() {
        // What is cut may be the same up to there.
        let shown = (before != after)
            .then_some((before, after))
            .unwrap_or_default();
        vec![difference(path.to_string(), shown.0, shown.1)]
    } else {
        let parts = parts.into_iter();
        parts
            .map(|part| difference(path.join(&part.path).to_string(), part.before, part.after))
            .collect()
    };
    for difference in &mut differences {
        annotate(difference, &place.details);
        difference.known_later = later;
    }
    differences
}

/// Adds what causes the difference and whether it replaces the resource.
fn annotate(difference: &mut Difference, details: &[&ProposedDetail]) {
    for detail in details {
        difference.requires_recreation = difference
            .requires_recreation
            .max(detail.requires_recreation);
        let Some(entity) = &detail.causing_entity else {
            continue;
        };
        let cause = match detail.change_source.as_deref() {
            Some("ParameterReference") => format!("parameter {entity}"),
            _ => entity.clone(),
        };
        match &mut difference.cause {
            None => difference.cause = Some(cause),
            Some(causes) if causes.split(", ").any(|one| one == cause) => {}
            Some(causes) => *causes = format!("{causes}, {cause}"),
        }
    }
}

pub(super) fn difference(path: String, before: Option<Json>, after: Option<Json>) -> Difference {
    Difference {
        path,
        before,
        after,
        known_later: false,
        requires_recreation: None,
        cause: None,
    }
}
