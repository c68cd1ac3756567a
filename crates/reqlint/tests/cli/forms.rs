//! Where requests live: what a search reads and passes over, comments that ask for silence, files of
//! environments, packed recordings, and what cannot be fixed.

use super::support::{Folder, Run};
use super::{RIGHT, WRONG};
use std::io::Write;
use std::path::Path;

fn lines(run: &Run) -> Vec<String> {
    run.stdout().lines().map(str::to_owned).collect()
}

#[test]
fn a_search_reads_what_runs_in_continuous_integration() {
    let workflow = format!("jobs:\n  a:\n    steps:\n      - run: |\n          {WRONG}");
    let folder = Folder::new()
        .with(".github/workflows/a.yml", &workflow)
        .with(".cache/b.sh", WRONG)
        .with("c.sh", RIGHT);
    let listed = lines(&folder.run(&["check", "--list-files"]));
    let names: Vec<&str> = listed.iter().filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(names, [".github/workflows/a.yml", "c.sh"]);
}

#[test]
fn a_search_passes_over_packs_of_rules() {
    let rule = format!("examples:\n  - bad: |\n      {WRONG}");
    let folder = Folder::new()
        .with("lint/pack.yaml", "name: shop\n")
        .with("lint/paging/page.yaml", &rule)
        .with("other.yaml", &rule);
    let run = folder.run(&["check", "-v", "--format", "concise"]);
    assert!(run.stderr().contains("page.yaml: passed over, it is of a pack of rules"));
    assert!(run.stdout().contains("other.yaml:") && !run.stdout().contains("page.yaml:"));
}

#[test]
fn comments_ask_for_silence() {
    let rule = "trailing-slash";
    for (name, text, reported) in [
        ("all.md", format!("<!-- reqlint-ignore -->\n\n```sh\n{WRONG}```\n"), false),
        (
            "named.md",
            format!("<!-- reqlint-ignore {rule}: on purpose -->\n```sh\n{WRONG}```\n"),
            false,
        ),
        (
            "pack.md",
            format!("> <!-- reqlint-ignore winninghunter -->\n> ```sh\n> {WRONG}> ```\n"),
            false,
        ),
        ("other.md", format!("<!-- reqlint-ignore smart-quotes -->\n```sh\n{WRONG}```\n"), true),
        (
            "after.md",
            format!("<!-- reqlint-ignore -->\n```sh\n{RIGHT}```\n```sh\n{WRONG}```\n"),
            true,
        ),
        ("text.md", format!("Write reqlint-ignore.\n```sh\n{WRONG}```\n"), true),
        ("component.mdx", format!("{{/* reqlint-ignore */}}\n```sh\n{WRONG}```\n"), false),
        ("a.sh", format!("# reqlint-ignore {rule}\n{WRONG}\n{RIGHT}"), false),
        ("two.sh", format!("# reqlint-ignore {rule}\n{WRONG}{WRONG}"), true),
        ("b.sh", format!("{} # reqlint-ignore: on purpose\n", WRONG.trim()), false),
        ("c.sh", format!("# reqlint-ignore\n{RIGHT}\n{WRONG}"), true),
        ("d.yaml", format!("# reqlint-ignore\nrun: |\n\n  {WRONG}\nother: 1\n"), false),
        ("e.adoc", format!("// reqlint-ignore\n[source,sh]\n----\n{WRONG}\n----\n"), false),
        ("f.rst", format!(".. reqlint-ignore\n\n.. code-block:: sh\n\n   {WRONG}\n"), false),
        ("whole.md", format!("<!-- reqlint-ignore-file -->\n\n```sh\n{WRONG}```\n"), false),
    ] {
        let folder = Folder::new().with(name, &text);
        let run = folder.run(&["check", "--select", rule, "--format", "concise", name]);
        assert_eq!(run.stdout().contains(rule), reported, "{name}: {}", run.stdout());
    }
}

#[test]
fn environments_are_read_where_files_are() {
    let request = "GET {{base}}/tiktok-shop/products/?country={{country}}\n";
    let environments = r#"{
        "$shared": {"base": "https://app.winninghunter.com/api/v1"},
        "dev": {"country": "US"}, "live": {"country": "DE"}}"#;
    let folder = Folder::new()
        .with("reqlint.toml", "")
        .with("http-client.env.json", environments)
        .with("api/list.http", request);
    let parsed = folder.run(&["parse", "--resolve-files", "api/list.http"]).stdout();
    assert!(parsed.contains("https://app.winninghunter.com/api/v1/tiktok-shop/products/"));
    // Two environments have two values, so it is not certain.
    assert!(parsed.contains("{{country}}"), "{parsed}");
    assert!(!folder.run(&["parse", "api/list.http"]).stdout().contains("app.winninghunter.com"));
}

