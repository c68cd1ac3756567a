//! The word of a command that a decoded text stands in.

use super::{Codec, LayerId, Layers, Place};

impl Layers<'_> {
    /// The layer with the text of a word, and the word with its quotes, that a place was decoded
    /// from; `argv` where words are the strings of a JSON array.
    pub(crate) fn word_around(&self, place: Place, argv: bool) -> Option<(LayerId, Place)> {
        let mut place = place;
        while place.layer != LayerId::ROOT {
            let layer = place.layer;
            let origin = self.origin(layer);
            place = match self.codec(layer) {
                Codec::ShellWord | Codec::FishWord | Codec::PowerShellWord(_) => {
                    return Some((layer, origin));
                }
                Codec::JsonString if argv => return Some((layer, origin)),
                Codec::CmdWord => return Some((layer, self.parent_hull(origin)?)),
                // Of the texts of several words, the one that this part came from.
                Codec::Joined => self.parent_start(place)?,
                Codec::Foreign => return None,
                _ => origin,
            };
        }
        None
    }
}
