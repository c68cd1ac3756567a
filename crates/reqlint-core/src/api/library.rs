//! The files of a description, whose parts refer to each other.

use crate::rule::load::fields::Text;
use crate::rule::load::mistakes::{Mistakes, expected};
use crate::rule::node::{self, Entry, Node, Value};
use std::borrow::Cow;
use std::collections::HashMap;

/// How many files a description may be made of.
const MAX_FILES: usize = 1000;
/// Mappings with more keys than this are searched by hash.
const LARGE: usize = 16;

/// All files of a description.
#[derive(Debug)]
pub(super) struct Library {
    pub(super) files: Vec<File>,
}

/// A file of a description.
#[derive(Debug)]
pub(super) struct File {
    /// Relative to the folder of the first file, with `/`.
    pub(super) path: String,
    /// None where it is no YAML.
    root: Option<Node>,
}

/// A node, and which file it is in.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'d> {
    pub(super) file: usize,
    pub(super) node: &'d Node,
}

impl<'d> At<'d> {
    /// The value of a key.
    pub(super) fn get(self, key: &str) -> Option<At<'d>> {
        self.node.get(key).map(|node| At { node, ..self })
    }

    /// Another node of the same file.
    pub(super) fn beside(self, node: &'d Node) -> At<'d> {
        At { node, ..self }
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(self) -> impl Iterator<Item = At<'d>> {
        let items = self.node.items().unwrap_or_default();
        items.iter().map(move |node| At { node, ..self })
    }

    /// The keys with values; none of anything but a mapping.
    pub(super) fn entries(self) -> &'d [Entry] {
        self.node.mapping().map(|mapping| mapping.entries.as_slice()).unwrap_or_default()
    }
}

impl Library {
    /// Reads the file `path`, and those that it refers to. `read` gives the text of a path.
    pub(super) fn read(
        path: &str,
        text: &str,
        read: &mut dyn FnMut(&str) -> Option<String>,
    ) -> (Library, Vec<Mistakes>) {
        let (root, mistakes) = node::read(text);
        let mut library = Library { files: vec![File { path: path.to_owned(), root }] };
        let mut all = vec![Mistakes::new(mistakes)];
        let mut next = 0;
        while next < library.files.len() {
            let wanted = library.references_of(next);
            for path in wanted {
                if library.number(&path).is_some() || library.files.len() >= MAX_FILES {
                    continue;
                }
                if let Some(text) = read(&path) {
                    let (root, mistakes) = node::read(&text);
                    library.files.push(File { path, root });
                    all.push(Mistakes::new(mistakes));
                }
            }
            next += 1;
        }
        (library, all)
    }

    fn number(&self, path: &str) -> Option<usize> {
        self.files.iter().position(|file| file.path == path)
    }

    pub(super) fn root(&self, file: usize) -> Option<At<'_>> {
        self.files[file].root.as_ref().map(|node| At { file, node })
    }

    /// The paths of other files that a file refers to.
    fn references_of(&self, file: usize) -> Vec<String> {
        let mut paths = Vec::new();
        let mut nodes: Vec<&Node> = self.files[file].root.iter().collect();
        while let Some(node) = nodes.pop() {
            match &node.value {
                Value::Sequence(items) => nodes.extend(items),
                Value::Mapping(mapping) => {
                    for entry in &mapping.entries {
                        nodes.push(&entry.value);
                        if entry.key == "$ref"
                            && let Some(path) = entry.value.text().and_then(|text| {
                                self.path_of(file, text.split('#').next().unwrap_or_default())
                            })
                            && !paths.contains(&path)
                        {
                            paths.push(path);
                        }
                    }
                }
                Value::Scalar(_) => {}
            }
        }
        paths
    }

    /// The path of a file that another one names; none where it is itself, or no file.
    fn path_of(&self, from: usize, name: &str) -> Option<String> {
        if name.is_empty() || is_remote(name) {
            return None;
        }
        let name = percent_decoded(name);
        let mut parts: Vec<&str> = match name.starts_with('/') {
            true => Vec::new(),
            false => {
                let parts = self.files[from].path.split('/');
                let mut parts: Vec<&str> = parts.collect();
                parts.pop();
                parts
            }
        };
        for part in name.split('/') {
            match part {
                "" | "." => {}
                ".." if parts.last().is_some_and(|last| *last != "..") => {
                    parts.pop();
                }
                other => parts.push(other),
            }
        }
        let root = if name.starts_with('/') { "/" } else { "" };
        Some(format!("{root}{}", parts.join("/")))
    }
}

