//! What AWS charges in us-east-1: the first tier of each price, without free tiers, taxes and discounts.
//!
//! AWS's pages fill most of their tables in the browser, so that a stored copy of a page may have none of
//! its numbers; its price list has them all. Each price says what was read and what that is worth.

use serde::Serialize;

use super::money::UnitPrice;

/// A price: what `per` units cost.
#[derive(Debug, PartialEq, Eq)]
pub struct Price {
    /// Its name in reports for programs.
    pub id: &'static str,
    /// Who charges it.
    pub service: &'static str,
    /// What is counted.
    pub unit: &'static str,
    /// What `per` units cost.
    pub dollars: UnitPrice,
    /// For how many units.
    pub per: u64,
    /// When it was checked.
    pub checked: &'static str,
    /// How.
    pub evidence: Evidence,
    /// AWS's own page, which decides.
    pub source: &'static str,
    /// The pages that were read, each from a stored copy.
    pub read: &'static [&'static str],
}

/// What a check of a price is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Evidence {
    /// A copy of AWS's price list says it.
    PriceList {
        /// The number under which the price list has it.
        sku: &'static str,
        /// When AWS published the list that was copied.
        published: &'static str,
    },
    /// A page of AWS says it.
    Page,
    /// Others say that AWS says it.
    Others,
    /// No page was found that says it.
    Unverified,
}

impl Price {
    /// As a person says it: `$3.50 per 1,000,000 requests`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let number = super::money::Quantity::of(self.per);
        if self.per == 1 {
            format!("{} per {}", self.dollars, self.unit)
        } else {
            format!("{} per {number} {}s", self.dollars, self.unit)
        }
    }
}

/// The day on which all prices of the table were checked last.
pub const CHECKED: &str = "2026-11-20";

/// The region of the table.
pub const REGION: &str = "us-east-1";

const API_GATEWAY_PAGE: &str = "https://aws.amazon.com/api-gateway/pricing/";
const LAMBDA_PAGE: &str = "https://aws.amazon.com/lambda/pricing/";
const STEP_FUNCTIONS_PAGE: &str = "https://aws.amazon.com/step-functions/pricing/";
const S3_PAGE: &str = "https://aws.amazon.com/s3/pricing/";
const DYNAMODB_PAGE: &str = "https://aws.amazon.com/dynamodb/pricing/on-demand/";
const SQS_PAGE: &str = "https://aws.amazon.com/sqs/pricing/";
const CLOUDWATCH_PAGE: &str = "https://aws.amazon.com/cloudwatch/pricing/";
const CLOUDFRONT_PAGE: &str = "https://aws.amazon.com/cloudfront/pricing/";

/// A copy of AWS's price list, made by somebody else's program.
///
/// Source: <https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-bulk-api.html>
const LIST: &[&str] = &[
    "https://github.com/akashtalole/archify-aws/blob/40784e5d22af0d89cb93c6a1dc593ffb6f75755c/data/prices/us-east-1.json",
];
/// Another copy of a part of it.
const S3_LIST: &[&str] = &[
    "https://github.com/phoebefu6/learn-aws-with-phoebe/blob/658e5a40b08a9d24324b7526f9be5bd0a35b8db9/materials/prices-us-east-1.json",
];

const fn listed(sku: &'static str, published: &'static str) -> Evidence {
    Evidence::PriceList { sku, published }
}

macro_rules! prices {
    ($($(#[$doc:meta])* $name:ident = {
        id: $id:literal, service: $service:literal, $dollars:literal per $per:literal $unit:literal,
        $evidence:expr, read: $read:expr, source: $source:expr
    })*) => {
        $($(#[$doc])* pub static $name: Price = Price {
            id: $id,
            service: $service,
            unit: $unit,
            dollars: UnitPrice::of($dollars),
            per: $per,
            checked: CHECKED,
            evidence: $evidence,
            source: $source,
            read: $read,
        };)*

        /// Every price.
        pub static PRICES: &[&Price] = &[$(&$name),*];
    };
}

