use proptest::prelude::*;

use super::*;

const FILE: &str = r#"
    # OpenID Connect
    map $host $oidc_authz_endpoint {
        hostnames;
        default "https://acme.eu.auth0.com/authorize"; # tenant
        staff.example.com https://id.example.org/auth/realms/staff/protocol/openid-connect/auth;
    }
    map $host $oidc_authz_extra_args { default "audience=https%3A%2F%2Fapi.example.com&state=x"; }
    map $host $oidc_token_endpoint { default "https://acme.eu.auth0.com/oauth/token"; }
    map $host $oidc_client { default 'kx1V'; staff.example.com "nginx"; }
    map $host $oidc_client_secret { default "s3cr3t-never-shown"; }
    map $host $oidc_pkce_enable { default 0; }
    map $host $oidc_scopes { default "openid+profile+email+offline_access+openid roles"; }
    map $proto $oidc_cookie_flags { http "Path=/;"; https "Path=/; Secure"; }
"#;

fn settings(text: &str) -> Vec<NginxSettings> {
    read(text, false).unwrap().settings
}

/// Client IDs with their likeliest issuer.
fn clients(text: &str) -> Vec<(String, String)> {
    settings(text).into_iter().map(|mut one| (one.client_id, one.issuers.swap_remove(0))).collect()
}

fn pair(client: &str, issuer: &str) -> (String, String) {
    (client.into(), issuer.into())
}

#[test]
fn every_host_is_read_and_no_secret_is_taken_over() {
    let found = settings(FILE);
    let [auth0, staff] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((auth0.host.as_deref(), auth0.client_id.as_str()), (None, "kx1V"));
    assert_eq!(auth0.issuers[0], "https://acme.eu.auth0.com/");
    assert_eq!(auth0.scopes.to_string(), "openid profile email offline_access roles");
    assert_eq!(auth0.params["audience"], "https://api.example.com");
    assert!(auth0.not_taken.iter().any(|line| line.contains("$oidc_client_secret")));
    assert!(auth0.not_taken.iter().any(|line| line.contains("state=x")));
    assert!(auth0.not_taken.iter().any(|line| line.contains("blank")));
    assert!(auth0.not_taken.iter().any(|line| line.contains("https://acme.eu.auth0.com/oauth/token")));
    assert!(!format!("{found:?}").contains("s3cr3t"));
    assert_eq!((staff.host.as_deref(), staff.client_id.as_str()), (Some("staff.example.com"), "nginx"));
    assert_eq!(staff.issuers[0], "https://id.example.org/auth/realms/staff");
}

#[test]
fn the_newer_block_names_its_issuer() {
    let text = "http { oidc_provider my { issuer https://id.example.org/realms/a; client_id web; client_secret hush; \
        scope openid groups; extra_auth_args acr_values=2; frontchannel_logout_uri /out; \
        ssl_trusted_certificate /etc/ca.crt; } }";
    let found = settings(text);
    assert_eq!((found[0].issuers[0].as_str(), found[0].client_id.as_str()), ("https://id.example.org/realms/a", "web"));
    assert_eq!(found[0].scopes.to_string(), "openid groups");
    assert_eq!(found[0].params["acr_values"], "2");
    for told in ["client_secret:", "frontchannel_logout_uri /out:", "ssl_trusted_certificate /etc/ca.crt:"] {
        assert!(found[0].not_taken.iter().any(|line| line.contains(told)), "{told}: {:?}", found[0].not_taken);
    }
    assert!(!format!("{found:?}").contains("hush"));
}

