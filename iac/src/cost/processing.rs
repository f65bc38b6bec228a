//! What becomes of images that are there, line by line.

use super::bill::Bill;
use super::money::Quantity;
use super::prices::{self, Price};
use super::reading::{Objects, Reading};
use super::storage;
use crate::topology::{Architecture, Function};

/// Bytes in a GB, as AWS bills it.
pub(super) const GB: u128 = 1 << 30;

/// A bill that is being written. Lines come in the order in which an image meets what they are for; what is
/// paid by the month, and what all functions have in common, comes at the end.
#[derive(Debug)]
pub(super) struct Processing<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) bill: Bill,
    /// Calls of functions, for the log.
    calls: u64,
    originals: Vec<Objects>,
    results: Vec<Objects>,
    tables: Vec<(String, usize)>,
}

/// How often a function works on images.
#[derive(Debug, Clone, Copy)]
pub(super) struct Runs {
    /// The calls.
    pub(super) calls: u64,
    /// The calls that end with a result.
    pub(super) results: u64,
}

impl<'a> Processing<'a> {
    pub(super) fn new(reading: &'a Reading<'a>) -> Self {
        Self {
            reading,
            bill: Bill::default(),
            calls: 0,
            originals: Vec::new(),
            results: Vec::new(),
            tables: Vec::new(),
        }
    }

    /// Originals are put.
    pub(super) fn put(&mut self, who: &str, objects: &[Objects]) {
        let images = self.reading.assumptions.images;
        for original in objects {
            let what = format!("{who} into {}", original.bucket);
            self.each(&prices::S3_PUT, images, what, "image", "PUT");
            self.originals.push(original.clone());
        }
    }

    /// The functions that a bucket tells of originals.
    pub(super) fn arrival(&mut self, objects: &[Objects]) {
        let assumptions = self.reading.assumptions;
        let failing = assumptions.failing();
        for original in objects {
            for id in self.reading.notified(&original.bucket) {
                let retries = self.reading.function(&id).map_or(0, |it| it.retries);
                let again = failing.saturating_mul(u64::from(retries));
                let calls = assumptions.images.saturating_add(again);
                let mut formula = format!("{} images x 1 call", Quantity::of(assumptions.images));
                if again > 0 {
                    formula = format!(
                        "{formula} + {} that fail x {retries} more",
                        Quantity::of(failing)
                    );
                }
                let runs = Runs {
                    calls,
                    results: assumptions.images - failing,
                };
                self.resize(&id, runs, &formula);
                self.give_up(&id, failing);
            }
        }
    }

    /// Calls that failed for good go to a queue, and from there back to the function.
    fn give_up(&mut self, function: &str, failing: u64) {
        let Some((queue, _)) = self.reading.on_failure(function) else {
            return;
        };
        let requests = Quantity::of(failing.saturating_mul(3));
        self.bill.once(
            &prices::SQS_REQUEST,
            requests,
            format!("{queue} takes what failed, and gives it back"),
            format!(
                "{} that fail x 3 (send, receive, delete)",
                Quantity::of(failing)
            ),
        );
    }

    /// Calls of a function behind the API that take so long each.
    pub(super) fn api_call(&mut self, id: &str, calls: u64, duration_ms: u64) {
        let Some(function) = self.reading.function(id) else {
            return;
        };
        let formula = format!("{} requests x 1 call", Quantity::of(calls));
        self.run(function, calls, duration_ms, &formula);
    }

