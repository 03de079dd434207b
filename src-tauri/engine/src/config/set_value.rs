use toml_edit::{Item, Table, TableLike, Value};

/// Sets a value, or takes it out. One that says the same already is not touched, so its form and comment stay.
pub(super) fn set(table: &mut dyn TableLike, key: &str, value: Option<Value>) {
    let Some(mut value) = value else {
        table.remove(key);
        return;
    };
    let Some(item) = table.get_mut(key) else {
        table.insert(key, Item::Value(value));
        return;
    };
    if let Some(standing) = item.as_value_mut() {
        if plain(standing) != plain(&value) {
            *value.decor_mut() = standing.decor().clone();
            *standing = value;
        }
    } else if item.as_table_like().map(pairs) != value.as_inline_table().map(|inline| pairs(inline)) {
        *item = Item::Value(value);
    }
}

/// A table without a head of its own: only the tables in it have one.
pub(super) fn implicit_table() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

/// The value without comments and blanks.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{:?}", text.value()),
        Value::Integer(number) => number.value().to_string(),
        Value::Float(number) => number.value().to_string(),
        Value::Boolean(flag) => flag.value().to_string(),
        Value::Datetime(moment) => moment.value().to_string(),
        Value::Array(array) => format!("{:?}", array.iter().map(plain).collect::<Vec<_>>()),
        Value::InlineTable(table) => format!("{:?}", pairs(table)),
    }
}

fn pairs(table: &dyn TableLike) -> Vec<(String, String)> {
    let mut pairs: Vec<_> =
        table.iter().map(|(key, item)| (key.to_owned(), item.as_value().map_or_else(String::new, plain))).collect();
    pairs.sort();
    pairs
}
