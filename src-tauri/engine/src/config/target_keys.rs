//! Targets in `rolecall.toml`: `[profiles.NAME.targets.TARGET]`, read and written.

use toml_edit::{Array, Item, Table, TableLike, Value};
use url::Url;

use super::keys::Keys;
use super::set_value::{implicit_table, set};
use super::target::{AwsRole, Place, Target, TargetKind, host_text};
use crate::problem::{Code, Problem};
use crate::tokens::TokenKind;

/// The keys of every target.
const KEYS: [&str; 7] = ["kind", "token", "resource", "audience", "scopes", "forward", "username"];

/// Reads the targets of a profile. One that can't be used is left out with a warning: nothing is ever sent to a place that
/// is only half understood.
pub(super) fn read(profile: &Keys<'_>, warnings: &mut Vec<String>) -> Result<Vec<Target>, Problem> {
    let Some(targets) = profile.table("targets")? else { return Ok(Vec::new()) };
    let mut read = Vec::new();
    for (name, item) in targets.table.iter() {
        let at = format!("{}{name}", targets.at);
        match one(name, item, &at, warnings) {
            Ok(target) => read.push(target),
            Err(problem) => warnings.push(format!("{at} is left out: {}", problem.detail)),
        }
    }
    Ok(read)
}

fn one(name: &str, item: &Item, at: &str, warnings: &mut Vec<String>) -> Result<Target, Problem> {
    let bad = |why: &str| Problem::new(Code::BadSetting, why);
    let table = item.as_table_like().ok_or_else(|| bad("it is not a table"))?;
    let keys = Keys { table, at: format!("{at}.") };
    let word = keys.text("kind")?.ok_or_else(|| bad("the kind is missing"))?;
    let kind = TargetKind::of_word(&word).ok_or_else(|| {
        let all = TargetKind::ALL.map(TargetKind::word).join(", ");
        Problem::new(Code::BadSetting, format!("'{word}' is no kind of target; choose one: {all}"))
    })?;
    let known: Vec<&str> = KEYS.iter().chain(more_keys(kind)).copied().collect();
    keys.warn_of_unknown(&known, warnings);
    let wants = match keys.text("token")?.as_deref() {
        None => None,
        Some("access") => Some(TokenKind::Access),
        Some("id") => Some(TokenKind::Id),
        Some(_) => return Err(bad("token must be \"access\" or \"id\"")),
    };
    let target = Target {
        name: name.parse()?,
        place: place(kind, &keys)?,
        wants,
        resources: words(&keys, "resource")?,
        audience: keys.text("audience")?.filter(|audience| !audience.is_empty()),
        scopes: words(&keys, "scopes")?,
        username: keys.text("username")?,
        forward: keys.flag("forward")?.unwrap_or_default(),
    };
    target.check()?;
    Ok(target)
}

/// The keys that say where a target of this kind is, and how it is asked.
const fn more_keys(kind: TargetKind) -> &'static [&'static str] {
    match kind {
        TargetKind::Api | TargetKind::Mcp => &["address"],
        TargetKind::Kubernetes => &["cluster", "proxy"],
        TargetKind::Aws => &["role", "region", "endpoint", "duration", "session_name"],
        TargetKind::Git => &["host"],
        TargetKind::Docker => &["registry"],
    }
}

fn place(kind: TargetKind, keys: &Keys<'_>) -> Result<Place, Problem> {
    let needed = |key: &str| {
        let missing = || Problem::new(Code::BadSetting, format!("{key} is missing"));
        keys.text(key)?.filter(|text| !text.trim().is_empty()).ok_or_else(missing)
    };
    Ok(match kind {
        TargetKind::Api => Place::Api { address: keys.text("address")?.map(|text| url("address", &text)).transpose()? },
        TargetKind::Mcp => Place::Mcp { address: url("address", &needed("address")?)? },
        TargetKind::Kubernetes => {
            Place::Kubernetes { cluster: url("cluster", &needed("cluster")?)?, proxy: keys.text("proxy")? }
        }
        TargetKind::Git => Place::Git { host: host_text(&needed("host")?) },
        TargetKind::Docker => Place::Docker { registry: host_text(&needed("registry")?) },
        TargetKind::Aws => Place::Aws(AwsRole {
            role: needed("role")?,
            region: keys.text("region")?,
            endpoint: keys.text("endpoint")?.map(|text| url("endpoint", &text)).transpose()?,
            duration: keys.seconds("duration")?.unwrap_or(AwsRole::USUAL_DURATION),
            session_name: keys.text("session_name")?,
        }),
    })
}