    /// Calls of a function that resizes, with what it reads and writes.
    pub(super) fn resize(&mut self, id: &str, runs: Runs, formula: &str) {
        let Some(function) = self.reading.function(id) else {
            return;
        };
        let duration = self.reading.assumptions.duration_ms;
        self.run(function, runs.calls, duration, formula);
        let name = &function.name;
        for original in self.reading.gets(id) {
            let what = format!("{name} reads originals from {}", original.bucket);
            self.each(&prices::S3_GET, runs.calls, what, "call", "GET");
        }
        for result in self.reading.heads(id) {
            let what = format!("{name} looks for what is there in {}", result.bucket);
            self.each(&prices::S3_GET, runs.calls, what, "call", "HEAD");
        }
        for result in self.reading.puts(id) {
            let what = format!("{name} puts results into {}", result.bucket);
            self.each(&prices::S3_PUT, runs.results, what, "result", "PUT");
            self.results.push(result);
        }
        for (table, indexes) in self.reading.tables_written(id) {
            self.write_items(name, &table, indexes, runs.calls);
            self.tables.push((table, indexes));
        }
    }

    /// The requests and the GB-seconds of a function's calls.
    fn run(&mut self, function: &Function, calls: u64, duration_ms: u64, formula: &str) {
        let name = &function.name;
        let number = Quantity::of(calls);
        self.bill.once(
            &prices::LAMBDA_REQUEST,
            number,
            format!("{name}: calls"),
            formula,
        );
        let (price, processor): (&Price, _) = match function.architecture {
            Architecture::Arm64 => (&prices::LAMBDA_ARM, "arm64"),
            Architecture::X86_64 => (&prices::LAMBDA_X86, "x86_64"),
        };
        let memory = function.memory_size;
        let seconds = Quantity::ratio(
            u128::from(calls) * u128::from(duration_ms) * u128::from(memory),
            1_000 * 1_024,
        );
        let formula = format!("{number} calls x {duration_ms} ms x {memory} MB");
        self.bill.once(
            price,
            seconds,
            format!("{name}: time and memory on {processor}"),
            formula,
        );
        self.calls = self.calls.saturating_add(calls);
    }

    /// What a function behind the API reads to answer.
    pub(super) fn look_up(&mut self, id: &str, asked: u64) {
        let Some(function) = self.reading.function(id) else {
            return;
        };
        for result in self.reading.gets(id) {
            let what = format!("{} looks for results in {}", function.name, result.bucket);
            self.each(&prices::S3_GET, asked, what, "call", "HEAD");
        }
        for table in self.reading.tables_read(id) {
            self.read_items(&table, asked);
        }
    }

    /// Items that are read, one by one and eventually consistent, which is half a unit for 4 KB.
    pub(super) fn read_items(&mut self, table: &str, asked: u64) {
        let units = self.reading.assumptions.item_bytes.div_ceil(4_096);
        let quantity = Quantity::ratio(u128::from(asked) * u128::from(units), 2);
        self.bill.once(
            &prices::DYNAMODB_READ_UNIT,
            quantity,
            format!("records read from {table}"),
            format!(
                "{} reads x {units} x 4 KB x 1/2 (eventually consistent)",
                Quantity::of(asked)
            ),
        );
    }

    fn write_items(&mut self, name: &str, table: &str, indexes: usize, calls: u64) {
        let units = self.reading.assumptions.item_bytes.div_ceil(1_024);
        let copies = 1 + indexes as u64;
        let quantity = Quantity::of(calls.saturating_mul(units).saturating_mul(copies));
        self.bill.once(
            &prices::DYNAMODB_WRITE,
            quantity,
            format!("{name} writes records to {table}"),
            format!(
                "{} calls x {units} KB x {copies} (the table{})",
                Quantity::of(calls),
                indexes_in_words(indexes)
            ),
        );
    }

    /// A request for each of so many.
    fn each(&mut self, price: &'static Price, number: u64, what: String, of: &str, request: &str) {
        let quantity = Quantity::of(number);
        let formula = format!("{quantity} {of}s x 1 {request}");
        self.bill.once(price, quantity, what, formula);
    }

