//! Texts of AWS without the numbers of accounts: what a command prints ends up in logs that many read.

const DIGITS: usize = 12;

/// A text with every account id, as ARNs and messages (`accountId: 1...`) and
/// addresses of queues have them, replaced by
/// `<account>`.
pub(crate) fn without_accounts(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let end = number
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(number.len());
        let (number, after) = number.split_at(end);
        let told = before.trim_end_matches(' ').ends_with([':', '/'])
            || (before.is_empty() && clean.ends_with([':', '/']));
        let alone = !after.starts_with(|c: char| c.is_alphanumeric());
        clean.push_str(before);
        clean.push_str(if number.len() == DIGITS && told && alone {
            "<account>"
        } else {
            number
        });
        rest = after;
    }
    clean.push_str(rest);
    clean
}

/// The same, and without the account of an ARN wherever it stands.
pub(crate) fn without_account_of(arn: &str, text: &str) -> String {
    let account = arn.split(':').nth(4).unwrap_or_default();
    without_account(account, &without_accounts(text))
}

/// A text without this account wherever it stands: buckets of this project are named after their account.
pub(crate) fn without_account(account: &str, text: &str) -> String {
    if account.len() == DIGITS && account.bytes().all(|byte| byte.is_ascii_digit()) {
        text.replace(account, "<account>")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{without_account_of, without_accounts};

    #[test]
    fn the_account_that_is_known_is_left_out_of_names_too() {
        let text = "photos-123456789012 already exists, photos-210987654321 as well";
        let arn = "arn:aws:cloudformation:eu-west-1:123456789012:stack/photos/6a19c4b4";
        assert_eq!(
            without_account_of(arn, text),
            "photos-<account> already exists, photos-210987654321 as well"
        );
        for arn in ["", "photos", "arn:aws:s3:::photos"] {
            assert_eq!(without_account_of(arn, text), text);
        }
    }

    #[test]
    fn accounts_are_left_out_and_names_are_kept() {
        for (text, clean) in [
            (
                "User: arn:aws:iam::123456789012:user/jane is not authorized to perform: s3:CreateBucket",
                "User: arn:aws:iam::<account>:user/jane is not authorized to perform: s3:CreateBucket",
            ),
            (
                "photos already exists in stack arn:aws:cloudformation:eu-west-1:123456789012:stack/a/6a19c4b4",
                "photos already exists in stack arn:aws:cloudformation:eu-west-1:<account>:stack/a/6a19c4b4",
            ),
            (
                "User with accountId: 123456789012 is not authorized",
                "User with accountId: <account> is not authorized",
            ),
            (
                "https://sqs.eu-west-1.amazonaws.com/123456789012/failed",
                "https://sqs.eu-west-1.amazonaws.com/<account>/failed",
            ),
            // No accounts: a bucket's name, a request's id, a time.
            (
                "photos-123456789012 already exists",
                "photos-123456789012 already exists",
            ),
            ("Request ID: 123456789012abc", "Request ID: 123456789012abc"),
            ("at 1763682891421: é", "at 1763682891421: é"),
        ] {
            assert_eq!(without_accounts(text), clean);
        }
    }
}
