//! What the model of buckets, and of what is around them, writes and what it refuses.

use iac::cfn::{List, Parameter, Stack};
use iac::parts::{Cdn, CdnDomain, Lifecycle};
use iac::resources::cloudfront::PlainHttp;
use iac::resources::s3::{Aging, Bucket, Prefix, Rule, StorageClass};
use iac::stacks::{SingleBucket, UploadEvents};
use lambda::upload::MAX_UPLOAD_BYTES;
use serde_json::{Value as Json, json};

fn rules(bucket: &Bucket) -> Result<Json, String> {
    let bucket = serde_json::to_value(bucket).map_err(|error| error.to_string())?;
    Ok(bucket["LifecycleConfiguration"]["Rules"].clone())
}

fn with(aging: Aging) -> Result<Json, String> {
    rules(&Bucket::private(7).with_rule(Rule::objects(aging)))
}

#[test]
fn what_is_moved_is_removed_later() {
    let aging = Aging::TransitionThenExpire {
        to: StorageClass::GlacierInstantRetrieval,
        after_days: 10,
        expire_days_later: 90,
    };
    assert_eq!(
        with(aging).expect("a rule")[1],
        json!({
            "Id": "Objects",
            "Status": "Enabled",
            "Transitions": [{ "StorageClass": "GLACIER_IR", "TransitionInDays": 10 }],
            "ExpirationInDays": 100,
        })
    );
    let versions = rules(&Bucket::private(7).versioned(aging)).expect("a rule");
    assert_eq!(
        versions[1],
        json!({
            "Id": "OldVersions",
            "Status": "Enabled",
            "NoncurrentVersionTransitions": [{ "StorageClass": "GLACIER_IR", "TransitionInDays": 10 }],
            "NoncurrentVersionExpiration": { "NoncurrentDays": 100 },
            "ExpiredObjectDeleteMarker": true,
        })
    );
}

#[test]
fn days_that_s3_refuses_are_refused() {
    let moved = |to, after_days| with(Aging::Transition { to, after_days });
    for class in [StorageClass::StandardIa, StorageClass::OneZoneIa] {
        let problem = moved(class, 29).expect_err("too early");
        assert!(
            problem.contains("after 29 days, and S3 takes 30 or more"),
            "{problem}"
        );
        moved(class, 30).expect("a rule");
    }
    moved(StorageClass::IntelligentTiering, 1).expect("a rule");
    moved(StorageClass::IntelligentTiering, 0).expect_err("no day");
    with(Aging::Expire { after_days: 0 }).expect_err("no day");
    rules(&Bucket::private(0)).expect_err("no day");
    with(Aging::TransitionThenExpire {
        to: StorageClass::IntelligentTiering,
        after_days: 5,
        expire_days_later: 0,
    })
    .expect_err("on one day");
}

#[test]
fn rules_about_the_same_objects_are_refused() {
    let keep = Aging::Expire { after_days: 30 };
    let under = |prefix| Rule::objects(keep).under(&Prefix::new(prefix).expect("a prefix"));
    let both = |one, other| rules(&Bucket::private(7).with_rule(one).with_rule(other));
    assert_eq!(
        both(under("a/"), under("a/b/")).expect_err("one in the other"),
        "the lifecycle rules `Objects a/` and `Objects a/b/` are about the same objects"
    );
    both(Rule::objects(keep), under("a/")).expect_err("all and some");
    both(under("a/"), under("b/")).expect("two rules");
    both(under("a/"), under("ab/")).expect("two rules");
}

#[test]
fn a_stack_says_which_of_its_rules_s3_would_refuse() {
    let mut stack = Stack::new("test", "A test");
    let lifecycle = Lifecycle {
        objects: Some(Aging::Expire { after_days: 0 }),
        ..Lifecycle::results()
    };
    stack.add("Bucket", lifecycle.bucket());
    let error = stack.build().expect_err("a rule that S3 refuses");
    assert_eq!(
        error.problems[0].to_string(),
        "`Bucket` cannot be written: removes objects after 0 days: give one or more"
    );
}

#[test]
fn old_versions_are_kept_only_where_it_is_said_for_how_long() {
    let versioning = |bucket: Bucket| {
        serde_json::to_value(bucket).expect("a bucket")["VersioningConfiguration"].clone()
    };
    assert_eq!(versioning(Lifecycle::originals().bucket()), Json::Null);
    let kept = Lifecycle {
        old_versions: Some(Aging::Expire { after_days: 1 }),
        ..Lifecycle::originals()
    };
    assert_eq!(versioning(kept.bucket()), json!({ "Status": "Enabled" }));
}

#[test]
fn a_list_with_a_comma_in_an_item_is_refused() {
    let build = |items: &[&str]| {
        let mut stack = Stack::new("test", "A test");
        stack.add("Bucket", Bucket::private(1));
        let default = items.iter().copied().collect::<List>();
        stack.parameter("Names", Parameter::list("Names").default(default));
        stack.build()
    };
    let template = build(&["a", "b"]).expect("a stack");
    assert_eq!(template.document()["Parameters"]["Names"]["Default"], "a,b");
    let error = build(&["a,b"]).expect_err("two in one");
    assert!(error.to_string().contains("`a,b` holds a comma"), "{error}");
}