prices! {
    /// A request to a REST API.
    API_REQUEST = {
        id: "api-gateway-request", service: "API Gateway", "3.50" per 1_000_000 "request",
        listed("KKDZ3TFSXUSMCZ3A", "2026-09-21"), read: LIST,
        source: API_GATEWAY_PAGE
    }
    /// A call of a function.
    LAMBDA_REQUEST = {
        id: "lambda-request", service: "Lambda", "0.20" per 1_000_000 "request",
        listed("K7BX6567RJ67A2KE", "2026-09-19"), read: LIST,
        source: LAMBDA_PAGE
    }
    /// A second of a GB of memory on Graviton.
    LAMBDA_ARM = {
        id: "lambda-arm64", service: "Lambda", "0.0000133334" per 1 "GB-second",
        listed("72SBSFWPMDTH8S3J", "2026-09-19"), read: LIST,
        source: LAMBDA_PAGE
    }
    /// A second of a GB of memory on Intel or AMD.
    LAMBDA_X86 = {
        id: "lambda-x86_64", service: "Lambda", "0.0000166667" per 1 "GB-second",
        listed("TG3M4CAGBA3NYQBH", "2026-09-19"), read: LIST,
        source: LAMBDA_PAGE
    }
    /// A state that a Standard execution enters; a child execution that a Distributed Map starts.
    STANDARD_TRANSITION = {
        id: "step-functions-transition", service: "Step Functions", "0.025" per 1_000 "state transition",
        listed("5NX6NBD43SV57CH3", "2026-09-11"), read: LIST,
        source: STEP_FUNCTIONS_PAGE
    }
    /// An Express execution.
    EXPRESS_REQUEST = {
        id: "step-functions-express-request", service: "Step Functions", "1.00" per 1_000_000 "execution",
        listed("AJJXM66BP92T8UX4", "2026-09-11"), read: LIST,
        source: STEP_FUNCTIONS_PAGE
    }
    /// A second of a GB of an Express execution's memory.
    EXPRESS_DURATION = {
        id: "step-functions-express-duration", service: "Step Functions", "0.00001667" per 1 "GB-second",
        listed("TFDWDW6V2TSZF7M2", "2026-09-11"), read: LIST,
        source: STEP_FUNCTIONS_PAGE
    }
    /// A request that writes or lists objects.
    S3_PUT = {
        id: "s3-put", service: "S3", "0.005" per 1_000 "PUT or LIST request",
        listed("E9YHNFENF4XQBZR6", "2026-09-28"), read: LIST,
        source: S3_PAGE
    }
    /// A request that reads an object or its headers.
    S3_GET = {
        id: "s3-get", service: "S3", "0.0004" per 1_000 "GET or HEAD request",
        listed("ZWQ6Q48CRJXX4FXE", "2026-09-28"), read: LIST,
        source: S3_PAGE
    }
    /// A GB for a month in S3 Standard.
    S3_STANDARD = {
        id: "s3-standard", service: "S3", "0.023" per 1 "GB-month",
        listed("WP9ANXZGBYYSGJEA", "2026-09-28"), read: LIST,
        source: S3_PAGE
    }
    /// A GB for a month in S3 Standard-IA.
    S3_STANDARD_IA = {
        id: "s3-standard-ia", service: "S3", "0.0125" per 1 "GB-month",
        listed("379GYJUQ5WFBUYGM", "2026-09-28"), read: LIST,
        source: S3_PAGE
    }
    /// An object that a lifecycle rule moves to S3 Standard-IA.
    S3_TRANSITION = {
        id: "s3-transition", service: "S3", "0.01" per 1_000 "lifecycle transition",
        Evidence::Unverified, read: &[],
        source: S3_PAGE
    }
    /// A GB that is read from S3 Standard-IA.
    S3_RETRIEVAL = {
        id: "s3-retrieval", service: "S3", "0.01" per 1 "GB retrieved",
        listed("7594RTQEE8ND34GA", "2026-09-28"), read: S3_LIST,
        source: S3_PAGE
    }
    /// A GB that goes to the internet.
    TRANSFER_OUT = {
        id: "transfer-out", service: "Data transfer", "0.09" per 1 "GB",
        Evidence::Others, read: &[
            "https://leanopstech.com/blog/aws-data-transfer-pricing-2026/",
            "https://wring.co/blog/aws-cloudfront-pricing-guide",
        ],
        source: S3_PAGE
    }
    /// A KB written, to a table or an index.
    DYNAMODB_WRITE = {
        id: "dynamodb-write", service: "DynamoDB", "0.625" per 1_000_000 "write request unit",
        listed("FGXVD96DKJMUASY3", "2026-09-11"), read: LIST,
        source: DYNAMODB_PAGE
    }
    /// 4 KB read consistently.
    DYNAMODB_READ_UNIT = {
        id: "dynamodb-read", service: "DynamoDB", "0.125" per 1_000_000 "read request unit",
        listed("4W4ZMC46EHE8XTTZ", "2026-09-11"), read: LIST,
        source: DYNAMODB_PAGE
    }
    /// A GB of items for a month.
    DYNAMODB_STORAGE = {
        id: "dynamodb-storage", service: "DynamoDB", "0.25" per 1 "GB-month",
        listed("F3E2EDSYC6ZNW7XP", "2026-09-11"), read: LIST,
        source: DYNAMODB_PAGE
    }
    /// A GB of items for a month that can be restored to any second.
    DYNAMODB_BACKUP = {
        id: "dynamodb-point-in-time-recovery", service: "DynamoDB", "0.20" per 1 "GB-month",
        Evidence::Others, read: &["https://gist.github.com/allenheltondev/d028926b7fe3b0656c96af9140ab55e3"],
        source: DYNAMODB_PAGE
    }
    /// A request to a standard queue.
    SQS_REQUEST = {
        id: "sqs-request", service: "SQS", "0.40" per 1_000_000 "request",
        listed("8RN6B8U4MERHRXP3", "2026-09-11"), read: LIST,
        source: SQS_PAGE
    }
    /// A GB of a function's log.
    LOGS_INGESTION = {
        id: "logs-ingestion", service: "CloudWatch", "0.50" per 1 "GB",
        listed("S8QGXX5R2BKKMDSJ", "2026-09-22"), read: LIST,
        source: CLOUDWATCH_PAGE
    }
    /// An alarm for a month.
    ALARM = {
        id: "alarm", service: "CloudWatch", "0.10" per 1 "alarm-month",
        listed("EVETVUGEN3MUTMXM", "2026-09-22"), read: LIST,
        source: CLOUDWATCH_PAGE
    }
    /// A request over HTTPS from North America or Europe.
    CDN_REQUEST = {
        id: "cloudfront-request", service: "CloudFront", "0.0100" per 10_000 "HTTPS request",
        Evidence::Others, read: &[
            "https://wring.co/blog/aws-cloudfront-pricing-guide",
            "https://gist.github.com/sofyan-ahmad/19258041a16833a2cab17a6b2b4b3058",
        ],
        source: CLOUDFRONT_PAGE
    }
    /// A GB to North America or Europe.
    CDN_TRANSFER = {
        id: "cloudfront-transfer", service: "CloudFront", "0.085" per 1 "GB",
        Evidence::Page, read: &["https://aws.amazon.com/cloudfront/pricing"],
        source: CLOUDFRONT_PAGE
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_price_has_a_name_of_its_own_a_date_and_a_source() {
        let ids: BTreeSet<_> = PRICES.iter().map(|price| price.id).collect();
        assert_eq!(ids.len(), PRICES.len());
        for price in PRICES {
            assert!(
                price.source.starts_with("https://aws.amazon.com/"),
                "{}",
                price.id
            );
            assert_eq!(price.checked.len(), "2026-11-20".len(), "{}", price.id);
            assert_eq!(
                price.read.is_empty(),
                price.evidence == Evidence::Unverified,
                "{}: who says so?",
                price.id
            );
            assert_ne!(price.dollars, UnitPrice::of("0"), "{}", price.id);
        }
    }

    #[test]
    fn a_price_is_said_with_its_unit() {
        assert_eq!(API_REQUEST.in_words(), "$3.50 per 1,000,000 requests");
        assert_eq!(LAMBDA_ARM.in_words(), "$0.0000133334 per GB-second");
    }
}