#[test]
fn variables_set_in_a_server_are_the_same_variables() {
    let text = r#"server { server_name one.example.com;
            set $oidc_authz_endpoint "https://acme.okta.com/oauth2/default/v1/authorize";
            set $oidc_client "one"; set $oidc_scopes "openid+groups"; set $oidc_hmac_key "hush";
            location /two { set $oidc_client "two"; } }
        server { server_name other.example.com; listen 80; }"#;
    let found = settings(text);
    assert_eq!(found.iter().map(|one| one.client_id.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    assert!(found.iter().all(|one| one.host.as_deref() == Some("one.example.com")));
    assert_eq!(found[1].scopes.to_string(), "openid groups");
    let ingress = "metadata:\n  annotations:\n    nginx.org/server-snippets: |\n      set $oidc_authz_endpoint \
        \"https://acme.okta.com/oauth2/v1/authorize\";\n      set $oidc_client a1;";
    assert_eq!(clients(ingress), [pair("a1", "https://acme.okta.com")]);
    assert!(!format!("{found:?}").contains("hush"));
}

#[test]
fn variables_in_values_are_filled_in() {
    let text = "map $host $idp { default id.example.org; }
        map $host $realm { default main; staff.example.com staff; }
        map $host $oidc_authz_endpoint { default https://${idp}/realms/$realm/protocol/openid-connect/auth; }
        map $host $oidc_client { default web; }";
    let issuers = ["https://id.example.org/realms/main", "https://id.example.org/realms/staff"];
    assert_eq!(clients(text), issuers.map(|issuer| pair("web", issuer)));
    let endless = "map $host $a { default $b; } map $host $b { default \"$a$a\"; }
        map $host $oidc_authz_endpoint { default https://$a/authorize; } map $host $oidc_client { default web; }";
    assert!(read(endless, false).is_err());
}

#[test]
fn a_map_of_a_map_is_followed() {
    let text = "map $host $tenant { a.example.com one; b.example.com two; }
        map $tenant $oidc_authz_endpoint { one https://one.eu.auth0.com/authorize; two https://two.eu.auth0.com/authorize; }
        map $tenant $oidc_client { one c1; two c2; default none; }";
    assert_eq!(clients(text), [pair("c1", "https://one.eu.auth0.com/"), pair("c2", "https://two.eu.auth0.com/")]);
    let by_header = "map $http_x_client $base { c1 https://acme.okta.com; }
        map $http_x_client $oidc_authz_endpoint { c1 $base/oauth2/default/v1/authorize; }
        map $http_x_client $oidc_client { c1 0oa1; }";
    assert_eq!(clients(by_header), [pair("0oa1", "https://acme.okta.com/oauth2/default")]);
}

#[test]
fn keys_that_are_expressions_are_told_from_hosts() {
    let text = r"map $host $oidc_authz_endpoint { default https://id.example.org/authorize; }
        map $request_uri $oidc_client { ~^/reports/(.*)$ reports; default portal; }
        map $uri $oidc_scopes { ~^/reports/(.*)$ openid+reports; default openid; }";
    let found = settings(text);
    let seen: Vec<_> = found.iter().map(|one| (one.client_id.as_str(), one.scopes.to_string(), &one.host)).collect();
    assert_eq!(seen, [("portal", "openid".into(), &None), ("reports", "openid reports".into(), &None)]);
    let captured = r#"map $host $oidc_authz_endpoint {
            "~^(?<tenant>\w+)\.example\.com$" https://$tenant.eu.auth0.com/authorize; }
        map $host $oidc_client { default web; }
        server { server_name acme.example.com; include conf.d/openid_connect.server_conf; }"#;
    let file = read(captured, false).unwrap();
    assert_eq!(file.settings[0].issuers[0], "https://acme.eu.auth0.com/");
    assert_eq!(file.settings[0].host.as_deref(), Some("acme.example.com"));
    assert!(file.left_out[0].contains("$tenant"), "{:?}", file.left_out);
}

#[test]
fn arguments_are_taken_wherever_nginx_would_send_them() {
    let text = r#"map $host $oidc_authz_endpoint { default "https://{my-app}.okta.com/oauth2/v1/authorize?idp=0oa9"; }
        map $host $oidc_authz_path_params { default '{"my-app": "acme"}'; }
        map $host $oidc_client { default "web&login=1"; }
        map $host $oidc_scopes { default "openid+email&kc_idp_hint=corp%20saml"; }
        map $host $oidc_authz_query_params { default '{"audience": "https://api/$oidc_client", "state": 0, "x": "$nonce"}'; }
        map $host $oidc_authz_query_params_enable { default 1; }"#;
    let found = settings(text);
    let [one] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((one.client_id.as_str(), one.issuers[0].as_str()), ("web", "https://acme.okta.com"));
    assert_eq!(one.scopes.to_string(), "openid email");
    let params: Vec<_> = one.params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let audience = ("audience", "https://api/web&login=1");
    assert_eq!(params, [audience, ("idp", "0oa9"), ("kc_idp_hint", "corp saml"), ("login", "1")]);
    for told in ["state=0", "x=$nonce"] {
        assert!(one.not_taken.iter().any(|line| line.contains(told)), "{told}: {:?}", one.not_taken);
    }
    let off = text.replace("_enable { default 1", "_enable { default 0");
    assert!(!settings(&off)[0].params.contains_key("audience"));
}

#[test]
fn what_was_not_filled_in_is_left_out_with_its_value() {
    for (endpoint, client, told) in [
        ("<authorization_endpoint>", "web", "<authorization_endpoint>"),
        ("https://{{tenant}}/authorize", "web", "{{tenant}}"),
        ("https://login.example/${directory}/authorize", "web", "$directory"),
        ("https://id.example.org/authorize", "my-client-id", "my-client-id"),
        ("https://id.example.org/authorize", "YOUR_CLIENT_ID", "YOUR_CLIENT_ID"),
        ("id.example.org/authorize", "web", "not an address"),
    ] {
        let of = |endpoint_more: &str, client_more: &str| {
            format!(
                "map $host $oidc_authz_endpoint {{ default \"{endpoint}\"; {endpoint_more} }}
                map $host $oidc_client {{ default \"{client}\"; {client_more} }}"
            )
        };
        let text = of("good.example https://a.eu.auth0.com/authorize;", "good.example good;");
        let file = read(&text, false).unwrap();
        assert_eq!(file.settings.iter().map(|one| one.client_id.as_str()).collect::<Vec<_>>(), ["good"], "{endpoint}");
        assert!(file.left_out.len() == 1 && file.left_out[0].contains(told), "{told}: {:?}", file.left_out);
        let problem = read(&of("", ""), false).unwrap_err();
        assert!(problem.detail.contains(told) && problem.detail.contains("nothing was saved"), "{problem:?}");
    }
    let sample = "map $host $oidc_authz_endpoint { default https://id.example.org/authorize; }
        map $host $oidc_client { default my-client-id; }";
    assert!(read(sample, false).is_err() && read(sample, true).is_ok());
}

#[test]
fn maps_that_mean_the_same_make_one_profile() {
    let text = "map $host $oidc_authz_endpoint { default https://id.example.org/authorize; }
        map $http_host $oidc_client { a.example web; b.example web; c.example other; }
        map $host $oidc_client_id { default former; }";
    let file = read(text, false).unwrap();
    let seen: Vec<_> = file.settings.iter().map(|one| (one.client_id.as_str(), one.hosts.clone())).collect();
    let hosts = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        seen,
        [
            ("former", hosts(&["default"])),
            ("web", hosts(&["a.example", "b.example"])),
            ("other", hosts(&["c.example"])),
        ]
    );
    let twice = "map $host $oidc_authz_endpoint { default https://id.example.org/authorize; }
        map $host $oidc_client { default first; } map $host $oidc_client { default second; }";
    let file = read(twice, false).unwrap();
    assert_eq!(file.settings[0].client_id, "second");
    assert!(file.left_out[0].contains("first"), "{:?}", file.left_out);
}

#[test]
fn a_file_with_nothing_in_it_says_what_was_looked_for() {
    for text in [
        "",
        "map $host $oidc_client {",
        "server { listen 80; }",
        "\u{0}\u{1}",
        "map $host $oidc_client { default x1; }",
        "oidc_provider x { issuer https://id.example; }",
    ] {
        assert_eq!(read(text, false).unwrap_err().code, Code::BadSetting, "{text:?}");
    }
    assert!(read(&" ".repeat(MAX_FILE + 1), false).is_err());
}

#[test]
fn a_file_made_to_be_slow_is_read_in_time() {
    let keys: String = (0..20_000).fold(String::new(), |text, number| text + &format!("h{number}.example v{number}; "));
    let maps = ["host", "uri", "http_a", "http_b"].map(|source| format!("map ${source} ${source}2 {{ {keys} }} "));
    let text = format!(
        "{} map $host2$uri2$http_a2$http_b2 $oidc_client {{ default web; }}
        map $host $oidc_authz_endpoint {{ default https://id.example.org/authorize; }}",
        maps.concat()
    );
    let _ = read(&text[..text.len().min(MAX_FILE)], false);
}

proptest! {
    #[test]
    fn nothing_trips_the_reader(text in "(map|server|set|oidc_provider|\\$host|\\$oidc_client|\\$oidc_authz_endpoint|default|~\\^\\(|[{};'\"#\\\\ \n$]|https://a\\.b/authorize|.){0,60}") {
        let _ = read(&text, false);
    }
}