#[test]
fn the_folders_of_one_bucket_stand_in_its_rules_filter_and_api() {
    let stack = SingleBucket {
        uploads: Prefix::new("in/").expect("a prefix"),
        processed: Prefix::new("out/").expect("a prefix"),
        results: Some(Aging::Expire { after_days: 9 }),
        ..SingleBucket::default()
    };
    let text = stack.template().expect("a stack").to_yaml();
    for expected in [
        "Prefix: in/",
        "Prefix: out/",
        "Value: in/",
        "/in/{key}",
        "OUTPUT_PREFIX: out/",
    ] {
        assert!(text.contains(expected), "{expected}");
    }
    assert!(!text.contains("uploads/") && !text.contains("processed/"));
}

#[test]
fn a_distribution_is_https_only_and_the_one_reader_of_a_private_bucket() {
    let template = |cdn| {
        let stack = UploadEvents {
            cdn: Some(cdn),
            ..UploadEvents::default()
        };
        stack.template().expect("a stack").document().clone()
    };
    let cdn =
        |template: &Json| template["Resources"]["Cdn"]["Properties"]["DistributionConfig"].clone();
    let plain = template(Cdn::default());
    let own = template(Cdn {
        plain_http: PlainHttp::Refuse,
        domain: CdnDomain::Own,
    });
    let behavior = |template: &Json| cdn(template)["DefaultCacheBehavior"].clone();
    assert_eq!(
        behavior(&plain)["ViewerProtocolPolicy"],
        "redirect-to-https"
    );
    assert_eq!(behavior(&own)["ViewerProtocolPolicy"], "https-only");
    assert_eq!(behavior(&plain)["Compress"], true);
    assert_eq!(
        cdn(&own)["ViewerCertificate"],
        json!({
            "AcmCertificateArn": { "Ref": "CdnCertificateArn" },
            "MinimumProtocolVersion": "TLSv1.2_2021",
            "SslSupportMethod": "sni-only",
        })
    );
    let headers = &plain["Resources"]["CdnHeaders"]["Properties"]["ResponseHeadersPolicyConfig"];
    assert_eq!(
        headers["SecurityHeadersConfig"]["ContentTypeOptions"],
        json!({ "Override": true })
    );
    let policy = &plain["Resources"]["ResizedBucketPolicy"]["Properties"]["PolicyDocument"];
    let statements = policy["Statement"].as_array().unwrap();
    assert_eq!(statements.len(), 2);
    assert_eq!(statements[0]["Effect"], "Deny");
    assert_eq!(
        statements[1],
        json!({
            "Sid": "ReadByDistribution",
            "Effect": "Allow",
            "Principal": { "Service": "cloudfront.amazonaws.com" },
            "Action": ["s3:GetObject"],
            "Resource": [{ "Fn::Sub": "${ResizedBucket.Arn}/${OutputPrefix}*" }],
            "Condition": { "StringEquals": { "aws:SourceArn": {
                "Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Cdn}",
            } } },
        })
    );
    let origin = &cdn(&plain)["Origins"][0];
    assert_eq!(
        origin["OriginAccessControlId"],
        json!({ "Ref": "CdnAccess" })
    );
}

#[test]
fn what_the_function_that_signs_would_refuse_is_refused() {
    let default = UploadEvents::default;
    #[rustfmt::skip]
    let wrong = [
        (UploadEvents { max_upload_bytes: 0, ..default() }, "max_upload_bytes"),
        (UploadEvents { max_upload_bytes: MAX_UPLOAD_BYTES + 1, ..default() }, "max_upload_bytes"),
        (UploadEvents { url_expires_seconds: 0, ..default() }, "url_expires_seconds"),
        (UploadEvents { url_expires_seconds: 43_201, ..default() }, "url_expires_seconds"),
    ];
    for (options, subject) in wrong {
        let error = options.template().expect_err(subject);
        assert_eq!(error.problems[0].subject, subject, "{error}");
    }
}

#[test]
fn results_that_would_be_originals_again_are_refused() {
    let stack = |uploads, processed| {
        let prefix = |text| Prefix::new(text).expect("a prefix");
        let options = SingleBucket {
            uploads: prefix(uploads),
            processed: prefix(processed),
            ..SingleBucket::default()
        };
        options.template().map_err(|error| error.to_string())
    };
    for (uploads, processed) in [("a/", "a/"), ("a/", "a/b/"), ("a/b/", "a/")] {
        let error = stack(uploads, processed).expect_err("a loop");
        assert!(
            error.contains(uploads) && error.contains(processed),
            "{error}"
        );
    }
    stack("a/", "ab/").expect("two folders");
}