#[test]
fn recordings_say_that_they_cannot_be_fixed() {
    let line = "127.0.0.1 - - [14/Jan/2026:12:00:00 +0000] \"GET https://app.winninghunter.com/api/v1/tiktok-shop/products/?country=US HTTP/1.1\" 200 17 \"-\" \"-\"\n";
    let folder = Folder::new().with("access.log", line);
    let run = folder.run(&["check", "--fix", "access.log"]);
    assert!(
        run.stderr().contains(
            "access.log: recordings and logs tell what was sent, so they cannot be fixed"
        ),
        "{}",
        run.stderr()
    );
    assert_eq!(std::fs::read_to_string(folder.path().join("access.log")).expect("ours"), line);
    assert!(!folder.run(&["check", "access.log"]).stderr().contains("cannot be fixed"));
}

/// A zstd frame (RFC 8878) of one block that is not compressed.
fn zstd(text: &str) -> Vec<u8> {
    let size = u32::try_from(text.len()).expect("a short text");
    // One segment, with its size in four bytes; then the last block, raw.
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000];
    frame.extend(size.to_le_bytes());
    frame.extend(&((size << 3) | 1).to_le_bytes()[..3]);
    frame.extend(text.as_bytes());
    frame
}

#[test]
fn packed_files_are_read_as_they_are() {
    let exchange = |page: usize| {
        format!(
            "{{\"time\": {}, \"request\": {{\"method\": \"GET\", \"url\": \"https://app.winninghunter.com/api/v1/tiktok-shop/products/?country=US&page={page}\"}}, \"response\": {{\"status\": 200}}}}\n",
            1_768_392_000 + page
        )
    };
    let text: String = (0..40).map(exchange).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text.as_bytes()).expect("in memory");
    let (first, second) = text.split_at(exchange(0).len() * 7);
    let two_frames = [zstd(first), zstd(second)].concat();
    let folder = Folder::new()
        .with("plain.ndjson", &text)
        .with_bytes("a.ndjson.gz", &gzip.finish().expect("in memory"))
        .with_bytes("b.ndjson.zst", &zstd(&text))
        .with_bytes("c.ndjson.zst", &two_frames);
    let said = |name: &str| {
        let run = folder.run(&["check", "--format", "concise", name]);
        run.stdout().replace(name, "plain.ndjson")
    };
    let plain = said("plain.ndjson");
    assert_eq!(plain.lines().filter(|line| line.contains("trailing-slash")).count(), 40, "{plain}");
    for name in ["a.ndjson.gz", "b.ndjson.zst", "c.ndjson.zst"] {
        assert_eq!(said(name), plain, "{name}");
    }
    // What is cut off is said, and is not taken for the end.
    let cut = folder.with_bytes("d.ndjson.zst", &zstd(&text)[..200]);
    assert_eq!(cut.run(&["check", "d.ndjson.zst"]).code(), 2);
    assert!(cut.run(&["check", "--fix", "b.ndjson.zst"]).stderr().contains("cannot be fixed"));
}

/// A log that is read in parts, in which the same times come once more.
#[test]
fn times_that_go_back_are_no_trouble() {
    let agent = "x".repeat(4000);
    let call = |at: usize| {
        format!(
            "{{\"time\": {}, \"method\": \"GET\", \"url\": \"https://app.winninghunter.com/api/v1/tiktok-shop/products/explore?country=US&page={}\", \"status\": 200, \"headers\": {{\"X-API-Key\": \"wh_k\"}}, \"agent\": \"{agent}\"}}\n",
            1_768_392_000 + at / 4,
            at + 1
        )
    };
    let block: String = (0..900).map(call).collect();
    let folder = Folder::new().with("calls.ndjson", &block.repeat(3));
    let run = folder.run(&["check", "--format", "concise", "calls.ndjson"]);
    assert!(run.stdout().contains("request-burst"), "{} {}", run.stdout(), run.stderr());
}

#[test]
fn what_only_mentions_a_client_is_no_mistake() {
    let folder = Folder::new()
        .with("notes.txt", "We use curl for all of it, and wget where there is none.\n")
        .with("notes.md", "Call `curl` or `http`.\n\n```sh\ncommand -v curl\n```\n")
        .with("setup.sh", "#!/bin/sh\napt-get install curl wget\ncommand -v http\n");
    let run = folder.run(&["check", "-v", "notes.txt", "notes.md", "setup.sh"]);
    assert_eq!((run.code(), run.stdout().lines().count()), (0, 0), "{}", run.stdout());
    assert!(
        run.stderr().contains("notes.md: passed over, it holds no request"),
        "{}",
        run.stderr()
    );
}

/// What goes wrong on purpose says so.
#[test]
fn this_repository_is_clean_outside_of_its_fixtures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_reqlint"))
        .current_dir(root)
        .args([
            "check",
            "--isolated",
            "--format",
            "concise",
            "README.md",
            "CHANGELOG.md",
            "docs",
            "crates",
            "rules",
        ])
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
}
