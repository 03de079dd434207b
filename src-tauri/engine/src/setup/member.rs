use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::{Plan, write};
use crate::problem::{Code, Problem, Result};

/// The change that sets a member of an object in a JSON file, or takes it out where it has this value. Every other member
/// keeps its value; their order and the layout of the file may change.
pub(super) fn plan(file: PathBuf, path: &[&str; 2], value: &Value, remove: bool) -> Result<Plan> {
    let [object, name] = *path;
    let unusable = |what: &str| Problem::new(Code::BadSetting, format!("{} {what}", file.display()));
    let before = write::read(&file)?.unwrap_or_default();
    let mut whole: Map<String, Value> = if before.trim().is_empty() {
        Map::new()
    } else {
        serde_json::from_str(&before).map_err(|_| unusable("is not a JSON object; mend it first"))?
    };
    let shown = json!({ object: { name: value } });
    let mut members = match whole.get(object) {
        None => Map::new(),
        Some(Value::Object(members)) => members.clone(),
        Some(_) => return Err(unusable(&format!("has something else than an object under {object}"))),
    };
    let is_there = members.get(name) == Some(value);
    let done = if remove { !is_there } else { is_there };
    if remove {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), value.clone());
    }
    if members.is_empty() {
        whole.remove(object);
    } else {
        whole.insert(object.to_owned(), Value::Object(members));
    }
    let after = if done { before.clone() } else { format!("{}\n", pretty(&Value::Object(whole))) };
    Ok(Plan::text(file, format!("{}\n", pretty(&shown)), &before, after))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_comes_and_goes_and_one_of_somebody_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep").join("config.json");
        let put = |value: &Value, remove| plan(file.clone(), &["credHelpers", "r.example"], value, remove).unwrap();
        let read = || -> Value { serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap() };
        assert_eq!(put(&json!("rolecall"), false).carry_out().unwrap(), None, "nothing was there to copy");
        assert_eq!(read(), json!({"credHelpers": {"r.example": "rolecall"}}));
        assert!(put(&json!("rolecall"), false).done);
        std::fs::write(&file, r#"{"auths": {}, "credHelpers": {"r.example": "rolecall", "x": "y"}}"#).unwrap();
        put(&json!("rolecall"), true).carry_out().unwrap();
        assert_eq!(read(), json!({"auths": {}, "credHelpers": {"x": "y"}}));
        std::fs::write(&file, r#"{"credHelpers": {"r.example": "pass"}}"#).unwrap();
        assert!(put(&json!("rolecall"), true).done, "that one is not ours");
        for broken in ["[]", "{", r#"{"credHelpers": 1}"#] {
            std::fs::write(&file, broken).unwrap();
            assert!(plan(file.clone(), &["credHelpers", "r"], &json!("rolecall"), false).is_err(), "{broken}");
        }
    }
}
