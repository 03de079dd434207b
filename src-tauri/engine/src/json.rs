//! JSON from the network, read within a bound.
//!
//! A value of JSON takes many times its text in memory: an object with one member takes some 700 bytes for the six that
//! `{"":0}` has. So the tree that is built is bounded by what it will take, whatever the text is, and what did not fit is
//! counted in a member of its own ([`LEFT_OUT`]), which is shown like any other claim.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The member that tells how many values and members were left out of a document.
pub(crate) const LEFT_OUT: &str = "(left out by Rolecall)";

/// What the tree of one document may take, in bytes, beside its texts, which never take more than the document has.
const BUDGET: usize = 8 * 1024 * 1024;
/// What an item of a list takes, with the room a growing list keeps; a text has an allocation of its own besides.
const ITEM: usize = 96;
/// What an object takes before its members: a node of the tree has room for eleven.
const OBJECT: usize = 704;
/// What a further member of an object takes.
const MEMBER: usize = 96;
/// How many single values at the root are read when the budget is spent.
const ROOT_MEMBERS: usize = 500;

/// Reads an object, at most as much of it as fits.
pub(crate) fn object(text: &[u8]) -> Option<Map<String, Value>> {
    let Value::Object(mut members) = value(text)? else { return None };
    Some(std::mem::take(&mut members))
}

/// Reads any value, at most as much of it as fits.
pub(crate) fn value(text: &[u8]) -> Option<Value> {
    let budget = Budget::default();
    let mut value = value_within(text, &budget)?;
    if let Value::Object(members) = &mut value
        && budget.dropped.get() > 0
    {
        tracing::warn!(left_out = budget.dropped.get(), "an answer of the provider is larger than is read");
        members.insert(LEFT_OUT.into(), budget.dropped.get().into());
    }
    Some(value)
}

/// Reads any value within a budget that it shares with others.
pub(crate) fn value_within(text: &[u8], budget: &Budget) -> Option<Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Bounded { budget, depth: 0 }.deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    Some(value)
}

/// What may still be taken by the trees that are read.
pub(crate) struct Budget {
    left: Cell<usize>,
    for_root: Cell<usize>,
    dropped: Cell<usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: Cell::new(BUDGET), for_root: Cell::new(ROOT_MEMBERS), dropped: Cell::new(0) }
    }
}

impl Budget {
    /// How many values and members did not fit.
    pub(crate) fn dropped(&self) -> usize {
        self.dropped.get()
    }

    /// Takes so many bytes. When they are not there the rest is given up: it is too little for anything of use.
    fn reserve(&self, bytes: usize) -> bool {
        let left = self.left.get().checked_sub(bytes);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Takes a member of the root from what is kept back for the few that matter wherever they are, such as `sub`.
    fn reserve_at_root(&self) -> bool {
        let left = self.for_root.get().checked_sub(1);
        self.for_root.set(left.unwrap_or(0));
        left.is_some()
    }

    fn drop_one(&self) {
        self.dropped.set(self.dropped.get() + 1);
    }
}

#[derive(Clone, Copy)]
struct Bounded<'b> {
    budget: &'b Budget,
    depth: usize,
}

impl Bounded<'_> {
    /// The same, one level down. Recursion is bounded by the parser, at 128 levels.
    const fn inside(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while self.budget.reserve(ITEM) {
            match items.next_element_seed(self.inside())? {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
        while items.next_element::<IgnoredAny>()?.is_some() {
            self.budget.drop_one();
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        let mut fits = self.budget.reserve(OBJECT);
        while fits && self.budget.reserve(MEMBER) {
            let Some(name) = items.next_key::<String>()? else { return Ok(Value::Object(members)) };
            members.insert(name, items.next_value_seed(self.inside())?);
            fits = self.budget.left.get() > 0;
        }
        while self.depth == 0 && self.budget.reserve_at_root() {
            let Some(name) = items.next_key::<String>()? else { return Ok(Value::Object(members)) };
            match items.next_value_seed(self.inside())? {
                // Cut to nothing; it would look like an empty one.
                Value::Array(_) | Value::Object(_) => self.budget.drop_one(),
                single => {
                    members.insert(name, single);
                }
            }
        }
        while items.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            self.budget.drop_one();
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_read_as_it_stands() {
        for text in [r#"{"a":[1,-2,2.5,"x",null,true,{"b":{}}],"c":"\u00e4"}"#, "{}", "[]", "3", "\"x\""] {
            assert_eq!(value(text.as_bytes()), serde_json::from_str(text).ok(), "{text}");
        }
        for text in ["", "{", "{\"a\":1} x", "[1,]", "nul", &"[".repeat(200)] {
            assert_eq!(value(text.as_bytes()), None, "{text}");
        }
        assert_eq!(object(b"[]"), None);
    }

    #[test]
    fn doc_1_what_does_not_fit_is_left_out_and_counted() {
        let objects = format!("{{\"roles\":[{}0],\"sub\":\"1\"}}", "{\"\":0},".repeat(100_000));
        let claims = object(objects.as_bytes()).unwrap();
        let kept = claims["roles"].as_array().unwrap().len();
        assert!(kept < 12_000, "{kept}");
        assert_eq!(claims["sub"], "1", "what matters is read wherever it stands");
        assert!(claims[LEFT_OUT].as_u64().unwrap() >= 88_000);

        let groups: Vec<String> = (0..10_000).map(|number| format!("/company/department/team-{number}")).collect();
        let text = serde_json::json!({"sub": "1", "groups": groups}).to_string();
        let claims = object(text.as_bytes()).unwrap();
        assert!(claims["groups"].as_array().unwrap().len() == 10_000 && !claims.contains_key(LEFT_OUT));
    }
}
