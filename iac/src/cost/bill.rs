//! Lines of what something costs, and their totals.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::money::{Dollars, Quantity};
use super::prices::Price;

/// A line: so much of something, at a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is for.
    pub what: String,
    /// How the quantity comes about, in words.
    pub formula: String,
    /// How much there is.
    pub quantity: Quantity,
    /// The price.
    pub price: &'static Price,
    /// What it costs.
    pub dollars: Dollars,
    /// Whether it is paid again as long as the images are kept.
    pub kept: bool,
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut line = serializer.serialize_struct("Line", 8)?;
        line.serialize_field("service", self.price.service)?;
        line.serialize_field("what", &self.what)?;
        line.serialize_field("formula", &self.formula)?;
        line.serialize_field("quantity", &self.quantity)?;
        line.serialize_field("unit", self.price.unit)?;
        line.serialize_field("price", self.price.id)?;
        line.serialize_field("kept", &self.kept)?;
        line.serialize_field("microdollars", &self.dollars.as_micro())?;
        line.end()
    }
}

/// Lines in the order in which an image meets them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Bill {
    lines: Vec<Line>,
}

impl Bill {
    /// The lines.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Adds what is paid once. Nothing costs nothing, and is left out.
    pub(super) fn once(
        &mut self,
        price: &'static Price,
        quantity: Quantity,
        what: impl Into<String>,
        formula: impl Into<String>,
    ) {
        self.add(price, quantity, what.into(), formula.into(), false);
    }

    /// Adds what is paid as long as the images are kept.
    pub(super) fn kept(
        &mut self,
        price: &'static Price,
        quantity: Quantity,
        what: impl Into<String>,
        formula: impl Into<String>,
    ) {
        self.add(price, quantity, what.into(), formula.into(), true);
    }

    fn add(
        &mut self,
        price: &'static Price,
        quantity: Quantity,
        what: String,
        formula: String,
        kept: bool,
    ) {
        if quantity.is_zero() {
            return;
        }
        self.lines.push(Line {
            what,
            formula,
            quantity,
            price,
            dollars: price.dollars.times(quantity, price.per),
            kept,
        });
    }

    /// What all of it costs.
    #[must_use]
    pub fn total(&self) -> Dollars {
        self.lines.iter().map(|line| line.dollars).sum()
    }

    /// What is paid once.
    #[must_use]
    pub fn total_once(&self) -> Dollars {
        let once = self.lines.iter().filter(|line| !line.kept);
        once.map(|line| line.dollars).sum()
    }

    /// What is paid as long as the images are kept.
    #[must_use]
    pub fn total_kept(&self) -> Dollars {
        let kept = self.lines.iter().filter(|line| line.kept);
        kept.map(|line| line.dollars).sum()
    }

    /// What each service costs, the dearest first.
    pub(super) fn by_service(&self, kept: bool) -> Vec<(&'static str, Dollars)> {
        let mut services: Vec<(&'static str, Dollars)> = Vec::new();
        for line in self.lines.iter().filter(|line| line.kept == kept) {
            let service = line.price.service;
            match services.iter_mut().find(|(name, _)| *name == service) {
                Some((_, sum)) => *sum = *sum + line.dollars,
                None => services.push((service, line.dollars)),
            }
        }
        services.sort_by_key(|(_, sum)| std::cmp::Reverse(*sum));
        services
    }

    /// The line that costs most, among those paid once or those paid as long as the images are kept; of two
    /// alike, the first.
    #[must_use]
    pub fn largest(&self, kept: bool) -> Option<&Line> {
        let lines = self.lines.iter().filter(|line| line.kept == kept);
        lines.rev().max_by_key(|line| line.dollars)
    }
}