fn url(key: &str, text: &str) -> Result<Url, Problem> {
    Url::parse(text.trim()).map_err(|_| Problem::new(Code::BadSetting, format!("{key} is not an address")))
}

/// One word, several divided by blanks, or a list.
fn words(keys: &Keys<'_>, key: &str) -> Result<Vec<String>, Problem> {
    let all = match keys.table.get(key) {
        Some(item) if item.is_array() => keys.list(key)?.unwrap_or_default(),
        _ => keys.text(key)?.unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
    };
    let mut once: Vec<String> = Vec::new();
    for word in all {
        if !once.contains(&word) {
            once.push(word);
        }
    }
    Ok(once)
}

/// Writes the targets into a profile's table. One that is there already is not touched, and neither is one that could not be
/// read.
pub(super) fn put(profile: &mut dyn TableLike, targets: &[Target]) {
    let standing = {
        let keys = Keys { table: &*profile, at: String::new() };
        read(&keys, &mut Vec::new()).unwrap_or_default()
    };
    if standing == targets {
        return;
    }
    let item = profile.entry("targets").or_insert_with(implicit_table);
    let Some(table) = item.as_table_like_mut() else { return };
    for gone in standing.iter().filter(|known| !targets.iter().any(|target| target.name == known.name)) {
        table.remove(gone.name.as_str());
    }
    for target in targets.iter().filter(|target| !standing.contains(target)) {
        let entry = table.entry(target.name.as_str()).or_insert_with(|| Item::Table(Table::new()));
        if !entry.is_table_like() {
            *entry = Item::Table(Table::new());
        }
        if let Some(entry) = entry.as_table_like_mut() {
            put_one(entry, target);
        }
    }
    if item.as_table_like().is_some_and(TableLike::is_empty) {
        profile.remove("targets");
    }
}

fn put_one(table: &mut dyn TableLike, target: &Target) {
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    // A key that is left of another kind would be warned of as unknown.
    let kind = target.kind();
    for key in TargetKind::ALL.into_iter().flat_map(more_keys).filter(|key| !more_keys(kind).contains(key)) {
        table.remove(key);
    }
    set(table, "kind", Some(kind.word().into()));
    match &target.place {
        Place::Api { address } => set(table, "address", address.as_ref().map(|url| url.as_str().into())),
        Place::Mcp { address } => set(table, "address", Some(address.as_str().into())),
        Place::Kubernetes { cluster, proxy } => {
            set(table, "cluster", Some(cluster.as_str().into()));
            set(table, "proxy", text(proxy));
        }
        Place::Git { host } => set(table, "host", Some(host.as_str().into())),
        Place::Docker { registry } => set(table, "registry", Some(registry.as_str().into())),
        Place::Aws(role) => {
            set(table, "role", Some(role.role.as_str().into()));
            set(table, "region", text(&role.region));
            set(table, "endpoint", role.endpoint.as_ref().map(|url| url.as_str().into()));
            let usual = role.duration == AwsRole::USUAL_DURATION;
            set(table, "duration", (!usual).then(|| i64::from(role.duration).into()));
            set(table, "session_name", text(&role.session_name));
        }
    }
    let wants = target.wants.map(|kind| if kind == TokenKind::Id { "id" } else { "access" });
    set(table, "token", wants.map(Value::from));
    set(table, "resource", list(&target.resources));
    set(table, "audience", text(&target.audience));
    set(table, "scopes", list(&target.scopes));
    set(table, "username", text(&target.username));
    set(table, "forward", target.forward.then(|| true.into()));
}

fn list(words: &[String]) -> Option<Value> {
    match words {
        [] => None,
        [one] if !one.contains(char::is_whitespace) => Some(one.as_str().into()),
        all => Some(all.iter().map(String::as_str).collect::<Array>().into()),
    }
}

#[cfg(test)]
mod tests {
    use toml_edit::DocumentMut;

    use super::super::parse::config_from;
    use super::super::write;
    use super::*;

    fn config(targets: &str) -> super::super::Config {
        let text = format!("[profiles.acme]\nissuer = \"https://id.example.org\"\nclient_id = \"desktop\"\n{targets}");
        config_from(&text.parse::<DocumentMut>().unwrap(), std::path::Path::new("/x"))
    }

