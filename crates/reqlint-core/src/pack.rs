//! Packs: the rules for one API, with what they must know of it.

use crate::api::Api;
use crate::rule::page::Page;
use crate::rule::{Pattern, Rule, Scope, Tests};
use crate::symptom::Guide;
use serde::{Deserialize, Serialize};

/// A folder of rules with its `pack.yaml`, compiled.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pack {
    /// Unique among packs.
    pub name: String,
    /// Counts the changes of its meaning.
    pub version: u32,
    /// One line for lists.
    pub summary: String,
    /// The base of the API's own documentation.
    pub docs: Option<String>,
    /// The origins that it speaks about: `https://api.example.com`, without path. Empty: any.
    pub servers: Vec<String>,
    /// Prefixes of paths by which a request is known when its origin is not.
    pub paths: Vec<String>,
    /// What the server takes as not sent.
    pub blank_values: Vec<BlankValues>,
    /// Named tests.
    pub types: Vec<(String, Tests)>,
    /// What the API offers. Of a general pack: what the one of its examples offers.
    pub api: Option<Api>,
    /// Whether its rules are about every API with a description, and tried for each of them.
    pub general: bool,
    /// In the order of their ids.
    pub rules: Vec<Rule>,
}

impl Pack {
    /// A pack of an API description alone, for the general rules to be tried with.
    pub fn described(name: &str, api: Api) -> Self {
        Pack {
            name: name.to_owned(),
            version: 1,
            summary: api.title.clone(),
            docs: None,
            servers: api.servers.clone(),
            paths: api.prefixes(),
            blank_values: Vec::new(),
            types: Vec::new(),
            api: Some(api),
            general: false,
            rules: Vec::new(),
        }
    }

    /// Whether it is about any request, wherever it goes.
    pub fn speaks_about_all(&self) -> bool {
        self.servers.is_empty() && self.paths.is_empty()
    }
}

/// Values that a server takes as not sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BlankValues {
    /// For which operations.
    pub scope: Scope,
    /// Which values.
    pub is: Vec<Pattern>,
}

/// A pack with the pages of its rules, in the same order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DocumentedPack {
    /// What is evaluated.
    pub pack: Pack,
    /// What is read.
    pub pages: Vec<Page>,
    /// What it brings for explaining exchanges.
    pub guide: Guide,
}