    /// Adds the log, the downloads and what is paid by the month.
    pub(super) fn end(mut self) -> Bill {
        self.log();
        let results = std::mem::take(&mut self.results);
        let originals = std::mem::take(&mut self.originals);
        for result in &results {
            self.downloads(&result.bucket);
        }
        let assumptions = self.reading.assumptions;
        let images = assumptions.images;
        for original in &originals {
            let size = assumptions.source_kb;
            storage::keep(
                &mut self.bill,
                self.reading,
                original,
                "originals",
                images,
                size,
            );
        }
        for result in &results {
            let number = images - assumptions.failing();
            let size = assumptions.result_kb;
            storage::keep(
                &mut self.bill,
                self.reading,
                result,
                "results",
                number,
                size,
            );
        }
        for (table, indexes) in std::mem::take(&mut self.tables) {
            storage::keep_items(&mut self.bill, self.reading, &table, indexes, images);
        }
        let alarms = self.reading.alarms();
        let months = assumptions.months;
        self.bill.kept(
            &prices::ALARM,
            Quantity::of(alarms.saturating_mul(months)),
            "alarms, however many images there are",
            format!(
                "{alarms} {} x {months} {}",
                plural(alarms, "alarm"),
                plural(months, "month")
            ),
        );
        self.bill
    }

    /// Ends with the log and what results take, and without what is there anyway.
    pub(super) fn end_of_backfill(mut self, images: u64) -> Bill {
        self.log();
        for result in std::mem::take(&mut self.results) {
            let size = self.reading.assumptions.result_kb;
            storage::keep(
                &mut self.bill,
                self.reading,
                &result,
                "results",
                images,
                size,
            );
        }
        for (table, indexes) in std::mem::take(&mut self.tables) {
            storage::keep_items(&mut self.bill, self.reading, &table, indexes, images);
        }
        self.bill
    }

    fn log(&mut self) {
        let bytes = self.reading.assumptions.log_bytes;
        let calls = Quantity::of(self.calls);
        let quantity = Quantity::ratio(u128::from(self.calls) * u128::from(bytes), GB);
        self.bill.once(
            &prices::LOGS_INGESTION,
            quantity,
            "logs of the functions",
            format!("{calls} calls x {} bytes", Quantity::of(bytes)),
        );
    }

    /// Results that go out to the internet, through the distribution where there is one.
    fn downloads(&mut self, bucket: &str) {
        let assumptions = self.reading.assumptions;
        let number = assumptions
            .images
            .saturating_sub(assumptions.failing())
            .saturating_mul(assumptions.downloads);
        let downloads = Quantity::of(number);
        let size = assumptions.result_kb;
        let gigabytes = Quantity::ratio(u128::from(number) * u128::from(size) * 1_000, GB);
        let bytes = format!("{downloads} downloads x {size} KB");
        let Some(distribution) = self.reading.distribution(bucket) else {
            let what = format!("downloads from {bucket}");
            self.each(&prices::S3_GET, number, what.clone(), "download", "GET");
            self.bill
                .once(&prices::TRANSFER_OUT, gigabytes, what, bytes);
            return;
        };
        let what = format!("downloads from {distribution}");
        self.each(
            &prices::CDN_REQUEST,
            number,
            what.clone(),
            "download",
            "request",
        );
        self.bill
            .once(&prices::CDN_TRANSFER, gigabytes, what, bytes);
        let misses = Quantity::of(assumptions.cache_misses.of(number));
        let share = assumptions.cache_misses;
        self.bill.once(
            &prices::S3_GET,
            misses,
            format!("{distribution} fetches from {bucket}"),
            format!("{downloads} downloads x {share} % that it does not have"),
        );
    }
}

fn indexes_in_words(indexes: usize) -> String {
    match indexes {
        0 => String::new(),
        1 => " and its index".to_owned(),
        many => format!(" and its {many} indexes"),
    }
}

pub(super) fn plural(number: u64, word: &str) -> String {
    if number == 1 {
        word.to_owned()
    } else {
        format!("{word}s")
    }
}