    const ALL: &str = r#"
[profiles.acme.targets.dev]  # the cluster everybody uses
kind = "kubernetes"
cluster = "https://api.dev.example:6443"
[profiles.acme.targets.deploy]
kind = "aws"
role = "arn:aws:iam::123456789012:role/deploy"
region = "eu-central-1"
[profiles.acme.targets.git]
kind = "git"
host = "Git.Example.com:443"
resource = "https://git.example.com/api"
[profiles.acme.targets.images]
kind = "docker"
registry = "registry.example.com:5000"
scopes = "images:read images:write"
username = "oauth2"
[profiles.acme.targets.tools]
kind = "mcp"
address = "https://mcp.example.com/mcp"
audience = "https://mcp.example.com/"
forward = true
[profiles.acme.targets.orders]
kind = "api"
scopes = ["orders:read"]
"#;

    #[test]
    fn targets_are_read_and_read_back_as_they_were_written() {
        let config = config(ALL);
        assert!(config.warnings.is_empty(), "{:?}", config.warnings);
        let profile = &config.profiles[0];
        let tokens: Vec<_> = profile.targets.iter().map(|target| (target.name.as_str(), target.token())).collect();
        let (access, id) = (TokenKind::Access, TokenKind::Id);
        let expected =
            [("dev", id), ("deploy", id), ("git", access), ("images", access), ("tools", access), ("orders", access)];
        assert_eq!(tokens, expected);
        assert_eq!(profile.targets[2].place, Place::Git { host: "git.example.com".into() });
        let mut document = DocumentMut::new();
        write::put(&mut document, profile);
        assert_eq!(config_from(&document, std::path::Path::new("/x")).profiles[0], *profile, "{document}");
    }

    #[test]
    fn saving_a_profile_leaves_its_targets_and_their_comments_as_they_are() {
        let text = format!("[profiles.acme]\nissuer = \"https://id.example.org\"\nclient_id = \"desktop\"\n{ALL}");
        let mut document: DocumentMut = text.parse().unwrap();
        let mut profile = config(ALL).profiles[0].clone();
        write::put(&mut document, &profile);
        assert_eq!(document.to_string(), text);
        profile.targets.retain(|target| target.name.as_str() != "git");
        profile.targets[0].forward = true;
        write::put(&mut document, &profile);
        let written = document.to_string();
        assert!(written.contains("# the cluster everybody uses") && !written.contains("Git.Example"), "{written}");
        assert_eq!(config_from(&document, std::path::Path::new("/x")).profiles[0], profile, "{written}");
    }

    #[test]
    fn tg_1_a_target_that_is_only_half_understood_is_left_out_and_told() {
        for (wrong, told) in [
            ("kind = \"ftp\"", "no kind of target"),
            ("host = \"git.example.com\"", "the kind is missing"),
            ("kind = \"git\"", "host is missing"),
            ("kind = \"git\"\nhost = \"https://git.example.com\"", "must be a host"),
            ("kind = \"git\"\nhost = \"a/b\"", "must be a host"),
            ("kind = \"git\"\nhost = \"evil@git.example.com\"", "must be a host"),
            ("kind = \"kubernetes\"\ncluster = \"http://api.example\"", "https address"),
            ("kind = \"mcp\"\naddress = \"https://u:p@mcp.example\"", "https address"),
            ("kind = \"mcp\"\naddress = \"mcp.example\"", "not an address"),
            ("kind = \"aws\"\nrole = \"deploy\"", "not the ARN"),
            ("kind = \"aws\"\nrole = \"arn:aws:iam::1:role/a\"\nduration = 10", "900"),
            ("kind = \"aws\"\nrole = \"arn:aws:iam::1:role/a\"\nregion = \"evil.example/\"", "region"),
            ("kind = \"api\"\nresource = \"orders\"", "absolute address"),
            ("kind = \"api\"\nresource = \"https://a/\"\naudience = \"b\"", "either"),
            ("kind = \"api\"\ntoken = \"refresh\"", "\"access\" or \"id\""),
            ("kind = \"api\"\ntoken = \"id\"\nscopes = \"a\"", "for access tokens"),
            ("kind = \"api\"\nforward = \"yes\"", "true or false"),
        ] {
            let config = config(&format!("[profiles.acme.targets.x]\n{wrong}\n"));
            assert!(config.profiles[0].targets.is_empty(), "{wrong}");
            let warnings = config.warnings.join("\n");
            assert!(warnings.contains("profiles.acme.targets.x") && warnings.contains(told), "{wrong}: {warnings}");
        }
        let config = config("[profiles.acme.targets.x]\nkind = \"api\"\nhots = 1\n");
        assert!(config.profiles[0].targets.len() == 1 && config.warnings[0].contains("hots is not a setting"));
    }
}
