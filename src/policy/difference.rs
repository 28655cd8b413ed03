//! What one policy has otherwise than another, part by part, for the people who agree to it.

use serde::Serialize;

use super::Policy;
use crate::canonical;
use crate::wire::{Decode, Fault, Node};

/// The most parts that are named. More than anybody reads is said by the count.
const MOST: usize = 200;
/// The most characters that are shown of a part.
const SHOWN: usize = 2_000;

/// What one document has otherwise than another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Difference {
    /// The parts that differ, in order of the documents; at most 200.
    pub parts: Vec<Part>,
    /// How many more there are.
    pub more: u32,
}

/// One part that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Part {
    /// Where: a JSON Pointer into the new document; into the old one where it was taken out.
    ///
    /// # Source
    /// RFC 6901.
    pub at: String,
    /// The ids of what it stands in, from the outside in: what a reader knows it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
    /// What the old document has there, as JSON, cut at 2,000 characters; left out where it was not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What the new document has there, as JSON, cut at 2,000 characters; left out where it was taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What `new` has otherwise than `old`. What has an id is the same by its id, wherever it stands in its list.
///
/// # Errors
/// Where a policy has no JSON form.
pub fn difference(old: &Policy, new: &Policy) -> Result<Difference, Fault> {
    let tree = |policy: &Policy| Node::parse(&canonical::to_string(policy));
    let mut found = Difference::default();
    let mut place = Place::default();
    place.compare(&tree(old)?, &tree(new)?, &mut found);
    Ok(found)
}

/// Where the comparison stands.
#[derive(Default)]
struct Place {
    path: Vec<String>,
    within: Vec<String>,
}

impl Place {
    fn compare(&mut self, old: &Node, new: &Node, found: &mut Difference) {
        match (old, new) {
            (old, new) if old == new => {}
            (Node::Map(old), Node::Map(new)) => self.members(old, new, found),
            (Node::List(old), Node::List(new)) if are_named(old) && are_named(new) => {
                self.items(old, new, found);
            }
            (old, new) => self.note(Some(old), Some(new), found),
        }
    }

    fn members(&mut self, old: &[(String, Node)], new: &[(String, Node)], found: &mut Difference) {
        for (key, before) in old {
            match member(new, key) {
                Some(after) => self.at(key, None, |place| place.compare(before, after, found)),
                None => self.at(key, None, |place| place.note(Some(before), None, found)),
            }
        }
        for (key, after) in new.iter().filter(|(key, _)| member(old, key).is_none()) {
            self.at(key, None, |place| place.note(None, Some(after), found));
        }
    }

    fn items(&mut self, old: &[Node], new: &[Node], found: &mut Difference) {
        let of = |items: &[Node], id: &str| items.iter().position(|item| id_of(item) == Some(id));
        for (position, before) in old.iter().enumerate() {
            let id = id_of(before).unwrap_or_default();
            match of(new, id).and_then(|there| Some((there, new.get(there)?))) {
                Some((there, after)) => self.at(&there.to_string(), Some(id), |place| {
                    place.compare(before, after, found);
                }),
                None => self.at(&position.to_string(), Some(id), |place| {
                    place.note(Some(before), None, found);
                }),
            }
        }
        for (position, after) in new.iter().enumerate() {
            let id = id_of(after).unwrap_or_default();
            if of(old, id).is_none() {
                self.at(&position.to_string(), Some(id), |place| {
                    place.note(None, Some(after), found);
                });
            }
        }
        self.order(old, new, found);
    }

    /// Order counts where the first that matches decides.
    fn order(&mut self, old: &[Node], new: &[Node], found: &mut Difference) {
        let both = |these: &[Node], those: &[Node]| -> Vec<Node> {
            let ids = these.iter().filter_map(id_of);
            let kept = ids.filter(|id| those.iter().any(|other| id_of(other) == Some(*id)));
            kept.map(|id| Node::Text(id.to_owned())).collect()
        };
        let (before, after) = (both(old, new), both(new, old));
        if before != after {
            self.note(Some(&Node::List(before)), Some(&Node::List(after)), found);
        }
    }

    fn at(&mut self, key: &str, id: Option<&str>, look: impl FnOnce(&mut Self)) {
        self.path.push(key.replace('~', "~0").replace('/', "~1"));
        self.within.extend(id.map(str::to_owned));
        look(self);
        self.path.pop();
        if id.is_some() {
            self.within.pop();
        }
    }

    fn note(&self, before: Option<&Node>, after: Option<&Node>, found: &mut Difference) {
        if found.parts.len() >= MOST {
            found.more = found.more.saturating_add(1);
            return;
        }
        let at: String = self.path.iter().flat_map(|key| ["/", key]).collect();
        found.parts.push(Part {
            at,
            within: self.within.clone(),
            before: before.map(shown),
            after: after.map(shown),
        });
    }
}

fn member<'a>(members: &'a [(String, Node)], key: &str) -> Option<&'a Node> {
    let found = members.iter().find(|(known, _)| known == key);
    found.map(|(_, node)| node)
}

fn id_of(node: &Node) -> Option<&str> {
    let Node::Map(members) = node else {
        return None;
    };
    match member(members, "id") {
        Some(Node::Text(id)) => Some(id),
        Some(_) | None => None,
    }
}

/// Whether each has an id that no other has.
fn are_named(items: &[Node]) -> bool {
    let ids: Vec<_> = items.iter().map(id_of).collect();
    let once = |id: &Option<&str>| ids.iter().filter(|other| *other == id).count() == 1;
    ids.iter().all(|id| id.is_some() && once(id))
}

fn shown(node: &Node) -> String {
    let text = canonical::of_node(node);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
