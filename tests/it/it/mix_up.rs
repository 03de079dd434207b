//! Two profiles, one of them at a hostile provider (RFC 9700 section 4.4).

use std::sync::Mutex;
use std::time::Duration;

use rolecall_engine::Code;
use rolecall_engine::config::{Config, Issuer, Profile, RedirectPath};
use rolecall_engine::engine::{Progress, SignIn};
use rolecall_it::{World, quick};
use rolecall_provider::{Fault, Options, Provider};

/// A provider that does not name itself in its answers, as most do not.
fn silent(provider: &Provider) {
    provider.fault(Fault::LacksMember("authorization_response_iss_parameter_supported"));
    provider.fault(Fault::LacksCallbackIssuer);
}

fn profile_at(name: &str, provider: &Provider) -> Profile {
    let issuer = Issuer::parse(&provider.issuer()).unwrap();
    Profile::new(name.parse().unwrap(), issuer, provider.client_id().into())
}

fn own_path(profile: &Profile) -> String {
    profile.redirect.path.at(&profile.issuer, false, None)
}

/// Signs in at the hostile provider, which sends the browser on to the honest one; gives what came of it.
async fn attacked(world: &World, hostile: &Provider, path: Option<String>) -> Code {
    hostile.fault(Fault::MixUp(format!("{}/authorize", world.provider.issuer()), path));
    let how = SignIn { timeout: Duration::from_secs(2), ..quick() };
    let result = world.engine.sign_in(&profile_at("hostile", hostile), &how, |_| {}).await;
    hostile.clear_faults();
    result.expect_err("nobody may be signed in at the hostile provider").code
}

#[tokio::test]
async fn op_4_an_answer_of_an_honest_provider_is_never_redeemed_at_a_hostile_one() {
    let world = World::new();
    silent(&world.provider);
    let hostile = Provider::start(Options::default()).unwrap();
    let honest = profile_at("acme", &world.provider);
    world.provider.register_path(&own_path(&honest));
    // With the address of the hostile profile, and with that of the honest one.
    for path in [None, Some(own_path(&honest))] {
        for announces in [true, false] {
            if !announces {
                silent(&hostile);
            }
            let code = attacked(&world, &hostile, path.clone()).await;
            assert_eq!(code, Code::TimedOut, "{path:?}, {announces}");
            assert_eq!(hostile.token_requests("authorization_code"), 0, "a code reached the hostile provider");
        }
    }
    // The honest provider's answer names its issuer: then the address may be the same.
    world.provider.clear_faults();
    world.provider.register_path("/callback");
    hostile.clear_faults();
    let code = attacked(&world, &hostile, None).await;
    assert_eq!((code, hostile.token_requests("authorization_code")), (Code::AnswerNotTrusted, 0));
}

#[tokio::test]
async fn op_4_a_new_profile_has_an_address_of_its_own_where_the_provider_does_not_name_itself() {
    let world = World::new();
    silent(&world.provider);
    let profile = world.save_profile();
    let own = own_path(&profile);
    let (summary, progress) = world.sign_in_with_progress().await;
    assert_eq!(summary.unwrap().redirect_path.as_deref(), Some(own.as_str()));
    let noted =
        |progress: &[Progress]| progress.iter().any(|p| matches!(p, Progress::Note(note) if note.contains(&own)));
    assert!(noted(&progress), "what to register is said at the first sign-in: {progress:?}");
    // The provider begins to name itself: what is registered stays in use.
    world.provider.clear_faults();
    assert_eq!(world.sign_in().await.unwrap().redirect_path, Some(own));
    assert_eq!(World::new().sign_in().await.unwrap().redirect_path.as_deref(), Some("/callback"));
}

#[tokio::test]
async fn the_addresses_shown_before_a_sign_in_are_those_it_uses() {
    for names_itself in [true, false] {
        let world = World::new();
        if !names_itself {
            silent(&world.provider);
        }
        let profile = world.save_profile();
        assert_eq!(world.engine.redirect_addresses(&profile, None), None, "nobody has asked the provider yet");
        let check = world.engine.check_issuer(&world.provider.issuer(), None).await;
        assert_eq!(check.names_itself, Some(names_itself));
        let shown = check.redirects.expect("the provider answered");
        assert_eq!(world.engine.redirect_addresses(&profile, check.names_itself), Some(shown.clone()));
        let used = world.sign_in().await.unwrap().redirect_path.unwrap();
        assert_eq!(shown, [format!("http://127.0.0.1{used}")]);
        // From now on it is known without asking, and stays when the provider changes its mind.
        assert_eq!(world.engine.redirect_addresses(&profile, None), Some(shown));
        let later = world.engine.redirect_addresses(&profile, Some(!names_itself)).unwrap();
        let used = world.profile().redirect.path.at(&profile.issuer, !names_itself, Some(&used));
        assert_eq!(later, [format!("http://127.0.0.1{used}")]);
    }
}

#[tokio::test]
async fn op_4_a_registration_that_exists_goes_on_working_and_what_to_change_is_said() {
    let world = World::with(Options { redirect_path: Some("/callback".into()), ..Options::default() });
    silent(&world.provider);
    let folders = &world.engine.ports().folders;
    std::fs::create_dir_all(&folders.config).unwrap();
    let file = folders.config.join("rolecall.toml");
    let table = |name: &str, issuer: &str| {
        format!("[profiles.{name}]\nissuer = \"{issuer}\"\nclient_id = \"rolecall-demo\"\nredirect_ports = []\n")
    };
    std::fs::write(&file, table("acme", &world.provider.issuer())).unwrap();
    let signed_in = async || {
        let config = Config::load(folders).unwrap();
        let profile = config.profile(Some(&"acme".parse().unwrap())).unwrap().clone();
        let notes = Mutex::new(Vec::new());
        let how = quick();
        let signing_in = world.engine.sign_in(&profile, &how, |progress| {
            if let Progress::Note(note) = progress {
                notes.lock().unwrap().push(note);
            }
        });
        assert_eq!(signing_in.await.unwrap().redirect_path.as_deref(), Some("/callback"));
        (notes.into_inner().unwrap().join("\n"), world.engine.mix_up_warning(&profile), profile)
    };
    let (notes, warning, profile) = signed_in().await;
    assert!(
        !notes.contains("redirect_path") && warning.is_none(),
        "alone there is nobody to be mixed up with: {notes}"
    );
    let text = table("acme", &world.provider.issuer()) + &table("other", "https://other.example");
    std::fs::write(&file, text).unwrap();
    let (notes, warning, _) = signed_in().await;
    let own = RedirectPath::ByIssuer.at(&profile.issuer, false, None);
    for text in [notes, warning.unwrap()] {
        assert!(text.contains(&own) && text.contains("redirect_path") && text.contains("other"), "{text}");
    }
}
