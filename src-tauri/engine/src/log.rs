//! The filter of the programs' logs.

/// What `ROLECALL_LOG` asks for (a level, or what `tracing` calls directives) as far as it is about Rolecall's own words:
/// those are known to hold no token, whatever the libraries below say at their finest (TK-1). Everything else is off.
#[must_use]
pub fn directives(levels: &str) -> String {
    let own = |directive: &str| match directive.trim() {
        "" => None,
        directive if directive.starts_with("rolecall") => Some(directive.to_owned()),
        directive if directive.contains(['=', ':', '[']) => None,
        level => Some(format!("rolecall_engine={level},rolecall_cli={level},rolecall_desktop={level}")),
    };
    let ours: Vec<String> = levels.split(',').filter_map(own).collect();
    format!("off,{}", ours.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tk_1_the_log_holds_our_own_words_alone_whatever_is_asked_for() {
        let all = directives("trace");
        assert_eq!(all, "off,rolecall_engine=trace,rolecall_cli=trace,rolecall_desktop=trace");
        assert_eq!(
            directives("hyper=trace, zbus::raw=trace,[span]=trace,rolecall_cli=debug"),
            "off,rolecall_cli=debug"
        );
    }
}
