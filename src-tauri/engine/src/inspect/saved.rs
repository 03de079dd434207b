use serde_json::{Map, Value};

/// Whether an object is what `roles --json`, `why --json`, `inspect --json` or `compare --json` wrote.
pub(crate) fn is_saved(members: &Map<String, Value>) -> bool {
    let is_list = |name: &str| members.get(name).is_some_and(Value::is_array);
    let is_inspection = is_list("people") && members.contains_key("left_out");
    let is_roles = is_list("roles") && is_list("groups") && is_list("permissions") && is_list("findings");
    let is_why = is_list("looked_at") && is_list("findings") && members.contains_key("wanted");
    is_inspection || is_roles || is_why
}
