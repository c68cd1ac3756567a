//! What fixes make of files: permissions, links, read-only files, a death in between, many at once.

use super::support::{Folder, Run};
use super::{BASE, FIXED, WRONG, names, read, slow};
use std::fs;
use std::path::Path;

#[cfg(unix)]
#[test]
fn permissions_and_links_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new().with("real/a.sh", WRONG);
    let real = folder.path().join("real/a.sh");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o751)).expect("our own file");
    let link = folder.path().join("link.sh");
    symlink("real/a.sh", &link).expect("our own folder");
    folder.run(&["check", "--fix", "link.sh"]);
    assert_eq!(read(&folder, "real/a.sh"), FIXED);
    assert_eq!(fs::read_link(&link).expect("it is a link"), Path::new("real/a.sh"));
    assert_eq!(real.metadata().expect("our own file").permissions().mode() & 0o7777, 0o751);
    assert_eq!(names(&folder.path().join("real")), ["a.sh"]);
}

/// The file under the other name may belong to somebody else, such as a store of packages.
#[cfg(unix)]
#[test]
fn of_a_file_with_two_names_the_one_that_was_given_is_fixed() {
    let folder = Folder::new().with("a.sh", WRONG);
    let other = folder.path().join("other");
    fs::hard_link(folder.path().join("a.sh"), &other).expect("our own folder");
    folder.run(&["check", "--fix", "a.sh"]);
    assert_eq!((read(&folder, "a.sh"), read(&folder, "other")), (FIXED.into(), WRONG.into()));
    assert_eq!(names(folder.path()), ["a.sh", "other"]);
}

#[cfg(unix)]
#[test]
fn a_read_only_file_is_left_alone_and_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new().with("a.sh", WRONG).with("b.sh", WRONG);
    let path = folder.path().join("a.sh");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).expect("our own file");
    let run = folder.run(&["check", "--fix", "--format", "concise"]);
    assert_eq!((run.code(), read(&folder, "a.sh").as_str()), (2, WRONG));
    assert!(run.stderr().contains("a.sh: not fixed: the file is read-only"), "{}", run.stderr());
    assert_eq!(read(&folder, "b.sh"), FIXED);
    let lines = run.stdout();
    let about_a =
        |rule: &str| lines.lines().any(|line| line.starts_with("a.sh") && line.contains(rule));
    assert!(about_a("trailing-slash"), "{lines}");
}

/// How often the program is killed.
fn kills() -> u64 {
    if slow() { 60 } else { 8 }
}

#[cfg(unix)]
#[test]
fn whoever_is_killed_leaves_old_or_new() {
    let old = |number: usize| format!("{}# {number}\n", WRONG.repeat(20));
    let new = |number: usize| format!("{}# {number}\n", FIXED.repeat(20));
    let folder = Folder::new();
    let path = |number: usize| folder.path().join(format!("{number}.sh"));
    let fill = || (0..40).for_each(|number| fs::write(path(number), old(number)).expect("ours"));
    fill();
    let mut killed = 0;
    let started = std::time::Instant::now();
    folder.run(&["check", "--fix-only", "--quiet"]);
    let whole = started.elapsed();
    for kill in 0..kills() {
        fill();
        let mut child = folder.spawn(&["check", "--fix-only", "--quiet"]);
        // The golden ratio spreads the moments evenly, whatever their number.
        let part = (kill as f64 * 0.618_034).fract();
        std::thread::sleep(whole.mul_f64(part));
        child.kill().expect("our own child");
        killed += usize::from(!child.wait().expect("our own child").success());
        for number in 0..40 {
            let text = fs::read_to_string(path(number)).expect("our own file");
            assert!(text == old(number) || text == new(number), "{number} after kill {kill}");
        }
    }
    assert!(killed > 0, "no run was killed");
    folder.run(&["check", "--fix-only", "--quiet"]);
    let left = names(folder.path()).into_iter().filter(|name| !name.ends_with(".sh"));
    assert_eq!(left.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn many_files_at_once_are_fixed_as_one_by_one() {
    let text = |number: usize| {
        let line = format!("curl '{BASE}/products/?country=US&page={number}' # {number}\n");
        line.repeat(1 + number % 3)
    };
    let many = if slow() { 5000 } else { 500 };
    let folder = || {
        let folder = Folder::new();
        (0..many)
            .for_each(|n| fs::write(folder.path().join(format!("{n}.sh")), text(n)).expect("ours"));
        folder
    };
    let (all, one) = (folder(), folder());
    let fix = |folder: &Folder, threads: &str| -> Run {
        folder.run_with(&["check", "--fix", "--format", "json"], &[("RAYON_NUM_THREADS", threads)])
    };
    let (together, alone) = (fix(&all, "8"), fix(&one, "1"));
    assert_eq!(together.stdout(), alone.stdout());
    assert_eq!(together.stderr(), alone.stderr());
    for number in 0..many {
        let name = format!("{number}.sh");
        assert_eq!(read(&all, &name), text(number).replace("products/?", "products?"), "{name}");
        assert_eq!(read(&all, &name), read(&one, &name));
    }
    assert_eq!(names(all.path()).len(), many);
}
