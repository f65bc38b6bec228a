//! A retention is a number.

use iac::resources::logs::LogGroup;

fn main() {
    let _ = LogGroup {
        log_group_name: "logs".into(),
        retention_in_days: "a month".into(),
    };
}