/// Whether a reference names something that would have to be fetched.
pub(super) fn is_remote(name: &str) -> bool {
    name.contains("://") || name.starts_with("urn:")
}

/// Where references lead. Each is followed once.
#[derive(Debug)]
pub(super) struct Links<'d> {
    library: &'d Library,
    followed: HashMap<(usize, &'d str), Option<At<'d>>>,
    large: HashMap<*const Node, HashMap<&'d str, usize>>,
}

impl<'d> Links<'d> {
    pub(super) fn new(library: &'d Library) -> Self {
        Links { library, followed: HashMap::new(), large: HashMap::new() }
    }

    /// What a reference in a file refers to.
    pub(super) fn follow(
        &mut self,
        file: usize,
        reference: &Text<'d>,
        mistakes: &mut Mistakes,
    ) -> Option<At<'d>> {
        let key = (file, reference.text);
        if let Some(known) = self.followed.get(&key) {
            return *known;
        }
        let found = self.find(file, reference, mistakes);
        self.followed.insert(key, found);
        found
    }

    fn find(
        &mut self,
        file: usize,
        reference: &Text<'d>,
        mistakes: &mut Mistakes,
    ) -> Option<At<'d>> {
        let (name, pointer) = reference.text.split_once('#').unwrap_or((reference.text, ""));
        let target = match self.library.path_of(file, name) {
            None if is_remote(name) => return None,
            None => file,
            Some(path) => match self.library.number(&path) {
                Some(number) => number,
                None => {
                    let message =
                        format!("`{}` refers to a file that is not there", reference.text);
                    let help = format!("put `{path}` beside the description, or mend the path");
                    mistakes.add(reference.span, message, help);
                    return None;
                }
            },
        };
        let mut at = self.library.root(target)?;
        if !pointer.is_empty() && !pointer.starts_with('/') {
            let found = find_anchor(at.node, pointer);
            if found.is_none() {
                let message = format!("`{}` refers to nothing", reference.text);
                let help = "write the way to it, as `#/components/schemas/Name`";
                mistakes.add(reference.span, message, help);
            }
            return found.map(|node| at.beside(node));
        }
        for step in pointer.split('/').skip(1) {
            let name = unescape(step);
            let next = match at.node.items() {
                Some(items) => name.parse().ok().and_then(|index: usize| items.get(index)),
                None => self.child(at.node, &name),
            };
            let Some(next) = next else {
                let keys: Vec<&str> = at.entries().iter().map(|e| e.key.as_str()).collect();
                let message =
                    format!("`{}` refers to nothing: there is no `{name}`", reference.text);
                mistakes.add(reference.span, message, expected(&name, &keys));
                return None;
            };
            at = at.beside(next);
        }
        Some(at)
    }

    /// The value of a key, found by hash where there are many.
    fn child(&mut self, node: &'d Node, name: &str) -> Option<&'d Node> {
        let mapping = node.mapping()?;
        if mapping.entries.len() <= LARGE {
            return mapping.get(name);
        }
        let index = self.large.entry(std::ptr::from_ref(node)).or_insert_with(|| {
            let numbered = mapping.entries.iter().enumerate();
            numbered.map(|(number, entry)| (entry.key.as_str(), number)).collect()
        });
        index.get(name).map(|number| &mapping.entries[*number].value)
    }
}

/// The schema with that `$anchor`.
fn find_anchor<'d>(root: &'d Node, name: &str) -> Option<&'d Node> {
    let mut nodes = vec![root];
    while let Some(node) = nodes.pop() {
        match &node.value {
            Value::Sequence(items) => nodes.extend(items),
            Value::Mapping(mapping) => {
                if node.get("$anchor").and_then(Node::text) == Some(name) {
                    return Some(node);
                }
                nodes.extend(mapping.entries.iter().map(|entry| &entry.value));
            }
            Value::Scalar(_) => {}
        }
    }
    None
}

/// A step of a JSON Pointer in a URI fragment (RFC 6901, section 6).
fn unescape(step: &str) -> String {
    let decoded: Cow<'_, str> = percent_decoded(step);
    decoded.replace("~1", "/").replace("~0", "~")
}

fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digit =
            |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match (first, tail) {
            (b'%', [high, low, after @ ..]) if digit(*high).zip(digit(*low)).is_some() => {
                let (high, low) = digit(*high).zip(digit(*low)).unwrap_or_default();
                bytes.push(high * 16 + low);
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}
