//! Free text leaves the command for salted commitments; text and salt lie beside the log and can be erased.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::command::Command;
use crate::id::{FieldId, PersonId};
use crate::policy::{Column, FreeText, Kind, Policy};
use crate::value::{Digest, Value, Words};

use super::Sealed;

/// SHA-256 over the salt's 16 bytes and the text's UTF-8. One salt a value, so that equal texts do not look equal.
#[must_use]
pub fn commitment(salt: [u8; 16], text: &str) -> Digest {
    Digest(
        Sha256::new()
            .chain_update(salt)
            .chain_update(text)
            .finalize()
            .into(),
    )
}

/// What a text sealed with `salt`, in hexadecimal, comes to; none where that is no salt.
pub(super) fn commitment_of(sealed: &Sealed) -> Option<Digest> {
    let hex: Digest = format!("{:0<64}", sealed.salt)
        .parse()
        .ok()
        .filter(|_| sealed.salt.len() == 32)?;
    let (salt, _) = hex.0.split_first_chunk::<16>()?;
    Some(commitment(*salt, &sealed.text))
}

/// Takes the texts out of a command.
struct Sealer<'a> {
    by: &'a PersonId,
    salts: &'a mut dyn FnMut() -> [u8; 16],
    values: BTreeMap<Digest, Sealed>,
}

/// A command without its free text, and the texts by their commitments. Blank text holds nothing and stays.
pub fn seal(
    policy: &Policy,
    command: Command,
    by: &PersonId,
    salts: &mut dyn FnMut() -> [u8; 16],
) -> (Command, BTreeMap<Digest, Sealed>) {
    let mut sealer = Sealer {
        by,
        salts,
        values: BTreeMap::new(),
    };
    let command = sealer.command(policy, command);
    (command, sealer.values)
}

impl Sealer<'_> {
    fn command(&mut self, policy: &Policy, mut command: Command) -> Command {
        for (field, value) in command.values_mut() {
            self.field(policy, field, value);
        }
        for words in command.words_mut() {
            self.words(words);
        }
        command
    }

    fn field(&mut self, policy: &Policy, id: &FieldId, value: &mut Value) {
        if let Some(field) = policy.field(id.as_str()) {
            self.value(&field.kind, value);
        }
    }

    fn value(&mut self, kind: &Kind, value: &mut Value) {
        match kind.free_text() {
            FreeText::Nowhere => {}
            FreeText::Everywhere => self.whole(value),
            FreeText::InColumns(columns) => {
                if let Value::List(rows) = value {
                    rows.iter_mut().for_each(|row| self.row(&columns, row));
                }
            }
        }
    }

    /// Every text of a value.
    fn whole(&mut self, value: &mut Value) {
        match value {
            Value::Text(text) => {
                if !text.trim().is_empty() {
                    *value = Value::Sealed(self.text(std::mem::take(text)));
                }
            }
            Value::List(items) => items.iter_mut().for_each(|item| self.whole(item)),
            Value::Row(cells) => cells.values_mut().for_each(|cell| self.whole(cell)),
            Value::Flag(_) | Value::Number(_) | Value::Sealed(_) => {}
        }
    }

    fn row(&mut self, columns: &[Column], row: &mut Value) {
        let Value::Row(cells) = row else { return };
        for column in columns {
            if let Some(cell) = cells.get_mut(&column.id) {
                self.value(&column.kind, cell);
            }
        }
    }

    fn words(&mut self, words: &mut Words) {
        if let Words::Plain(text) = words
            && !text.trim().is_empty()
        {
            *words = Words::Sealed(self.text(std::mem::take(text)));
        }
    }

    fn text(&mut self, text: String) -> Digest {
        let salt = (self.salts)();
        let digest = commitment(salt, &text);
        let hex = salt.iter().map(|byte| format!("{byte:02x}")).collect();
        self.values.insert(
            digest,
            Sealed {
                salt: hex,
                text,
                by: self.by.clone(),
            },
        );
        digest
    }
}

/// Puts the texts back into a value, as far as they are there.
pub(super) fn open_value(value: &mut Value, values: &BTreeMap<Digest, Sealed>) {
    match value {
        Value::Sealed(digest) => {
            if let Some(sealed) = values.get(digest) {
                *value = Value::Text(sealed.text.clone());
            }
        }
        Value::List(items) => items.iter_mut().for_each(|item| open_value(item, values)),
        Value::Row(cells) => cells.values_mut().for_each(|cell| open_value(cell, values)),
        Value::Flag(_) | Value::Number(_) | Value::Text(_) => {}
    }
}

/// Puts a text back, if it is there.
pub(super) fn open_words(words: &mut Words, values: &BTreeMap<Digest, Sealed>) {
    if let Words::Sealed(digest) = words
        && let Some(sealed) = values.get(digest)
    {
        *words = Words::Plain(sealed.text.clone());
    }
}

/// The commitments in a command.
pub(super) fn commitments(command: &Command) -> Vec<Digest> {
    let mut found = Vec::new();
    for (_, value) in command.values() {
        in_value(value, &mut found);
    }
    for words in command.words() {
        in_words(words, &mut found);
    }
    found
}

fn in_value(value: &Value, found: &mut Vec<Digest>) {
    match value {
        Value::Sealed(digest) => found.push(*digest),
        Value::List(items) => items.iter().for_each(|item| in_value(item, found)),
        Value::Row(cells) => cells.values().for_each(|cell| in_value(cell, found)),
        Value::Flag(_) | Value::Number(_) | Value::Text(_) => {}
    }
}

fn in_words(words: &Words, found: &mut Vec<Digest>) {
    match words {
        Words::Sealed(digest) => found.push(*digest),
        Words::Plain(_) => {}
    }
}

/// Whether a command brings commitments where words belong: only the core seals.
#[must_use]
pub(crate) fn is_sealed(command: &Command) -> bool {
    !commitments(command).is_empty()
}
